"""The cluster query language by tables: expression, instance -> picked or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.ecs.cluster_query import BadExpression, parse
from course.sandbox.ecs.placement import Candidate

ONE = Candidate(
    arn="arn:aws:ecs:us-east-1:123456789012:container-instance/lab/1",
    instance_id="i-abcd1234",
    cpu=1024,
    memory=900,
    registered_cpu=2048,
    registered_memory=913,
    tcp_ports=frozenset(),
    udp_ports=frozenset(),
    interfaces=1,
    attributes={
        "ecs.instance-type": "t3.micro",
        "ecs.availability-zone": "us-east-1a",
        "slots": "10",
        "ssd": None,
        "note": "a b",
    },
    groups={"service:production": 2, "database": 0},
    agent_connected=True,
    active=True,
    agent_version="1.105.1",
    registered_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    running_tasks=2,
)


@pytest.mark.parametrize(
    ("expression", "picked"),
    [
        # the examples of AWS's page
        ("attribute:ecs.instance-type == t2.small", False),
        ("attribute:ecs.instance-type == t3.micro", True),
        ("attribute:ecs.availability-zone in [us-east-1a, us-east-1b]", True),
        (
            "attribute:ecs.instance-type =~ t3.* and attribute:ecs.availability-zone != us-east-1d",
            True,
        ),
        (
            "attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d",
            False,
        ),
        ("task:group == service:production", True),
        ("not(task:group == database)", True),
        ("task:group != service:production", False),
        ("runningTasksCount == 1", False),
        ("agentVersion < 1.14.5", False),
        ("registeredAt < 2018-02-13", False),
        ("ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", True),
        # names of the operators
        ("attribute:ecs.instance-type equals t3.micro", True),
        ("attribute:ecs.instance-type not_equals t3.micro", False),
        ("runningTasksCount greater_than 1", True),
        ("runningTasksCount greater_than_equal 2", True),
        ("runningTasksCount less_than 2", False),
        ("runningTasksCount less_than_equal 2", True),
        ("attribute:ssd exists", True),
        ("attribute:gpu not_exists", True),
        ("attribute:ssd !exists", False),
        ("ec2InstanceId not_in [i-1]", True),
        ("ec2InstanceId !in [i-abcd1234]", False),
        ("attribute:ecs.instance-type matches t3", False),
        ("attribute:ecs.instance-type not_matches t3", True),
        ("attribute:ecs.instance-type !~ 't3.(micro|small)'", False),
        ("agentConnected == true", True),
        ("agentConnected in [false]", False),
        # one that is not there meets no comparison, not even !=
        ("attribute:gpu != yes", False),
        ("attribute:gpu !in [yes]", False),
        ("attribute:ssd != yes", True),
        ("attribute:slots > 9", True),
        ("attribute:note == 'a b'", True),
        # versions and dates are no text
        ("agentVersion > 1.14.5", True),
        ("agentVersion == 1.105.1", True),
        ("registeredAt >= 2026-11-02T09:30:00Z", True),
        ("registeredAt > 2026-11-02T09:30:00+00:00", False),
        ("registeredAt == 2026-11-02T09:30:00", True),
        # what binds how strongly
        ("runningTasksCount == 9 and agentConnected == true or runningTasksCount == 2", True),
        ("runningTasksCount == 9 and (agentConnected == true or runningTasksCount == 2)", False),
        ("runningTasksCount == 2 || attribute:gpu exists && attribute:tpu exists", True),
        ("!attribute:gpu exists", True),
        ("not not attribute:ssd exists", True),
        ("attribute:slots==10", True),
    ],
)
def test_which_instances_an_expression_picks(expression: str, picked: bool) -> None:
    assert parse(expression)(ONE) is picked


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "  ",
        "attribute:x",
        "attribute:x ==",
        "attribute:x == 1 2",
        "attribute:x = 1",
        "instanceType == t3.micro",
        "attribute:x == 1 and",
        "(attribute:x == 1",
        "attribute:x == 1)",
        "attribute:x in t3.micro",
        "attribute:x in []",
        "attribute:x =~ '('",
        "agentVersion =~ 1.*",
        "agentVersion == new",
        "runningTasksCount == many",
        "registeredAt > yesterday",
        "agentConnected > true",
        "runningTasksCount exists",
        "attribute:x == 'open",
        "(" * 200 + "attribute:x exists" + ")" * 200,
        "attribute:x == " + "y" * 2000,
    ],
)
def test_what_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(BadExpression):
        parse(expression)


PARTS = ("attribute:x", "==", "in", "[", "]", "(", ")", "not", "and", "or", "'a'", ",", "!", "~")


@given(st.lists(st.sampled_from(PARTS) | st.text("ab:=!~[]()'<>.&| ", max_size=3), max_size=12))
def test_whatever_is_written_is_read_or_refused(parts: list[str]) -> None:
    try:
        query = parse(" ".join(parts))
    except BadExpression:
        return
    assert query(ONE) in (True, False)


@pytest.mark.parametrize("subject", ["slots", "ssd", "gpu"])
@pytest.mark.parametrize("rest", ["exists", "== 10", "!= 10", "in [10]", "=~ .*"])
def test_not_turns_every_answer_round(subject: str, rest: str) -> None:
    expression = f"attribute:{subject} {rest}"
    assert parse(f"not ({expression})")(ONE) is not parse(expression)(ONE)
