"""Whatever happens to a service with a registry: who runs is registered, and everybody is taken out again.

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
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.discovery.cloud_map import CloudMap

pytestmark = pytest.mark.slow

REGISTERED = ("ACTIVATING", "RUNNING")
WAITS = st.sampled_from([0, 1, 2, 3, 25, 70])
"""Seconds after each change: most of what may go wrong happens on the way to the next state."""
SESSIONS: dict[str, Any] = {}
"""One boto3 session for all examples: most of what a client costs is reading botocore's models."""
CONTAINER = {
    "name": "app",
    "image": "registry.example.com/web:1",
    "portMappings": [{"containerPort": 8080, "name": "http"}],
    "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost:8080"], "interval": 10},
}


class Registered(RuleBasedStateMachine):
    """One service with one registry, and another that it may change to."""

    @initialize(checked=st.booleans())
    def begin(self, checked: bool) -> None:
        self.real_amis = moto.settings.ec2_load_default_amis
        moto.settings.ec2_load_default_amis = lambda: False
        self.aws = sandbox.open()
        session = SESSIONS.setdefault("one", boto3.Session(region_name="us-east-1"))
        self.ecs, self.api = session.client("ecs"), session.client("servicediscovery")
        ec2 = session.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        lead_out_by_nat(ec2, vpc)
        self.api.create_http_namespace(Name="shop")
        self.aws.clock.advance(5)
        (space,) = self.api.list_namespaces()["Namespaces"]
        self.registries = [
            self.api.create_service(Name=name, NamespaceId=space["Id"], HealthCheckCustomConfig={})[
                "Service"
            ]["Arn"]
            for name in ("one", "two")
        ]
        self.taken_out: set[str] = set()
        self.ecs.create_cluster(clusterName="lab")
        container = {key: CONTAINER[key] for key in CONTAINER if checked or key != "healthCheck"}
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=2,
            launchType="FARGATE",
            serviceRegistries=[{"registryArn": self.registries[0]}],
            networkConfiguration={"awsvpcConfiguration": {"subnets": [self.subnet]}},
        )
        self.aws.clock.advance(20)

    def teardown(self) -> None:
        if hasattr(self, "aws"):
            try:
                self.everybody_is_taken_out()
            finally:
                self.aws.close()
                moto.settings.ec2_load_default_amis = self.real_amis

    # --- What may happen

    @rule(wait=WAITS, desired=st.integers(0, 4))
    def scale(self, wait: int, desired: int) -> None:
        self.ecs.update_service(cluster="lab", service="web", desiredCount=desired)
        self.aws.clock.advance(wait)

    @rule(wait=WAITS)
    def deploy(self, wait: int) -> None:
        self.ecs.update_service(cluster="lab", service="web", forceNewDeployment=True)
        self.aws.clock.advance(wait)

    @rule(wait=WAITS, number=st.integers(0, 1))
    def change_to(self, wait: int, number: int) -> None:
        given = [{"registryArn": self.registries[number]}]
        self.ecs.update_service(cluster="lab", service="web", serviceRegistries=given)
        self.aws.clock.advance(wait)

    @rule(seconds=st.sampled_from([1, 5, 20, 60, 400]))
    def pass_time(self, seconds: int) -> None:
        self.aws.clock.advance(seconds)

    @rule(wait=WAITS, data=st.data())
    def stop_a_task(self, wait: int, data: st.DataObject) -> None:
        arns = self.ecs.list_tasks(cluster="lab")["taskArns"]
        if arns:
            self.ecs.stop_task(cluster="lab", task=data.draw(st.sampled_from(arns)))
        self.aws.clock.advance(wait)

    @rule(wait=WAITS, data=st.data(), status=st.sampled_from(["HEALTHY", "UNHEALTHY"]))
    def say_how_one_is(self, wait: int, data: st.DataObject, status: str) -> None:
        held = self.held()
        if held:
            one = data.draw(st.sampled_from(held))
            self.api.update_instance_custom_health_status(
                ServiceId=one.service_id, InstanceId=one.instance_id, Status=status
            )
        self.aws.clock.advance(wait)

    @rule(wait=WAITS, data=st.data())
    def take_one_out(self, wait: int, data: st.DataObject) -> None:
        held = self.held()
        if held:
            one = data.draw(st.sampled_from(held))
            self.api.deregister_instance(ServiceId=one.service_id, InstanceId=one.instance_id)
            self.taken_out.add(one.instance_id)
        self.aws.clock.advance(wait)

    # --- What holds

    def held(self) -> list[Any]:
        cloud_map = CloudMap("123456789012", "us-east-1")
        return [one for arn in self.registries for one in cloud_map.instances(arn)]

    def tasks(self) -> list[Any]:
        return list(self.aws.world.ecs().tasks.get("lab", {}).values())

    @invariant()
    def whoever_runs_is_registered_and_nobody_else(self) -> None:
        there = [one.instance_id for one in self.held()]
        running = {one.id for one in self.tasks() if one.last_status in REGISTERED}
        assert len(there) == len(set(there))
        assert set(there) <= running
        assert running - set(there) <= self.taken_out

    @invariant()
    def counts_are_those_of_the_tasks(self) -> None:
        for deployment in self.aws.world.ecs().services["lab:web"].deployments:
            wanted = list(deployment.wanted_tasks())
            assert deployment.healthy_count == sum(one.healthy for one in wanted)
            assert deployment.unhealthy_count == sum(one.unhealthy for one in wanted)
            assert not any(one.healthy and one.sick_registration for one in wanted)

    def everybody_is_taken_out(self) -> None:
        self.ecs.delete_service(cluster="lab", service="web", force=True)
        self.aws.clock.advance(minutes=5)
        assert self.held() == []
        assert all(task.last_status == "STOPPED" for task in self.tasks())
        for arn in self.registries:
            self.api.delete_service(Id=arn)


TestRegistered = Registered.TestCase
TestRegistered.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
