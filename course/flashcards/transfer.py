"""Cards out and in: a package for Anki, or a CSV file that a spreadsheet opens and this takes back.

To Anki goes everything that comes back: own cards, tables, missed questions. A CSV file holds the
learner's own cards alone; read back, a card with a front that is known is that card, changed.
Nothing that is not in the file is touched, and a file with one bad row is not taken at all.
"""

from pathlib import Path

from course.checkpoints.checkpoint import Told
from course.flashcards.anki import Sides, package
from course.flashcards.box import deck, stack_of
from course.flashcards.deck import card_id
from course.flashcards.rows import NotRead, Row, read, written
from course.flashcards.stack import Held
from course.progress.record import Record
from course.progress.transfer import write_whole
from course.questions.bank import Bank
from course.questions.model import Question

KINDS = (".apkg", ".csv")


def export_cards(record: Record, bank: Bank, file: Path, *, replace: bool = False) -> Told:
    """Write ``.apkg`` for Anki or ``.csv``; a file that is there is left alone unless *replace*.

    Raises ValueError for another kind of file, OSError when it cannot be written.
    """
    if file.suffix not in KINDS:
        raise ValueError(f"Name a file that ends with {' or '.join(KINDS)}, and not {file.name!r}.")
    if file.exists() and not replace:
        return Told((f"{file.name} is there already and left alone; replace=True writes it anew.",))
    if file.suffix == ".csv":
        own = deck(record).cards
        count, data = len(own), written(Row(one.front, one.back, one.lesson) for one in own)
    else:
        notes = [sides(one, bank) for one in stack_of(record, bank).held]
        count, data = len(notes), package(notes, record.now())
    if not count:
        return Told(("There is no card to write yet, so there is no file.",))
    write_whole(file, data)
    cards = "1 card" if count == 1 else f"{count} cards"
    return Told((f"{cards} in {file.name}, beside this notebook.",))


def import_cards(record: Record, file: Path) -> Told:
    """Keep the cards of a CSV file; twice changes nothing.

    Raises NotRead, with the line of each bad row, and nothing is kept then; NotRead too for a file
    that is not there or cannot be read.
    """
    try:
        rows = read(file.read_bytes())
    except OSError as error:
        raise NotRead(f"{file} cannot be read ({error.strerror}); nothing was taken.") from error
    before = {card.id: card.back for card in deck(record).cards}
    new = changed = 0
    notice = ""
    for row in rows:
        id = card_id(row.front)
        if before.get(id) == row.back:
            continue
        new, changed = (new, changed + 1) if id in before else (new + 1, changed)
        before[id] = row.back
        own = Record(row.lesson or record.lesson, record.journal, record.now)
        notice = own.remember("noted", id, response=(row.front, row.back)) or notice
    known = len(rows) - new - changed
    said = f"{new} new, {changed} changed, {known} known already; you have {len(before)} cards."
    return Told((said, *filter(None, [notice])))


def sides(held: Held, bank: Bank) -> Sides:
    """The two sides of anything that comes back; a question shows its options, and why."""
    if held.card:
        return Sides(held.id, held.card.front, held.card.back, held.lesson)
    question = bank.question(held.id)
    return Sides(held.id, _asked(question), _answered(question), held.lesson)


def _asked(question: Question) -> str:
    options = sorted(question.options, key=lambda one: one.id)
    return "\n".join([question.stem, *(f"- {one.text}" for one in options)])


def _answered(question: Question) -> str:
    ordered = question.kind == "ordering"
    right = [question.by_id[id] for id in question.key]
    marks = [f"{number}." for number in range(1, len(right) + 1)] if ordered else ["-"] * len(right)
    lines = [f"{mark} {one.text}" for mark, one in zip(marks, right, strict=True)]
    source = question.sources[0]
    return "\n".join([*lines, question.rationale, f"{source.title} {source.url}".strip()])
