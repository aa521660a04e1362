"""Rates, single times and time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import read_schedule

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(1 hour)", 3600),
     ("rate(2 days)", 172800)],
)  # fmt: skip
def test_a_rate_counts_from_its_beginning(text: str, seconds: int) -> None:
    schedule, step = read_schedule(text), timedelta(seconds=seconds)
    assert schedule.next(START, START) == START + step
    assert schedule.next(START + step, START) == START + 2 * step
    assert schedule.next(START + step * 1.5, START) == START + 2 * step
    assert schedule.next(START, START + step) == START + step


def test_a_single_time_is_due_once() -> None:
    schedule = read_schedule("at(2026-11-02T12:00:00)", "Europe/Berlin", once=True)
    due = datetime(2026, 11, 2, 11, tzinfo=UTC)
    assert schedule.next(START, START) == due
    assert schedule.next(due, START) is None


def test_cron_follows_the_clocks_of_its_zone() -> None:
    schedule = read_schedule("cron(0 8 * * ? *)", "America/New_York")
    assert schedule.next(START, START) == datetime(2026, 11, 2, 13, tzinfo=UTC)
    summer = datetime(2027, 6, 1, tzinfo=UTC)
    assert schedule.next(summer, START) == datetime(2027, 6, 1, 12, tzinfo=UTC)


def test_a_time_that_the_clocks_leave_out_or_have_twice() -> None:
    schedule = read_schedule("cron(30 2 * * ? *)", "Europe/Berlin")
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert schedule.next(before, START) == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)
    autumn = datetime(2027, 10, 30, 12, tzinfo=UTC)
    first = schedule.next(autumn, START)
    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert first and schedule.next(first, START) == datetime(2027, 11, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("rate(1 minutes)", None),
        ("rate(5 minute)", None),
        ("rate(0 minutes)", None),
        ("rate(5 seconds)", None),
        ("every(5 minutes)", None),
        ("at(2026-11-02)", None),
        ("cron(0 8 * * ? *)", "Mars/Olympus"),
        ("cron(0 8 * * ? *)", "../etc/passwd"),
    ],
)
def test_what_is_no_expression(text: str, zone: str | None) -> None:
    with pytest.raises(BadSchedule):
        read_schedule(text, zone, once=True)


def test_a_rule_knows_no_single_time() -> None:
    with pytest.raises(BadSchedule):
        read_schedule("at(2026-11-02T12:00:00)")
