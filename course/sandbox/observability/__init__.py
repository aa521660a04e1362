"""What tells of the learner's containers: their logs, how they are searched, what is asked of them."""
