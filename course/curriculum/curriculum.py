"""The curriculum: which lessons there are, and in which order they are taken."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import msgspec


class UnknownLesson(LookupError):
    """There is no lesson of this name; the message names the nearest one."""


class LessonEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson: its notebook's number and name, its title, and the minutes it takes."""

    number: int
    name: str
    title: str
    minutes: int

    @property
    def notebook(self) -> str:
        """The file name of the lesson's notebook."""
        return f"{self.number:02}-{self.name}.ipynb"


class _Curriculum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lesson: list[LessonEntry]


@cache
def lessons() -> tuple[LessonEntry, ...]:
    """All lessons in order."""
    text = (files("course.curriculum") / "curriculum.toml").read_bytes()
    return tuple(msgspec.toml.decode(text, type=_Curriculum).lesson)


def find_lesson(name: str) -> LessonEntry:
    """The lesson of this name. Raises UnknownLesson, which names the nearest."""
    by_name = {entry.name: entry for entry in lessons()}
    if name in by_name:
        return by_name[name]
    near = _nearest(str(name).lower())
    meant = f"did you mean {near!r}?" if near else f"there are {', '.join(by_name)}."
    raise UnknownLesson(f"There is no lesson {name!r}; {meant}")


def _nearest(wanted: str) -> str | None:
    """The lesson of this number, or the one whose name is spelled most like this."""
    numbers = {entry.number: entry.name for entry in lessons()}
    if wanted.isdecimal():
        return numbers.get(int(wanted))
    near = get_close_matches(wanted, numbers.values(), n=1, cutoff=0.5)
    return near[0] if near else None
