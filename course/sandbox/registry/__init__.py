"""Private ECR registries: what moto keeps of them, behaving as AWS says.

The rules (``lifecycle_policy``, ``tag_mutability``, ``scanning``,
``image_manifest``) are pure; ``upkeep`` lets them act on the virtual clock, and
``api`` answers the calls. Repositories and images stay moto's own objects.
"""
