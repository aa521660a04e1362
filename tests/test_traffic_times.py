"""A virtual day of traffic: what ``bench`` measures, and what it may cost."""

import time

import pytest

from course.traffic_times import TASKS, lines, scaling_times, traffic_times


@pytest.mark.slow
def test_a_day_of_a_thousand_requests_a_second_costs_seconds() -> None:
    """86.4 million requests over 50 tasks, in less than 3 s of this process; the clock on the wall may say more."""
    start = time.process_time()
    seconds = traffic_times()
    spent = time.process_time() - start
    assert list(seconds) == [f"a day over {count} tasks, s" for count in TASKS]
    assert spent < 3 * len(TASKS)


@pytest.mark.slow
def test_a_scaled_day_costs_seconds_too() -> None:
    """The same day under target tracking, at 10 and at 50 tasks on average: 3 s each of this process at most."""
    start = time.process_time()
    seconds = scaling_times()
    spent = time.process_time() - start
    assert list(seconds) == [f"a scaled day of about {count} tasks, s" for count in TASKS]
    assert spent < 3 * len(TASKS)


def test_what_bench_says_of_it() -> None:
    few, many, ratio = lines({"a day over 10 tasks, s": 0.2, "a day over 50 tasks, s": 1.0})
    assert few.split()[-1] == "0.20" and many.split()[-1] == "1.00"
    assert ratio.endswith("1.00  (1 is linear)")
