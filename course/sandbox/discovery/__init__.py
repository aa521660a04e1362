"""Cloud Map, the names of its private namespaces inside a VPC, and Service Connect."""
