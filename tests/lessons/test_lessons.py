"""What a notebook opens: one lesson at a time, and a clear line where two get mixed up."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

import course
from course import sandbox
from course.lessons import Lesson
from course.progress.command import main as progress
from course.sandbox.clock import START
from course.sandbox.errors import SandboxAlreadyOpen, SandboxClosed, WaitTimeout

Printed = pytest.CaptureFixture[str]


def test_opening_prints_one_line_with_place_region_and_time(capsys: Printed) -> None:
    course.lesson("start-here")
    assert capsys.readouterr().out == (
        "SANDBOX  Start here · us-east-1 · virtual time 2026-11-02 09:00:00 UTC\n"
    )


def test_it_says_which_variables_were_set_aside_and_not_their_values(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "payroll")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    course.lesson("start-here")
    printed = capsys.readouterr().out
    assert printed.endswith("· set aside here: AWS_ENDPOINT_URL, AWS_PROFILE\n")
    assert "payroll" not in printed


def test_plain_boto3_and_the_lessons_client_see_the_same_world() -> None:
    lesson = course.lesson("start-here")
    boto3.client("ecs").create_cluster(clusterName="web")
    assert len(lesson.client("ecs").list_clusters()["clusterArns"]) == 1


def test_time_moves_by_the_clock_and_by_waiting_for_a_condition() -> None:
    lesson = course.lesson("start-here")
    assert lesson.now() == START
    lesson.clock.advance(minutes=2)
    assert lesson.now() == START + timedelta(minutes=2)
    then = lesson.wait_until(lambda: lesson.now() >= START + timedelta(minutes=3), timeout=60)
    assert then == lesson.now() == START + timedelta(minutes=3)
    with pytest.raises(WaitTimeout, match="30 virtual seconds passed"):
        lesson.wait_until(lambda: False, timeout=30)


def test_opened_again_it_replaces_its_world_and_says_so(capsys: Printed) -> None:
    course.lesson("start-here").client("ecs").create_cluster(clusterName="web")
    capsys.readouterr()
    again = course.lesson("start-here")
    assert capsys.readouterr().out.endswith("· fresh world, the one before is gone\n")
    assert again.client("ecs").list_clusters()["clusterArns"] == []
    assert len(again.timeline()) == 0


def test_a_client_survives_the_world_it_was_made_in() -> None:
    """Its cell need not be run again: it talks to the world that is open now."""
    course.lesson("start-here")
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="old")
    course.lesson("fargate-tutorial")
    assert ecs.list_clusters()["clusterArns"] == []


@pytest.mark.parametrize(
    "use",
    [
        lambda lesson: lesson.clock.advance(minutes=1),
        lambda lesson: lesson.now(),
        lambda lesson: lesson.client("ecs"),
        lambda lesson: lesson.wait_until(lambda: True),
        lambda lesson: lesson.reset(),
        lambda lesson: lesson.traffic("http://x/"),
        lambda lesson: lesson.get("http://x/"),
        lambda lesson: lesson.trace("internet", "i-1"),
        lambda lesson: lesson.inside("arn:aws:ecs:us-east-1:123456789012:task/web/1"),
    ],
    ids=["clock", "now", "client", "wait_until", "reset", "traffic", "get", "trace", "inside"],
)
def test_a_replaced_lesson_says_what_to_run(use: object) -> None:
    """Otherwise it would move, or read, a time that no call can see."""
    assert callable(use)
    before = course.lesson("start-here")
    after = course.lesson("fargate-tutorial")
    with pytest.raises(SandboxClosed, match=r"Call course\.lesson\('start-here'\) again") as told:
        use(before)
    assert "\n" not in str(told.value)
    assert after.now() == START


def test_nothing_is_lost_of_a_replaced_lesson(capsys: Printed) -> None:
    before = course.lesson("start-here")
    before.client("ecs").create_cluster(clusterName="web")
    course.lesson("fargate-tutorial")
    assert "CreateCluster web" in repr(before.timeline())
    assert repr(before) == "Lesson('start-here', replaced, virtual time 2026-11-02 09:00:00 UTC)"


def test_reset_begins_again_in_the_same_lesson(capsys: Printed) -> None:
    lesson = course.lesson("start-here")
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="web")
    lesson.clock.advance(minutes=1)
    capsys.readouterr()
    lesson.reset()
    assert capsys.readouterr().out == (
        "start-here: a fresh world, virtual time 2026-11-02 09:00:00 UTC\n"
    )
    assert ecs.list_clusters()["clusterArns"] == []
    assert len(lesson.timeline()) == 0


def test_a_reset_lesson_is_still_the_one_that_is_replaced(capsys: Printed) -> None:
    course.lesson("start-here").reset()
    course.lesson("start-here")
    assert capsys.readouterr().out.endswith("· fresh world, the one before is gone\n")


def test_a_sandbox_opened_by_hand_is_not_replaced() -> None:
    with sandbox.open() as aws:
        aws.client("ecs").create_cluster(clusterName="mine")
        with pytest.raises(SandboxAlreadyOpen, match="close it, or leave its with block") as told:
            course.lesson("start-here")
        assert "\n" not in str(told.value)
        assert len(aws.client("ecs").list_clusters()["clusterArns"]) == 1


def test_a_sandbox_beside_an_open_lesson_is_refused() -> None:
    lesson = course.lesson("start-here")
    with pytest.raises(SandboxAlreadyOpen, match=r"call course\.lesson\(\.\.\.\) again"):
        sandbox.open()
    assert lesson.client("ecs").list_clusters()["clusterArns"] == []


def test_an_unknown_lesson_leaves_the_open_one_alone() -> None:
    lesson = course.lesson("start-here")
    with pytest.raises(LookupError):
        course.lesson("start-hear")
    lesson.clock.advance(seconds=1)


OLDER = """
import boto3
older = boto3.client("ecs", region_name="eu-central-1")
import course
course.lesson("start-here")
older.list_clusters()
"""


def test_a_client_older_than_the_lesson_says_to_make_it_again(root: Path) -> None:
    """In a process of its own: here moto is imported already, which carries even this client."""
    env = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "of-nobody",
    }
    command = [sys.executable, "-c", OLDER]
    ended = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    told = ended.stderr.splitlines()[-1]
    assert told.startswith("course.sandbox.errors.NetworkRefused: A request to ecs.eu-central-1.")
    assert told.endswith("make both again after course.lesson(...).")


def test_traffic_and_one_request_belong_to_the_lessons_world() -> None:
    lesson = course.lesson("start-here")
    began = lesson.now()
    sent = lesson.traffic(
        "http://nobody.example.com/", rate=course.spike(1, 10, after=1, minutes=1)
    )
    lesson.clock.advance(minutes=3)
    assert (sent.sent, sent.refused) == (120 + 600, 720)
    assert lesson.now() == began + timedelta(minutes=3)
    reply = lesson.get("http://nobody.example.com/")
    assert repr(reply) == (
        "GET http://nobody.example.com/\n"
        "  no answer: could not resolve host: nothing here is called nobody.example.com"
    )
    lesson.reset()
    assert lesson.traffic("http://nobody.example.com/", rate=1, minutes=1).sent == 60


def test_its_repr_says_where_it_is_and_when() -> None:
    lesson = course.lesson("fargate-tutorial")
    lesson.clock.advance(seconds=90)
    assert isinstance(lesson, Lesson)
    assert repr(lesson) == (
        "Lesson('fargate-tutorial', SANDBOX, virtual time 2026-11-02 09:01:30 UTC)"
    )


def test_progress_is_what_the_command_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Printed
) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    lesson = course.lesson("fargate-tutorial")
    assert repr(lesson.progress()).startswith("Nothing attempted yet")
    question = lesson.checkpoint("fargate-services-001")
    question.answer(" ".join(question.question.key))
    capsys.readouterr()
    assert progress([]) == 0
    assert capsys.readouterr().out == f"{lesson.progress()!r}\n"
    assert "fargate-tutorial" in repr(lesson.progress())
