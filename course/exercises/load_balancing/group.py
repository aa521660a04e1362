"""Complete a target group for tasks with an address of their own: four blanks."""

from typing import Any

from course.exercises.balancers import create_targets, delete_targets, target_groups
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

MENU = "menu"
LOOK = f"describe_target_groups(Names=[{MENU!r}])"


def _nothing_to_set_up(session: Session) -> None:
    """A target group needs nothing before it."""


def _group(session: Session) -> dict[str, Any] | None:
    return target_groups(session).get(MENU)


def _attempted(session: Session) -> bool:
    return _group(session) is not None


def _for_addresses(session: Session) -> Finding:
    group = _group(session)
    if group is None:
        return missing(f"a target group {MENU}", "none", LOOK)
    kind = group["TargetType"]
    return MET if kind == "ip" else missing("TargetType ip", f"TargetType {kind}", LOOK)


def _path(session: Session) -> Finding:
    path = (_group(session) or {}).get("HealthCheckPath")
    return (
        MET
        if path == "/health"
        else missing("HealthCheckPath /health", f"HealthCheckPath {path}", LOOK)
    )


def _soon(session: Session) -> Finding:
    group = _group(session) or {}
    every, times = group.get("HealthCheckIntervalSeconds"), group.get("HealthyThresholdCount")
    if (every, times) == (10, 2):
        return MET
    found = f"HealthyThresholdCount {times} x HealthCheckIntervalSeconds {every}"
    return missing("2 checks in a row, 10 s apart", found, LOOK)


def _solve(session: Session) -> None:
    elb, ec2 = session.client("elbv2"), session.client("ec2")
    elb.create_target_group(
        Name="menu",
        VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        Protocol="HTTP",
        Port=8080,
        TargetType="ip",
        HealthCheckPath="/health",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=2,
    )


def _cleanup(session: Session) -> None:
    delete_targets(session, MENU)


def _create(session: Session, **changes: Any) -> None:
    """The solution's target group, with a change: material for wrong solutions."""
    given = {"HealthCheckPath": "/health", "HealthCheckIntervalSeconds": 10}
    create_targets(session, MENU, **{**given, **changes})


def _of_instances(session: Session) -> None:
    _create(session, TargetType="instance")


def _the_front_page(session: Session) -> None:
    _create(session, HealthCheckPath="/")


def _as_by_default(session: Session) -> None:
    _create(session, HealthCheckIntervalSeconds=30, HealthyThresholdCount=5)


def _four_times_five(session: Session) -> None:
    _create(session, HealthCheckIntervalSeconds=5, HealthyThresholdCount=4)


CHECK_TASKS = Exercise(
    id="load-groups-101",
    lesson="load-balancing",
    goal=(
        f"Complete the target group {MENU!r}, for tasks in network mode awsvpc that listen on 8080. "
        "They are checked at /health, and one that was unhealthy counts as healthy again after 20 "
        "seconds: by as few checks as there may be."
    ),
    criteria=(
        Criterion("type", f"target group {MENU}: its targets are addresses", _for_addresses),
        Criterion("path", "its health check asks for /health", _path, after="type"),
        Criterion(
            "soon",
            "an unhealthy target is healthy again after 2 checks in 20 s",
            _soon,
            after="type",
        ),
    ),
    hints=(
        "What of a task in awsvpc is registered: its instance, or something of its own?",
        "The time back to healthy is the interval times the healthy threshold, which is 2 at least.",
        'In this order: "ip", "/health", 10, 2.',
    ),
    setup=_nothing_to_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("of instances", _of_instances, "type", "TargetType instance"),
        WrongSolution("the front page", _the_front_page, "path", "HealthCheckPath /"),
        WrongSolution("the defaults", _as_by_default, "soon", "5 x HealthCheckIntervalSeconds 30"),
        WrongSolution("four checks", _four_times_five, "soon", "4 x HealthCheckIntervalSeconds 5"),
    ),
    rationale=(
        "A task in awsvpc has an address of its own, so the target type is ip. With the defaults, "
        "5 checks 30 s apart, one that is well again waits for two and a half minutes; a new one, for "
        "the first check that it passes."
    ),
    objective="load-balancing/targets",
    sources=(
        "Elastic Load Balancing API Reference, CreateTargetGroup (botocore 1.44.5), checked 2026-11-27",
        "Elastic Load Balancing, health checks for target groups, checked 2026-11-27",
    ),
)
