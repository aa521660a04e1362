"""The two names in a notebook: lesson.diagram() and lesson.timeline()."""

from typing import Any

import pytest

import course
from course.sandbox.errors import SandboxClosed


def started(lesson: Any) -> str:
    """A cluster with one task; its ARN."""
    ecs, ec2 = lesson.client("ecs"), lesson.client("ec2")
    ecs.create_cluster(clusterName="shop")
    container = {"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4"}
    given = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256"}
    given |= {"family": "web", "memory": "512", "containerDefinitions": [container]}
    ecs.register_task_definition(**given)
    awsvpc = {"subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]]}
    network = {"launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": awsvpc}}
    task = ecs.run_task(cluster="shop", taskDefinition="web", **network)["tasks"][0]
    return str(task["taskArn"])


def test_diagram_alone_is_the_architecture(lesson: Any) -> None:
    assert repr(lesson.diagram()) == "No cluster in us-east-1"
    started(lesson)
    assert repr(lesson.diagram()) == repr(lesson.diagram(cluster="shop"))
    assert "Tasks on their own" in repr(lesson.diagram())


def test_with_a_task_it_is_that_tasks_life_to_this_moment(lesson: Any) -> None:
    arn = started(lesson)
    lesson.clock.advance(seconds=12)
    assert "> PENDING             3 s" in repr(lesson.diagram(task=arn))


def test_a_way_through_the_network_is_drawn_and_told(lesson: Any) -> None:
    """The task is in the default VPC without a public address: it will not pull, and this is why."""
    arn = started(lesson)
    lesson.clock.advance(seconds=12)
    shown = lesson.trace(arn, "internet")
    last = repr(shown).splitlines()[-1]
    assert last.startswith("    ! public address") and last.endswith("has no public address")
    assert ">STOPS<" in shown.svg and "The public address decides" in shown.alt


def test_the_timeline_shows_pictures_and_keeps_its_text(lesson: Any) -> None:
    started(lesson)
    since = lesson.now()
    lesson.clock.advance(minutes=1)
    part = lesson.timeline(since=since)
    assert repr(part) == lesson.timeline().text(since=since)
    assert set(part._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert "RunTask" in repr(lesson.timeline())


def test_a_lesson_that_was_replaced_draws_nothing_but_its_past(lesson: Any) -> None:
    started(lesson)
    course.lesson("start-here")
    assert "RunTask" in repr(lesson.timeline())
    with pytest.raises(SandboxClosed):
        lesson.diagram()
