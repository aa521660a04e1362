"""The timeline: who did what, when and why, as text a person reads as ECS.

Every action of the learner and of the control plane leaves one entry. Entries
of one instant that say the same of several tasks are shown as one line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from textwrap import fill
from typing import Any

_SHORT = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")  # a task id, of which eight digits are enough

WRAPPING: dict[str, Any] = {
    "width": 100,
    "subsequent_indent": " " * 21,
    "break_on_hyphens": False,
    "break_long_words": False,
}
"""A line longer than a notebook's output is wide goes on under its text."""

OTHERS_SHOWN = 3
"""How many tasks one line names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. *subject* is a short task id where it concerns a task."""

    when: datetime
    actor: str
    text: str
    subject: str = ""
    why: str = ""


class Timeline:
    """All entries since the world began, oldest first; its repr is the readable form."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.entries: list[Entry] = []

    def record(
        self, when: datetime, actor: str, text: str, *, subject: str = "", why: str = ""
    ) -> None:
        """Add what happened; the order of recording is the order of events."""
        self.entries.append(Entry(when, actor, text, subject, why))

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return self.text()

    def text(self, *, since: datetime | None = None) -> str:
        """The timeline as aligned lines: minutes since the start, actor, what happened, why."""
        rows = [_row(self.start, group) for group in _grouped(self.entries, since)]
        return "\n".join(rows) or "nothing has happened yet"


def _grouped(entries: list[Entry], since: datetime | None) -> Iterator[list[Entry]]:
    shown = [entry for entry in entries if since is None or entry.when >= since]
    for _, group in groupby(shown, key=_same_line):
        yield list(group)


def _same_line(entry: Entry) -> tuple[object, ...]:
    """What entries of several tasks have in common; an entry of no task has its line alone."""
    return entry.when, entry.actor, entry.text, entry.why, bool(entry.subject) or id(entry)


def _row(start: datetime, group: list[Entry]) -> str:
    entry = group[0]
    subjects = _subjects([e.subject for e in group]) if entry.subject else ""
    what = f"{subjects} {entry.text}" if subjects else entry.text
    why = f"  ({entry.why})" if entry.why else ""
    line = f"{_offset(start, entry.when):>8}  {entry.actor:<9}  {what}{why}"
    return fill(_SHORT.sub(r"\1", line), **WRAPPING)


def _subjects(ids: list[str]) -> str:
    named = ", ".join(one[:8] for one in ids[:OTHERS_SHOWN])
    rest = f" and {len(ids) - OTHERS_SHOWN} more" if len(ids) > OTHERS_SHOWN else ""
    return f"{'task' if len(ids) == 1 else 'tasks'} {named}{rest}"


def _offset(start: datetime, when: datetime) -> str:
    seconds = int((when - start).total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"+{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"+{rest // 60}:{rest % 60:02}"
