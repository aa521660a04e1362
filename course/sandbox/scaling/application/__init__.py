"""Application Auto Scaling: services of ECS get more tasks and fewer, by policies and by the clock."""
