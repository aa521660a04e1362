"""The folder in which a learner repairs the broken twin: made once, never written over, set aside."""

import shutil
from pathlib import Path

from course.exercises import beside_notebook
from course.sample_app.project import PASSED_OVER, shipped

NAME = "kitchen"


def make(folder: Path) -> None:
    """Copy the twin to ``kitchen`` in this folder, unless there is one: its edits are the learner's."""
    if not (folder / NAME).exists():
        shutil.copytree(shipped("broken"), folder / NAME, ignore=PASSED_OVER)


def is_edited(folder: Path) -> bool:
    """Whether anything in it differs from the twin as it ships."""
    kitchen = folder / NAME
    return kitchen.exists() and _contents(kitchen) != _contents(shipped("broken"))


def clear(folder: Path) -> None:
    """Remove it; what a learner has changed is not lost, but kept as ``kitchen.mine-1`` and so on."""
    beside_notebook.clear(folder, NAME, edited=is_edited(folder))


def _contents(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
