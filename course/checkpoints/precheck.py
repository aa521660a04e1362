"""The pre-check of 00-start-here: what ten questions on Docker say about which parts of 01 to take.

The first answer counts: who reads why an option was wrong and then picks another
has learnt something, but did not bring it along.
"""

from course.checkpoints.checkpoint import Told
from course.curriculum.curriculum import LessonEntry, PlannedLesson, Precheck, precheck
from course.progress.record import Record

UNTIL_THEN = "Until it is there: docs.docker.com, 'Docker concepts' (docker-concepts)."


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
        return Told((f"None of the {asked} answered yet. Answer them above, then run this again.",))
    lines = [f"{right} of {asked} right at the first try."]
    if left := asked - len(first):
        lines.append(f"Not answered yet: {left}. This counts them as not right.")
    lines.append(_what_to_do(check, right, _missed(check, first)))
    if isinstance(check.leads_to, PlannedLesson) and right < asked:
        lines.append(UNTIL_THEN)
    return Told(tuple(lines))


def _missed(check: Precheck, first: dict[str, bool]) -> list[str]:
    return [part for id, part in check.parts.items() if not first.get(id)]


def _what_to_do(check: Precheck, right: int, missed: list[str]) -> str:
    lesson = _named(check.leads_to)
    if not missed:
        return f"Skip {lesson}: you know what the lessons take for granted."
    parts = "; ".join(missed)
    if right >= check.enough_to_skip:
        return f"Skip {lesson}. What was missing: {parts}."
    if right >= check.enough_for_parts:
        return f"Take these parts of {lesson}: {parts}."
    return f"Take {lesson} first, all of it."


def _named(lesson: LessonEntry | PlannedLesson) -> str:
    name = lesson.notebook.removesuffix(".ipynb")
    if isinstance(lesson, LessonEntry):
        return f"{name} ({lesson.minutes} minutes)"
    return f"{name} (planned)"
