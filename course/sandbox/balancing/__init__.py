"""Elastic Load Balancing: balancers, listener rules, target groups and the health of their targets."""
