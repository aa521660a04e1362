"""The box: where cards are put, changed and thrown away; each move is a line of the journal."""

from course.checkpoints.checkpoint import Told, as_text
from course.exercises.blank import Blank, NotAttempted
from course.flashcards.deck import Deck, card_id, fold
from course.progress.events import writable
from course.progress.record import Record


def deck(record: Record) -> Deck:
    """The learner's cards, of all lessons."""
    return fold(record.events())


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
