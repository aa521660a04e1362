"""Cloud Map's operations, as far as they are answered by us."""
