"""The warm-up: what is due comes back at the beginning of a lesson, cards first, and few.

Cards are due by their schedule; so is a question that was missed once and right since. One that is
not right yet is due until it is.
"""

from collections.abc import Iterable, Sequence

from course.checkpoints.checkpoint import Checkpoint, Told
from course.flashcards.box import stack_of
from course.flashcards.pile import asked_again
from course.flashcards.recall import Recall
from course.progress.record import Record
from course.progress.summary import Summary
from course.questions.bank import Bank

AT_MOST = 3

NAMED = 6
"""So many questions that were missed are named at the end; an exam may leave dozens."""


def missed_questions(summary: Summary, bank: Bank) -> list[tuple[str, str]]:
    """(lesson, id) of questions not right yet that still exist, the longest ago first."""
    return [
        (lesson, id)
        for lesson, id in summary.missed()
        if id in bank and _was_a_question(summary, lesson, id)
    ]


def _was_a_question(summary: Summary, lesson: str, id: str) -> bool:
    """A prediction belongs before its cell, and does not come back alone."""
    last = summary.item(lesson, id).last
    return last is not None and last.kind == "answered"


def warmup(record: Record, bank: Bank) -> "Warmup":
    """What comes back now; answers count for the lesson in which the question was missed.

    Three in all, and one of them is a card where a card is due: whoever has
    missed much still meets what they wrote.
    """
    due = stack_of(record, bank).due(record.now())
    cards = [one for one in due if one.card]
    questions = [one for one in due if not one.card][: AT_MOST - bool(cards)]
    again = any(one.standing.known for one in questions)
    asked = asked_again([*cards[: AT_MOST - len(questions)], *questions], record, bank)
    return Warmup(asked, "missed before" if again else "not right yet")


class Warmup:
    """Up to three cards and questions, one under the other; the repr is all of them in plain text."""

    def __init__(
        self, items: Iterable[Checkpoint | Recall] = (), were: str = "not right yet"
    ) -> None:
        self._items, self._were = tuple(items), were
        self.cards = tuple(one for one in self._items if isinstance(one, Recall))
        self.questions = tuple(one for one in self._items if isinstance(one, Checkpoint))

    def __repr__(self) -> str:
        if not self._items:
            return "Nothing to repeat: no question is open."
        head = [self._head()] if self.questions else []
        return "\n\n".join([*map(repr, self.cards), *head, *map(repr, self.questions)])

    def _head(self) -> str:
        count = len(self.questions)
        return f"{count} that were {self._were}:" if count > 1 else f"One that was {self._were}:"

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
    if len(missed) > NAMED:
        lines.append(
            f"{len(missed)} were not right yet; they come back in warm-ups, a few at a time."
        )
    elif missed:
        lines.append(f"These come back in the next warm-up: {', '.join(missed)}.")
    if untried:
        lines.append(f"Not attempted: {', '.join(untried)}.")
    return Told((*lines, left, following))
