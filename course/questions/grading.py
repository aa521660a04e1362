"""Grading: from a question and a response to what the learner is told.

Four outcomes, kept apart: not attempted, wrong, partly, right. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from course.questions.model import Question


class Outcome(StrEnum):
    """What an answer is worth; ``NOT_ATTEMPTED`` is not a wrong answer."""

    NOT_ATTEMPTED = "not attempted"
    WRONG = "wrong"
    PARTLY = "partly"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome, one sentence about it, and the feedback of each option chosen."""

    outcome: Outcome
    summary: str
    feedback: tuple[tuple[str, str], ...] = ()


class BadResponse(ValueError):
    """An answer that the question cannot have; the message says what it expects."""


def grade(question: Question, response: Sequence[str]) -> Grade:
    """Grade a response, given as option ids; an empty one is "not attempted".

    Raises BadResponse for ids the question does not have, for one option
    twice, and for more than one in a single-choice question.
    """
    if not response:
        return Grade(Outcome.NOT_ATTEMPTED, "Not attempted yet.")
    check_response(question, response)
    if question.kind == "ordering":
        return _grade_order(question, response)
    return _grade_choice(question, response)


def check_response(question: Question, response: Sequence[str]) -> None:
    """Whether a response is one that the question can have. Raises BadResponse, as ``grade``."""
    unknown = [one for one in response if one not in question.by_id]
    if unknown:
        known = ", ".join(question.by_id)
        raise BadResponse(f"{question.id} has no option {unknown[0]!r}; it has {known}.")
    if len(set(response)) < len(response):
        raise BadResponse(f"{question.id}: each option can be named once.")
    if question.kind == "single" and len(response) > 1:
        raise BadResponse(f"{question.id} takes one option, not {len(response)}.")
    if question.kind == "ordering" and len(response) < len(question.options):
        raise BadResponse(f"{question.id}: put all {len(question.options)} steps in order.")


def _grade_choice(question: Question, response: Sequence[str]) -> Grade:
    chosen, right = set(response), set(question.key)
    told = tuple((one, question.by_id[one].feedback) for one in response)
    if chosen == right:
        return Grade(Outcome.RIGHT, "Right.", told)
    hit, extra = len(chosen & right), len(chosen - right)
    if not hit:
        return Grade(Outcome.WRONG, "Not right.", told)
    summary = f"Partly: {hit} of {len(right)} right"
    if extra:
        summary += f", and {extra} that {'is' if extra == 1 else 'are'} not"
    return Grade(Outcome.PARTLY, f"{summary}.", told)


def _grade_order(question: Question, response: Sequence[str]) -> Grade:
    placed = [given == wanted for given, wanted in zip(response, question.key, strict=True)]
    told = tuple((one, question.by_id[one].feedback) for one in response)
    if all(placed):
        return Grade(Outcome.RIGHT, "Right.", told)
    first = placed.index(False)
    wrong_step = ((response[first], question.by_id[response[first]].feedback),)
    if first == 0:
        return Grade(Outcome.WRONG, "Not right from the first step on.", wrong_step)
    steps = "step is" if first == 1 else f"{first} steps are"
    return Grade(Outcome.PARTLY, f"Partly: the first {steps} in place.", wrong_step)
