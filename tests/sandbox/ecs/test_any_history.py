"""Any history of API calls and clock moves keeps what ECS promises, failures included.

``test_any_sequence`` looks inside at each step; here everything is asked through
boto3, as a learner does, of services that crash, cannot be pulled, are unhealthy,
protected or on Spot. Hypothesis makes the histories up and shows a failing one as
the steps to repeat. 200 of them run with ``--all``; ``COURSE_HISTORIES=2000`` runs
more, and other ones.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import boto3
import moto.settings
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from course import sandbox
from course.exercises.way_out import lead_out_by_nat

HISTORIES = int(os.environ.get("COURSE_HISTORIES", "200"))
NAMES = ("web", "api")
WAYS = (
    "start",
    "sidecar",
    "healthy",
    "stubborn",
    "restarts",
    "crash",
    "sick",
    "unpulled",
    "roleless",
)
CONVERGING = {"start", "sidecar", "healthy", "stubborn", "restarts"}
"""Ways that a task definition can be in which a service comes to rest."""

HTTPD = "public.ecr.aws/docker/library/httpd:2.4"
ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/nothing:1.0"
PERCENTS = [(100, 200), (50, 100), (100, 150), (0, 100), (100, 100), (75, 125)]
SPOT = [
    {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]
PENDING = ("PROVISIONING", "PENDING", "ACTIVATING")
ADDRESSES = 59
"""A /26 subnet's, less the five that AWS keeps."""

SAYS_WHY = (
    "is unable to consistently start tasks successfully",
    "failed to launch a task with",
    "was unable to stop or start tasks during a deployment",
    "was unable to reach steady state",
    "deployment failed",
    "has started",
    "has stopped",
)
"""What an event of a service that does not come to rest may say."""

NOT_RAISED = {"SandboxFailure", "NotImplemented", "InternalFailure", "500"}


class History(RuleBasedStateMachine):
    """Two services and single tasks of every way, in one cluster and one subnet."""

    @initialize()
    def begin(self) -> None:
        self.real_amis = moto.settings.ec2_load_default_amis
        moto.settings.ec2_load_default_amis = lambda: False
        self.aws = sandbox.open()
        session = SESSIONS.setdefault("one", boto3.Session(region_name="us-east-1"))
        self.ecs: Any = session.client("ecs")
        self.ec2: Any = session.client("ec2")
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/26")
        self.subnet = subnet["Subnet"]["SubnetId"]
        lead_out_by_nat(self.ec2, vpc)
        self.network = {"awsvpcConfiguration": {"subnets": [self.subnet]}}
        self.ecs.create_cluster(clusterName="lab", capacityProviders=["FARGATE", "FARGATE_SPOT"])
        self.role = _execution_role(session)
        for way in WAYS:
            self.define(way)
        self.occupied = dict.fromkeys(NAMES, 0)

    def teardown(self) -> None:
        if hasattr(self, "aws"):
            try:
                self.comes_to_rest_or_says_why()
                self.everything_ends()
            finally:
                self.aws.close()
                moto.settings.ec2_load_default_amis = self.real_amis

    def call(self, operation: str, **given: Any) -> dict[str, Any]:
        """The answer; {} for a refusal, which must be one of ECS's own."""
        try:
            answer = getattr(self.ecs, operation)(**given)
        except ClientError as error:
            refused = error.response["Error"]
            assert refused["Code"] not in NOT_RAISED, refused
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, refused
            assert refused["Message"].strip(), operation
            return {}
        return dict(answer)

    def define(self, way: str) -> None:
        self.call(
            "register_task_definition",
            family=way,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            executionRoleArn=self.role,
            **({"taskRoleArn": self.role + "-gone"} if way == "roleless" else {}),
            containerDefinitions=_containers(way),
        )

    # --- What may happen

    @rule(
        name=st.sampled_from(NAMES),
        way=st.sampled_from(WAYS),
        desired=st.integers(0, 5),
        percents=st.sampled_from(PERCENTS),
        breaker=st.sampled_from([None, False, True]),
        spot=st.booleans(),
    )
    def create_service(
        self,
        name: str,
        way: str,
        desired: int,
        percents: tuple[int, int],
        breaker: bool | None,
        spot: bool,
    ) -> None:
        where = {"capacityProviderStrategy": SPOT} if spot else {"launchType": "FARGATE"}
        self.call(
            "create_service",
            cluster="lab",
            serviceName=name,
            taskDefinition=way,
            desiredCount=desired,
            networkConfiguration=self.network,
            deploymentConfiguration=_configuration(percents, breaker),
            **where,
        )

    def there(self, name: str) -> None:
        """Make a service that is not there, so that a change has something to change."""
        found = [one for one in self.services() if one["serviceName"] == name]
        if not found or found[0]["status"] == "INACTIVE":
            self.create_service(name, "start", 3, (100, 200), None, False)
            self.what_ecs_promises_holds()

    @rule(name=st.sampled_from(NAMES), way=st.sampled_from(WAYS))
    def roll(self, name: str, way: str) -> None:
        self.there(name)
        self.call("update_service", cluster="lab", service=name, taskDefinition=way)

    @rule(name=st.sampled_from(NAMES), desired=st.integers(0, 6))
    def scale(self, name: str, desired: int) -> None:
        self.there(name)
        self.call("update_service", cluster="lab", service=name, desiredCount=desired)

    @rule(name=st.sampled_from(NAMES), percents=st.sampled_from(PERCENTS))
    def change_percents(self, name: str, percents: tuple[int, int]) -> None:
        self.there(name)
        changed = _configuration(percents, None)
        self.call("update_service", cluster="lab", service=name, deploymentConfiguration=changed)

    @rule(name=st.sampled_from(NAMES))
    def force_new_deployment(self, name: str) -> None:
        self.there(name)
        self.call("update_service", cluster="lab", service=name, forceNewDeployment=True)

    @rule(name=st.sampled_from(NAMES), way=st.sampled_from(["ABORT", "ROLLBACK"]))
    def stop_deployment(self, name: str, way: str) -> None:
        self.there(name)
        found = self.call("list_service_deployments", cluster="lab", service=name)
        for one in found.get("serviceDeployments", [])[:1]:
            arn = one["serviceDeploymentArn"]
            self.call("stop_service_deployment", serviceDeploymentArn=arn, stopType=way)

    @rule(name=st.sampled_from(NAMES), force=st.booleans())
    def delete_service(self, name: str, force: bool) -> None:
        self.call("delete_service", cluster="lab", service=name, force=force)

    @rule(way=st.sampled_from(WAYS), count=st.integers(1, 3))
    def run_task(self, way: str, count: int) -> None:
        self.call(
            "run_task",
            cluster="lab",
            taskDefinition=way,
            count=count,
            launchType="FARGATE",
            networkConfiguration=self.network,
        )

    @rule(place=st.integers(0, 20))
    def stop_task(self, place: int) -> None:
        alive = [one for one in self.tasks() if one["lastStatus"] != "STOPPED"]
        if alive:
            self.call("stop_task", cluster="lab", task=alive[place % len(alive)]["taskArn"])

    @rule(place=st.integers(0, 20), on=st.booleans(), minutes=st.sampled_from([1, 15, 120]))
    def protect_task(self, place: int, on: bool, minutes: int) -> None:
        alive = [one for one in self.tasks() if one["lastStatus"] == "RUNNING"]
        if alive:
            arn = alive[place % len(alive)]["taskArn"]
            how: dict[str, Any] = {"expiresInMinutes": minutes} if on else {}
            self.call(
                "update_task_protection", cluster="lab", tasks=[arn], protectionEnabled=on, **how
            )

    @rule(seconds=st.sampled_from([1, 7, 20, 45, 120, 600]))
    def advance(self, seconds: int) -> None:
        self.aws.clock.advance(seconds)

    # --- What holds whatever happens

    @invariant()
    def what_ecs_promises_holds(self) -> None:
        services, tasks = self.services(), self.tasks()
        self.what_runs_never_grows_above_maximum_percent(services)
        self.counters_agree_with_lists(services, tasks)
        self.no_task_stays_half_way(tasks)
        self.addresses_are_held_by_tasks_and_returned(tasks)

    def what_runs_never_grows_above_maximum_percent(self, services: list[dict[str, Any]]) -> None:
        for service in services:
            name, percent = service["serviceName"], service["deploymentConfiguration"]
            bound = service["desiredCount"] * percent["maximumPercent"] // 100
            now = service["runningCount"] + service["pendingCount"]
            assert now <= max(bound, self.occupied[name]), service
            self.occupied[name] = now

    def counters_agree_with_lists(
        self, services: list[dict[str, Any]], tasks: list[dict[str, Any]]
    ) -> None:
        cluster = self.ecs.describe_clusters(clusters=["lab"])["clusters"][0]
        assert cluster["runningTasksCount"] == _count(tasks, "RUNNING")
        assert cluster["pendingTasksCount"] == _count(tasks, *PENDING)
        active = [one for one in services if one["status"] == "ACTIVE"]
        assert cluster["activeServicesCount"] == len(active)
        for service in services:
            own = [one for one in tasks if one["group"] == f"service:{service['serviceName']}"]
            if service["status"] == "ACTIVE":
                assert service["runningCount"] == _count(own, "RUNNING")
                assert service["pendingCount"] == _count(own, *PENDING)
            for member in ("runningCount", "pendingCount"):
                assert service[member] == sum(one[member] for one in service["deployments"])

    def no_task_stays_half_way(self, tasks: list[dict[str, Any]]) -> None:
        """Ten minutes to start, and from the stop signal on the longest stopTimeout and some."""
        now = self.aws.now()
        for task in tasks:
            if task["lastStatus"] in PENDING:
                assert now - task["createdAt"] <= timedelta(minutes=10), task
            elif task["lastStatus"] not in ("RUNNING", "STOPPED") and "stoppingAt" in task:
                assert now - task["stoppingAt"] <= timedelta(minutes=4), task

    def addresses_are_held_by_tasks_and_returned(self, tasks: list[dict[str, Any]]) -> None:
        held = [_address(one) for one in tasks if one["lastStatus"] != "STOPPED"]
        addresses = [one for one in held if one]
        assert len(addresses) == len(set(addresses))
        subnet = self.ec2.describe_subnets(SubnetIds=[self.subnet])["Subnets"][0]
        assert subnet["AvailableIpAddressCount"] == ADDRESSES - len(addresses)

    # --- How it ends

    def comes_to_rest_or_says_why(self) -> None:
        """An hour without a call; protection has two at most, a throttled start 27 minutes."""
        self.aws.clock.advance(hours=3)
        for service in self.services():
            if service["status"] != "ACTIVE":
                continue
            rests = (
                len(service["deployments"]) == 1
                and service["runningCount"] == service["desiredCount"]
                and service["deployments"][0]["rolloutState"] == "COMPLETED"
            )
            said = [one["message"] for one in service["events"]]
            why = [one for one in said if any(text in one for text in SAYS_WHY)]
            assert rests or why, (service["deployments"], service["events"][:5])
            if self.can_come_to_rest(service):
                assert rests, (service["deployments"], service["events"][:5])

    def can_come_to_rest(self, service: dict[str, Any]) -> bool:
        """Whether the newest deployment was not stopped, works, and has room to move."""
        percent = service["deploymentConfiguration"]
        desired, newest = service["desiredCount"], service["deployments"][0]
        room = (
            desired * percent["maximumPercent"] // 100 > desired
            or -(-desired * percent["minimumHealthyPercent"] // 100) < desired
        )
        family = newest["taskDefinition"].rsplit("/", 1)[-1].split(":")[0]
        only = len(service["deployments"]) == 1
        return family in CONVERGING and newest["rolloutState"] != "FAILED" and (room or only)

    def everything_ends(self) -> None:
        """Deleted services and stopped tasks leave no task and no address behind."""
        for service in self.services():
            self.delete_service(service["serviceName"], True)
        for task in self.tasks():
            if task["lastStatus"] != "STOPPED" and not task["group"].startswith("service:"):
                self.call("stop_task", cluster="lab", task=task["taskArn"])
        self.aws.clock.advance(minutes=5)
        assert {one["status"] for one in self.services()} <= {"INACTIVE"}
        assert {one["lastStatus"] for one in self.tasks()} <= {"STOPPED"}
        self.what_ecs_promises_holds()
        assert self.ecs.delete_cluster(cluster="lab")["cluster"]["status"] == "INACTIVE"

    def services(self) -> list[dict[str, Any]]:
        found = self.ecs.describe_services(cluster="lab", services=list(NAMES))["services"]
        return [dict(one) for one in found]

    def tasks(self) -> list[dict[str, Any]]:
        arns = [
            arn
            for status in ("RUNNING", "STOPPED")
            for page in self.ecs.get_paginator("list_tasks").paginate(
                cluster="lab", desiredStatus=status
            )
            for arn in page["taskArns"]
        ]
        batches = [arns[start : start + 100] for start in range(0, len(arns), 100)]
        return [
            dict(one)
            for batch in batches
            for one in self.ecs.describe_tasks(cluster="lab", tasks=batch)["tasks"]
        ]


SESSIONS: dict[str, Any] = {}
"""One boto3 session for all examples: most of what a client costs is reading botocore's models."""


def _execution_role(session: Any) -> str:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    may = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    iam = session.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="pulls", AssumeRolePolicyDocument=document)["Role"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    iam.put_role_policy(RoleName="pulls", PolicyName="ecr", PolicyDocument=policy)
    return str(role["Arn"])


def _containers(way: str) -> list[dict[str, Any]]:
    check = {"interval": 5, "timeout": 2, "retries": 2, "startPeriod": 0}
    app: dict[str, Any] = {"name": "app", "image": HTTPD}
    ready = {"name": "ready", "image": HTTPD, "essential": False, "command": ["sleep", "5"]}
    return {
        "start": [app],
        "sidecar": [
            app | {"dependsOn": [{"containerName": "ready", "condition": "SUCCESS"}]},
            ready,
        ],
        "healthy": [app | {"healthCheck": {"command": ["CMD-SHELL", "exit 0"], **check}}],
        "stubborn": [app | {"command": ["sh", "-c", "sleep infinity"], "stopTimeout": 60}],
        "restarts": [app, ready | {"restartPolicy": {"enabled": True}}],
        "crash": [app | {"command": ["sh", "-c", "sleep 20; exit 1"]}],
        "sick": [app | {"healthCheck": {"command": ["CMD-SHELL", "exit 1"], **check}}],
        "unpulled": [app | {"image": ECR}],
        "roleless": [app],
    }[way]


def _configuration(percents: tuple[int, int], breaker: bool | None) -> dict[str, Any]:
    minimum, maximum = percents
    chosen: dict[str, Any] = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    if breaker is not None:
        chosen["deploymentCircuitBreaker"] = {"enable": True, "rollback": breaker}
    return chosen


def _count(tasks: list[dict[str, Any]], *statuses: str) -> int:
    return sum(one["lastStatus"] in statuses for one in tasks)


def _address(task: dict[str, Any]) -> str | None:
    for attachment in task["attachments"]:
        for detail in attachment["details"]:
            if detail["name"] == "privateIPv4Address" and attachment["status"] != "DELETED":
                return str(detail["value"])
    return None


TestAnyHistory = pytest.mark.slow(History.TestCase)
TestAnyHistory.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=20,
    deadline=None,
    derandomize="COURSE_HISTORIES" not in os.environ,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
