"""Recall: one of the learner's own cards, asked again; the back follows the words, or a click.

Nothing is graded: whoever wrote the card can tell. What was said is kept.
"""

from textwrap import fill

from course.checkpoints.checkpoint import WIDTH, State, Told, as_text
from course.checkpoints.form import NOT_YET, Form
from course.checkpoints.item import Item
from course.flashcards.deck import Card
from course.progress.record import Record

TURNED = "Compare your words with the back."


class Recall(Item):
    """One card on the table, its front up; ``.answer("words")`` turns it, as does ``.solution()``."""

    def __init__(self, card: Card, record: Record) -> None:
        super().__init__()
        self.card = card
        self.state = State()
        self.text = ""
        self._record = record

    def __repr__(self) -> str:
        front = fill(f"Your card: {self.card.front}", WIDTH)
        if not self.state.solution:
            return f'{front}\nNot turned yet; by code: .answer("your words") or .solution()'
        said = [f"Your words: {self.text}"] if self.text else []
        return "\n".join([front, *said, f"The back: {self.card.back}"])

    def form(self) -> Form:
        return Form(
            kind="text",
            stem=self.card.front,
            asks="A card of yours: say it from memory.",
            button="Compare",
            text=self.text,
            outcome=self.state.outcome,
            summary=self.state.summary or NOT_YET,
            reveals=True,
            solution_title="The back",
            solution=self.state.solution,
            notice=self.state.notice,
        )

    def answer(self, text: str) -> Told:
        """Keep the learner's words and turn the card; empty words do not turn it."""
        words = as_text(text).strip()
        if not words:
            return Told(("Not attempted yet: say it from memory, then compare.",))
        self.text = words
        self.state.outcome, self.state.summary = "given", TURNED
        return self._turn(f"Your words: {words}")

    def solution(self) -> Told:
        """Turn the card without a word."""
        return self._turn()

    def _turn(self, *said: str) -> Told:
        self.state.solution = tuple(self.card.back.splitlines())
        self.state.notice = self._record.remember("recalled", self.card.id, detail=self.text)
        self._changed()
        notice = (self.state.notice,) if self.state.notice else ()
        return Told((*said, f"The back: {self.card.back}", *notice))
