"""CloudWatch's metrics: what is kept of them, what is read of them, and what the sandbox's own world puts in."""
