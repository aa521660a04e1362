"""Elastic Load Balancing's operations where moto falls short, a file per resource."""
