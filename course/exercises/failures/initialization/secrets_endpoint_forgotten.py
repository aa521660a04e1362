"""A private subnet has endpoints for ECR, S3 and logs, and none for Secrets Manager."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task can\u2019t pull secrets from AWS Secrets Manager. "
    "There is a connection issue between the task and Secrets Manager. Check your task network "
    "configuration."
)
NEEDS = ("endpoints", "secret")
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "`describe_vpc_endpoints`: is there one for secretsmanager?"
REPAIR = "An endpoint for secretsmanager, or a way to the internet."
ROW, EVIDENCE = 25, "V"


def cause(aws: Any, app: Any) -> None:
    """Delete the endpoint of Secrets Manager."""
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.secretsmanager"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"]])


def repair(aws: Any, app: Any) -> None:
    """Make the endpoint again."""
    aws.client("ec2").create_vpc_endpoint(
        VpcId=app.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{app.region}.secretsmanager",
        SubnetIds=[app.subnet],
        SecurityGroupIds=[app.security_group],
        PrivateDnsEnabled=True,
    )
