"""The deck: the learner's own cards, as a fold over the journal's events. Pure.

A card is known by its front: written again with another back, it is the same
card, changed. Cards belong to the learner and not to a lesson, so beginning a
lesson anew leaves them alone. When a card is due is the schedule's matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from textwrap import fill, indent

from course.progress.events import Event

WIDTH = 96

EMPTY = 'No cards yet: lesson.card("front", "back") keeps one.'


class UnknownCard(LookupError):
    """No card has this front; the message names the nearest."""


@dataclass(frozen=True)
class Card:
    """One card. *seen_at* is when it was last written or recalled, by the wall clock.

    *table* is the heading of the closing table it was made of, empty for a card that the
    learner wrote; *key* is the id of one that is not known by its front.
    """

    front: str
    back: str
    lesson: str
    seen_at: datetime
    recalls: int = 0
    begun_at: datetime | None = None
    table: str = ""
    key: str = ""

    @property
    def id(self) -> str:
        """What the journal knows the card by."""
        return self.key or card_id(self.front)


def card_id(front: str) -> str:
    """The id of the card with this front; spaces and line ends do not make another card."""
    return f"card-{sha256(' '.join(front.split()).encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Deck:
    """The learner's cards, in the order in which they were first written; the repr lists them.

    *note* is said below them: what else there is to repeat, and how much of it now.
    """

    cards: tuple[Card, ...] = ()
    note: str = ""

    def __repr__(self) -> str:
        note = [fill(self.note, WIDTH)] if self.note else []
        if not self.cards:
            return "\n".join([EMPTY, *note])
        count = "1 card" if len(self.cards) == 1 else f"{len(self.cards)} cards"
        return "\n".join([f"{count}:", *map(_listed, self.cards), *note])

    def __len__(self) -> int:
        return len(self.cards)

    def find(self, front: str) -> Card:
        """The card with this front. Raises UnknownCard."""
        by_id = {card.id: card for card in self.cards}
        if card_id(front) in by_id:
            return by_id[card_id(front)]
        near = get_close_matches(front, [card.front for card in self.cards], n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise UnknownCard(f"There is no card with the front {front!r}{hint}")


def _listed(card: Card) -> str:
    return "\n".join(
        [
            fill(card.front, WIDTH, initial_indent="- ", subsequent_indent="  "),
            *(indent(fill(line, WIDTH - 4), "    ") for line in card.back.splitlines()),
        ]
    )


def fold(events: Iterable[Event]) -> Deck:
    """Events in order to a deck; kinds that are not about cards are passed over."""
    cards: dict[str, Card] = {}
    for event in events:
        known = cards.get(event.id)
        if event.kind == "noted" and len(event.response) == 2:
            front, back = event.response
            if known:
                cards[event.id] = replace(known, back=back, seen_at=event.at)
            else:
                cards[event.id] = Card(front, back, event.lesson, event.at, begun_at=event.at)
        elif event.kind == "recalled" and known:
            cards[event.id] = replace(known, seen_at=event.at, recalls=known.recalls + 1)
        elif event.kind == "dropped":
            cards.pop(event.id, None)
    return Deck(tuple(cards.values()))
