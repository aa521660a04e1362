"""A prediction: an answer committed before a cell runs, shown beside the outcome afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from course.checkpoints.checkpoint import Checkpoint, Told
from course.checkpoints.form import Form
from course.questions.grading import Grade, Outcome, grade

COMMITTED = "Committed. Run the next cell, then compare."
LATE = "Kept for the next run from the top: in this one it has come out already."
SINCE = "The first outcome of a run counts, and it was another: something has changed since."
UNFORESEEN = "No answer on offer came true: was something changed before this cell ran?"


class Prediction(Checkpoint):
    """A question whose key is what is observed; made by ``lesson.predict(id)``.

    ``p.answer("b")`` commits; ``p.outcome(observed)`` shows both side by side.
    """

    remembered_as = "predicted"
    _has_come = False
    _counted: str | None = None

    def respond(self, ids: Sequence[str]) -> None:
        """Commit option ids; nothing is said of right or wrong before the outcome is known."""
        result = grade(self.question, ids)
        if result.outcome is not Outcome.NOT_ATTEMPTED:
            self._commit(tuple(ids))
            notice = self._record.remember("committed", self.question.id, response=tuple(ids))
            self.state.notice = notice
        elif not self.state.response:
            self.state.summary = result.summary
        self._changed()

    def form(self) -> Form:
        """As a checkpoint's, without the Solution button: the solution is what comes."""
        return replace(super().form(), asks="Predict: choose one.", button="Commit", reveals=False)

    def outcome(self, observed: Any) -> Told:
        """What was predicted and what came, side by side, and why.

        *observed* is matched against what each option stands for; a prediction
        that was not committed is not graded. The first outcome of a run counts: a cell
        that runs again, in a world that has moved on, changes no grade.
        """
        if self._counted is not None and self._counted != str(observed):
            return Told((f"It was: {self._counted}", f"It is now: {observed}", SINCE))
        self._has_come = True
        came = self._came_true(str(observed))
        self._counted = str(observed) if came else None
        if not self.state.response:
            return Told(
                ("You predicted: nothing yet.", f"It was: {observed}", self.question.rationale)
            )
        predicted = self.state.response[0]
        why = self.option(predicted).feedback if came else UNFORESEEN
        self._grade(predicted, predicted == came, why, f"It was: {observed}")
        return Told(
            (
                f"You predicted: {self.option(predicted).text}",
                f"It was: {observed}",
                f"{self.state.summary} {why}",
                self.question.rationale,
                *self._notice(),
            )
        )

    def _came_true(self, observed: str) -> str:
        """The id of the option whose value was observed, or ""; the key, where none has a value."""
        values = {one.value: one.id for one in self.question.options if one.value is not None}
        return values.get(observed, "") if values else self.question.key[0]

    def _grade(self, predicted: str, right: bool, feedback: str, came: str) -> None:
        outcome = Outcome.RIGHT if right else Outcome.WRONG
        summary = "As predicted." if right else "Not as predicted."
        told = ((predicted, feedback),)
        self._apply((predicted,), Grade(outcome, summary, told))
        self.state.why = f"{came}. {self.question.rationale}"
        self.state.notice = self._record.remember(
            self.remembered_as, self.question.id, response=(predicted,), outcome=outcome
        )
        self._changed()

    def _commit(self, ids: tuple[str, ...]) -> None:
        self.state.response, self.state.outcome = ids, Outcome.NOT_ATTEMPTED
        self.state.summary = LATE if self._has_come else COMMITTED
        self.state.feedback, self.state.why = (), ""

    def _standing(self) -> str:
        if self.state.summary in (COMMITTED, LATE):
            return f"You predict: {self.letters(self.state.response)[0]}. {self.state.summary}"
        return super()._standing()

    def _restore(self) -> None:
        """Show the last commitment, if the question still has that option."""
        remembered = self._record.item(self.question.id)
        last = remembered.committed or remembered.last
        if last is None or not set(last.response) <= set(self.question.by_id):
            return  # the question has changed since; it is asked anew
        if last.response:
            self._commit(last.response)
