"""API Gateway: HTTP APIs, and the VPC links by which they come to what is private."""
