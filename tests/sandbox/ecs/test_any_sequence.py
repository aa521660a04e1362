"""Any sequence of calls and of time passing keeps what ECS promises.

Hypothesis makes up the sequences; a failing one is shown as the calls to repeat.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import boto3
import moto.settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from moto.ec2.models import ec2_backends

from course import sandbox
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.ecs.resources import PENDING_STATUSES, Service, Task
from course.sandbox.ecs.service_scheduler import reconcile, upper_bound
from course.sandbox.world import ACCOUNT_ID

NAMES = ("web", "api")
PERCENTS = [(100, 200), (50, 100), (100, 150), (0, 100)]
STAMPS = (
    "created_at",
    "connectivity_at",
    "pull_started_at",
    "pull_stopped_at",
    "started_at",
    "stopping_at",
    "execution_stopped_at",
    "stopped_at",
)


class Ecs(RuleBasedStateMachine):
    """Two services and single tasks in one cluster, with room for eleven tasks in the subnet."""

    @initialize()
    def begin(self) -> None:
        self.real_amis = moto.settings.ec2_load_default_amis
        moto.settings.ec2_load_default_amis = lambda: False
        self.aws = sandbox.open()
        session = SESSIONS.setdefault("one", boto3.Session(region_name="us-east-1"))
        self.ecs: Any = session.client("ecs")
        self.backend: Any = ec2_backends[ACCOUNT_ID]["us-east-1"]
        vpc = self.backend.create_vpc("10.0.0.0/16")
        self.subnet = self.backend.create_subnet(vpc.id, "10.0.1.0/28", "us-east-1a")
        lead_out_by_nat(session.client("ec2"), vpc.id)
        self.network = {"awsvpcConfiguration": {"subnets": [self.subnet.id]}}
        self.ecs.create_cluster(clusterName="lab")
        self.define()
        self.versions: Counter[str] = Counter()
        self.stamped: dict[tuple[str, str], Any] = {}
        self.watch_starts()

    def watch_starts(self) -> None:
        """After each start by a service: RUNNING + PENDING within its upper bound."""
        starter = self.ecs_plane()._service_tasks
        real = starter.start

        def start(service: Service, action: Any) -> None:
            real(service, action)
            assert service.running_count + service.pending_count <= upper_bound(service)

        starter.start = start

    def ecs_plane(self) -> Any:
        return self.aws.clock._settle.__self__  # type: ignore[attr-defined]

    def teardown(self) -> None:
        if hasattr(self, "aws"):
            try:
                self.everything_ends()
            finally:
                self.aws.close()
                moto.settings.ec2_load_default_amis = self.real_amis

    # --- What may happen

    def define(self) -> None:
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.27"}],
        )

    @rule(
        name=st.sampled_from(NAMES),
        desired=st.integers(0, 5),
        percents=st.sampled_from(PERCENTS),
    )
    def create_or_update_service(self, name: str, desired: int, percents: tuple[int, int]) -> None:
        service = self.service(name)
        minimum, maximum = percents
        given: dict[str, Any] = {
            "cluster": "lab",
            "desiredCount": desired,
            "deploymentConfiguration": {
                "minimumHealthyPercent": minimum,
                "maximumPercent": maximum,
            },
        }
        if service is None or service.status == "INACTIVE":
            self.ecs.create_service(
                serviceName=name,
                taskDefinition="web",
                launchType="FARGATE",
                networkConfiguration=self.network,
                **given,
            )
        elif service.status == "ACTIVE":
            self.ecs.update_service(service=name, **given)

    @rule(name=st.sampled_from(NAMES), new=st.booleans())
    def deploy(self, name: str, new: bool) -> None:
        service = self.service(name)
        if service is None or service.status != "ACTIVE":
            return
        if new:
            self.define()
            self.ecs.update_service(cluster="lab", service=name, taskDefinition="web")
        else:
            self.ecs.update_service(cluster="lab", service=name, forceNewDeployment=True)

    @rule(name=st.sampled_from(NAMES))
    def delete_service(self, name: str) -> None:
        service = self.service(name)
        if service is not None and service.status == "ACTIVE":
            self.ecs.delete_service(cluster="lab", service=name, force=True)

    @rule(count=st.integers(1, 3))
    def run_task(self, count: int) -> None:
        self.ecs.run_task(
            cluster="lab",
            taskDefinition="web",
            count=count,
            launchType="FARGATE",
            networkConfiguration=self.network,
        )

    @rule(place=st.integers(0, 20))
    def stop_task(self, place: int) -> None:
        tasks = [task for task in self.tasks() if task.last_status != "STOPPED"]
        if tasks:
            self.ecs.stop_task(cluster="lab", task=tasks[place % len(tasks)].task_arn)

    @rule(place=st.integers(0, 20), enabled=st.booleans())
    def protect_task(self, place: int, enabled: bool) -> None:
        tasks = [task for task in self.tasks() if task.deployment and task.wanted]
        if tasks:
            self.ecs.update_task_protection(
                cluster="lab",
                tasks=[tasks[place % len(tasks)].task_arn],
                protectionEnabled=enabled,
                expiresInMinutes=5,
            )

    @rule(seconds=st.sampled_from([1, 7, 20, 45, 120, 600]))
    def advance(self, seconds: int) -> None:
        self.aws.clock.advance(seconds)

    # --- What holds whatever happens

    @invariant()
    def counts_are_what_counting_gives(self) -> None:
        tasks = self.tasks()
        cluster = self.aws.world.ecs().clusters["lab"]
        assert cluster.running_tasks_count == _running(tasks)
        assert cluster.pending_tasks_count == _pending(tasks)
        active = [one for one in self.services() if one.status == "ACTIVE"]
        assert cluster.active_services_count == len(active)
        for deployment in (one for service in self.services() for one in service.deployments):
            own = [task for task in tasks if task.deployment is deployment]
            assert deployment.running_count == _running(own)
            assert deployment.pending_count == _pending(own)
            assert deployment.wanted_count == sum(task.wanted for task in own)
            assert deployment.healthy_count == sum(task.wanted and task.healthy for task in own)
            assert deployment.unhealthy_count == sum(task.wanted and task.unhealthy for task in own)
            alive = {task.task_arn for task in own if task.last_status != "STOPPED"}
            assert set(deployment.tasks) == alive

    @invariant()
    def there_is_nothing_left_to_do_at_this_instant(self) -> None:
        for service in self.services():
            assert reconcile(service, self.aws.now()) == []

    @invariant()
    def timestamps_are_in_order_and_versions_never_fall(self) -> None:
        for task in self.tasks():
            whens = [getattr(task, name) for name in STAMPS if getattr(task, name)]
            assert whens == sorted(whens) and whens[-1] <= self.aws.now()
            assert task.version >= self.versions[task.task_arn]
            self.versions[task.task_arn] = task.version
            for name in STAMPS:
                if getattr(task, name):
                    shown = self.stamped.setdefault((task.task_arn, name), getattr(task, name))
                    assert shown == getattr(task, name)

    @invariant()
    def addresses_are_held_by_the_tasks_that_have_one(self) -> None:
        held = [
            task.interface.detail("privateIPv4Address")
            for task in self.tasks()
            if task.interface and task.interface.status in ("ATTACHED", "DETACHING")
        ]
        addresses = [address for address in held if address]
        assert len(addresses) == len(set(addresses)) <= 11
        assert set(self.subnet._subnet_ips) == set(addresses)
        assert self.subnet.available_ip_address_count == 11 - len(addresses)

    def everything_ends(self) -> None:
        """Active services converge once there is room; deleted ones leave no task and no address."""
        for task in self.tasks():
            if task.deployment is None and task.last_status != "STOPPED":
                self.ecs.stop_task(cluster="lab", task=task.task_arn)
        active = [one for one in self.services() if one.status == "ACTIVE"]
        for service in active:
            self.ecs.update_service(
                cluster="lab",
                service=service.service_name,
                desiredCount=min(service.desired_count, 2),
                deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 200},
            )
        self.aws.clock.advance(hours=2)
        for service in active:
            assert service.running_count == service.desired_count, service
            assert len(service.deployments) == 1
            assert service.primary.rollout_state == "COMPLETED"
            self.delete_service(service.service_name)
        self.aws.clock.advance(minutes=5)
        assert {one.status for one in self.services()} <= {"INACTIVE"}
        assert {task.last_status for task in self.tasks()} <= {"STOPPED"}
        assert self.subnet._subnet_ips == {}
        self.counts_are_what_counting_gives()

    def service(self, name: str) -> Service | None:
        return self.aws.world.ecs().services.get(f"lab:{name}")

    def services(self) -> list[Service]:
        return list(self.aws.world.ecs().services.values())

    def tasks(self) -> list[Task]:
        return list(self.aws.world.ecs().tasks.get("lab", {}).values())


SESSIONS: dict[str, Any] = {}
"""One boto3 session for all examples: most of what a client costs is reading botocore's models."""


def _running(tasks: list[Task]) -> int:
    return sum(task.last_status == "RUNNING" for task in tasks)


def _pending(tasks: list[Task]) -> int:
    return sum(task.last_status in PENDING_STATUSES for task in tasks)


TestAnySequence = Ecs.TestCase
TestAnySequence.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
