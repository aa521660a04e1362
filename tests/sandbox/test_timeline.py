"""The timeline: lines a person reads as ECS."""

from __future__ import annotations

from datetime import timedelta

import pytest

from course.sandbox.clock import START
from course.sandbox.timeline import Timeline

IDS = [f"{digit * 8}000000000000000000000000" for digit in "abcde"]


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(START)


def lines(timeline: Timeline) -> list[str]:
    return [line.strip() for line in repr(timeline).splitlines()]


def test_nothing_yet(timeline: Timeline) -> None:
    assert repr(timeline) == "nothing has happened yet"
    assert len(timeline) == 0


def test_a_line_says_when_who_what_and_why(timeline: Timeline) -> None:
    timeline.record(START, "you", "CreateCluster lab")
    when = START + timedelta(minutes=2, seconds=5)
    timeline.record(when, "ecs", "asked to stop", subject=IDS[0], why="Task stopped by user")
    assert repr(timeline) == (
        "   +0:00  you        CreateCluster lab\n"
        "   +2:05  ecs        task aaaaaaaa asked to stop  (Task stopped by user)"
    )


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (timedelta(0), "+0:00"),
        (timedelta(seconds=59), "+0:59"),
        (timedelta(minutes=59, seconds=59), "+59:59"),
        (timedelta(hours=1), "+1:00:00"),
        (timedelta(days=7, seconds=1), "+168:00:01"),
    ],
)
def test_time_is_since_the_start(timeline: Timeline, after: timedelta, shown: str) -> None:
    timeline.record(START + after, "you", "x")
    assert lines(timeline)[0].startswith(f"{shown}  you")


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (1, "task aaaaaaaa PENDING"),
        (2, "tasks aaaaaaaa, bbbbbbbb PENDING"),
        (3, "tasks aaaaaaaa, bbbbbbbb, cccccccc PENDING"),
        (5, "tasks aaaaaaaa, bbbbbbbb, cccccccc and 2 more PENDING"),
    ],
)
def test_tasks_that_do_the_same_at_once_share_a_line(
    timeline: Timeline, count: int, shown: str
) -> None:
    for one in IDS[:count]:
        timeline.record(START, "task", "PENDING", subject=one)
    assert [line.split("  ", 2)[-1].strip() for line in lines(timeline)] == [shown]


def test_another_instant_text_or_cause_is_another_line(timeline: Timeline) -> None:
    timeline.record(START, "task", "PENDING", subject=IDS[0])
    timeline.record(START, "task", "RUNNING", subject=IDS[1])
    timeline.record(START, "task", "RUNNING", subject=IDS[2], why="so")
    timeline.record(START + timedelta(seconds=1), "task", "RUNNING", subject=IDS[3], why="so")
    assert len(lines(timeline)) == 4


def test_what_is_done_twice_is_shown_twice(timeline: Timeline) -> None:
    for _ in range(2):
        timeline.record(START, "you", "RunTask web:1, count 1")
    assert len(lines(timeline)) == 2


def test_task_ids_within_a_text_are_short_too(timeline: Timeline) -> None:
    timeline.record(START, "service", f"(service web) has started 1 tasks: (task {IDS[0]}).")
    assert lines(timeline)[0].endswith("has started 1 tasks: (task aaaaaaaa).")


def test_since_leaves_out_what_was_before(timeline: Timeline) -> None:
    for minutes in (0, 5, 10):
        when = START + timedelta(minutes=minutes)
        timeline.record(when, "you", f"at {minutes}")
    shown = timeline.text(since=START + timedelta(minutes=5))
    assert [line.split("you")[1].strip() for line in shown.splitlines()] == ["at 5", "at 10"]
    assert timeline.text(since=START + timedelta(hours=1)) == "nothing has happened yet"
