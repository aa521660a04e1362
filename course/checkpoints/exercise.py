"""An exercise as the learner meets it: begun once, checked as often as wanted, remembered."""

import inspect
import re
from dataclasses import dataclass
from textwrap import dedent, fill, indent

from course.checkpoints.checkpoint import WIDTH, Told
from course.exercises.exercise import Exercise, Line, Place, check, is_attempted, score
from course.progress.record import Record

GIVEN = {"account": "session = boto3.Session()", "folder": "folder = Path()"}
"""The first line of a solution: what its body acts on, by where the exercise is done."""

MARKS = {"met": "met    ", "not yet": "not yet", "later": "later  "}


@dataclass(frozen=True)
class Result:
    """What a check found: every criterion with its state; the repr is the report."""

    exercise: Exercise
    lines: tuple[Line, ...]
    attempted: bool
    notice: str = ""

    @property
    def outcome(self) -> str:
        """not attempted, wrong, partly or right."""
        met = score(self.lines)
        if not self.attempted and not met:
            return "not attempted"
        if met == len(self.lines):
            return "right"
        return "partly" if met else "wrong"

    def __repr__(self) -> str:
        head = f"{self.exercise.id}: {score(self.lines)} of {len(self.lines)} met"
        if self.outcome == "not attempted":
            head += ", not attempted yet"
        says = {line.criterion.id: line.criterion.says for line in self.lines}
        body = [
            _reported(line, rests_on=says.get(line.criterion.after, ""), told=self.attempted)
            for line in self.lines
        ]
        why = [fill(self.exercise.rationale, WIDTH)] if self.outcome == "right" else []
        return "\n".join([head, *body, *why, *filter(None, [self.notice])])


def _reported(line: Line, *, rests_on: str, told: bool) -> str:
    text = f"  {MARKS[line.state]}  {line.criterion.says}"
    if line.state == "later":
        return f"{text} (after: {rests_on})"
    finding = line.finding
    if finding is None or finding.met or not told:
        return text
    detail = f"expected {finding.expected}; found {finding.found}. Look at {finding.look}."
    return f"{text}\n{indent(fill(detail, WIDTH - 11), ' ' * 11)}"


class ExerciseSession:
    """One exercise in one lesson; made by ``lesson.exercise(id)``, which sets it up."""

    def __init__(self, exercise: Exercise, place: Place, record: Record) -> None:
        self.exercise = exercise
        self._place = place
        self._record = record
        self._hints = 0

    def __repr__(self) -> str:
        done = [f"  - {criterion.says}" for criterion in self.exercise.criteria]
        return "\n".join([fill(self.exercise.goal, WIDTH), "Done when:", *done])

    def begin(self) -> None:
        """Make the start state, and remember that it was begun."""
        self.exercise.setup(self._place)
        self._record.remember("begun", self.exercise.id)

    def check(self) -> Result:
        """Look at the state; changes nothing, and may be repeated. The outcome is remembered."""
        lines = check(self.exercise, self._place)
        result = Result(self.exercise, lines, is_attempted(self.exercise, self._place))
        if result.outcome == "not attempted":
            return result
        met = tuple(line.criterion.id for line in lines if line.state == "met")
        notice = self._record.remember(
            "checked", self.exercise.id, response=met, outcome=result.outcome
        )
        return Result(self.exercise, lines, result.attempted, notice)

    def hint(self) -> Told:
        """The next of three hints; the last one stays, and says where the solution is."""
        hints, notice, id = self.exercise.hints, "", self.exercise.id
        if self._hints < len(hints):
            self._hints += 1
            notice = self._record.remember("hinted", id, detail=str(self._hints))
        line = f"Hint {self._hints} of {len(hints)}: {hints[self._hints - 1]}"
        after = f'One solution: lesson.solution("{id}")' if self._hints == len(hints) else ""
        return Told((line, *filter(None, [after, notice])))

    def solution(self, part: str = "") -> Told:
        """One solution as code to read, and why it is one; seeing it is remembered.

        A long one has parts, which begin with a comment: *part* is the comment's first word.
        """
        notice = self._record.remember("revealed", self.exercise.id)
        code = source_of(self.exercise)
        lines = (part_of(code, part) if part else code, self.exercise.rationale)
        return Listing((*lines, *filter(None, [notice])))

    def solve(self) -> None:
        """Clear away what was tried, and let the solution act: the state then meets every criterion."""
        self.cleanup()
        self.exercise.setup(self._place)
        self.exercise.solve(self._place)
        self._record.remember("revealed", self.exercise.id)

    def cleanup(self) -> None:
        """Remove what the exercise has made; nothing there is no error."""
        self.exercise.cleanup(self._place)


class Listing(Told):
    """Told, with the first part kept as it is laid out: code."""

    def __repr__(self) -> str:
        code, *rest = self.lines
        return "\n".join([code, *(fill(line, WIDTH) for line in rest)])


def source_of(exercise: Exercise) -> str:
    """The solution as a learner could paste it: the place it acts on, and the body that acts."""
    lines = inspect.getsource(exercise.solve).splitlines()
    body = dedent("\n".join(lines[1:])).strip()
    return f"{GIVEN[exercise.done_in]}\n{body}"


def part_of(code: str, part: str) -> str:
    """The lines from the comment that begins with this word to the next comment.

    Raises LookupError, which names the parts there are.
    """
    parts = dict(re.findall(r"^# (\S+) (.*?)(?=^# |\Z)", code, re.MULTILINE | re.DOTALL))
    if part not in parts:
        raise LookupError(f"There is no part {part!r}; there are: {', '.join(parts) or 'none'}.")
    return f"# {part} {parts[part]}".rstrip()
