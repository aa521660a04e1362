"""The health of a target, as a table: what checks find, and what it is then."""

from __future__ import annotations

import pytest

from course.sandbox.balancing.target_health import (
    CHECKING,
    REGISTERING,
    Answer,
    Check,
    Health,
    failure,
    in_codes,
    judge,
)

ANSWERS = {
    "+": Answer(200),
    "4": Answer(404),
    "r": Answer(),
    "t": Answer(silent=True),
}
"""A letter for what comes back: passed, 404, refused, timed out."""


def after(checks: str, check: Check, before: Health = REGISTERING) -> Health:
    for one in checks:
        before = judge(before, check, ANSWERS[one])
    return before


@pytest.mark.parametrize(
    ("checks", "state", "reason"),
    [
        ("", "initial", "Elb.RegistrationInProgress"),
        ("+", "healthy", None),  # one is enough for a new target, whatever the threshold
        ("4", "initial", "Elb.InitialHealthChecking"),
        ("4+", "healthy", None),
        ("44", "unhealthy", "Target.ResponseCodeMismatch"),
        ("rr", "unhealthy", "Target.FailedHealthChecks"),
        ("tt", "unhealthy", "Target.Timeout"),
        ("4t", "unhealthy", "Target.Timeout"),  # the last failure says why
        ("tt4", "unhealthy", "Target.ResponseCodeMismatch"),
        ("+4", "healthy", None),
        ("+4+", "healthy", None),
        ("+4+4", "healthy", None),
        ("+44", "unhealthy", "Target.ResponseCodeMismatch"),
        ("44++++", "unhealthy", "Target.ResponseCodeMismatch"),
        ("44+++++", "healthy", None),  # back from unhealthy: five in a row, 150 s at 30 s each
        ("44++4++", "unhealthy", "Target.ResponseCodeMismatch"),  # in a row, and no other way
        ("44++4+++++", "healthy", None),
    ],
)
def test_checks_in_a_row(checks: str, state: str, reason: str | None) -> None:
    found = after(checks, Check())
    assert (found.state, found.reason) == (state, reason)
    assert (found.description is None) is (state == "healthy")


@pytest.mark.parametrize("threshold", [2, 3, 10])
def test_the_thresholds_are_the_groups_own(threshold: int) -> None:
    check = Check(healthy=threshold, unhealthy=threshold)
    assert after("r" * (threshold - 1), check).state == "initial"
    sick = after("r" * threshold, check)
    assert sick.state == "unhealthy"
    assert after("+" * (threshold - 1), check, sick).state == "unhealthy"
    assert after("+" * threshold, check, sick).state == "healthy"


@pytest.mark.parametrize(
    ("protocol", "answer", "description"),
    [
        ("HTTP", Answer(404), "Health checks failed with these codes: [404]"),
        ("HTTP", Answer(), "Health checks failed"),
        ("HTTP", Answer(silent=True), "Request timed out"),
        ("TCP", Answer(), "Health checks failed"),
        ("TCP", Answer(silent=True), "Health checks failed"),
        ("TCP", Answer(500), None),  # whoever listens passes
        ("HTTP", Answer(200), None),
    ],
)
def test_why_a_check_fails(protocol: str, answer: Answer, description: str | None) -> None:
    found = failure(Check(protocol=protocol), answer)
    assert (found.description if found else None) == description


@pytest.mark.parametrize(
    ("codes", "status", "inside"),
    [
        ("200", 200, True),
        ("200", 204, False),
        ("200,204", 204, True),
        ("200-299", 204, True),
        ("200-299", 301, False),
        ("200-299,301", 301, True),
        ("200-399", 399, True),
    ],
)
def test_a_matcher(codes: str, status: int, inside: bool) -> None:
    assert in_codes(status, codes) is inside


def test_what_nothing_can_change_stays_equal() -> None:
    """Then a target needs no further check until something else changes."""
    check = Check()
    for checks in ("+" * 9, "r" * 9):
        found = after(checks, check)
        assert after(checks[0], check, found) == found
    assert after("+", check) != after("++", check)
    assert after("r", check).reason == CHECKING.reason
