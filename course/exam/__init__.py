"""The practice exam: a blueprint, items drawn by it, an attempt that survives, and what it says."""
