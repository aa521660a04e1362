"""An exercise as its author writes it: a goal that can be observed, and how to check it.

A module per lesson holds its exercises; each is one ``Exercise``: the start
state, the criteria, a solution, the traces it leaves, and plausible wrong
solutions that prove the check. Everything looks and acts through what is handed
in: a boto3 session, or the folder that the learner works in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError

Session = Any
"""A boto3 session; typed loosely, since its clients are made at run time."""

Place = Any
"""Where an exercise is done: a boto3 session into an account, or the Path of a folder."""


def _the_place_itself(place: Place) -> Any:
    return place


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
    """One line of "done when"; *look* reads what was observed. *after* names what it rests on.

    A criterion is not reported while the one it rests on fails.
    """

    id: str
    says: str
    look: Callable[[Any], Finding]
    after: str = ""


@dataclass(frozen=True)
class WrongSolution:
    """A plausible mistake, and the criterion and words by which the check must refuse it."""

    what: str
    act: Callable[[Place], None]
    fails: str
    message: str


@dataclass(frozen=True)
class Exercise:
    """One exercise; ids are area-topic-nnn and never renumbered.

    It is done in an account or in a folder (*done_in*). Where one look is dear,
    *observe* looks once, and every criterion reads what it saw.
    """

    id: str
    lesson: str
    goal: str
    criteria: tuple[Criterion, ...]
    hints: tuple[str, str, str]
    setup: Callable[[Place], None]
    attempted: Callable[[Place], bool]
    solve: Callable[[Place], None]
    cleanup: Callable[[Place], None]
    wrong_solutions: tuple[WrongSolution, ...]
    rationale: str
    objective: str
    sources: tuple[str, ...]
    done_in: Literal["account", "folder"] = "account"
    observe: Callable[[Place], Any] = _the_place_itself


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with its state: met, not yet, or waiting for the one it rests on."""

    criterion: Criterion
    state: str
    finding: Finding | None = None


def check(exercise: Exercise, place: Place) -> tuple[Line, ...]:
    """Look at every criterion, in order. Reads only, so it may be repeated at will."""
    seen = exercise.observe(place)
    lines: dict[str, Line] = {}
    for criterion in exercise.criteria:
        before = lines.get(criterion.after)
        if before is not None and before.state != "met":
            lines[criterion.id] = Line(criterion, "later")
            continue
        finding = _look(criterion, seen)
        lines[criterion.id] = Line(criterion, "met" if finding.met else "not yet", finding)
    return tuple(lines.values())


def _look(criterion: Criterion, seen: Any) -> Finding:
    """What AWS refuses to show is not as it should be; its own words say why."""
    try:
        return criterion.look(seen)
    except ClientError as error:
        return missing("an answer", error, "what the call names; it may be deleted")


def is_attempted(exercise: Exercise, place: Place) -> bool:
    """Whether the learner has changed anything that the exercise is about."""
    try:
        return exercise.attempted(place)
    except ClientError:  # not even the start state is there any more
        return True


def score(lines: Sequence[Line]) -> int:
    """How many criteria are met."""
    return len([line for line in lines if line.state == "met"])
