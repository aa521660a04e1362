"""Causes in the container itself: its command, its program, its memory."""
