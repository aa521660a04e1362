"""A private subnet has endpoints for ECR and none for S3, where the layers lie."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: ref pull has been retried <n> time(s): failed to copy: "
    "httpReaderSeeker: failed open: "
)
NEEDS = ("endpoints",)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "`describe_vpc_endpoints`: a gateway endpoint for S3, and in it the subnet's route table"
REPAIR = "A gateway endpoint for S3 in the subnet's route table."
ROW, EVIDENCE = 9, "V"


def cause(aws: Any, app: Any) -> None:
    """Delete the endpoint of S3."""
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.s3"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"]])


def repair(aws: Any, app: Any) -> None:
    """Make the gateway endpoint again, for the subnet's route table."""
    aws.client("ec2").create_vpc_endpoint(
        VpcId=app.vpc,
        ServiceName=f"com.amazonaws.{app.region}.s3",
        RouteTableIds=[app.route_table],
    )
