"""``python3 -m course failures``: what a failed task says, why, where to look, and what heals it.

The page is made from the recipes that the tests run, so that every row of it has
happened in the sandbox; ``docs/failures.md`` keeps it for readers.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from course.bootstrap import COMMAND

if TYPE_CHECKING:
    from course.exercises.failures.recipe import Recipe

HEAD = """\
# Failures

What a task that failed says of itself, and what is behind it. How far it got tells where to look: `describe_tasks` has the
timestamps, `stoppedReason`, and each container's `reason` and `exitCode`. Stopped tasks are kept for about an hour.

Each cause leads to a recipe in plain boto3 that brings it about and heals it, in the sandbox or in an account of your own.
`<...>` stands for what differs from task to task, `...` for what is left out. Made from the recipes; do not edit it here:

```
python3 -m course test -- tests/test_failures.py --rewrite-failures
```
"""
FOLDER = "../course/exercises/failures"
COLUMNS = ("what it says", "in", "cause", "look at", "repair", "row")


def main(arguments: list[str]) -> int:
    """Print the page; returns 0."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} failures",
        description="What a failed task says, why, where to look, and what heals it.",
        epilog=f"example: {COMMAND} failures --json",
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(arguments)
    from course.exercises.failures.recipe import recipes

    if options.json:
        print(json.dumps([as_dict(one) for one in recipes()], indent=1))
    else:
        print(page(recipes()))
    return 0


def as_dict(recipe: "Recipe") -> dict[str, Any]:
    """A row for machines."""
    return {
        "name": recipe.name,
        "symptom": recipe.symptom,
        "field": recipe.field,
        "exitCode": recipe.exit_code,
        "stage": recipe.stage,
        "cause": recipe.cause_is,
        "look": recipe.look,
        "repair": recipe.repair_is,
        "row": recipe.row,
        "evidence": recipe.evidence,
    }


def page(every: "Sequence[Recipe]") -> str:
    """The page in Markdown: a table for each part of a task's start, in their order."""
    from course.exercises.failures.recipe import EVIDENCE, STAGES

    lines = [HEAD]
    for stage, seen in STAGES.items():
        rows = [one for one in every if one.stage == stage]
        lines += [f"## {stage.capitalize()}", "", f"{seen}.", "", *_table(rows), ""]
    lines += [
        "## Rows",
        "",
        "A row's number is that of the course's own collection of ECS's texts.",
        "",
    ]
    lines += [f"- **{tag}**: {meaning}." for tag, meaning in EVIDENCE.items()]
    return "\n".join(lines)


def _table(rows: "Sequence[Recipe]") -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|" + "---|" * len(COLUMNS)
    for one in rows:
        code = "" if one.exit_code is None else f", `exitCode` {one.exit_code}"
        cells = (
            f"`{one.symptom.strip()}`{' (its words may differ)' if one.evidence == 'K' else ''}",
            f"{'the log' if one.field == 'log' else f'`{one.field}`'}{code}",
            f"[{one.cause_is}]({FOLDER}/{one.group}/{one.name.replace('-', '_')}.py)",
            one.look,
            one.repair_is,
            f"{one.row} {one.evidence}",
        )
        yield f"| {' | '.join(cells)} |"
