"""EventBridge: events of ECS and of the learner, matched by rules, delivered to targets."""
