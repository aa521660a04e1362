"""Progress as text: a line a lesson, what was missed, what comes next, what is odd about the journal."""

from dataclasses import asdict, dataclass
from typing import Any

from course.curriculum.curriculum import LessonEntry, lessons
from course.progress.journal import Journal
from course.progress.summary import Summary, fold

HEAD = ("lesson", "attempted", "right", "hints", "finished")
NOTHING = "Nothing attempted yet: open a lesson and answer its first question."


@dataclass(frozen=True)
class Row:
    """What was done in one lesson."""

    lesson: str
    attempted: int
    right: int
    hints: int
    finished: bool


@dataclass(frozen=True)
class Report:
    """All that is remembered, for reading; the repr is the text."""

    rows: tuple[Row, ...]
    missed: tuple[tuple[str, str, int], ...]
    next: str
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        following = self.next if self.rows else ""
        parts = [lesson_table(self.rows), _missed(self.missed), following, "\n".join(self.notes)]
        return "\n\n".join(filter(None, parts))

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        missed = [dict(zip(("lesson", "id", "attempts"), one, strict=True)) for one in self.missed]
        rows = [asdict(row) for row in self.rows]
        return {"lessons": rows, "missed": missed, "next": self.next, "notes": list(self.notes)}


def report(journal: Journal | None = None) -> Report:
    """What the journal (the learner's own, unless another is given) says of all lessons."""
    events, notes = (journal or Journal()).read()
    summary = fold(events)
    missed = [(*key, summary.item(*key).attempts) for key in summary.missed()]
    return Report(_rows(summary), tuple(missed), _next(summary), tuple(notes))


def _next(summary: Summary) -> str:
    """The lesson to open: one that was begun, else the first after those that were finished.

    The start is no lesson to go back to, and one that was passed over is not asked for again.
    """
    after = [entry for entry in lessons() if entry.number]
    begun = [entry for entry in after if entry.name in summary.lessons()]
    open_ones = [entry for entry in begun if entry.name not in summary.finished]
    if open_ones:
        return f"Begun and not finished: {', '.join(entry.notebook for entry in open_ones)}."
    last = max((entry.number for entry in begun), default=0)
    later = [entry for entry in after if entry.number > last]
    return f"Next: {_described(later[0])}." if later else "Every lesson that is there is finished."


def _described(entry: LessonEntry) -> str:
    return f"{entry.notebook}, {entry.title}, {entry.minutes} minutes"


def _rows(summary: Summary) -> tuple[Row, ...]:
    """Lessons in the curriculum's order; those it no longer has come last."""
    known = summary.lessons()
    names = [entry.name for entry in lessons() if entry.name in known]
    names += [name for name in known if name not in names]
    return tuple(
        Row(name, *summary.counts(name), summary.hints(name), name in summary.finished)
        for name in names
    )


def lesson_table(rows: tuple[Row, ...]) -> str:
    """One line a lesson, in columns."""
    if not rows:
        return NOTHING
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return "\n".join(_line(line, widths) for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    finished = "yes" if row.finished else "not yet"
    return (row.lesson, str(row.attempted), str(row.right), str(row.hints), finished)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    name, *numbers, last = cells
    middle = [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=False)]
    return "  ".join([name.ljust(widths[0]), *middle, last])


def _missed(missed: tuple[tuple[str, str, int], ...]) -> str:
    if not missed:
        return ""
    lines = [f"  {lesson}: {id} ({_times(count)})" for lesson, id, count in missed]
    return "\n".join(["Not right yet:", *lines])


def _times(count: int) -> str:
    return "tried once" if count == 1 else f"tried {count} times"
