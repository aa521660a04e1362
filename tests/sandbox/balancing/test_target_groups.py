"""The tasks of a service as targets: registered, checked, drained, replaced."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.sandbox import Sandbox

HEALTHY = ("healthy", None)
CHECKING = ("initial", "Elb.InitialHealthChecking")
REGISTERING = ("initial", "Elb.RegistrationInProgress")
DRAINING = ("draining", "Target.DeregistrationInProgress")


def group_events(balanced: Any) -> list[str]:
    """The service's events about targets, without the ARN of the lab's target group."""
    said = [one.replace(f" in (target-group {balanced.tg})", "") for one in balanced.lab.said()]
    return [one for one in said if "targets" in one or "draining" in one or "unhealthy" in one]


def test_a_task_registers_while_it_is_activating_and_is_checked_until_it_is_healthy(
    balanced: Any,
) -> None:
    balanced.service(1)
    balanced.clock.advance(22)
    assert balanced.health() == []
    balanced.clock.advance(1)
    assert balanced.tasks()[0]["lastStatus"] == "ACTIVATING"
    address = balanced.tasks()[0]["containers"][0]["networkInterfaces"][0]["privateIpv4Address"]
    assert balanced.registered() == [(address, 8080)]
    assert balanced.health() == [REGISTERING]
    balanced.clock.advance(9)
    assert balanced.health() == [REGISTERING]
    balanced.clock.advance(1)
    assert balanced.health() == [HEALTHY]
    assert group_events(balanced) == ["(service web) registered 1 targets"]


def test_a_deployment_is_complete_once_the_targets_are_healthy(balanced: Any) -> None:
    """The waiter does not wait for that: it counts running tasks and deployments."""
    balanced.service(2)
    balanced.lab.ecs.get_waiter("services_stable").wait(cluster="lab", services=["web"])
    assert [state for state, _ in balanced.health()] == ["initial", "initial"]
    assert balanced.lab.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    balanced.clock.advance(20)
    assert balanced.health() == [HEALTHY, HEALTHY]
    assert balanced.lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"


@pytest.mark.parametrize(
    ("image", "change", "reason", "told"),
    [
        (
            "registry.example.com/web-sick",
            {},
            "Target.ResponseCodeMismatch",
            "Health checks failed with these codes: [500]",
        ),
        (
            "registry.example.com/web",
            {"HealthCheckPath": "/nowhere"},
            "Target.ResponseCodeMismatch",
            "Health checks failed with these codes: [404]",
        ),
        (
            "registry.example.com/web",
            {"HealthCheckPort": "9000"},
            "Target.FailedHealthChecks",
            "Health checks failed",
        ),
        (
            "registry.example.com/web-slow",
            {},
            "Target.FailedHealthChecks",
            "Health checks failed",
        ),
    ],
)
def test_an_unhealthy_target_has_its_task_replaced(
    balanced: Any, image: str, change: dict[str, str], reason: str, told: str
) -> None:
    if change:
        balanced.elb.modify_target_group(TargetGroupArn=balanced.tg, **change)
    balanced.define(image)
    balanced.service(1)
    balanced.clock.advance(23 + 19)
    assert balanced.health() == [CHECKING]
    first = balanced.tasks()[0]["taskArn"]
    balanced.clock.advance(1)
    task = balanced.lab.task(first)
    assert (task["desiredStatus"], task["stopCode"], task["stoppedReason"]) == (
        "STOPPED",
        "ServiceSchedulerInitiated",
        f"Task failed ELB health checks in (target-group {balanced.tg})",
    )
    assert ("unhealthy", reason) in balanced.health()
    assert f"(service web) (port 8080) is unhealthy due to (reason {told})." in group_events(
        balanced
    )


def test_during_the_grace_period_an_unhealthy_target_is_left_alone(balanced: Any) -> None:
    balanced.define("registry.example.com/web-slow")  # 90 s until it listens
    balanced.service(1, healthCheckGracePeriodSeconds=120)
    balanced.clock.advance(60)
    assert balanced.health() == [("unhealthy", "Target.FailedHealthChecks")]
    balanced.clock.advance(minutes=3)
    assert balanced.health() == [HEALTHY]
    assert len(balanced.tasks()) == 1


def test_the_grace_period_ends(balanced: Any) -> None:
    balanced.define("registry.example.com/web-sick")
    balanced.service(1, healthCheckGracePeriodSeconds=60)
    balanced.clock.advance(24 + 60)
    assert [task["desiredStatus"] for task in balanced.tasks()] == ["RUNNING"]
    balanced.clock.advance(1)
    assert "STOPPED" in [task["desiredStatus"] for task in balanced.tasks()]


def test_a_target_is_drained_before_its_task_gets_the_stop_signal(balanced: Any) -> None:
    balanced.service(1)
    balanced.clock.advance(minutes=2)
    balanced.lab.update(desiredCount=0)
    balanced.clock.advance(1)
    assert balanced.health() == [DRAINING]
    assert balanced.tasks()[0]["lastStatus"] == "DEACTIVATING"
    balanced.clock.advance(59)
    assert balanced.tasks()[0]["lastStatus"] == "DEACTIVATING"
    balanced.clock.advance(1)
    assert balanced.health() == []
    assert balanced.tasks()[0]["lastStatus"] == "STOPPING"
    deployment = balanced.lab.describe()["deployments"][0]["id"]
    assert group_events(balanced) == [
        "(service web) registered 1 targets",
        f"(service web, taskSet {deployment}) has begun draining connections on 1 tasks.",
        "(service web) deregistered 1 targets",
    ]


def test_without_a_delay_nothing_waits(balanced: Any) -> None:
    balanced.drain(balanced.tg, 0)
    balanced.service(1)
    balanced.clock.advance(minutes=2)
    balanced.lab.update(desiredCount=0)
    balanced.clock.advance(3)
    assert balanced.health() == []
    assert balanced.tasks()[0]["lastStatus"] == "STOPPING"


@pytest.mark.parametrize("how", ["stop", "exit"])
def test_who_is_stopped_by_hand_or_exits_does_not_wait_for_its_target(
    balanced: Any, how: str
) -> None:
    """The target drains all the same, without a task behind it."""
    if how == "exit":
        balanced.define(entryPoint=["sh", "-c"], command=["sleep 100"])
    balanced.service(1, healthCheckGracePeriodSeconds=3600)
    balanced.clock.advance(60)
    key = balanced.registered()[0]
    if how == "stop":
        balanced.lab.stop(balanced.tasks()[0]["taskArn"])
        balanced.clock.advance(5)
    else:
        balanced.clock.advance(64 + 4)
    assert balanced.tasks()[0]["lastStatus"] == "DEPROVISIONING"
    assert balanced.health()[0] == DRAINING
    balanced.clock.advance(60)
    assert key not in balanced.registered()


def test_several_target_groups_and_healthy_in_every_one(balanced: Any) -> None:
    other = balanced.group("inner", HealthCheckPath="/nowhere")
    balanced.listen(other, 81)
    balanced.service(1, balanced.tg, other, healthCheckGracePeriodSeconds=3600)
    balanced.clock.advance(minutes=2)
    assert balanced.health() == [HEALTHY]
    assert balanced.health(other) == [("unhealthy", "Target.ResponseCodeMismatch")]
    assert balanced.lab.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    balanced.elb.modify_target_group(TargetGroupArn=other, HealthCheckPath="/health")
    balanced.clock.advance(30)
    assert balanced.health(other) == [HEALTHY]
    assert balanced.lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_target_that_is_taken_away_is_not_found_and_its_task_replaced(balanced: Any) -> None:
    balanced.service(1)
    balanced.clock.advance(minutes=2)
    ((address, port),) = balanced.registered()
    balanced.elb.deregister_targets(
        TargetGroupArn=balanced.tg, Targets=[{"Id": address, "Port": port}]
    )
    first = balanced.tasks()[0]
    deployment = balanced.lab.describe()["deployments"][0]["id"]
    assert first["desiredStatus"] == "STOPPED"
    assert balanced.lab.said()[-2] == (
        f"(service web) task set ({deployment}) (task {first['taskArn'].rsplit('/', 1)[-1]}) is "
        f"not healthy in target-group ({balanced.tg}) due to TARGET IS NOT FOUND"
    )
    balanced.clock.advance(minutes=3)
    assert balanced.health() == [HEALTHY]
    assert balanced.registered() != [(address, port)]


def test_a_target_group_that_is_deleted_is_not_found(balanced: Any) -> None:
    balanced.service(1)
    balanced.clock.advance(minutes=2)
    balanced.elb.delete_listener(ListenerArn=balanced.listener)
    assert balanced.health() == [("unused", "Target.NotInUse")]
    balanced.elb.delete_target_group(TargetGroupArn=balanced.tg)
    said = balanced.lab.said()[-1]
    assert said.endswith(f"target-group ({balanced.tg}) due to TARGET GROUP IS NOT FOUND")
    balanced.lab.update(desiredCount=0)
    balanced.clock.advance(5)
    assert balanced.tasks()[0]["lastStatus"] == "DEPROVISIONING"


def test_on_a_bridge_targets_are_instances_by_port(balanced: Any) -> None:
    """Two tasks on one instance are two targets, each under the port Docker chose."""
    lab = balanced.lab
    arn = balanced.group("boxes", TargetType="instance", Port=80)
    balanced.listen(arn, 81)
    (instance,) = lab.launch()
    lab.define_ec2()
    lab.service_ec2("web", 2, loadBalancers=balanced.asked(arn, port=80))
    lab.clock.advance(minutes=2)
    ports = [
        binding["hostPort"]
        for task in balanced.tasks()
        for binding in task["containers"][0]["networkBindings"]
    ]
    assert len(set(ports)) == 2
    assert balanced.registered(arn) == [(instance, port) for port in ports]
    assert balanced.health(arn) == [HEALTHY, HEALTHY]
    assert balanced.health(arn, {"Id": instance, "Port": ports[1]}) == [HEALTHY]


def test_an_unhealthy_instance_is_named_in_the_event(balanced: Any) -> None:
    lab = balanced.lab
    arn = balanced.group("boxes", TargetType="instance", Port=80, HealthCheckPath="/nowhere")
    balanced.listen(arn, 81)
    (instance,) = lab.launch()
    lab.define_ec2()
    lab.service_ec2("web", 1, loadBalancers=balanced.asked(arn, port=80))
    lab.clock.advance(60)
    port = balanced.registered(arn)[0][1]
    assert (
        f"(service web) (instance {instance}) (port {port}) is unhealthy in (target-group {arn}) "
        "due to (reason Health checks failed with these codes: [404])."
    ) in lab.said()


def test_a_week_of_healthy_targets_sets_no_alarms(balanced: Any) -> None:
    balanced.service(3)
    balanced.clock.advance(hours=1)
    before = balanced.clock._alarms_set
    balanced.clock.advance(days=7)
    again = 7 * 24 // 6  # has reached a steady state, every six hours
    assert balanced.clock._alarms_set - before == again
    assert balanced.health() == [HEALTHY] * 3


def test_targets_are_part_of_a_snapshot(balanced: Any, lab: Any) -> None:
    balanced.service(1)
    balanced.clock.advance(25)
    aws: Sandbox = lab.aws
    kept = aws.snapshot()
    balanced.clock.advance(minutes=2)
    assert balanced.health() == [HEALTHY]
    kept.restore()
    assert balanced.health() == [REGISTERING]
    aws.clock.advance(8)
    assert balanced.health() == [HEALTHY]
    assert (
        lab.held_tasks()[0].targets[0] is aws.world.targets[balanced.tg][balanced.registered()[0]]
    )


def test_a_security_group_that_does_not_let_the_balancer_in(balanced: Any) -> None:
    """Requests time out; once the group lets them in, the checks pass."""
    lab = balanced.lab
    made = lab.ec2.create_security_group(GroupName="web", Description="web", VpcId=lab.vpc)
    network = lab.network(securityGroups=[made["GroupId"]])
    balanced.service(1, networkConfiguration=network, healthCheckGracePeriodSeconds=3600)
    lab.clock.advance(50)
    assert balanced.health() == [("unhealthy", "Target.Timeout")]
    lab.clock.advance(minutes=10)
    lab.ec2.authorize_security_group_ingress(
        GroupId=made["GroupId"],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
            }
        ],
    )
    lab.clock.advance(20)
    assert balanced.health() == [HEALTHY]
    assert lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_network_acl_is_in_the_way_of_a_healthy_target(balanced: Any) -> None:
    balanced.service(1, healthCheckGracePeriodSeconds=3600)
    balanced.clock.advance(minutes=30)
    (acl,) = balanced.lab.ec2.describe_network_acls(
        Filters=[{"Name": "vpc-id", "Values": [balanced.lab.vpc]}]
    )["NetworkAcls"]
    balanced.lab.ec2.create_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        RuleNumber=1,
        Protocol="6",
        RuleAction="deny",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 8080, "To": 8080},
    )
    balanced.clock.advance(20)
    assert balanced.health() == [("unhealthy", "Target.Timeout")]
