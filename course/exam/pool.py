"""What an exam may be drawn from: the bank's exam items, those of lessons among them. Pure.

An item has the form of the real exam: one right of four, or several of five or more.
"""

from collections.abc import Mapping

from course.exam.blueprint import task_of
from course.questions.model import Question

OPTIONS = {"single": 4, "multiple": 5}
"""How many options an item has: exactly so many for one right, at least so many for several."""


def has_exam_form(question: Question) -> bool:
    """Whether a question reads as AWS's exam asks: 1 of 4, or several of 5 or more."""
    if question.kind == "single":
        return len(question.options) == OPTIONS["single"]
    return question.kind == "multiple" and len(question.options) >= OPTIONS["multiple"]


def exam_items(questions: Mapping[str, Question]) -> tuple[Question, ...]:
    """The bank's exam items: those with a topic of the blueprint."""
    return tuple(one for one in questions.values() if one.topic)


def items_for(questions: Mapping[str, Question], version: str) -> tuple[Question, ...]:
    """The exam items that serve a version."""
    return tuple(one for one in exam_items(questions) if task_of(one, version))
