"""What is kept of a metric: sums by the minute, what percentiles need, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.observability.metrics.series import KEPT, MINUTE, SECOND, Metric, Series, Sums
from course.sandbox.observability.metrics.statistic import is_known, statistic_of
from course.sandbox.observability.metrics.store import MetricStore

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ORDERS = Metric.of("Shop", "Orders")


def test_a_slot_sums_up_what_comes() -> None:
    series = Series()
    for value in (1, 5, 3):
        series.add(100, Sums.of(value))
    sums = series.at(100)
    assert sums is not None
    found = {name: statistic_of(sums, name) for name in ("SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50")}  # fmt: skip
    assert found == {
        "SampleCount": 3, "Sum": 9, "Average": 3, "Minimum": 1, "Maximum": 5, "p50": 3
    }  # fmt: skip


def test_slots_before_and_after() -> None:
    series = Series()
    for slot in (100, 104, 97):
        series.add(slot, Sums.of(slot))
    assert [slot for slot, _ in series.slots(0, 200)] == [97, 100, 104]
    assert series.at(99) is None
    assert series.between(97, 101) == Sums(2, 197, 97, 100, {97: 1, 100: 1})


def test_old_slots_go() -> None:
    series = Series()
    series.add(0, Sums.of(1))
    series.fill(KEPT[MINUTE] + 10, 1, Sums.of(2))
    assert series.at(0) is None
    series.add(5, Sums.of(1))  # older than anything that is kept
    assert series.at(5) is None
    assert len(series._counts) <= KEPT[MINUTE]


def test_a_long_time_of_the_same_is_cheap_to_say() -> None:
    series = Series()
    series.fill(0, 10 * KEPT[MINUTE], Sums.of(7))
    assert series.end == 10 * KEPT[MINUTE]
    assert series.first == 9 * KEPT[MINUTE]


def test_percentiles_of_known_values_only() -> None:
    mixed = Sums(10, 100, 1, 50)  # a set of which only the sums are known
    assert statistic_of(mixed, "p90") is None
    assert statistic_of(Sums.of(2, 9).and_also(Sums.of(30)), "p90") == 2
    assert statistic_of(Sums.of(2, 9).and_also(Sums.of(30)), "p91") == 30


@pytest.mark.parametrize("name", ["Average", "p0", "p99.9", "p100", "P50"])
def test_known_statistics(name: str) -> None:
    assert is_known(name)


@pytest.mark.parametrize("name", ["average", "p101", "tm99", "IQM", "p", ""])
def test_others(name: str) -> None:
    assert not is_known(name)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-9, 9)), min_size=1, max_size=40))
def test_nothing_is_lost_between_any_two_slots(values: list[tuple[int, int]]) -> None:
    series = Series()
    for slot, value in values:
        series.add(slot, Sums.of(value))
    whole = series.between(0, 31)
    assert whole is not None
    assert (whole.count, whole.total) == (len(values), sum(value for _, value in values))
    each = [value for value, count in whole.values.items() for _ in range(int(count))]
    assert sorted(each) == sorted(value for _, value in values)


def test_periods_begin_where_one_asks() -> None:
    store = MetricStore()
    for minute in range(10):
        store.put(ORDERS, NOON + timedelta(minutes=minute), Sums.of(minute))
    start = NOON + timedelta(minutes=2)
    found = store.datapoints(ORDERS, "Sum", 300, start, NOON + timedelta(minutes=12))
    assert [(one.when.minute, one.value) for one in found] == [(2, 20), (7, 24)]


def test_empty_periods_are_left_out() -> None:
    store = MetricStore()
    store.put(ORDERS, NOON, Sums.of(1))
    store.put(ORDERS, NOON + timedelta(minutes=5), Sums.of(2))
    found = store.datapoints(
        ORDERS, "Sum", 60, NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    )
    assert [one.when.minute for one in found] == [0, 5]


def test_high_resolution_is_there_by_the_second_and_by_the_minute() -> None:
    store = MetricStore()
    for second in (0, 5, 30):
        store.put(ORDERS, NOON + timedelta(seconds=second), Sums.of(1), fine=True)
    end = NOON + timedelta(minutes=1)
    assert [one.value for one in store.datapoints(ORDERS, "Sum", 10, NOON, end)] == [2, 1]
    assert [one.value for one in store.datapoints(ORDERS, "Sum", 60, NOON, end)] == [3]
    assert KEPT[SECOND] == 3 * 3600


def test_units_are_told_apart() -> None:
    store = MetricStore()
    store.put(ORDERS, NOON, Sums.of(1), "Count")
    store.put(ORDERS, NOON, Sums.of(5), "None")
    end = NOON + timedelta(minutes=1)
    assert [one.value for one in store.datapoints(ORDERS, "Sum", 60, NOON, end, "Count")] == [1]
    assert [one.value for one in store.datapoints(ORDERS, "Sum", 60, NOON, end)] == [6]


def test_the_latest_are_of_minutes_that_are_over() -> None:
    store = MetricStore()
    for minute in range(5):
        store.put(ORDERS, NOON + timedelta(minutes=minute), Sums.of(minute))
    now = NOON + timedelta(minutes=4, seconds=30)
    assert [one.value for one in store.latest(ORDERS, "Sum", 60, now, 2)] == [2, 3]
