"""An endpoint draws the calls to Systems Manager to itself, and lets nobody in."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task cannot pull secrets from AWS Systems Manager "
    "Parameter Store. Check your network connection between the task and AWS Systems Manager."
)
NEEDS = ("parameter",)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "`describe_vpc_endpoints` for ssm: private DNS on, and which security group?"
REPAIR = "Allow port 443 from the tasks' security group, or delete the endpoint."
ROW, EVIDENCE = 24, "V"


def cause(aws: Any, app: Any) -> None:
    """Make an endpoint for Systems Manager with a security group that has no rule yet."""
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(GroupName="endpoints", Description="endpoints", VpcId=app.vpc)
    ec2.create_vpc_endpoint(
        VpcId=app.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{app.region}.ssm",
        SubnetIds=[app.subnet],
        SecurityGroupIds=[group["GroupId"]],
        PrivateDnsEnabled=True,
    )


def repair(aws: Any, app: Any) -> None:
    """Delete it: the way over the internet is open."""
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.ssm"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"]])
