"""A checkpoint: one question asked, answered, and remembered.

The same object serves the mouse, the keyboard and a line of code:
``q.answer("b")``, ``q.hint()``, ``q.solution()``. Its repr is the question in
plain text, for front ends without widgets, for screen readers and for tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from textwrap import fill, indent

from course.checkpoints.form import NOT_YET, Choice, Form
from course.checkpoints.item import Item
from course.exercises.blank import Blank
from course.progress.record import Record
from course.questions.grading import BadResponse, Grade, Outcome, grade
from course.questions.model import Option, Question
from course.questions.order import ids_for, shown

WIDTH = 96

ASKS = {
    "single": "Choose one.",
    "multiple": "Choose all that are right.",
    "ordering": "Put the steps in order.",
}


@dataclass(frozen=True)
class Told:
    """What the learner is told after an action; the repr is the text, ids in it kept whole."""

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(fill(line, WIDTH, break_on_hyphens=False) for line in self.lines)


def as_text(answer: object) -> str:
    """The answer as text; a blank still in its place is no answer. Raises BadResponse for the rest."""
    if isinstance(answer, Blank):
        return ""
    if not isinstance(answer, str):
        raise BadResponse(f'Answer with text in quotes, such as "b" or "a c", and not {answer!r}.')
    return answer


@dataclass
class State:
    """Where a checkpoint stands; the view shows this and the question."""

    response: tuple[str, ...] = ()
    outcome: str = Outcome.NOT_ATTEMPTED
    summary: str = ""
    feedback: tuple[tuple[str, str], ...] = ()
    why: str = ""
    hints: list[str] = field(default_factory=list)
    solution: tuple[str, ...] = ()
    notice: str = ""


class Checkpoint(Item):
    """One question in one lesson; made by ``lesson.checkpoint(id)``."""

    remembered_as = "answered"

    def __init__(
        self, question: Question, record: Record, seed: str, *, restore: bool = True
    ) -> None:
        super().__init__()
        self.question = question
        self.options = shown(question, seed)
        self.state = State()
        self._record = record
        if restore:
            self._restore()

    def __repr__(self) -> str:
        lines = [fill(self.question.stem, WIDTH), *self._option_lines(), self._standing()]
        return "\n".join(lines)

    def _option_lines(self) -> list[str]:
        lettered = zip(ascii_lowercase, self.options, strict=False)
        return [indent(f"{letter}) {option.text}", "  ") for letter, option in lettered]

    def _standing(self) -> str:
        if self.state.outcome == Outcome.NOT_ATTEMPTED:
            letters = "its letters" if self._many() else "its letter"
            return f'{ASKS[self.question.kind]} Not attempted yet; by code: .answer("{letters}")'
        chosen = ", ".join(self.letters(self.state.response))
        return f"Your answer: {chosen}. {self.state.summary}"

    @property
    def done(self) -> bool:
        """Whether it is right."""
        return self.state.outcome == Outcome.RIGHT

    def _many(self) -> bool:
        return self.question.kind != "single"

    def form(self) -> Form:
        return Form(
            kind=self.question.kind,
            stem=self.question.stem,
            asks=ASKS[self.question.kind],
            button="Check",
            choices=tuple(self._choice(option) for option in self.options),
            response=self.state.response,
            outcome=self.state.outcome,
            summary=self.state.summary or NOT_YET,
            why=self.state.why,
            hints=tuple(self.state.hints),
            hints_in_all=len(self.question.hints),
            reveals=True,
            solution=self.state.solution,
            notice=self.state.notice,
        )

    def _choice(self, option: Option) -> Choice:
        feedback = dict(self.state.feedback).get(option.id, "")
        mark = ""
        if feedback:
            mark = "right" if self._is_right(option) else "not right"
        return Choice(option.id, self.letters([option.id])[0], option.text, mark, feedback)

    def _is_right(self, option: Option) -> bool:
        """Whether a graded option was right; only several chosen can differ among themselves."""
        if self.question.kind == "multiple":
            return option.right
        return self.state.outcome == Outcome.RIGHT

    def letters(self, ids: Sequence[str]) -> list[str]:
        """The letters of options as they are shown here."""
        shown_ids = [option.id for option in self.options]
        return [ascii_lowercase[shown_ids.index(one)] for one in ids]

    def option(self, id: str) -> Option:
        return self.question.by_id[id]

    def answer(self, answer: str) -> Told:
        """Answer by the letters shown or by option ids, such as ``"b"`` or ``"a c"``.

        Raises BadResponse for an answer that the question cannot have.
        """
        ids = ids_for(as_text(answer), self.options)
        if unknown := [one for one in ids if one not in self.question.by_id]:
            last = ascii_lowercase[len(self.options) - 1]
            raise BadResponse(
                f"There is no option {unknown[0]!r} here: answer with letters from a to {last}."
            )
        self.respond(ids)
        return Told(self._answer_lines())

    def respond(self, ids: Sequence[str]) -> None:
        """Grade option ids, remember the answer, show it. An empty answer is not remembered."""
        result = grade(self.question, ids)
        self._apply(tuple(ids), result)
        if result.outcome is not Outcome.NOT_ATTEMPTED:
            self.state.notice = self._record.remember(
                self.remembered_as, self.question.id, response=tuple(ids), outcome=result.outcome
            )
        self._changed()

    def hint(self) -> Told:
        """The next of three hints; the last one stays. An exam item has none, as in the exam."""
        given, hints = len(self.state.hints), self.question.hints
        if not hints:
            return Told(("There is no hint to this one, as in the exam; .solution() tells all.",))
        if given < len(hints):
            self.state.hints.append(hints[given])
            self.state.notice = self._record.remember(
                "hinted", self.question.id, detail=str(given + 1)
            )
            self._changed()
        number = len(self.state.hints)
        return Told((f"Hint {number} of {len(hints)}: {self.state.hints[-1]}", *self._notice()))

    def solution(self) -> Told:
        """The right answer and why; seeing it is remembered, and no shame."""
        right = [f"{letter}) {self.option(one).text}" for one, letter in self._key()]
        self.state.solution = (*right, self.question.rationale)
        self.state.notice = self._record.remember("revealed", self.question.id)
        self._changed()
        return Told(("Solution:", *self.state.solution, *self._notice()))

    def _key(self) -> list[tuple[str, str]]:
        key = self.question.key
        return list(zip(key, self.letters(key), strict=True))

    def _answer_lines(self) -> tuple[str, ...]:
        told = [f"{self.letters([one])[0]}) {text}" for one, text in self.state.feedback]
        why = (self.state.why,) if self.state.why else ()
        return (self.state.summary, *told, *why, *self._notice())

    def _notice(self) -> tuple[str, ...]:
        return (self.state.notice,) if self.state.notice else ()

    def _apply(self, ids: tuple[str, ...], result: Grade) -> None:
        self.state.response, self.state.outcome = ids, result.outcome
        self.state.summary, self.state.feedback = result.summary, result.feedback
        self.state.why = self.question.rationale if result.outcome is Outcome.RIGHT else ""

    def _restore(self) -> None:
        """Show the last answer given, if the question still has those options."""
        last = self._record.item(self.question.id).last
        if last is None:
            return
        try:
            self._apply(last.response, grade(self.question, last.response))
        except BadResponse:
            return  # the question has changed since; it is asked anew
