"""A prediction: an answer committed before a cell runs, shown beside the outcome afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from course.checkpoints.checkpoint import Checkpoint, Told
from course.checkpoints.form import Form
from course.questions.grading import Grade, Outcome, grade

COMMITTED = "Committed. Run the next cell, then compare."


class Prediction(Checkpoint):
    """A question whose key is what is observed; made by ``lesson.predict(id)``.

    ``p.answer("b")`` commits; ``p.outcome(observed)`` shows both side by side.
    """

    remembered_as = "predicted"

    def respond(self, ids: Sequence[str]) -> None:
        """Commit option ids; nothing is said of right or wrong before the outcome is known."""
        result = grade(self.question, ids)
        if result.outcome is not Outcome.NOT_ATTEMPTED:
            self._commit(tuple(ids))
            notice = self._record.remember("committed", self.question.id, response=tuple(ids))
            self.state.notice = notice
        self._changed()

    def form(self) -> Form:
        """As a checkpoint's, without the Solution button: the solution is what comes."""
        return replace(super().form(), asks="Predict: choose one.", button="Commit", reveals=False)

    def outcome(self, observed: Any) -> Told:
        """What was predicted and what came, side by side, and why.

        *observed* is matched against what each option stands for; a prediction
        that was not committed is not graded.
        """
        came = self._came_true(str(observed))
        if not self.state.response:
            return Told(
                ("You predicted: nothing yet.", f"It was: {observed}", self.question.rationale)
            )
        predicted = self.state.response[0]
        right = predicted == came
        self._grade(predicted, right, f"It was: {observed}")
        return Told(
            (
                f"You predicted: {self.option(predicted).text}",
                f"It was: {observed}",
                f"{self.state.summary} {self.option(predicted).feedback}",
                self.question.rationale,
                *self._notice(),
            )
        )

    def _came_true(self, observed: str) -> str:
        """The id of the option whose value was observed; the key where none has that value."""
        matching = [one.id for one in self.question.options if one.value == observed]
        return matching[0] if matching else self.question.key[0]

    def _grade(self, predicted: str, right: bool, came: str) -> None:
        outcome = Outcome.RIGHT if right else Outcome.WRONG
        summary = "As predicted." if right else "Not as predicted."
        told = ((predicted, self.option(predicted).feedback),)
        self._apply((predicted,), Grade(outcome, summary, told))
        self.state.why = f"{came}. {self.question.rationale}"
        self.state.notice = self._record.remember(
            self.remembered_as, self.question.id, response=(predicted,), outcome=outcome
        )
        self._changed()

    def _commit(self, ids: tuple[str, ...]) -> None:
        self.state.response, self.state.outcome = ids, Outcome.NOT_ATTEMPTED
        self.state.summary, self.state.feedback, self.state.why = COMMITTED, (), ""

    def _standing(self) -> str:
        if self.state.summary == COMMITTED:
            return f"You predict: {self.letters(self.state.response)[0]}. {COMMITTED}"
        return super()._standing()

    def _restore(self) -> None:
        committed = [
            event
            for event in self._record.events()
            if (event.lesson, event.id) == (self._record.lesson, self.question.id)
            and event.kind in ("committed", self.remembered_as)
            and set(event.response) <= set(self.question.by_id)
        ]
        if committed:
            self._commit(committed[-1].response)
