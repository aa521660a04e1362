"""The twelve-factor app that a lesson runs for real, its broken twin, and the checker of both."""
