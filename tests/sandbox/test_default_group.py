"""The default security group of a VPC, as AWS makes it: its members reach each other."""

from __future__ import annotations

from typing import Any

import boto3
from moto import mock_aws


def inbound(ec2: Any, vpc: str) -> list[Any]:
    """The inbound permissions of a VPC's default group, and the ids of the groups they are for."""
    (group,) = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    return [
        (one["IpProtocol"], [pair["GroupId"] == group["GroupId"] for pair in one["UserIdGroupPairs"]])
        for one in group["IpPermissions"]
    ]  # fmt: skip


def test_members_of_the_default_group_are_let_in(lab: Any) -> None:
    assert inbound(lab.ec2, lab.vpc) == [("-1", [True])]
    (standard,) = lab.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])[
        "Vpcs"
    ]
    assert inbound(lab.ec2, standard["VpcId"]) == [("-1", [True])]


def test_the_rule_is_the_learners_to_take_away(lab: Any) -> None:
    (group,) = lab.ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [lab.vpc]}]
    )["SecurityGroups"]  # fmt: skip
    lab.ec2.revoke_security_group_ingress(
        GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]
    )
    assert inbound(lab.ec2, lab.vpc) == []


def test_moto_is_as_it_was_afterwards(lab: Any) -> None:
    lab.aws.close()
    with mock_aws():
        ec2: Any = boto3.client("ec2", "us-east-1")
        assert inbound(ec2, ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]) == []
