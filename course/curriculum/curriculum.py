"""The curriculum: which lessons there are and will be, in which order, how long, and to what end."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import msgspec

from course.curriculum.minutes import Pace


class UnknownLesson(LookupError):
    """There is no lesson of this name; the message names the nearest one."""


class LessonEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson: its notebook's number and name, its title, the minutes it takes, its objectives.

    An objective's full name is ``lesson/objective``; questions and exercises
    refer to it by that. *meets* says where in the lesson a row of ``demands()``
    is met: by an objective, or by the id of a cell, a question or an exercise.
    """

    number: int
    name: str
    title: str
    minutes: int
    recorded_seconds: float
    objectives: dict[str, str] = {}
    meets: dict[int, str] = {}

    @property
    def notebook(self) -> str:
        """The file name of the lesson's notebook."""
        return f"{self.number:02}-{self.name}.ipynb"

    @property
    def short(self) -> str:
        """The lesson in a table: its number."""
        return f"{self.number:02}"


class PlannedLesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lesson that is not written yet: the rows it will meet, and the exam's task statements."""

    number: int
    name: str
    title: str
    meets: tuple[int, ...]
    exam: tuple[str, ...]

    @property
    def notebook(self) -> str:
        """The file name that the lesson's notebook will have."""
        return f"{self.number:02}-{self.name}.ipynb"

    @property
    def short(self) -> str:
        """The lesson in a table: its number, in brackets because it is not there."""
        return f"({self.number:02})"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a question is about, and the section of a lesson, by its heading, that explains it."""

    about: str
    section: str


class Precheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions before the first lesson, by id: the part of *lesson* that each one leads to.

    With *enough_to_skip* right answers that lesson is skipped, with
    *enough_for_parts* only the parts that were missed are taken.
    """

    lesson: str
    enough_to_skip: int
    enough_for_parts: int
    parts: dict[str, Part]

    @property
    def leads_to(self) -> LessonEntry | PlannedLesson:
        """The lesson for whoever needs it."""
        return next(entry for entry in outline() if entry.name == self.lesson)


class _Paths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    evening: tuple[str, ...]


class _Curriculum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pace: Pace
    lesson: list[LessonEntry]
    planned: list[PlannedLesson]
    paths: _Paths
    precheck: Precheck


@cache
def _curriculum() -> _Curriculum:
    text = (files("course.curriculum") / "curriculum.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Curriculum)


def lessons() -> tuple[LessonEntry, ...]:
    """All lessons in order."""
    return tuple(sorted(_curriculum().lesson, key=lambda entry: entry.number))


def planned() -> tuple[PlannedLesson, ...]:
    """The lessons that are announced, in order."""
    return tuple(sorted(_curriculum().planned, key=lambda entry: entry.number))


def outline() -> tuple[LessonEntry | PlannedLesson, ...]:
    """The whole course, written or planned, in the order in which it is taken."""
    written = {entry.name for entry in lessons()}
    later = [entry for entry in planned() if entry.name not in written]
    return tuple(sorted((*lessons(), *later), key=lambda entry: entry.number))


def evening() -> tuple[LessonEntry | PlannedLesson, ...]:
    """The part of the outline that fits into one evening."""
    return tuple(entry for entry in outline() if entry.name in _curriculum().paths.evening)


def precheck() -> Precheck:
    """Which part of which lesson each question of the pre-check leads to."""
    return _curriculum().precheck


@cache
def demands() -> dict[int, str]:
    """What the study guide asks for, by row."""
    text = (files("course.curriculum") / "demands.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[int, str])


def pace() -> Pace:
    """The numbers by which a lesson's minutes are reckoned."""
    return _curriculum().pace


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
