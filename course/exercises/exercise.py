"""An exercise as its author writes it: a goal that can be observed, and how to check it.

A module per lesson holds its exercises; each is one ``Exercise``: the start
state, the criteria, a solution, the traces it leaves, and plausible wrong
solutions that prove the check. Everything looks and acts through a boto3
session handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Session = Any
"""A boto3 session; typed loosely, since its clients are made at run time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at the state found: whether it is as it should be, and if not, where to look."""

    met: bool
    expected: str = ""
    found: str = ""
    look: str = ""


MET = Finding(True)


def missing(expected: str, found: object, look: str) -> Finding:
    """A criterion that is not met: what was expected, what was found, where to look."""
    return Finding(False, expected, str(found), look)


@dataclass(frozen=True)
class Criterion:
    """One line of "done when"; *look* reads the state. *after* names the criterion it rests on.

    A criterion is not reported while the one it rests on fails.
    """

    id: str
    says: str
    look: Callable[[Session], Finding]
    after: str = ""


@dataclass(frozen=True)
class WrongSolution:
    """A plausible mistake, and the criterion and words by which the check must refuse it."""

    what: str
    act: Callable[[Session], None]
    fails: str
    message: str


@dataclass(frozen=True)
class Exercise:
    """One exercise; ids are area-topic-nnn and never renumbered."""

    id: str
    lesson: str
    goal: str
    criteria: tuple[Criterion, ...]
    hints: tuple[str, str, str]
    setup: Callable[[Session], None]
    attempted: Callable[[Session], bool]
    solve: Callable[[Session], None]
    cleanup: Callable[[Session], None]
    wrong_solutions: tuple[WrongSolution, ...]
    rationale: str
    objective: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with its state: met, not yet, or waiting for the one it rests on."""

    criterion: Criterion
    state: str
    finding: Finding | None = None


def check(exercise: Exercise, session: Session) -> tuple[Line, ...]:
    """Look at every criterion, in order. Reads only, so it may be repeated at will."""
    lines: dict[str, Line] = {}
    for criterion in exercise.criteria:
        before = lines.get(criterion.after)
        if before is not None and before.state != "met":
            lines[criterion.id] = Line(criterion, "later")
            continue
        finding = _look(criterion, session)
        lines[criterion.id] = Line(criterion, "met" if finding.met else "not yet", finding)
    return tuple(lines.values())


def _look(criterion: Criterion, session: Session) -> Finding:
    """What AWS refuses to show is not as it should be; its own words say why."""
    try:
        return criterion.look(session)
    except ClientError as error:
        return missing("an answer", error, "what the call names; it may be deleted")


def is_attempted(exercise: Exercise, session: Session) -> bool:
    """Whether the learner has changed anything that the exercise is about."""
    try:
        return exercise.attempted(session)
    except ClientError:  # not even the start state is there any more
        return True


def score(lines: Sequence[Line]) -> int:
    """How many criteria are met."""
    return len([line for line in lines if line.state == "met"])
