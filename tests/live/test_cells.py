"""Cells that are not for a lesson's mode are passed over; and what the tags of a live-capable lesson hold to."""

import ast
import json
from typing import Any

import pytest

from course.curriculum.curriculum import lessons
from course.curriculum.shipped import shipped_folder
from course.live.allowed import operations, plan
from course.skipping import Skipper, passed_over, tags_of

LIVE = [one for one in lessons() if plan(one.name)]
SIMULATED = {
    *("clock", "timeline", "traffic", "get", "inside", "trace", "why", "deploy", "snapshot"),
    *("endpoint", "reset", "exercise", "check", "fault"),
}

every_live_lesson = pytest.mark.parametrize("entry", LIVE, ids=lambda entry: entry.name)


def cells(notebook: str) -> dict[str, dict[str, Any]]:
    every = json.loads((shipped_folder() / notebook).read_text("utf-8"))["cells"]
    return {cell["id"]: cell for cell in every if cell["cell_type"] == "code"}


def tree(cell: dict[str, Any]) -> ast.Module:
    lines = "".join(cell["source"]).splitlines()
    return ast.parse("\n".join(line for line in lines if not line.startswith("%")))


def asked_of(cell: dict[str, Any], *names: str) -> set[str]:
    """The attributes that a cell asks of what has one of these names."""
    return {
        node.attr
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
    }


@pytest.mark.parametrize(
    ("mode", "tags", "runs"),
    [
        ("sandbox", {"live"}, True),
        ("sandbox", {"sandbox-only", "raises-exception"}, True),
        ("sandbox", {"live-only"}, False),
        ("sandbox", set(), True),
        ("live", {"live"}, True),
        ("live", {"live-only"}, True),
        ("live", {"sandbox-only", "raises-exception"}, False),
        ("live", set(), True),
        ("", {"live-only"}, True),
    ],
)
def test_what_becomes_of_a_cell(mode: str, tags: set[str], runs: bool) -> None:
    assert (passed_over(mode, frozenset(tags)) == "") is runs


class Info:
    """What IPython says of a cell that is about to run."""

    def __init__(self, raw_cell: str, cell_id: str | None = None) -> None:
        self.raw_cell, self.cell_id = raw_cell, cell_id


def test_a_cell_is_known_by_its_id_and_else_by_its_text() -> None:
    skipper = Skipper()
    skipper.mode, skipper.tags = "live", dict(tags_of("05-fargate-tutorial.ipynb"))
    shipped = "".join(cells("05-fargate-tutorial.ipynb")["stop"]["source"])
    ran = ast.parse("ran = 1")
    for info in (Info(shipped), Info(shipped + "\n"), Info("edited = 1", "stop")):
        skipper.before(info)
        assert "Passed over" in ast.unparse(skipper.visit(ran))
        assert skipper.visit(ran) is ran  # once, and not the next one
    for info in (Info("of_my_own = 1"), Info("of_my_own = 1", "somewhere-else")):
        skipper.before(info)
        assert skipper.visit(ran) is ran


@every_live_lesson
def test_every_cell_that_acts_says_for_which_mode_it_is(entry: Any) -> None:
    for id, cell in cells(entry.notebook).items():
        tags = set(cell["metadata"].get("tags", []))
        mode = tags & {"live", "live-only", "sandbox-only"}
        acts = asked_of(cell, "ecs", "ec2", "ecr") or asked_of(cell, "lesson") & SIMULATED
        assert len(mode) == 1 if acts else len(mode) <= 1, id
        if tags & {"live", "live-only"}:
            assert not asked_of(cell, "lesson") & SIMULATED, id
            assert not asked_of(cell, "ecr"), id


@every_live_lesson
def test_what_a_cell_for_live_calls_is_on_the_list(entry: Any) -> None:
    listed = {one.name.lower() for one in operations().values()}
    for id, cell in cells(entry.notebook).items():
        if "live" in cell["metadata"].get("tags", []):
            called = asked_of(cell, "ecs", "ec2") - {"get_waiter"}
            assert {name.replace("_", "") for name in called} <= listed, id


@every_live_lesson
def test_what_a_cell_for_live_uses_was_not_made_in_one_that_is_passed_over(entry: Any) -> None:
    made = {"display", "print", "next", "set", "range", "min", "reversed", "len"}
    for id, cell in cells(entry.notebook).items():
        if "sandbox-only" in cell["metadata"].get("tags", []):
            continue
        names = [node for node in ast.walk(tree(cell)) if isinstance(node, ast.Name)]
        made |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        made |= {alias.name for node in ast.walk(tree(cell)) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}  # fmt: skip
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        assert used <= made, id
