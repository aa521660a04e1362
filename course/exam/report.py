"""The report of an attempt: what to do next, weakest first, each miss with where to read and practise.

First what the learner was sure of and got wrong: that is what nobody looks up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.curriculum.curriculum import lessons, outline
from course.curriculum.handout import Cell, Handout
from course.exam.attempt import Attempt
from course.exam.blueprint import blueprint, exam_version
from course.exam.score import Answered, Score, Share, percent, score
from course.exam.words import summary
from course.exercises.catalogue import exercises
from course.questions.model import Option, Question


@dataclass(frozen=True)
class Report:
    """An attempt's report; the repr is the text, a notebook shows tables."""

    parts: tuple[Handout, ...]

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.parts))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        html = "".join(part.html for part in self.parts)
        return {"text/html": html, "text/plain": repr(self)}


def report(attempt: Attempt, bank: Mapping[str, Question], history: Sequence[Attempt]) -> Report:
    """What an attempt that is over says: domains and topics, what was missed, all attempts so far."""
    graded = score(attempt, bank)
    parts = [_domains(attempt, graded), _topics(graded), _missed(graded)]
    if len(history) > 1:
        parts.append(_history(history, bank))
    return Report(tuple(parts))


def _domains(attempt: Attempt, graded: Score) -> Handout:
    exam = exam_version(attempt.terms.version)
    rows = [
        [
            f"{one.percent} %",
            f"{one.right} of {one.asked}",
            f"{one.name} {exam.domain[int(one.name) - 1].title}",
        ]
        for one in graded.by_domain()
    ]
    lead = summary(attempt, graded)[0]
    return Handout(
        f"{exam.exam}, seed {attempt.terms.seed}. {lead}", ("right", "items", "domain"), rows
    )


def _topics(graded: Score) -> Handout:
    rows = [_topic_row(share, graded) for share in graded.by_topic()]
    return Handout("", ("right", "items", "topic, the weakest first", "lessons"), rows)


def _topic_row(share: Share, graded: Score) -> list[str | Cell]:
    """A topic, and the lessons of what was missed in it; folded out, what to read there and to practise."""
    asked = [one for one in graded.items if one.question.topic == share.name]
    missed = [one.question for one in asked if not one.right]
    read = dict.fromkeys(_lesson(one) for one in missed or [one.question for one in asked])
    steps = dict.fromkeys(
        f"{lesson_of(one)}; {one.sources[0].title}; practise: {practice_for(one)}" for one in missed
    )
    title = blueprint().topic[share.name].title
    lessons = Cell(", ".join(read), tuple(steps))
    return [f"{share.percent} %", f"{share.right} of {share.asked}", title, lessons]


def _missed(graded: Score) -> Handout:
    missed = graded.missed()
    if not missed:
        return Handout("Nothing was missed.", (), ())
    rows = [_missed_row(one) for one in missed]
    sure = len([one for one in missed if one.sure_but_wrong])
    first = f"the {sure} you were sure of come" if sure > 1 else "the one you were sure of comes"
    lead = f"What was not right; {first} first." if sure else "What was not right."
    head = ("item", "question, answers and why", "read", "page", "practise")
    return Handout(lead, head, rows)


def _missed_row(one: Answered) -> list[str | Cell]:
    question = one.question
    mark = f"{one.place} sure" if one.sure_but_wrong else str(one.place)
    return [
        mark,
        Cell(question.stem, tuple(_why(one))),
        Cell(lesson_of(question), link=_notebook_of(question)),
        page_of(question),
        practice_for(question),
    ]


def _why(one: Answered) -> list[str]:
    """Each option chosen, each right one, and why."""
    question = one.question
    chosen = [
        f"You chose: {_said(question.by_id[id])}"
        for id in one.given.response
        if id in question.by_id and not question.by_id[id].right
    ]
    right = [f"Right: {_said(question.by_id[id])}" for id in question.key]
    left_open = [] if one.given.response else ["You left it open."]
    return [*left_open, *chosen, *right, question.rationale]


def _said(option: Option) -> str:
    """An option and why, as two sentences."""
    end = "" if option.text.endswith((".", "?", "!")) else "."
    return f"{option.text}{end} {option.feedback}"


def lesson_of(question: Question) -> str:
    """The lesson that a question leads to, with its section: ``05 A first service on Fargate: A task``."""
    return f"{_lesson(question)}: {question.section}" if question.section else _lesson(question)


def _lesson(question: Question) -> str:
    name = question.objective.partition("/")[0]
    entry = next((one for one in outline() if one.name == name), None)
    return f"{entry.short} {entry.title}" if entry else name


def _notebook_of(question: Question) -> str:
    """The file of that lesson, which lies beside this one; empty for one that is not written yet."""
    name = question.objective.partition("/")[0]
    return next((one.notebook for one in lessons() if one.name == name), "")


def page_of(question: Question) -> Cell:
    """The page of AWS's documentation, or the other source, that a question leads to."""
    source = question.sources[0]
    return Cell(source.title, link=source.url)


def practice_for(question: Question) -> str:
    """The exercise that practises it: one of the same objective, else of the same lesson, else a dash."""
    lesson = question.objective.partition("/")[0]
    same = [one.id for one in exercises().values() if one.objective == question.objective]
    near = [one.id for one in exercises().values() if one.lesson == lesson]
    return (same or near or ["-"])[0]


def _history(history: Sequence[Attempt], bank: Mapping[str, Question]) -> Handout:
    rows = []
    for number, attempt in enumerate(history, 1):
        graded = score(attempt, bank)
        day = f"{attempt.begun:%Y-%m-%d %H:%M} UTC"
        worth = (
            f"{percent(graded.right, len(graded.items))} %" if attempt.submitted else "under way"
        )
        rows.append([str(number), worth, attempt.terms.version, f"seed {attempt.terms.seed}", day])
    return Handout("All attempts:", ("attempt", "right", "exam", "drawn with", "begun"), rows)
