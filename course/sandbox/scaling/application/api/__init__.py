"""Application Auto Scaling's operations, a file per resource."""
