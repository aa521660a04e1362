"""What a service costs an hour on Fargate and on EC2: dated prices as data, and sums over them."""
