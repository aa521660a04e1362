"""Cards of closing tables: a card for each row of the last table of a lesson. Pure.

The first column is asked, the others are the answer. A card is known by its lesson and its first
column, so that better words in the others keep its schedule.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from course.curriculum.closing import Closing
from course.flashcards.deck import Card


def cards_of(tables: Iterable[Closing], finished: Mapping[str, datetime]) -> tuple[Card, ...]:
    """The cards of the lessons that are *finished*, each from the moment at which it was."""
    return tuple(
        _card(table, row, finished[table.entry.name])
        for table in tables
        if table.entry.name in finished
        for row in table.rows
    )


def table_id(lesson: str, first: str) -> str:
    """The id of the card of a row, by its lesson and its first column."""
    return f"table-{sha256(f'{lesson}/{first}'.encode()).hexdigest()[:12]}"


def _card(table: Closing, row: tuple[str, ...], at: datetime) -> Card:
    name, (asked, *answers), (about, *heads) = table.entry.name, row, table.head
    return Card(
        front=f"{_large(f'{about}: {asked}' if about else asked)} → {', '.join(heads)}?",
        back=answers[0] if len(answers) == 1 else _by_column(heads, answers),
        lesson=name,
        seen_at=at,
        begun_at=at,
        table=table.heading,
        key=table_id(name, asked),
    )


def _by_column(heads: list[str], answers: list[str]) -> str:
    return "\n".join(f"{head}: {answer}" for head, answer in zip(heads, answers, strict=True))


def _large(text: str) -> str:
    """With a capital at its beginning; code stays as it is written."""
    return text[:1].upper() + text[1:]
