"""The security group of ECR's endpoint lets nobody in."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task cannot pull registry authentication from Amazon ECR. "
    "There is a connection issue between the task and Amazon ECR. Check your task network "
    "configuration."
)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "the ingress rules of the endpoint's security group"
REPAIR = "Allow port 443 from the tasks' security group."
ROW, EVIDENCE = 26, "V"


def cause(aws: Any, app: Any) -> None:
    """Make an endpoint for ECR's API with a security group that has no rule yet."""
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(GroupName="endpoints", Description="endpoints", VpcId=app.vpc)
    ec2.create_vpc_endpoint(
        VpcId=app.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{app.region}.ecr.api",
        SubnetIds=[app.subnet],
        SecurityGroupIds=[group["GroupId"]],
        PrivateDnsEnabled=True,
    )


def repair(aws: Any, app: Any) -> None:
    """Let the tasks in, by their security group."""
    ec2 = aws.client("ec2")
    named = {"Name": "group-name", "Values": ["endpoints"]}
    (group,) = ec2.describe_security_groups(Filters=[named])["SecurityGroups"]
    ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "UserIdGroupPairs": [{"GroupId": app.security_group}],
            }
        ],
    )
