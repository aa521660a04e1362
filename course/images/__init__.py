"""Container images without Docker: a Dockerfile read, built in a small true model, cached by layers.

Nothing runs: what a RUN instruction does is a line of text in its layer. But
layers are archives, digests are SHA-256 of their bytes, and the manifest is one
that a registry takes.
"""
