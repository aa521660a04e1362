"""The warm-up: what was missed before comes back at the beginning of a lesson, and a card of one's own.

Until there is a schedule, what comes back are the questions whose answers were
not right yet, the longest ago first; then cards that the learner wrote, those
first that were not seen for longest.
"""

from collections.abc import Iterable, Sequence

from course.checkpoints.checkpoint import Checkpoint, Told
from course.flashcards.box import deck
from course.flashcards.recall import Recall
from course.progress.record import Record
from course.progress.summary import Summary
from course.questions.bank import Bank

AT_MOST = 3


def missed_questions(summary: Summary, bank: Bank) -> list[tuple[str, str]]:
    """(lesson, id) of questions not right yet that still exist, the longest ago first."""
    return [
        (lesson, id)
        for lesson, id in summary.missed()
        if id in bank.questions and _was_a_question(summary, lesson, id)
    ]


def _was_a_question(summary: Summary, lesson: str, id: str) -> bool:
    """A prediction belongs before its cell, and does not come back alone."""
    last = summary.item(lesson, id).last
    return last is not None and last.kind == "answered"


def warmup(record: Record, bank: Bank) -> "Warmup":
    """What comes back now; answers count for the lesson in which the question was missed.

    Three in all, and one of them is a card where there are cards: whoever has
    missed much still meets what they wrote.
    """
    missed, cards = missed_questions(record.summary(), bank), deck(record)
    due = missed[: AT_MOST - bool(cards)]
    asked = cards.longest_ago(AT_MOST - len(due))
    return Warmup(
        (
            Checkpoint(bank.question(id), Record(lesson), lesson, restore=False)
            for lesson, id in due
        ),
        (Recall(card, Record(card.lesson)) for card in asked),
    )


class Warmup:
    """Up to three questions and cards, one under the other; the repr is all of them in plain text."""

    def __init__(self, questions: Iterable[Checkpoint], cards: Iterable[Recall] = ()) -> None:
        self.questions, self.cards = tuple(questions), tuple(cards)
        self._items: tuple[Checkpoint | Recall, ...] = (*self.questions, *self.cards)

    def __repr__(self) -> str:
        if not self._items:
            return "Nothing to repeat: no question is open."
        return "\n\n".join([*self._head(), *map(repr, self._items)])

    def _head(self) -> list[str]:
        count = len(self.questions)
        if count > 1:
            return [f"{count} that were not right yet:"]
        return ["One that was not right yet:"] if count else []

    def __getitem__(self, place: int) -> Checkpoint | Recall:
        """``lesson.warmup()[0].answer("b")`` answers the first by code."""
        return self._items[place]

    def __len__(self) -> int:
        return len(self._items)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if not self._items:
            print(repr(self))
        for item in self._items:
            display(item)  # type: ignore[no-untyped-call]


def told_at_the_end(
    summary: Summary, lesson: str, bank: Bank, untried: Sequence[str], left: str, following: str
) -> Told:
    """The last cell of a lesson: what was missed, what was not tried, what is left, what is next."""
    attempted, right = summary.counts(lesson)
    missed = [id for name, id in missed_questions(summary, bank) if name == lesson]
    lines = [f"{right} of {attempted} right." if attempted else "Nothing answered yet."]
    if missed:
        lines.append(f"These come back in the next warm-up: {', '.join(missed)}.")
    if untried:
        lines.append(f"Not attempted: {', '.join(untried)}.")
    return Told((*lines, left, following))
