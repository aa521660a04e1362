"""The role that ECS maintains a service with, changed or deleted later: what is left undone, told, and done once mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from course.sandbox.authorize.attached import iam_of
from course.sandbox.ecs.events import PERMISSIONS_CHANGED, TRUST_CHANGED
from course.sandbox.ecs.own_role import role_problem
from course.sandbox.identity import service_linked

REGISTER = "elasticloadbalancing:RegisterTargets"
DEREGISTER = "elasticloadbalancing:DeregisterTargets"
LEGACY = {"Effect": "Allow", "Action": "elasticloadbalancing:*", "Resource": "*"}

Change = Callable[["Served"], object]


def trust(principal: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


class Served:
    """A service on a container instance, behind a balancer, that ECS maintains with a role of its own."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.iam = lab, lab.aws.client("iam")
        elb = lab.aws.client("elbv2")
        (default,) = lab.ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [lab.vpc]}]
        )["SecurityGroups"]
        web = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 65535}
        web["IpRanges"] = [{"CidrIp": "0.0.0.0/0"}]
        lab.ec2.authorize_security_group_ingress(GroupId=default["GroupId"], IpPermissions=[web])
        self.group = elb.create_target_group(
            Name="web", Protocol="HTTP", Port=80, VpcId=lab.vpc, TargetType="instance"
        )["TargetGroups"][0]["TargetGroupArn"]
        front = elb.create_load_balancer(Name="front", Subnets=lab.subnets)["LoadBalancers"][0]
        elb.create_listener(
            LoadBalancerArn=front["LoadBalancerArn"], Protocol="HTTP", Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.group}],
        )  # fmt: skip
        self.role = lab.role("service", LEGACY, trusts="ecs.amazonaws.com")
        lab.define_ec2()
        lab.launch()
        lab.service_ec2(
            desired=1, role="service",
            loadBalancers=[{"targetGroupArn": self.group, "containerName": "app", "containerPort": 80}],
        )  # fmt: skip
        lab.clock.advance(minutes=5)

    def trusts(self, document: str) -> None:
        self.iam.update_assume_role_policy(RoleName="service", PolicyDocument=document)

    def may(self, *statements: dict[str, Any]) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        self.iam.put_role_policy(RoleName="service", PolicyName="policy-0", PolicyDocument=document)

    def delete_role(self) -> None:
        self.iam.delete_role_policy(RoleName="service", PolicyName="policy-0")
        self.iam.delete_role(RoleName="service")

    def told(self, message: str) -> int:
        return sum(one == message for one in self.lab.said())

    @property
    def running(self) -> int:
        return int(self.lab.describe()["runningCount"])

    @property
    def held(self) -> Any:
        return self.lab.aws.world.ecs().services["lab:web"]


@pytest.fixture
def served(lab: Any) -> Served:
    made = Served(lab)
    assert made.running == 1
    return made


def allow(*actions: str, on: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


ROWS: list[tuple[str, Change, str | None]] = [
    ("as it was", lambda _: None, None),
    ("deleted", lambda one: one.delete_role(), TRUST_CHANGED),
    ("trusts tasks", lambda one: one.trusts(trust("ecs-tasks.amazonaws.com")), TRUST_CHANGED),
    ("denied", lambda one: one.trusts(trust("ecs.amazonaws.com", Effect="Deny")), TRUST_CHANGED),
    ("for another account", lambda one: one.trusts(trust(
        "ecs.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "210987654321"}}
    )), TRUST_CHANGED),
    ("two services", lambda one: one.trusts(trust("ecs.amazonaws.com")), None),
    ("no policy", lambda one: one.iam.delete_role_policy(
        RoleName="service", PolicyName="policy-0"), PERMISSIONS_CHANGED),
    ("no deregistering", lambda one: one.may(allow(REGISTER)), PERMISSIONS_CHANGED),
    ("no registering", lambda one: one.may(allow(DEREGISTER)), PERMISSIONS_CHANGED),
    ("both", lambda one: one.may(allow(REGISTER, DEREGISTER)), None),
    ("this group", lambda one: one.may(allow(REGISTER, DEREGISTER, on=one.group)), None),
    ("another group", lambda one: one.may(allow(
        REGISTER, DEREGISTER, on=one.group.replace("/web/", "/api/"))), PERMISSIONS_CHANGED),
    ("an explicit deny", lambda one: one.may(
        LEGACY, allow(REGISTER) | {"Effect": "Deny"}), PERMISSIONS_CHANGED),
]  # fmt: skip


@pytest.mark.parametrize(("change", "problem"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_what_is_wrong_with_the_role(served: Served, change: Change, problem: str | None) -> None:
    change(served)
    assert role_problem(served.held) == problem


def test_without_it_nothing_is_started_and_once_mended_all_is(served: Served) -> None:
    served.trusts(trust("ecs-tasks.amazonaws.com"))
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=30)
    assert (served.running, served.told(TRUST_CHANGED)) == (1, 1)
    served.trusts(trust("ecs.amazonaws.com"))
    served.lab.clock.advance(minutes=60)
    assert (served.running, served.told(TRUST_CHANGED)) == (2, 1)
    assert served.lab.said()[-1].endswith("has reached a steady state.")


def test_a_call_on_the_service_makes_ecs_look_at_once(served: Served) -> None:
    served.trusts(trust("ecs-tasks.amazonaws.com"))
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=30)
    served.trusts(trust("ecs.amazonaws.com"))
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=1)
    assert served.running == 2


def test_it_is_said_again_every_six_hours_also_of_a_service_with_nothing_to_do(
    served: Served,
) -> None:
    served.delete_role()
    served.lab.clock.advance(hours=5)
    assert served.told(TRUST_CHANGED) == 0
    served.lab.clock.advance(hours=2)
    assert served.told(TRUST_CHANGED) == 1
    served.lab.clock.advance(hours=12)
    assert (served.running, served.told(TRUST_CHANGED)) == (1, 3)


def test_who_may_register_and_not_deregister_grows_and_does_not_shrink(served: Served) -> None:
    served.may(allow(REGISTER))
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=5)
    assert served.running == 2
    served.lab.update(desiredCount=1)
    served.lab.clock.advance(minutes=5)
    assert (served.running, served.told(PERMISSIONS_CHANGED)) == (2, 1)
    served.may(allow(REGISTER, DEREGISTER))
    served.lab.clock.advance(minutes=30)
    assert served.running == 1


def test_another_trouble_with_the_role_is_told_by_itself(served: Served) -> None:
    served.trusts(trust("ecs-tasks.amazonaws.com"))
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=5)
    served.iam.delete_role_policy(RoleName="service", PolicyName="policy-0")
    served.trusts(trust("ecs.amazonaws.com"))
    served.lab.clock.advance(minutes=30)
    assert (served.told(TRUST_CHANGED), served.told(PERMISSIONS_CHANGED)) == (1, 1)


def test_a_service_that_is_deleted_after_its_role_stays_draining(served: Served) -> None:
    """So Terraform's documentation of aws_ecs_service warns, seen 2026-11-27."""
    served.delete_role()
    served.lab.ecs.delete_service(cluster="lab", service="web", force=True)
    served.lab.clock.advance(hours=1)
    assert (served.lab.describe()["status"], served.running) == ("DRAINING", 1)
    served.lab.role("service", LEGACY, trusts="ecs.amazonaws.com")
    served.lab.clock.advance(hours=1)
    assert served.lab.describe()["status"] == "INACTIVE"


def test_a_service_without_targets_needs_no_role_of_its_own(lab: Any) -> None:
    lab.steady()
    held = lab.aws.world.ecs().services["lab:web"]
    held.role_arn = "arn:aws:iam::123456789012:role/nobody"
    assert role_problem(held) is None


def test_ecs_own_role_is_enough_and_has_to_be_there(served: Served) -> None:
    """Nothing changes that role; only an account that never got it has none."""
    _, _, _, _, account, _ = served.held.service_arn.split(":", 5)
    served.held.role_arn = service_linked.arn_of(service_linked.ECS, account)
    assert role_problem(served.held) is None
    roles = iam_of(account).roles
    for id in [one.id for one in roles.values() if one.arn == served.held.role_arn]:
        del roles[id]
    assert role_problem(served.held) == TRUST_CHANGED


def test_eventbridge_hears_that_nothing_can_be_started(served: Served) -> None:
    heard: list[Any] = []
    served.lab.aws._routing.plane.bus.audience.append(heard.append)
    served.delete_role()
    served.lab.update(desiredCount=2)
    served.lab.clock.advance(minutes=1)
    names = [one.detail.get("eventName") for one in heard]
    assert names.count("SERVICE_TASK_CONFIGURATION_FAILURE") == 1
