"""Stories of an API in front of a service: its VPC link's life, and requests through it.

Rewritten as those of ``test_timelines.py`` are.
"""

from __future__ import annotations

from typing import Any

import boto3

from course.sandbox.sandbox import Sandbox


def security_group(ec2: Any, vpc: str, name: str, port: int, source: str) -> str:
    """A security group that lets a port in from another one."""
    made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule(port, source)])
    return str(made)


def rule(port: int, source: str) -> dict[str, Any]:
    pairs = [{"GroupId": source}]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs}


def service_behind(elb: Any, subnets: list[str], vpc: str, front: str, tasks: str) -> str:
    """An internal balancer with a service of two web apps, and the ARN of its listener."""
    balancer = elb.create_load_balancer(
        Name="inner", Scheme="internal", Subnets=subnets, SecurityGroups=[front]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(
        Name="web", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    forward: Any = {"Type": "forward", "TargetGroupArn": group}
    listener = elb.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[forward]
    )["Listeners"][0]["ListenerArn"]
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="lab")
    ports: Any = [{"containerPort": 8080}]
    ecs.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[
            {"name": "app", "image": "registry.example.com/web:1", "portMappings": ports}
        ],
    )
    ecs.create_service(
        cluster="lab",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": subnets,
                "securityGroups": [tasks],
                "assignPublicIp": "ENABLED",
            }
        },
        loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}],
    )
    ecs.get_waiter("services_stable").wait(cluster="lab", services=["web"])
    return str(listener)


class Told:
    """What the last minutes brought, and what one request was answered with before and after."""

    def __init__(self, aws: Sandbox, minutes: float, replies: list[Any]) -> None:
        self._timeline = type(aws.timeline)(aws.timeline.start)
        first = aws.clock.now().timestamp() - 60 * minutes
        self._timeline.entries = [
            one for one in aws.timeline.entries if one.when.timestamp() >= first
        ]
        self._replies = replies

    def __repr__(self) -> str:
        return "\n".join([repr(self._timeline), "", *(repr(one) for one in self._replies)])


def test_a_vpc_links_life_and_requests_through_it(
    aws: Sandbox, public_subnets: list[str], golden: Any
) -> None:
    """The link serves after two and a half minutes; then the balancer lets it in no more."""
    ec2, api = boto3.client("ec2"), boto3.client("apigatewayv2")
    (subnet, _) = ec2.describe_subnets(SubnetIds=public_subnets)["Subnets"]
    vpc = subnet["VpcId"]
    of_link = ec2.create_security_group(GroupName="link", Description="link", VpcId=vpc)["GroupId"]
    front = security_group(ec2, vpc, "front", 80, of_link)
    tasks = security_group(ec2, vpc, "tasks", 8080, front)
    listener = service_behind(boto3.client("elbv2"), public_subnets, vpc, front, tasks)
    shop = api.create_api(Name="shop", ProtocolType="HTTP")
    link = api.create_vpc_link(
        Name="to-inner", SubnetIds=public_subnets, SecurityGroupIds=[of_link]
    )["VpcLinkId"]
    begun = aws.now()
    aws.clock.advance_until(
        lambda: api.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"] == "AVAILABLE"
    )
    one = api.create_integration(
        ApiId=shop["ApiId"],
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="ANY",
        IntegrationUri=listener,
        ConnectionType="VPC_LINK",
        ConnectionId=link,
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    route = api.create_route(
        ApiId=shop["ApiId"], RouteKey="$default", Target=f"integrations/{one}"
    )["RouteId"]
    api.create_stage(ApiId=shop["ApiId"], StageName="$default", AutoDeploy=True)
    url = f"{shop['ApiEndpoint']}/"
    replies = [aws.get(url)]
    sent = aws.traffic(url, rate=10)
    aws.clock.advance(minutes=1)
    ec2.revoke_security_group_ingress(GroupId=front, IpPermissions=[rule(80, of_link)])
    aws.clock.advance(minutes=1)
    replies.append(aws.get(url))
    sent.stop()
    api.delete_route(ApiId=shop["ApiId"], RouteId=route)
    api.delete_vpc_link(VpcLinkId=link)
    aws.clock.advance(minutes=2)
    assert sent.sent == sent.answered + sent.refused + sent.dropped == 1200
    minutes = (aws.now() - begun).total_seconds() / 60
    golden.check(Told(aws, minutes, replies))
