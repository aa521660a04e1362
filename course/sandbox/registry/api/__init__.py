"""ECR's operations, a file for each kind of thing they are about."""
