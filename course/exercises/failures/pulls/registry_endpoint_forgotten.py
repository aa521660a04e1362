"""A private subnet has an endpoint for ECR's API and none for its registry."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: The task cannot pull \u2018<image>\u2019 from the Amazon ECR "
    "repository \u2018<uri>\u2019. There is a connection issue between the task and Amazon ECR. "
    "Check your task network configuration."
)
NEEDS = ("endpoints",)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "`describe_vpc_endpoints`: is there one for ecr.dkr?"
REPAIR = "Endpoints for ecr.api, ecr.dkr and S3 together, and logs for awslogs."
ROW, EVIDENCE = 4, "V"


def cause(aws: Any, app: Any) -> None:
    """Delete the endpoint of ECR's registry."""
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.ecr.dkr"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"]])


def repair(aws: Any, app: Any) -> None:
    """Make the endpoint again."""
    aws.client("ec2").create_vpc_endpoint(
        VpcId=app.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{app.region}.ecr.dkr",
        SubnetIds=[app.subnet],
        SecurityGroupIds=[app.security_group],
        PrivateDnsEnabled=True,
    )
