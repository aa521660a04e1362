"""A private subnet has endpoints for ECR and S3, and none for CloudWatch Logs."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task cannot find the Amazon CloudWatch log group defined "
    "in the task definition. There is a connection issue between the task and Amazon CloudWatch. "
    "Check your network configuration."
)
NEEDS = ("endpoints",)
FIELD, STAGE = "stoppedReason", "start"
LOOK = "`describe_vpc_endpoints`: is there one for logs?"
REPAIR = "An endpoint for logs, or a way to the internet."
ROW, EVIDENCE = 29, "V"


def cause(aws: Any, app: Any) -> None:
    """Delete the endpoint of CloudWatch Logs."""
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.logs"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"]])


def repair(aws: Any, app: Any) -> None:
    """Make the endpoint again."""
    aws.client("ec2").create_vpc_endpoint(
        VpcId=app.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{app.region}.logs",
        SubnetIds=[app.subnet],
        SecurityGroupIds=[app.security_group],
        PrivateDnsEnabled=True,
    )
