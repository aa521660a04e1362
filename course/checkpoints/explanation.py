"""An explanation: a reason in the learner's own words, and a model answer to compare it with."""

from textwrap import fill

from course.checkpoints.checkpoint import WIDTH, State, Told, as_text
from course.checkpoints.form import NOT_YET, Form
from course.checkpoints.item import Item
from course.progress.record import Record
from course.questions.model import Explanation


class Explain(Item):
    """One explanation asked for in one lesson; made by ``lesson.explain(id)``.

    It is not graded: the model answer appears after the learner's own.
    """

    def __init__(self, explanation: Explanation, record: Record) -> None:
        super().__init__()
        self.explanation = explanation
        self.state = State()
        self.text = ""
        self._record = record
        last = record.item(explanation.id).last
        if last is not None:
            self._show(last.detail)

    def __repr__(self) -> str:
        stem = fill(self.explanation.stem, WIDTH)
        if not self.text:
            return f'{stem}\nNot attempted yet; by code: .answer("because ...")'
        return f"{stem}\nYour words: {self.text}\nA model answer: {self.explanation.model_answer}"

    def form(self) -> Form:
        return Form(
            kind="text",
            stem=self.explanation.stem,
            asks="Write it in your own words.",
            button="Compare",
            text=self.text,
            outcome=self.state.outcome,
            summary=self.state.summary or NOT_YET,
            solution_title="A model answer",
            solution=self.state.solution,
            notice=self.state.notice,
        )

    def answer(self, text: str) -> Told:
        """Keep the learner's words and show the model answer; empty words are not kept."""
        words = as_text(text).strip()
        if not words:
            return Told(("Not attempted yet: write a sentence, then compare.",))
        self._show(words)
        self.state.notice = self._record.remember("explained", self.explanation.id, detail=words)
        self._changed()
        notice = (self.state.notice,) if self.state.notice else ()
        return Told(
            (f"Your words: {words}", f"A model answer: {self.explanation.model_answer}", *notice)
        )

    def _show(self, words: str) -> None:
        self.text, self.state.solution = words, (self.explanation.model_answer,)
        self.state.outcome, self.state.summary = (
            "given",
            "Compare your words with the model answer.",
        )
