"""The subnet has no route to the internet, and there are no endpoints."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task cannot pull registry authentication from Amazon ECR. "
    "There is a connection issue between the task and Amazon ECR. Check your task network "
    "configuration."
)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "the subnet's route table: `describe_route_tables`"
REPAIR = "A route to an internet or NAT gateway, or endpoints for ECR, S3 and logs."
ROW, EVIDENCE = 26, "V"


def cause(aws: Any, app: Any) -> None:
    """Take the route away."""
    aws.client("ec2").delete_route(RouteTableId=app.route_table, DestinationCidrBlock="0.0.0.0/0")


def repair(aws: Any, app: Any) -> None:
    """Lead the subnet to the internet gateway again."""
    aws.client("ec2").create_route(
        RouteTableId=app.route_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=app.gateway
    )
