"""Cells that are not for the mode a lesson is in are passed over, with one line that says so.

A lesson's notebook tags them: ``live-only`` cells wait for LIVE, ``sandbox-only`` cells
need the sandbox. A cell is known by the id that the front end sends, and where it sends
none, by its text as the course ships it; a cell of the learner's own always runs.
"""

import ast
import json
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from course.curriculum.shipped import shipped_folder

LINES = {
    ("sandbox", "live-only"): "Passed over: this cell is for LIVE, and this is the SANDBOX.",
    ("live", "sandbox-only"): "Passed over: this cell needs the sandbox, and this is LIVE.",
}


def passed_over(mode: str, tags: frozenset[str]) -> str:
    """The line to say in place of a cell with these tags; empty when it runs."""
    return next((line for (of, tag), line in LINES.items() if of == mode and tag in tags), "")


@cache
def tags_of(notebook: str) -> Mapping[str, frozenset[str]]:
    """The tags of a shipped notebook's code cells, by id and by text."""
    cells = json.loads((shipped_folder() / notebook).read_text("utf-8"))["cells"]
    found = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            tags = frozenset(cell["metadata"].get("tags", ()))
            found[cell["id"]] = found["".join(cell["source"]).strip()] = tags
    return found


class Skipper:
    """Listens to one kernel: before a cell runs it is told of it, and may put a line in its place."""

    def __init__(self) -> None:
        self.mode, self.tags = "", dict[str, frozenset[str]]()
        self._instead = ""

    def before(self, info: Any) -> None:
        """IPython's ``pre_run_cell``: decide about this cell."""
        known = (getattr(info, "cell_id", None), info.raw_cell.strip())
        tags = next((self.tags[one] for one in known if one in self.tags), frozenset())
        self._instead = passed_over(self.mode, tags)

    def visit(self, node: ast.Module) -> ast.Module:
        """One of IPython's ``ast_transformers``: the cell, or a line in its place."""
        if not self._instead:
            return node
        line, self._instead = self._instead, ""
        return ast.parse(f"print({line!r})")


_skipper = Skipper()


def skip_by_mode(notebook: str, mode: str) -> None:
    """Pass over this notebook's cells that are not for this mode, from the next cell on."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    _skipper.mode, _skipper.tags = mode, dict(tags_of(notebook))
    if _skipper not in shell.ast_transformers:
        shell.events.register("pre_run_cell", _skipper.before)
        shell.ast_transformers.append(_skipper)
