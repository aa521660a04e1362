"""API Gateway's operations on HTTP APIs and VPC links, a file per resource."""
