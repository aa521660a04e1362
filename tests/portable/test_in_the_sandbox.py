"""The ECS side of a description, registered and run: its tasks are RUNNING, its targets healthy."""

import json

import boto3

from course import sandbox
from course.exercises.balancers import open_port
from course.portable.described import Described, described
from tests.portable.conftest import SAID

TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}


def test_it_runs_behind_its_target_group() -> None:
    with sandbox.open() as aws:
        ecs, elb, ec2 = (boto3.client(one, "us-east-1") for one in ("ecs", "elbv2", "ec2"))
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
        (group,) = ec2.describe_security_groups()["SecurityGroups"]
        open_port(boto3.Session(region_name="us-east-1"), group["GroupId"], 80, "0.0.0.0/0")
        plaza = described("plaza", role=role(), **SAID)
        targets = elb.create_target_group(**plaza.target_group(vpc))["TargetGroups"][0]
        arn = targets["TargetGroupArn"]
        made = elb.create_load_balancer(Name="plaza", Subnets=subnets)["LoadBalancers"][0]
        forward = [{"Type": "forward", "TargetGroupArn": arn}]
        on = {"LoadBalancerArn": made["LoadBalancerArn"], "Protocol": "HTTP", "Port": 80}
        elb.create_listener(**on, DefaultActions=forward)
        ecs.create_cluster(clusterName="plaza")
        ecs.register_task_definition(**plaza.task_definition())
        ecs.create_service(**plaza.service("plaza", subnets, [group["GroupId"]], arn))
        ecs.get_waiter("services_stable").wait(cluster="plaza", services=["plaza"])
        elb.get_waiter("target_in_service").wait(TargetGroupArn=arn)
        assert aws.get(f"http://{made['DNSName']}/health").status == 200
        assert_updates(plaza.but(copies=3), ecs)


def assert_updates(more: Described, ecs: object) -> None:
    changed = {"desiredCount": more.copies}
    ecs.update_service(cluster="plaza", service="plaza", **changed)
    ecs.get_waiter("services_stable").wait(cluster="plaza", services=["plaza"])
    (service,) = ecs.describe_services(cluster="plaza", services=["plaza"])["services"]
    assert service["runningCount"] == 3


def role() -> str:
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{**TRUST, "Action": "sts:AssumeRole"}]}
    )
    iam = boto3.client("iam")
    made = iam.create_role(RoleName="plaza", AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])
