"""Emulated accounts as fixtures."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.live.emulated import Emulated, moto_server


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    """One server for the tests of a file."""
    with moto_server(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., AbstractContextManager[Emulated]]:
    """``with start(NAME="value") as account:`` for a test with a server of its own."""
    return lambda **env: moto_server(tmp_path / "home", **env)
