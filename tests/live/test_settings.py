"""What has to be said to have LIVE, in the call or in the environment."""

from typing import Any

import pytest

from course.live.errors import NoLive
from course.live.prices import prices
from course.live.settings import Asked

WHOLE: dict[str, Any] = {"aws": "live", "region": "us-east-1", "usd": 1, "minutes": 60}
ENVIRON = {
    "COURSE_AWS": "live",
    "COURSE_AWS_REGION": "us-east-1",
    "COURSE_AWS_USD": "0.5",
    "COURSE_AWS_MINUTES": "45",
}


def test_the_call_says_it_all() -> None:
    found = Asked(**WHOLE).settings("fargate-tutorial", {})
    assert (found.region, found.usd, found.minutes) == ("us-east-1", 1, 60)


def test_the_environment_says_it_all_so_that_a_notebook_runs_unchanged() -> None:
    assert Asked().mode(ENVIRON) == "live"
    found = Asked().settings("fargate-tutorial", ENVIRON)
    assert (found.region, found.usd, found.minutes) == ("us-east-1", 0.5, 45)


def test_the_call_wins_over_the_environment() -> None:
    assert Asked(aws="sandbox").mode(ENVIRON) == "sandbox"
    assert Asked(usd=2).settings("fargate-tutorial", ENVIRON).usd == 2


def test_without_a_word_it_is_the_sandbox() -> None:
    assert Asked().mode({}) == "sandbox"
    with pytest.raises(ValueError, match="expected 'sandbox' or 'live'"):
        Asked(aws="liev").mode({})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"region": None}, "No Region was named"),
        ({"region": "eu-west-1"}, "No prices are known for 'eu-west-1'"),
        ({"usd": None}, "No ceiling in US dollars was given"),
        ({"usd": 0}, "expected a number above 0"),
        ({"usd": -1}, "expected a number above 0"),
        ({"usd": float("nan")}, "expected a number above 0"),
        ({"usd": float("inf")}, "expected a number above 0"),
        ({"usd": "much"}, "expected a number above 0"),
        ({"minutes": None}, "No time was given"),
        ({"minutes": 1000}, "240 at most"),
    ],
)
def test_what_is_missing_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(NoLive, match=says):
        Asked(**{**WHOLE, **change}).settings("fargate-tutorial", {})


def test_a_task_costs_its_cpu_its_memory_and_its_address() -> None:
    known = prices("us-east-1")
    assert known
    assert known.task(256, 512) == pytest.approx(0.04048 / 4 + 0.004445 / 2 + 0.005)
    assert prices("eu-west-1") is None
