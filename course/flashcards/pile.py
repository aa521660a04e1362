"""A pile: what is due, one card at a time, each turned and rated, or answered if it is a question."""

from collections.abc import Iterable

from course.checkpoints.checkpoint import Checkpoint, Told
from course.checkpoints.row import Row
from course.flashcards.recall import Recall
from course.flashcards.stack import Held
from course.progress.record import Record
from course.questions.bank import Bank
from course.questions.grading import BadResponse


class Pile(Row[Checkpoint | Recall]):
    """Cards one after the other; made by ``lesson.due_cards()``. ``.rate("good")`` rates the one shown."""

    one, so_far = "Card", "done"

    def rate(self, rating: str) -> Told:
        """Say how well the card shown was known. Raises BadResponse for a question: its answer says it."""
        shown = self._shown
        if isinstance(shown, Recall):
            return shown.rate(rating)
        raise BadResponse("This one is a question: .answer(...) it, and its answer is the rating.")


def asked_again(held: Iterable[Held], record: Record, bank: Bank) -> list[Checkpoint | Recall]:
    """What is held, ready to be asked; an answer counts for the lesson that it comes from."""
    return [
        Recall(one.card, _of(one, record))
        if one.card
        else Checkpoint(bank.question(one.id), _of(one, record), one.lesson, restore=False)
        for one in held
    ]


def _of(held: Held, record: Record) -> Record:
    return Record(held.lesson, record.journal, record.now)
