"""The clock: time moves only forward, alarms ring in order, each instant settles once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from course.sandbox.clock import START, Clock
from course.sandbox.errors import ClockError, WaitTimeout


class Heard(list[Any]):
    """What was heard, in order."""

    def hear(self, what: Any) -> None:
        self.append(what)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_it_starts_on_a_monday_morning_and_stands_still(clock: Clock) -> None:
    assert clock.now() == START == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assert START.weekday() == 0
    assert clock.now() is clock.now()


def test_advance_adds_up_its_units_and_returns_the_new_time(clock: Clock) -> None:
    expected = START + timedelta(seconds=5, minutes=4, hours=3, days=2)
    assert clock.advance(5, minutes=4, hours=3, days=2) == expected == clock.now()


def test_it_never_runs_backwards(clock: Clock) -> None:
    with pytest.raises(ClockError) as refused:
        clock.advance(minutes=-2)
    assert str(refused.value) == "the clock only moves forward: advance(-120 s) was refused"
    assert clock.now() == START


def test_an_alarm_in_the_past_is_refused(clock: Clock, heard: Heard) -> None:
    clock.advance(10)
    with pytest.raises(ClockError, match="it is already 2026-11-02 09:00:10"):
        clock.at(START, heard.hear, "too late")
    with pytest.raises(ClockError):
        clock.after(-1, heard.hear, "too late")


def test_alarms_ring_in_order_of_time(clock: Clock, heard: Heard) -> None:
    for seconds in (30, 10, 20):
        clock.after(seconds, heard.hear, seconds)
    clock.advance(25)
    assert heard == [10, 20]
    clock.advance(5)
    assert heard == [10, 20, 30]


def test_alarms_of_one_instant_ring_in_the_order_they_were_set(clock: Clock, heard: Heard) -> None:
    for name in "abcdef":
        clock.after(10, heard.hear, name)
    clock.advance(10)
    assert heard == list("abcdef")


def test_an_alarm_sees_its_own_instant(clock: Clock, heard: Heard) -> None:
    clock.after(10, lambda: heard.hear(clock.now()))
    clock.advance(minutes=5)
    assert heard == [START + timedelta(seconds=10)]
    assert clock.now() == START + timedelta(minutes=5)


def test_an_alarm_may_set_another_in_the_same_advance(clock: Clock, heard: Heard) -> None:
    def first() -> None:
        clock.after(0, heard.hear, "now")
        clock.after(5, heard.hear, "later")
        clock.after(60, heard.hear, "too late")

    clock.after(10, first)
    clock.advance(20)
    assert heard == ["now", "later"]


def test_each_instant_settles_once_after_its_alarms(clock: Clock, heard: Heard) -> None:
    clock.on_instant(lambda: heard.hear("settle"))
    for seconds, name in ((10, "a"), (10, "b"), (20, "c")):
        clock.after(seconds, heard.hear, name)
    clock.advance(minutes=1)
    assert heard == ["a", "b", "settle", "c", "settle"]


def test_an_alarm_set_for_now_shares_the_settling_of_its_instant(
    clock: Clock, heard: Heard
) -> None:
    clock.on_instant(lambda: heard.hear("settle"))
    clock.after(10, clock.after, 0, heard.hear, "same instant")
    clock.advance(minutes=1)
    assert heard == ["same instant", "settle"]


def test_time_without_alarms_does_not_settle(clock: Clock, heard: Heard) -> None:
    clock.on_instant(lambda: heard.hear("settle"))
    clock.advance(days=7)
    assert heard == []


def test_what_passes_between_two_instants_is_told_before_the_second(clock: Clock) -> None:
    stretches: list[tuple[float, float, datetime]] = []

    def passing(start: datetime, end: datetime) -> None:
        seconds = [(one - START).total_seconds() for one in (start, end)]
        stretches.append((seconds[0], seconds[1], clock.now()))

    clock.on_passing(passing)
    clock.after(10, lambda: None)
    clock.after(10, lambda: None)
    clock.advance(0)
    clock.advance(25)
    later = START + timedelta(seconds=10)
    assert stretches == [(0, 10, START), (10, 25, later)]


def test_advance_until_stops_at_the_event_that_made_it_true(clock: Clock, heard: Heard) -> None:
    for seconds in (7, 30, 90):
        clock.after(seconds, heard.hear, seconds)
    assert clock.advance_until(lambda: len(heard) == 2) == START + timedelta(seconds=30)
    assert heard == [7, 30]


def test_advance_until_moves_nothing_when_it_is_true_already(clock: Clock) -> None:
    assert clock.advance_until(lambda: True, timeout=0) == START


def test_advance_until_gives_up_at_its_timeout(clock: Clock, heard: Heard) -> None:
    clock.after(90, heard.hear, "after the end")
    with pytest.raises(WaitTimeout) as gave_up:
        clock.advance_until(lambda: heard, timeout=60)
    assert str(gave_up.value) == "60 virtual seconds passed and the condition is still not true"
    assert clock.now() == START + timedelta(seconds=60)
    assert heard == []


def test_advance_until_asks_once_more_at_the_end(clock: Clock) -> None:
    end = START + timedelta(seconds=60)
    assert clock.advance_until(lambda: clock.now() >= end, timeout=60) == end


class Wall:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_at_a_rate_it_follows_the_wall() -> None:
    wall, heard = Wall(), Heard()
    clock = Clock(rate=10, wall=wall)
    clock.after(25, heard.hear, "alarm")
    assert clock.now() == START
    wall.seconds += 2
    assert clock.now() == START, "reading the time does not move it"
    clock.catch_up()
    assert (clock.now(), heard) == (START + timedelta(seconds=20), [])
    wall.seconds += 1
    clock.catch_up()
    assert (clock.now(), heard) == (START + timedelta(seconds=30), ["alarm"])


def test_time_given_by_hand_is_on_top_of_the_wall() -> None:
    wall = Wall()
    clock = Clock(rate=1, wall=wall)
    clock.advance(minutes=5)
    wall.seconds += 3
    clock.catch_up()
    assert clock.now() == START + timedelta(minutes=5, seconds=3)


def test_at_rate_0_the_wall_means_nothing() -> None:
    wall = Wall()
    clock = Clock(rate=0, wall=wall)
    wall.seconds += 3600
    clock.catch_up()
    assert clock.now() == START


def test_a_rate_that_is_given_later_does_not_make_up_for_the_past() -> None:
    wall = Wall()
    clock = Clock(rate=0, wall=wall)
    wall.seconds += 3600
    clock.catch_up()
    clock.rate = 10
    wall.seconds += 1
    clock.catch_up()
    assert clock.now() == START + timedelta(seconds=10)


def test_a_rate_without_a_wall_is_refused() -> None:
    with pytest.raises(ClockError, match="needs a wall clock"):
        Clock(rate=1)
    with pytest.raises(ClockError, match="cannot run at 1x: it needs a wall clock"):
        Clock().run(1)


def test_running_counts_from_now_and_standing_still_keeps_what_passed() -> None:
    wall = Wall()
    clock = Clock(rate=0, wall=wall)
    wall.seconds += 3600
    clock.run(10)
    wall.seconds += 1
    clock.run(0)
    wall.seconds += 3600
    clock.catch_up()
    assert clock.now() == START + timedelta(seconds=10)


def test_it_does_not_run_backwards() -> None:
    with pytest.raises(ClockError, match="cannot run at -1x"):
        Clock(wall=Wall()).run(-1)


def test_resuming_leaves_out_the_wall_time_that_nobody_saw() -> None:
    wall = Wall()
    clock = Clock(rate=10, wall=wall)
    wall.seconds += 3600
    clock.resume(2)
    wall.seconds += 1
    clock.catch_up()
    assert clock.now() == START + timedelta(seconds=2)


def test_a_condition_is_asked_without_the_lock_and_time_moves_with_it() -> None:
    """It may ask through the endpoint, whose threads want the lock too."""
    lock, heard = Held(), Heard()
    clock = Clock(lock=lock)
    clock.after(5, lambda: heard.hear(lock.depth))
    clock.advance_until(lambda: lock.depth == 0 and heard)
    assert heard == [1]


class Held:
    """A lock that counts."""

    depth = taken = 0

    def __enter__(self) -> None:
        self.depth += 1
        self.taken += 1

    def __exit__(self, *exc: object) -> None:
        self.depth -= 1


def test_moving_time_takes_the_lock() -> None:
    lock, heard = Held(), Heard()
    clock = Clock(lock=lock)
    clock.after(1, lambda: heard.hear(lock.depth))
    clock.advance(1)
    clock.advance_until(lambda: True)
    assert (heard, lock.taken, lock.depth) == ([1], 2, 0)


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (0, "Clock(2026-11-02 09:00:00 UTC, time moves when you wait)"),
        (2.5, "Clock(2026-11-02 09:00:00 UTC, 2.5x)"),
    ],
)
def test_it_shows_the_time_and_how_it_moves(rate: float, shown: str) -> None:
    assert repr(Clock(rate=rate, wall=Wall())) == shown
