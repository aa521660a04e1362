"""The history is bounded, and tells whether there was another call."""

import copy
from datetime import UTC, datetime

from course.sandbox.history import KEPT, ApiCall, History

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def test_the_oldest_go() -> None:
    history = History()
    for number in range(KEPT * 2):
        history.note(ApiCall(NOW, "ecs", "ListClusters", number=number))
    assert KEPT <= len(history) <= KEPT * 1.1
    assert history[-1].number == KEPT * 2 - 1
    assert history.total == KEPT * 2


def test_a_copy_has_the_same_calls_and_goes_its_own_way() -> None:
    history = History()
    history.note(ApiCall(NOW, "ecs", "ListClusters"))
    other = copy.deepcopy(history)
    other.note(ApiCall(NOW, "ecs", "ListClusters"))
    assert (other.total, history.total, other[0] is history[0]) == (2, 1, True)


def test_what_was_said_does_not_show_in_the_repr() -> None:
    told = repr(ApiCall(NOW, "iam", "CreateUser", parameters='{"userName":"dev"}'))
    assert "dev" not in told
