"""Whatever happens to a service behind a load balancer: every target is deregistered, addresses balance.

Hypothesis makes up the sequences; a failing one is shown as the calls to repeat.
"""

from __future__ import annotations

from typing import Any

import boto3
import moto.settings
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from course import sandbox
from course.sandbox.balancing.targets import Target

pytestmark = pytest.mark.slow

GONE = ("STOPPING", "DEPROVISIONING", "STOPPED")
STATES = ("initial", "healthy", "unhealthy", "unused", "draining")
SESSIONS: dict[str, Any] = {}
"""One boto3 session for all examples: most of what a client costs is reading botocore's models."""


class Behind(RuleBasedStateMachine):
    """One service in two small subnets, registered with two target groups of one load balancer."""

    @initialize()
    def begin(self) -> None:
        self.real_amis = moto.settings.ec2_load_default_amis
        moto.settings.ec2_load_default_amis = lambda: False
        self.aws = sandbox.open()
        session = SESSIONS.setdefault("one", boto3.Session(region_name="us-east-1"))
        self.ecs, self.elb = session.client("ecs"), session.client("elbv2")
        self.ec2 = session.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(1, "a"), self.subnet(2, "b")]
        self.way_out()
        self.free = self.free_addresses()
        made = self.elb.create_load_balancer(Name="front", Subnets=self.subnets)
        self.front = made["LoadBalancers"][0]["LoadBalancerArn"]
        self.groups = [self.group("one", 80), self.group("two", 81)]
        self.ecs.create_cluster(clusterName="lab")
        self.define()
        self.create()
        self.watch_signals()

    def watch_signals(self) -> None:
        """Nobody is sent the stop signal by their service before their targets are drained."""
        plane: Any = self.aws.clock._settle.__self__  # type: ignore[attr-defined]
        containers = plane.tasks._containers
        real = containers.signal

        def signal(task: Any) -> None:
            scheduled = task.stop_code == "ServiceSchedulerInitiated"
            serves = any(one.last_status == "RUNNING" for one in task.containers)
            draining = any(one.state == "draining" for one in task.targets)
            assert not (scheduled and serves and draining and task.started_at)
            real(task)

        containers.signal = signal

    def subnet(self, number: int, zone: str) -> str:
        made = self.ec2.create_subnet(
            VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/28", AvailabilityZone=f"us-east-1{zone}"
        )
        return str(made["Subnet"]["SubnetId"])

    def way_out(self) -> None:
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        given = [{"Name": "vpc-id", "Values": [self.vpc]}]
        (table,) = self.ec2.describe_route_tables(Filters=given)["RouteTables"]
        self.ec2.create_route(
            RouteTableId=table["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )

    def group(self, name: str, port: int) -> str:
        made = self.elb.create_target_group(
            Name=name,
            Protocol="HTTP",
            Port=8080,
            VpcId=self.vpc,
            TargetType="ip",
            HealthCheckIntervalSeconds=10,
            HealthyThresholdCount=2,
        )
        arn = str(made["TargetGroups"][0]["TargetGroupArn"])
        self.elb.create_listener(
            LoadBalancerArn=self.front,
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )
        return arn

    def define(self) -> None:
        container = {
            "name": "app",
            "image": "registry.example.com/web:1",
            "portMappings": [{"containerPort": 8080}],
        }
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )

    def create(self) -> None:
        given = [
            {"targetGroupArn": arn, "containerName": "app", "containerPort": 8080}
            for arn in self.groups
        ]
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=2,
            launchType="FARGATE",
            loadBalancers=given,
            networkConfiguration={
                "awsvpcConfiguration": {"subnets": self.subnets, "assignPublicIp": "ENABLED"}
            },
        )

    def teardown(self) -> None:
        if hasattr(self, "aws"):
            try:
                self.everything_is_given_back()
            finally:
                self.aws.close()
                moto.settings.ec2_load_default_amis = self.real_amis

    # --- What may happen

    @rule(desired=st.integers(0, 4))
    def scale(self, desired: int) -> None:
        self.ecs.update_service(cluster="lab", service="web", desiredCount=desired)

    @rule()
    def deploy(self) -> None:
        self.ecs.update_service(cluster="lab", service="web", forceNewDeployment=True)

    @rule(seconds=st.sampled_from([1, 5, 20, 60, 400]))
    def pass_time(self, seconds: int) -> None:
        self.aws.clock.advance(seconds)

    @rule(data=st.data())
    def stop_a_task(self, data: st.DataObject) -> None:
        arns = self.ecs.list_tasks(cluster="lab")["taskArns"]
        if arns:
            self.ecs.stop_task(cluster="lab", task=data.draw(st.sampled_from(arns)))

    @rule(data=st.data(), number=st.integers(0, 1))
    def take_a_target_away(self, data: st.DataObject, number: int) -> None:
        found = self.elb.describe_target_health(TargetGroupArn=self.groups[number])
        targets = [one["Target"] for one in found["TargetHealthDescriptions"]]
        if targets:
            taken = [data.draw(st.sampled_from(targets))]
            self.elb.deregister_targets(TargetGroupArn=self.groups[number], Targets=taken)

    @rule(number=st.integers(0, 1), path=st.sampled_from(["/", "/health", "/nowhere"]))
    def check_another_path(self, number: int, path: str) -> None:
        self.elb.modify_target_group(TargetGroupArn=self.groups[number], HealthCheckPath=path)

    @rule(number=st.integers(0, 1), seconds=st.sampled_from([0, 30, 300]))
    def drain_for(self, number: int, seconds: int) -> None:
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": str(seconds)}
        self.elb.modify_target_group_attributes(
            TargetGroupArn=self.groups[number], Attributes=[delay]
        )

    # --- What holds

    def held(self) -> list[Target]:
        return [one for targets in self.aws.world.targets.values() for one in targets.values()]

    def tasks(self) -> list[Any]:
        return list(self.aws.world.ecs().tasks.get("lab", {}).values())

    @invariant()
    def a_target_is_kept_under_its_own_key(self) -> None:
        for arn, targets in self.aws.world.targets.items():
            assert all((one.group, one.key) == (arn, key) for key, one in targets.items())
            assert all(one.state in STATES for one in targets.values())

    @invariant()
    def no_target_outlives_its_task_but_to_drain(self) -> None:
        for one in self.held():
            assert one.task is not None
            assert one.state == "draining" or one.task.last_status not in GONE

    @invariant()
    def counts_are_those_of_the_tasks(self) -> None:
        for deployment in self.aws.world.ecs().services["lab:web"].deployments:
            wanted = list(deployment.wanted_tasks())
            assert deployment.healthy_count == sum(one.healthy for one in wanted)
            assert deployment.unhealthy_count == sum(one.unhealthy for one in wanted)
            for task in wanted:
                well = task.last_status == "RUNNING" and len(task.targets) == 2
                assert task.healthy == (well and all(t.state == "healthy" for t in task.targets))

    def everything_is_given_back(self) -> None:
        self.ecs.delete_service(cluster="lab", service="web", force=True)
        self.aws.clock.advance(minutes=20)
        assert self.held() == []
        assert all(task.last_status == "STOPPED" for task in self.tasks())
        self.elb.delete_load_balancer(LoadBalancerArn=self.front)
        assert self.free_addresses() == self.free

    def free_addresses(self) -> int:
        given = [{"Name": "vpc-id", "Values": [self.vpc]}]
        found = self.ec2.describe_subnets(Filters=given)["Subnets"]
        return sum(one["AvailableIpAddressCount"] for one in found)


TestBehind = Behind.TestCase
TestBehind.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
