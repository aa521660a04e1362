"""No sandbox is open before a test of lessons, and none after it."""

from collections.abc import Iterator

import pytest

from course import sandbox


@pytest.fixture(autouse=True)
def nothing_open() -> Iterator[None]:
    assert sandbox.current() is None, "a test before this one left a sandbox open"
    yield
    opened = sandbox.current()
    if opened:
        opened.close()
