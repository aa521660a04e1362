"""Solutions of the exercises on IAM in other words than ours: as small, or narrower, and right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.checkpoints.exercise import Result
from course.exercises.exercise import Exercise, check, is_attempted
from course.exercises.policies import TASKS, allow, document, passing, role_arn, secret_arn
from course.exercises.security_and_iam import clinic, harden, least
from course.exercises.security_and_iam.harden import HARDEN_A_TASK
from course.exercises.security_and_iam.least import GIVE_LESS
from course.exercises.security_and_iam.secret import READ, READ_THE_SECRET
from course.exercises.security_and_iam.start import START_A_TASK

Act = Callable[[Any], None]


def in_cluster(name: str) -> dict[str, Any]:
    return {"ArnLike": {"ecs:cluster": f"arn:aws:ecs:*:*:cluster/{name}"}}


def start_in_one_cluster(session: Any) -> None:
    start = allow("ecs:RunTask", clinic.intake(session), Condition=in_cluster("clinic"))
    _start(session, start, passing(_roles(session)))


def start_in_small_letters_and_two_statements(session: Any) -> None:
    start = allow("ECS:runtask", clinic.intake(session))
    to = {"StringLike": {"iam:PassedToService": TASKS}}
    give = [allow("iam:passrole", one, Condition=to) for one in _roles(session)]
    _start(session, start, *give)


def start_with_a_deny(session: Any) -> None:
    start = allow(["ecs:RunTask"], clinic.intake(session))
    others = {"StringNotEquals": {"iam:PassedToService": TASKS}}
    never = {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": others}
    _start(session, start, allow("iam:PassRole", _roles(session)), never)


def start_by_a_group(session: Any) -> None:
    iam = session.client("iam")
    iam.create_group(GroupName="trainees")
    iam.add_user_to_group(GroupName="trainees", UserName=clinic.TRAINEE)
    start = allow("ecs:RunTask", clinic.intake(session))
    policy = document(start, passing(_roles(session)))
    iam.put_group_policy(GroupName="trainees", PolicyName="start", PolicyDocument=policy)
    iam.put_user_policy(
        UserName=clinic.TRAINEE,
        PolicyName="never",
        PolicyDocument=document({**allow("s3:*", "*"), "Effect": "Deny"}),
    )


def _roles(session: Any) -> list[str]:
    return [role_arn(session, one) for one in (clinic.EXECUTION, clinic.TASK)]


def _start(session: Any, *statements: dict[str, Any]) -> None:
    session.client("iam").put_user_policy(
        UserName=clinic.TRAINEE, PolicyName="start", PolicyDocument=document(*statements)
    )


def read_with_six_unknown_letters(session: Any) -> None:
    arn = secret_arn(session, clinic.SECRET)
    _read(session, f"{arn[:-6]}??????")


def read_by_a_managed_policy(session: Any) -> None:
    iam, text = session.client("iam"), document(allow(READ, secret_arn(session, clinic.SECRET)))
    arn = iam.create_policy(PolicyName="records", PolicyDocument=text)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=clinic.EXECUTION, PolicyArn=arn)


def _read(session: Any, resource: str) -> None:
    session.client("iam").put_role_policy(
        RoleName=clinic.EXECUTION,
        PolicyName="secret",
        PolicyDocument=document(allow(READ, resource)),
    )


def less_in_one_cluster(session: Any) -> None:
    statements = least._least(session)
    for one in statements:
        if one["Action"] in ("ecs:DescribeServices", "ecs:UpdateService"):
            one["Condition"] = in_cluster(least.PRESS)
    least._give(session, *statements)


def harden_from_the_current_version(session: Any) -> None:
    arn = secret_arn(session, harden.SECRET)
    current = [{"name": harden.NAME, "valueFrom": f"{arn}:password:AWSCURRENT:"}]
    harden._hardened(session, secrets=current)
    _run(session)


def harden_with_a_slash(session: Any) -> None:
    harden._hardened(
        session, mountPoints=[{"sourceVolume": "scratch", "containerPath": "/tmp/"}], user="app:0"
    )
    _run(session)


def harden_with_another_container_first(session: Any) -> None:
    harden._hardened(session)
    ecs = session.client("ecs")
    made = ecs.describe_task_definition(taskDefinition=harden.LABELS)["taskDefinition"]
    first = {"name": "owner", "image": "busybox", "essential": False, "command": ["true"]}
    ecs.register_task_definition(
        **{one: made[one] for one in harden.KEPT},
        containerDefinitions=[first, *made["containerDefinitions"]],
        volumes=made["volumes"],
    )
    _run(session)


def _run(session: Any) -> None:
    harden._run(session)
    ecs = session.client("ecs")
    tasks = ecs.list_tasks(cluster=harden.PHARMACY)["taskArns"]
    ecs.get_waiter("tasks_running").wait(cluster=harden.PHARMACY, tasks=tasks)


@pytest.mark.parametrize(
    ("exercise", "act"),
    [
        (START_A_TASK, start_in_one_cluster),
        (START_A_TASK, start_in_small_letters_and_two_statements),
        (START_A_TASK, start_with_a_deny),
        (START_A_TASK, start_by_a_group),
        (READ_THE_SECRET, read_with_six_unknown_letters),
        (READ_THE_SECRET, read_by_a_managed_policy),
        (GIVE_LESS, less_in_one_cluster),
        (HARDEN_A_TASK, harden_from_the_current_version),
        (HARDEN_A_TASK, harden_with_a_slash),
        (HARDEN_A_TASK, harden_with_another_container_first),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_another_writing_is_right(exercise: Exercise, act: Act, place: Any) -> None:
    given = place.given(exercise)
    exercise.setup(given)
    act(given)
    lines = check(exercise, given)
    result = Result(exercise, lines, is_attempted(exercise, given))
    assert result.outcome == "right", result


def test_what_a_group_allows_counts(place: Any) -> None:
    """A policy that is as small as can be, and a group's beside it that is not."""
    session = place.given(GIVE_LESS)
    GIVE_LESS.setup(session)
    least._give(session, *least._least(session))
    iam = session.client("iam")
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName=least.DEPLOYER)
    text = document(allow("s3:*", "*"))
    iam.put_group_policy(GroupName="team", PolicyName="buckets", PolicyDocument=text)
    (first, *_) = check(GIVE_LESS, session)
    assert first.finding is not None and "the action s3:*" in first.finding.found
