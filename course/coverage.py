"""``python3 -m course coverage``: where the course meets each demand of the study guide it follows.

The table is made from tags in the curriculum and looked up in the notebooks, so
that it names nothing that is not there; ``docs/coverage.md`` keeps it for readers.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from course.bootstrap import COMMAND
from course.curriculum.shipped import shipped_folder

if TYPE_CHECKING:
    from course.curriculum.curriculum import LessonEntry

HEAD = """\
# Coverage

Where each demand of the study guide that the course follows is met, or which lesson will meet it. Made from the tags in
`course/curriculum/curriculum.toml`; do not edit it here:

```
python3 -m course test -- tests/test_coverage.py --rewrite-coverage
```
"""
SAID = "{met} of {all} demands are met, {later} wait for a lesson that is not written yet."


@dataclass(frozen=True)
class Place:
    """Where a row is met: a notebook, and in it the *id* of what is of this *kind*.

    A lesson that is not written yet has neither; an id that its notebook does not
    know is of no kind.
    """

    notebook: str
    kind: str = ""
    id: str = ""

    def __str__(self) -> str:
        name = self.notebook.removesuffix(".ipynb")
        return f"{name}: {self.kind} `{self.id}`" if self.id else f"{name} (planned)"


@dataclass(frozen=True)
class Row:
    """One demand, and every place that answers it."""

    number: int
    asks: str
    places: tuple[Place, ...]

    @property
    def met(self) -> bool:
        """Whether a lesson that is there answers it."""
        return any(place.id for place in self.places)


def main(arguments: list[str]) -> int:
    """Print the table; returns 0."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} coverage",
        description="Where the course meets each demand of the study guide it follows.",
        epilog=f"example: {COMMAND} coverage --json",
    )
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    options = parser.parse_args(arguments)
    table = rows()
    print(json.dumps([asdict(row) for row in table], indent=1) if options.json else page(table))
    return 0


def rows() -> tuple[Row, ...]:
    """Every demand in the guide's order, with its places in the course's."""
    from course.curriculum.curriculum import demands, lessons, planned

    places: dict[int, list[Place]] = {number: [] for number in demands()}
    for entry in lessons():
        kinds = what_is_there(entry)
        for number, id in entry.meets.items():
            places[number].append(Place(entry.notebook, kinds.get(id, ""), id))
    for later in planned():
        for number in later.meets:
            places[number].append(Place(later.notebook))
    return tuple(Row(number, asks, tuple(places[number])) for number, asks in demands().items())


def what_is_there(entry: "LessonEntry") -> dict[str, str]:
    """What a lesson can be pointed at, by id: its objectives, its cells, and what they ask."""
    from course.curriculum.minutes import calls
    from course.exercises.catalogue import exercises
    from course.questions.bank import bank

    kinds = {f"{entry.name}/{name}": "objective" for name in entry.objectives}
    asked = {
        **dict.fromkeys(bank().questions, "question"),
        **dict.fromkeys(exercises(), "exercise"),
    }
    asked |= dict.fromkeys(bank().explanations, "explanation")
    for cell in json.loads((shipped_folder() / entry.notebook).read_text("utf-8"))["cells"]:
        kinds[cell["id"]] = "cell"
        if cell["cell_type"] == "code":
            ids = [id for _, id in calls("".join(cell["source"])) if id in asked]
            kinds |= {id: asked[id] for id in ids}
    return kinds


def page(table: tuple[Row, ...]) -> str:
    """The table as a page in Markdown: the count, what each lesson answers, then row by row."""
    met = len([row for row in table if row.met])
    said = SAID.format(met=met, all=len(table), later=len(table) - met)
    return "\n".join([HEAD, said, "", *_by_lesson(table), "", *_by_row(table)])


def _by_lesson(table: tuple[Row, ...]) -> Iterator[str]:
    yield from ("| lesson | rows |", "|---|---|")
    for notebook in sorted({place.notebook for row in table for place in row.places}):
        here = [row for row in table if notebook in {place.notebook for place in row.places}]
        later = " (planned)" if _is_planned(notebook, here) else ""
        yield f"| {_linked(notebook, later)} | {', '.join(str(row.number) for row in here)} |"


def _is_planned(notebook: str, here: list[Row]) -> bool:
    return not any(place.id for row in here for place in row.places if place.notebook == notebook)


def _linked(notebook: str, later: str) -> str:
    name = notebook.removesuffix(".ipynb")
    return f"{name}{later}" if later else f"[{name}](../notebooks/{notebook})"


def _by_row(table: tuple[Row, ...]) -> Iterator[str]:
    yield from ("| row | the guide asks | where |", "|--:|---|---|")
    for row in table:
        where = "; ".join(map(str, row.places))
        yield f"| {row.number} | {re.sub(r'[|]', '/', row.asks)} | {where} |"
