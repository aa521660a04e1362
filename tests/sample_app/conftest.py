"""Copies of the two projects, to plant violations in and to repair."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECTS = Path(__file__).resolve().parents[2] / "course" / "sample_app" / "projects"


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of ``honest`` or ``broken``."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(PROJECTS / name, tmp_path / name))

    return copy
