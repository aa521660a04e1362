"""The exam in its versions, and which lesson serves which of its task statements.

What a lesson serves is what its questions are tagged with; what a planned one
will serve stands in the curriculum.
"""

from functools import cache
from importlib.resources import files

import msgspec

from course.curriculum.curriculum import LessonEntry, PlannedLesson, outline
from course.curriculum.handout import Cell, Handout
from course.questions.bank import bank


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A domain of the exam: its weight in percent, and its task statements by number."""

    title: str
    weight: int
    tasks: dict[str, str]


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the exam, and when it is used.

    *first_day* is YYYY-MM-DD; *format_seen* says whether its form is known from AWS's
    guide, or taken over from the version before.
    """

    exam: str
    used: str
    first_day: str
    format_seen: bool
    domain: tuple[Domain, ...]

    @property
    def tasks(self) -> dict[str, str]:
        """Every task statement by number."""
        return {number: said for one in self.domain for number, said in one.tasks.items()}


@cache
def versions() -> dict[str, Version]:
    """The versions by their short names, the newest first."""
    text = (files("course.curriculum") / "exam.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Version])


def served(entry: LessonEntry | PlannedLesson, version: str) -> tuple[str, ...]:
    """The numbers of the task statements of a version that a lesson serves."""
    if isinstance(entry, PlannedLesson):
        tags = set(entry.exam)
    else:
        asked = [one for one in bank().questions.values() if _belongs(one.objective, entry)]
        tags = {tag for one in asked for tag in one.exam}
    return tuple(sorted(tag.partition(":")[2] for tag in tags if tag.startswith(f"{version}:")))


def _belongs(objective: str, entry: LessonEntry) -> bool:
    return objective.partition("/")[0] == entry.name


def spoken(entry: LessonEntry | PlannedLesson) -> str:
    """A lesson as a reader knows it: number and title, and that it is planned if it is."""
    name = f"{entry.number:02} {entry.title}"
    return name if isinstance(entry, LessonEntry) else f"{name} (planned)"


def by_lesson() -> Handout:
    """What each lesson leads to, and the task statements it serves in each version."""
    rows: list[list[str | Cell]] = [
        [_folding(entry), *(" ".join(served(entry, version)) or "-" for version in versions())]
        for entry in outline()
    ]
    lead = "; ".join(f"{one.exam} is used {one.used}" for one in versions().values()) + "."
    return Handout(lead, ("lesson", *_exams()), rows)


def _folding(entry: LessonEntry | PlannedLesson) -> Cell:
    """The lesson, and folded out what one can do after it."""
    objectives = entry.objectives.values() if isinstance(entry, LessonEntry) else ()
    return Cell(spoken(entry), tuple(objectives))


def _exams() -> tuple[str, ...]:
    return tuple(one.exam for one in versions().values())


def by_task(version: str) -> Handout:
    """Every task statement of a version, and the lessons that serve it.

    Raises LookupError for a version that there is not.
    """
    if version not in versions():
        raise LookupError(f"There is no version {version!r} of the exam; there are C03 and C02.")
    chosen = versions()[version]
    rows = [(number, _lessons_for(number, version), said) for number, said in chosen.tasks.items()]
    weights = ", ".join(f"{one.title} {one.weight} %" for one in chosen.domain)
    lead = f"{chosen.exam}, {chosen.used}: {weights}."
    last = "In brackets: lessons that are planned. A dash: this course leaves it out."
    return Handout(
        lead, ("task", "lessons", "what it is about, with containers in mind"), rows, last
    )


def _lessons_for(number: str, version: str) -> str:
    serving = [entry.short for entry in outline() if number in served(entry, version)]
    return " ".join(serving) or "-"
