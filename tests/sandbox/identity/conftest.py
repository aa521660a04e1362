"""``dev``: a user who is held to policies."""

from typing import Any

import pytest

from tests.sandbox.identity.held import Dev


@pytest.fixture
def dev(lab: Any) -> Dev:
    return Dev(lab)
