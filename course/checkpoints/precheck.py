"""The pre-check of 00-start-here: what ten questions on Docker say about which parts of 01 to take.

The first answer counts: who reads why an option was wrong and then picks another
has learnt something, but did not bring it along.
"""

from course.checkpoints.checkpoint import Told
from course.curriculum.curriculum import Part, PlannedLesson, Precheck, precheck
from course.progress.record import Record

MEANWHILE = "docs.docker.com/get-started/docker-concepts"
"""Docker's own pages, for as long as our lesson is not there."""


def first_answers(record: Record) -> dict[str, bool]:
    """Whether the first answer to each question of the pre-check was right, by id."""
    first: dict[str, bool] = {}
    for event in record.events():
        if event.lesson != record.lesson:
            continue
        if event.kind == "reset":
            first.clear()
        elif event.kind == "answered" and event.id in precheck().parts:
            first.setdefault(event.id, event.outcome == "right")
    return first


def advice(record: Record) -> Told:
    """How many were right at once, and whether to skip 01, to take it, or which parts of it."""
    first, check = first_answers(record), precheck()
    asked, right = len(check.parts), sum(first.values())
    if not first:
        return Told((f"None of the {asked} answered yet.", _to_begin_with(check)))
    lines = [f"{right} of {asked} right at the first try."]
    if left := asked - len(first):
        lines.append(f"Not answered yet: {left}. This counts them as not right.")
    lines.append(_what_to_do(check, right, _missed(check, first)))
    return Told(tuple(lines))


def _to_begin_with(check: Precheck) -> str:
    """For somebody who left all of them out, as the notebook says where Docker is new."""
    name = check.leads_to.notebook.removesuffix(".ipynb")
    return f"If Docker is new to you, begin with {name}. If not, answer them, then run this again."


def _missed(check: Precheck, first: dict[str, bool]) -> list[Part]:
    return [part for id, part in check.parts.items() if not first.get(id)]


def _what_to_do(check: Precheck, right: int, missed: list[Part]) -> str:
    lesson = check.leads_to
    name = lesson.notebook.removesuffix(".ipynb")
    if not missed:
        return f"Skip {name}: you know what the lessons take for granted."
    if isinstance(lesson, PlannedLesson):
        about = ", ".join(part.about for part in missed)
        return f"Look up: {about}. {name} is planned; meanwhile: {MEANWHILE}"
    if right >= check.enough_to_skip:
        return f"Skip {name}, or only look there at {_sections(missed)}."
    if right >= check.enough_for_parts:
        return f"Take these parts of {name} ({lesson.minutes} minutes in all): {_sections(missed)}."
    return f"Take {name} first, all of it ({lesson.minutes} minutes)."


def _sections(missed: list[Part]) -> str:
    """The sections in the lesson's order of asking, each with what it explains."""
    about: dict[str, list[str]] = {}
    for part in missed:
        about.setdefault(part.section, []).append(part.about)
    return "; ".join(f"{section!r} ({', '.join(told)})" for section, told in about.items())
