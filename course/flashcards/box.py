"""The box: where cards are put, changed and thrown away; each move is a line of the journal."""

from dataclasses import replace
from datetime import datetime

from course.checkpoints.checkpoint import Told, as_text
from course.curriculum.closing import closings
from course.exercises.blank import Blank, NotAttempted
from course.flashcards.deck import Deck, card_id, fold
from course.flashcards.schedule import spoken
from course.flashcards.stack import Stack, stack
from course.progress.events import writable
from course.progress.record import Record
from course.questions.bank import Bank


def deck(record: Record) -> Deck:
    """The learner's cards, of all lessons."""
    return fold(record.events())


def stack_of(record: Record, bank: Bank) -> Stack:
    """Everything that comes back: own cards, tables of finished lessons, questions missed."""
    return stack(record.events(), bank, closings())


def listed(record: Record, bank: Bank) -> Deck:
    """The learner's cards, and below them what else comes back, and how much of it is due now."""
    own, all_of_it, now = deck(record), stack_of(record, bank), record.now()
    if not all_of_it.held:
        return own
    tables, missed = len(all_of_it.of("table")), len(all_of_it.of("missed"))
    also = [f"{tables} of closing tables"] if tables else []
    also += [f"{missed} missed questions" if missed > 1 else "1 missed question"] if missed else []
    more = f"Beside them: {' and '.join(also)}. " if also else ""
    return replace(own, note=f"{more}{_due(all_of_it, now)}")


def none_due(record: Record, bank: Bank) -> Told:
    """What is said when no card is due."""
    held = stack_of(record, bank)
    return Told((_due(held, record.now()) if held.held else "Nothing comes back yet.",))


def _due(held: Stack, now: datetime) -> str:
    due = len(held.due(now))
    if due:
        return f"Due now: {due}."
    return f"None is due now; the next {spoken(held.next_due or now, now)}."


def keep(record: Record, front: str, back: str) -> Told:
    """Keep a card; one with this front is changed, and the same card again changes nothing.

    Raises NotAttempted for a blank that is still in its place, ValueError for
    an empty side, BadResponse for what is no text.
    """
    front, back = _side("front", front), _side("back", back)
    before = {card.id: card for card in deck(record).cards}
    known = before.get(card_id(front))
    if known and known.back == back:
        return Told((f"Kept already; {_counted(len(before))}",))
    notice = record.remember("noted", card_id(front), response=(front, back))
    did = "Changed" if known else "Kept"
    count = len(before) + (known is None)
    return Told((f"{did}; {_counted(count)}", *filter(None, [notice])))


def drop(record: Record, front: str) -> Told:
    """Throw the card with this front away. Raises UnknownCard."""
    held = deck(record)
    card = held.find(as_text(front))
    notice = record.remember("dropped", card.id)
    return Told((f"Thrown away; {_counted(len(held) - 1)}", *filter(None, [notice])))


def _side(name: str, text: str) -> str:
    if isinstance(text, Blank):
        raise NotAttempted(f"Not attempted yet, one blank in your card: its {name}.")
    written = writable(as_text(text).strip())
    if not written:
        raise ValueError(f"A card has two sides, and its {name} is empty: write a few words.")
    return written


def _counted(count: int) -> str:
    if count == 1:
        return "you have 1 card, and it comes back in warm-ups."
    return f"you have {count} cards, and they come back in warm-ups." if count else "none is left."
