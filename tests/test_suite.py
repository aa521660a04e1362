"""What ``python3 -m course test`` gives pytest to do."""

import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from course import suite


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The last command that was run in place of pytest."""
    seen: list[str] = []

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        seen[:] = command[3:]
        return SimpleNamespace(returncode=5)

    monkeypatch.setattr(subprocess, "run", run)
    return seen


@pytest.mark.parametrize(
    ("arguments", "slow_too", "shared"),
    [
        ([], False, True),
        (["--all"], True, True),
        (["--", "-x", "-p", "no:cacheprovider"], False, True),
        (["--", "tests/house", "-x"], False, False),
        (["--all", "--", "tests/test_suite.py::test_the_status_is_pytests"], True, False),
    ],
)
def test_a_run_of_everything_is_shared_among_processors(
    asked: list[str], arguments: list[str], slow_too: bool, shared: bool
) -> None:
    suite.main(arguments)
    chosen = asked[asked.index("-m") + 1] if "-m" in asked else ""
    assert ("not slow" not in chosen) == slow_too
    assert ("not detail" in chosen) == (shared and not slow_too)
    assert (set(suite.TOGETHER) <= set(asked)) == shared
    given = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    assert asked[len(asked) - len(given) :] == given


def test_the_status_is_pytests(asked: list[str]) -> None:
    assert suite.main([]) == 5
