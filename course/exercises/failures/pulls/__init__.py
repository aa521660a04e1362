"""Causes in the pull of an image: registry, role, tag, network, disk."""
