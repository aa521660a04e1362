"""Recall: a card asked again; the back follows the words, or a click, and then a rating.

Nothing is graded: whoever turned the card can tell. What was said is kept, and how well it was
known decides when the card comes back.
"""

from collections.abc import Sequence
from textwrap import fill

from course.checkpoints.checkpoint import WIDTH, State, Told, as_text
from course.checkpoints.form import NOT_YET, Form
from course.checkpoints.item import Item
from course.curriculum.closing import plain
from course.flashcards.deck import Card
from course.flashcards.schedule import RATINGS, spoken, standing
from course.flashcards.stack import reviews_of
from course.progress.record import Record
from course.questions.grading import BadResponse

TURNED = "Compare with the back: how well did you know it?"


class Recall(Item):
    """One card on the table, its front up; ``.answer("words")`` turns it, as does ``.solution()``.

    ``.rate("good")`` then says when it comes back.
    """

    def __init__(self, card: Card, record: Record) -> None:
        super().__init__()
        self.card = card
        self.state = State()
        self.text = self.rating = ""
        self._record = record

    def __repr__(self) -> str:
        front = fill(f"{self._whose()}: {plain(self.card.front)}", WIDTH)
        if not self.state.solution:
            return f'{front}\nNot turned yet; by code: .answer("your words") or .solution()'
        said = [f"Your words: {self.text}"] if self.text else []
        how = (
            self.state.summary
            if self.rating
            else f"By code: .rate({' | '.join(map(repr, RATINGS))})"
        )
        return "\n".join([front, *said, self._back(), how])

    def _whose(self) -> str:
        return (
            f"From the table {self.card.table!r} of {self.card.lesson}"
            if self.card.table
            else "Your card"
        )

    def _back(self) -> str:
        return f"The back: {plain(self.card.back) if self.card.table else self.card.back}"

    @property
    def done(self) -> bool:
        """Whether it was rated."""
        return bool(self.rating)

    def form(self) -> Form:
        return Form(
            kind="text",
            stem=self.card.front,
            asks=f"{self._whose() if self.card.table else 'A card of yours'}: say it from memory.",
            button="Compare",
            text=self.text,
            outcome=self.state.outcome,
            summary=self.state.summary or NOT_YET,
            reveals=True,
            solution_title="The other side",
            solution=self.state.solution,
            notice=self.state.notice,
            ratings=tuple(RATINGS) if self.state.solution else (),
            rating=self.rating,
        )

    def answer(self, text: str) -> Told:
        """Keep the learner's words and turn the card; empty words do not turn it."""
        words = as_text(text).strip()
        if not words:
            return Told(("Not attempted yet: say it from memory, then compare.",))
        self.text = words
        return self._turn(f"Your words: {words}")

    def solution(self) -> Told:
        """Turn the card without a word."""
        return self._turn()

    def rate(self, rating: str) -> Told:
        """Say how well it was known, which decides when it comes back: again, hard, good, easy.

        Once for each time that it is asked. Raises BadResponse before it is turned, and for
        another word.
        """
        if rating not in RATINGS:
            raise BadResponse(f"Rate it with one of {', '.join(RATINGS)}, and not {rating!r}.")
        if not self.state.solution:
            raise BadResponse("Turn the card first: .answer(...) or .solution(); then rate it.")
        if not self.rating:
            self.rating = rating
            self.state.notice = self._record.remember("rated", self.card.id, outcome=rating)
            self.state.summary = f"{rating.capitalize()}: it comes back {self._when()}."
            self._changed()
        return Told((self.state.summary, *self._notice()))

    def _when(self) -> str:
        reviews = reviews_of(self.card.id, self._record.events())
        due = standing(self.card.begun_at or self.card.seen_at, reviews).due
        when = spoken(due, self._record.now())
        return "in the next warm-up" if when == "now" else when

    def respond(self, ids: Sequence[str]) -> None:
        """A card has no options. Raises BadResponse."""
        raise BadResponse(f"A card takes words, and not {', '.join(ids)}.")

    def hint(self) -> Told:
        """A card has none."""
        return Told(("There is no hint to a card; .solution() turns it.",))

    def _turn(self, *said: str) -> Told:
        self.state.solution = tuple(self.card.back.splitlines())
        self.state.outcome = "given"
        self.state.summary = self.state.summary or TURNED
        self.state.notice = self._record.remember("recalled", self.card.id, detail=self.text)
        self._changed()
        return Told((*said, self._back(), *self._notice()))

    def _notice(self) -> tuple[str, ...]:
        return (self.state.notice,) if self.state.notice else ()
