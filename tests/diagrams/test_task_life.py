"""The life of a task: its own path, the seconds in each status, and how it ended."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from course.diagrams.picture import Picture
from course.diagrams.task_life import CHAIN, spoken, task_life
from course.exercises.roles import create_execution_role
from course.sandbox.ecs.task_lifecycle import stages

Golden = Callable[[str, str], None]


def life(shop: Any, arn: str) -> Picture:
    return task_life(shop.session, arn, shop.aws.timeline.entries, shop.aws.now())


def test_the_chain_is_that_of_the_stage_table() -> None:
    assert list(CHAIN) == list(dict.fromkeys(stage.status for stage in stages().values()))


def test_a_task_on_its_way(shop: Any, golden: Golden) -> None:
    shop.open_service(0)
    arn = shop.run()[0]
    shop.advance(12)
    picture = life(shop, arn)
    golden("life-pending.txt", repr(picture))
    assert picture.alt == f"Life of task {arn[-32:][:8]}: PROVISIONING 9 s, PENDING 3 s."


def test_a_task_that_runs(shop: Any, golden: Golden) -> None:
    shop.open_service(1)
    golden("life-running.txt", repr(life(shop, shop.arns()[0])))


def test_a_task_that_was_stopped(shop: Any, golden: Golden) -> None:
    shop.open_service(1)
    arn = shop.arns()[0]
    shop.ecs.stop_task(cluster="shop", task=arn, reason="Trying it out")
    shop.advance(60)
    picture = life(shop, arn)
    golden("life-stopped.txt", repr(picture))
    assert "STOPPED (UserInitiated: Trying it out; container app exited with 0)." in picture.alt


def test_a_task_that_never_ran(shop: Any, golden: Golden) -> None:
    shop.open_service(0)
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/never-pushed:1"
    role = create_execution_role(shop.session, "ecsTaskExecutionRole")
    containers = [{"name": "app", "image": image}]
    shop.define("broken", containerDefinitions=containers, executionRoleArn=role)
    arn = shop.run(taskDefinition="broken")[0]
    shop.advance(90)
    picture = life(shop, arn)
    golden("life-never-ran.txt", repr(picture))
    assert "RUNNING" not in picture.alt
    assert "CannotPullContainerError" in picture.alt


@pytest.mark.parametrize("seconds", [0, 12, 60])
def test_without_a_timeline_what_aws_does_not_tell_is_left_open(shop: Any, seconds: int) -> None:
    """As on a real account: no line claims seconds nobody measured."""
    shop.open_service(1)
    arn = shop.arns()[0]
    shop.ecs.stop_task(cluster="shop", task=arn)
    shop.advance(seconds)
    with_it, without = life(shop, arn), task_life(shop.session, arn)
    marks = [row[:17] for row in repr(with_it).splitlines()]
    assert [row[:17] for row in repr(without).splitlines()] == marks
    assert not [row for row in repr(without).splitlines()[1:] if re.search(r"\d+ s  ", row)]
    assert "from 23 s after createdAt" in repr(without)


def test_one_entry_is_enough_to_know_the_beginning(shop: Any) -> None:
    shop.open_service(0)
    arn = shop.run()[0]
    shop.advance(4)
    assert "> PROVISIONING        4 s" in repr(life(shop, arn))


def test_the_picture_is_whole_and_says_what_it_is(shop: Any) -> None:
    shop.open_service(1)
    picture = life(shop, shop.arns()[0])
    root = ElementTree.fromstring(str(picture.svg))
    assert root.get("aria-label") == picture.alt
    words = {one.text for one in root.iter() if one.tag.endswith("}text")}
    assert words >= set(CHAIN)
    assert "skipped" in words
    assert picture.svg == life(shop, shop.arns()[0]).svg


def test_a_task_ecs_does_not_know(shop: Any) -> None:
    shop.open_service(0)
    arn = f"arn:aws:ecs:us-east-1:123456789012:task/shop/{'0' * 32}"
    with pytest.raises(LookupError, match="ECS does not know task 00000000 in shop"):
        life(shop, arn)
    with pytest.raises(LookupError, match="'00000000' is not a task's ARN"):
        life(shop, "00000000")


def test_lengths_of_time() -> None:
    assert [spoken(n) for n in (None, 0, 59, 60, 161)] == [
        "",
        "0 s",
        "59 s",
        "1 min 0 s",
        "2 min 41 s",
    ]
