"""Scheduled actions through boto3: when they run, in which zone, and what follows from new bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/lab/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def bounds(scaled: Any) -> tuple[int, int]:
    target = scaled.target()
    return target["MinCapacity"], target["MaxCapacity"]


def until(scaled: Any, text: str) -> None:
    when = datetime.fromisoformat(text).replace(tzinfo=UTC)
    scaled.clock.advance((when - scaled.lab.aws.now()).total_seconds())


def test_once_at_a_time(scaled: Any) -> None:
    scaled.plan("at(2026-11-02T12:00:00)", MinCapacity=6, MaxCapacity=8)
    until(scaled, "2026-11-02T11:59:59")
    assert bounds(scaled) == (2, 10) and scaled.desired == 4
    scaled.clock.advance(1)
    assert bounds(scaled) == (6, 8) and scaled.desired == 6
    action, change = scaled.activities()
    assert action["Description"] == "Setting min capacity to 6 and max capacity to 8"
    assert action["Cause"] == "scheduled action name night was triggered"
    assert action["StatusMessage"] == "Successfully set min capacity to 6 and max capacity to 8"
    assert action["StatusCode"] == "Successful" and "EndTime" not in action
    assert change["Cause"] == "minimum capacity was set to 6"


def test_every_night_by_the_clock_of_a_place(scaled: Any) -> None:
    """Berlin is an hour ahead of UTC in November."""
    scaled.plan(
        "cron(0 22 * * ? *)", name="night", Timezone="Europe/Berlin", MinCapacity=0, MaxCapacity=2
    )
    scaled.plan(
        "cron(0 6 * * ? *)", name="day", Timezone="Europe/Berlin", MinCapacity=4, MaxCapacity=10
    )
    seen = []
    for text in ("02T20:59", "02T21:00", "03T04:59", "03T05:00", "03T21:00"):
        until(scaled, f"2026-11-{text}:00")
        seen.append((*bounds(scaled), scaled.desired))
    assert seen == [(2, 10, 4), (0, 2, 2), (0, 2, 2), (4, 10, 4), (0, 2, 2)]


def test_at_a_rate_from_its_start_to_its_end(scaled: Any) -> None:
    start, end = (datetime(2026, 11, 2, hour, tzinfo=UTC) for hour in (12, 15))
    scaled.plan("rate(1 hour)", MinCapacity=5, StartTime=start, EndTime=end)
    ran = []
    for hour in range(10, 20):
        until(scaled, f"2026-11-02T{hour}:00:00")
        if bounds(scaled)[0] == 5:
            ran.append(hour)
            scaled.register(2, 10)
    assert ran == [12, 13, 14, 15]


def test_what_is_scaled_in_waits_for_no_cooldown(scaled: Any) -> None:
    scaled.track(60)
    scaled.plan("at(2026-11-02T09:07:00)", MaxCapacity=3)
    scaled.load(90, minutes=3)
    assert scaled.desired == 6
    scaled.load(90)
    assert scaled.desired == 3


def test_suspended_it_does_not_run(scaled: Any) -> None:
    scaled.register(SuspendedState={"ScheduledScalingSuspended": True})
    scaled.plan("rate(1 hour)", MinCapacity=6)
    scaled.clock.advance(minutes=61)
    assert bounds(scaled) == (2, 10)
    scaled.register(SuspendedState={"ScheduledScalingSuspended": False})
    scaled.clock.advance(minutes=60)
    assert bounds(scaled) == (6, 10)


def test_put_again_it_has_one_plan_and_keeps_what_is_not_said(scaled: Any) -> None:
    end = datetime(2026, 11, 2, 20, tzinfo=UTC)
    scaled.plan("rate(1 hour)", MinCapacity=6, EndTime=end, Timezone="Asia/Tokyo")
    scaled.aas.put_scheduled_action(
        **RESOURCE, ScheduledActionName="night", Schedule="at(2026-11-03T12:00:00)"
    )
    (found,) = scaled.aas.describe_scheduled_actions(**RESOURCE)["ScheduledActions"]
    assert found["ScalableTargetAction"] == {"MinCapacity": 6}
    assert found["Timezone"] == "Asia/Tokyo" and "EndTime" not in found
    scaled.clock.advance(hours=10)
    assert bounds(scaled) == (2, 10)
    until(scaled, "2026-11-03T03:00:00")
    assert bounds(scaled) == (6, 10)


def test_a_deleted_one_runs_no_more(scaled: Any, refused: Any) -> None:
    scaled.plan("rate(1 hour)", MinCapacity=6)
    scaled.aas.delete_scheduled_action(**RESOURCE, ScheduledActionName="night")
    scaled.clock.advance(hours=2)
    assert bounds(scaled) == (2, 10)
    said = refused(scaled.aas.delete_scheduled_action, **RESOURCE, ScheduledActionName="night")
    assert said.startswith("ObjectNotFoundException: No scheduled action found")


def test_a_minimum_above_the_maximum_fails_and_changes_nothing(scaled: Any) -> None:
    scaled.plan("at(2026-11-02T12:00:00)", MinCapacity=11)
    until(scaled, "2026-11-02T12:00:00")
    assert bounds(scaled) == (2, 10) and scaled.desired == 4
    (failed,) = scaled.activities()
    assert failed["StatusCode"] == "Failed" and "10 < 11" in failed["StatusMessage"]


def test_a_snapshot_carries_what_is_planned(scaled: Any) -> None:
    scaled.plan("at(2026-11-02T12:00:00)", MinCapacity=6)
    kept = scaled.lab.aws.snapshot()
    for _ in range(2):
        until(scaled, "2026-11-02T12:00:00")
        assert bounds(scaled) == (6, 10) and scaled.desired == 6
        kept.restore()
        assert bounds(scaled) == (2, 10) and scaled.desired == 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Schedule": "at(2026-11-02T08:00:00)"}, "has passed: it is 2026-11-02T09:"),
        ({"Schedule": "cron(0 22 * * *)"}, "Invalid schedule expression: cron(0 22 * * *)"),
        ({"Schedule": "every day"}, "Invalid schedule expression"),
        ({"Timezone": "Mars/Olympus", "Schedule": "cron(0 22 * * ? *)"}, "is no time zone"),
        ({"ScalableTargetAction": {}}, "At least one of minimum capacity and maximum capacity should be provided"),
        ({"ScalableTargetAction": {"MinCapacity": 5, "MaxCapacity": 4}}, "cannot be less than"),
        ({"EndTime": datetime(2026, 11, 2, 8, tzinfo=UTC)}, "EndTime must be later"),
        ({"Schedule": None}, "Schedule must be specified"),
    ],
)  # fmt: skip
def test_what_is_no_scheduled_action(
    scaled: Any, refused: Any, change: dict[str, Any], told: str
) -> None:
    given = {"Schedule": "rate(1 hour)", "ScalableTargetAction": {"MinCapacity": 5}} | change
    given = {key: value for key, value in given.items() if value is not None}
    call = scaled.aas.put_scheduled_action
    said = refused(call, **RESOURCE, ScheduledActionName="night", **given)
    assert said.startswith("ValidationException: ") and told in said
    assert scaled.aas.describe_scheduled_actions(**RESOURCE)["ScheduledActions"] == []
