"""CloudTrail's event history: what was called, by whom, and what came of it."""
