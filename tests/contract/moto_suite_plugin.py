"""A pytest plugin: opens a sandbox wherever a test of moto's asks for ``mock_aws``.

It is for moto's own suite, run in a process of its own by ``test_moto_suite.py``.
What became of each test is written to the file that ``MOTO_SUITE_OUTCOMES`` names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import moto
import pytest

from course import sandbox  # it takes moto's own mock_aws before it is replaced below
from course.sandbox.clock import START

_outcomes: dict[str, str] = {}
_open = 0


@contextmanager
def _account() -> Iterator[None]:
    """One world from the outermost ``mock_aws`` to its end, as moto has one set of backends."""
    global _open
    opened = sandbox.open(start=_start()) if not _open else None
    _open += 1
    try:
        yield
    finally:
        _open -= 1
        if opened is not None:
            opened.close()


def _start() -> datetime:
    """A suite whose tests ask the wall for the time says so by ``MOTO_SUITE_STARTS_NOW``."""
    return datetime.now(UTC) if os.environ.get("MOTO_SUITE_STARTS_NOW") else START


class freeze_time(ContextDecorator):
    """Stands for freezegun's, which is not among what tests need: what freezes time is skipped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __enter__(self) -> None:
        pytest.skip("it freezes the wall's time with freezegun")

    def __exit__(self, *exc: object) -> None: ...


sys.modules["freezegun"] = SimpleNamespace(freeze_time=freeze_time)  # type: ignore[assignment]


class MockAws(ContextDecorator):
    """In place of ``moto.mock_aws``: with and without brackets, around a block or a function."""

    def __init__(self, config: Any = None) -> None:
        self._entered: list[Any] = []

    def __enter__(self) -> None:
        self._entered.append(_account())
        self._entered[-1].__enter__()

    def __exit__(self, *exc: object) -> None:
        self._entered.pop().__exit__(*exc)


def mock_aws(function: Callable[..., Any] | None = None, config: Any = None) -> Any:
    """As moto's: a decorator by itself, or what makes one."""
    return MockAws(config)(function) if callable(function) else MockAws(config)


moto.mock_aws = mock_aws


def _any_security_group(*_: Any) -> None:
    """Nearly every ELBv2 test makes its security group in another VPC, which AWS and we refuse.

    That refusal has tests of its own; here it would hide all the others.
    """


@pytest.fixture(autouse=True)
def _security_groups_of_any_vpc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "course.sandbox.balancing.api.load_balancers.check_security_group", _any_security_group
    )


@pytest.hookimpl
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember the worst of a test's three phases."""
    name = report.nodeid.rsplit("/", 1)[-1]
    if report.failed:
        text = str(report.longrepr).splitlines()
        told = [line for line in text if line.startswith("E ")]
        _outcomes[name] = "failed: " + (told[0][1:].strip() if told else text[-1])
    elif report.when == "call" or report.skipped:
        _outcomes.setdefault(name, report.outcome)


@pytest.hookimpl
def pytest_sessionfinish() -> None:
    """Write down what became of each test."""
    Path(os.environ["MOTO_SUITE_OUTCOMES"]).write_text(json.dumps(_outcomes), "utf-8")
