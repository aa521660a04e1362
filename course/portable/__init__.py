"""A service described once, and written as ECS and as Kubernetes want it."""
