"""A mock exam in a notebook: begun, answered item by item, submitted; told nothing until the end.

The same object serves the mouse, the keyboard and a line of code:
``exam.begin()``, ``exam.answer("b")``, ``exam.next()``, ``exam.flag()``, ``exam.review()``,
``exam.submit()``. Whatever is given is in the journal before it is shown as given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from string import ascii_lowercase
from typing import Any

from course.checkpoints.checkpoint import ASKS, Told, as_text
from course.exam.attempt import ANSWERED, FLAGGED, SUBMITTED, Attempt, Given
from course.exam.beginning import begin
from course.exam.form import ExamForm, Mark, Offer
from course.exam.score import Score, score
from course.exam.words import counted, intro, summary, text_of
from course.progress.record import Record
from course.questions.grading import check_response
from course.questions.model import Option, Question
from course.questions.order import ids_for, shown

CONFIDENCE = ("sure", "unsure")


class NotNow(ValueError):
    """The exam is not where this can be done: not begun, or over. The message says what can be."""


class MockExam:
    """One mock exam; shown, it is a form with a clock. The repr is the same in plain text."""

    def __init__(
        self,
        record: Record,
        questions: Mapping[str, Question],
        now: Callable[[], datetime],
        *,
        version: str,
        items: int,
        seed: str | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        self._record, self._questions, self._now = record, questions, now
        self._version, self._count, self._seed = version, items, seed
        self.attempt = attempt
        self.notice = ""
        self._place = self._first_open()
        self._reviewing = False
        self._listeners: list[Callable[[], None]] = []

    def _first_open(self) -> int:
        """Where a resumed attempt opens: at its first item without an answer."""
        if self.attempt is None or not self.attempt.open_items():
            return 0
        return self.attempt.terms.items.index(self.attempt.open_items()[0])

    # What can be done

    def begin(self) -> "MockExam":
        """Draw the items and start the clock; one that is under way goes on. Raises TooFewItems."""
        if self.attempt is None:
            self.attempt, self.notice = begin(
                self._record, self._questions, self._version, self._count, self._seed
            )
            self._place = 0
        self._changed()
        return self

    def answer(self, answer: str, sure: bool | None = None) -> "MockExam":
        """Answer the item shown by the letters or the option ids, ``"b"`` or ``"a c"``; "" takes it back.

        *sure* is kept beside it: what was sure and wrong comes first in the report.
        Raises NotNow, and BadResponse for an answer that the item cannot have.
        """
        confidence = "" if sure is None else CONFIDENCE[not sure]
        ids = ids_for(as_text(answer), self._options()) if as_text(answer).strip() else []
        self.respond(ids, confidence)
        return self

    def respond(self, ids: Sequence[str], confidence: str | None = None) -> None:
        """Keep option ids, and how sure the learner is; None leaves that as it was."""
        attempt, question = self._running(), self._question()
        if ids:
            check_response(question, ids)
        before = attempt.answers.get(question.id, Given(()))
        given = Given(tuple(ids), before.confidence if confidence is None else confidence)
        self.notice = self._record.remember(
            ANSWERED, attempt.id, response=(question.id, *given.response), detail=given.confidence
        )
        attempt.answers[question.id] = given
        self._changed()

    def flag(self) -> "MockExam":
        """Put a flag on the item shown, or take it away; the review lists flags."""
        attempt, id = self._running(), self._question().id
        on = id not in attempt.flags
        self.notice = self._record.remember(
            FLAGGED, attempt.id, response=(id,), detail="on" if on else "off"
        )
        (attempt.flags.add if on else attempt.flags.discard)(id)
        self._changed()
        return self

    def next(self) -> "MockExam":
        """Show the item after this one; behind the last comes the review."""
        if self._place + 1 == len(self._running().terms.items):
            return self.review()
        return self.go(self._place + 2)

    def back(self) -> "MockExam":
        """Show the item before this one."""
        return self.go(max(self._place, 1))

    def go(self, number: int) -> "MockExam":
        """Show the item of this number, from 1. Raises LookupError for one that there is not."""
        last = len(self._running().terms.items)
        if not 1 <= number <= last:
            raise LookupError(f"There is no item {number}: they are 1 to {last}.")
        self._place, self._reviewing = number - 1, False
        self._changed()
        return self

    def review(self) -> "MockExam":
        """Show all items by number: answered or open, flagged or not."""
        self._running()
        self._reviewing = True
        self._changed()
        return self

    def submit(self) -> Told:
        """End the attempt and grade it. What is open counts as wrong, as in the real exam."""
        attempt = self._running()
        self._end(attempt, self._now(), "by hand")
        self._changed()
        return Told(tuple(summary(attempt, self.score())))

    def score(self) -> Score:
        """What the attempt was worth. Raises NotNow before it is over: an exam tells nothing until then."""
        if self.attempt is None or not self._over():
            raise NotNow("Nothing is told before the end: .submit() ends the attempt.")
        return score(self.attempt, self._questions)

    def look(self) -> None:
        """Notice that the time is over, if it is."""
        self._over()
        self._changed()

    # Where it stands

    @property
    def over(self) -> bool:
        """Whether it was begun, and has ended by hand or by its clock."""
        return self._over()

    def _over(self) -> bool:
        """Whether the attempt is over; one whose time is over is submitted here, once."""
        attempt = self.attempt
        if attempt is None or not attempt.is_over(self._now()):
            return False
        if attempt.submitted is None:
            self._end(attempt, attempt.deadline, "time")
        return True

    def _end(self, attempt: Attempt, at: datetime, how: str) -> None:
        """Each answer becomes one of the learner's answers, so that what was missed comes back."""
        for one in score(attempt, self._questions).items:
            if one.given.response:
                self._record.remember(
                    "answered",
                    one.question.id,
                    response=one.given.response,
                    outcome=one.outcome,
                    detail=attempt.id,
                )
        self.notice = self._record.remember(SUBMITTED, attempt.id, detail=how)
        attempt.submitted = min(at, attempt.deadline)

    def _running(self) -> Attempt:
        if self.attempt is None:
            raise NotNow("Not begun yet: .begin() starts the clock.")
        if self._over():
            raise NotNow("This attempt is over, and its answers stand; see lesson.exam_report().")
        return self.attempt

    def _question(self) -> Question:
        id = self._running().terms.items[self._place]
        if id not in self._questions:
            raise NotNow(f"Item {self._place + 1} was withdrawn from the bank; go on with .next().")
        return self._questions[id]

    def _options(self) -> tuple[Option, ...]:
        attempt = self._running()
        return shown(self._question(), f"{attempt.terms.version}/{attempt.terms.seed}")

    # How it is shown

    def __repr__(self) -> str:
        return text_of(self.form())

    def form(self) -> ExamForm:
        """The exam as a front end shows it."""
        attempt = self.attempt
        if attempt is None:
            return ExamForm("start", tuple(intro(self._version, self._count)), notice=self.notice)
        if self._over():
            return ExamForm("over", tuple(summary(attempt, self.score())), notice=self.notice)
        shown_form = ExamForm(
            "review" if self._reviewing else "item",
            place=self._place + 1,
            places=len(attempt.terms.items),
            seconds_left=attempt.seconds_left(self._now()),
            counted=counted(attempt),
            marks=_marks(attempt),
            notice=self.notice,
        )
        return shown_form if self._reviewing else self._with_item(shown_form, attempt)

    def _with_item(self, form: ExamForm, attempt: Attempt) -> ExamForm:
        id = attempt.terms.items[self._place]
        if id not in self._questions:
            return replace(form, stem="This item was withdrawn from the bank.", kind="single")
        question = self._question()
        given = attempt.answers.get(id, Given(()))
        lettered = zip(ascii_lowercase, self._options(), strict=False)
        return replace(
            form,
            kind=question.kind,
            stem=question.stem,
            asks=ASKS[question.kind],
            offers=tuple(Offer(one.id, letter, one.text) for letter, one in lettered),
            response=given.response,
            confidence=given.confidence,
            flagged=id in attempt.flags,
        )

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear of every change; the view draws itself anew then."""
        self._listeners.append(listener)

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        try:
            from course.exam.view import bundle
        except ImportError:  # no widget packages here: the plain text is the whole of it
            return {"text/plain": repr(self)}
        return bundle(self, **kwargs)


def _marks(attempt: Attempt) -> tuple[Mark, ...]:
    """Every item by its number: answered or open, flagged or not."""
    open_ones = set(attempt.open_items())
    return tuple(
        Mark(place, id not in open_ones, id in attempt.flags)
        for place, id in enumerate(attempt.terms.items, 1)
    )
