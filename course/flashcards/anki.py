"""Cards for Anki: one package of notes whose ids never change, so that a second import updates.

A note is known to Anki by its guid, here the id that the journal knows the card by. Anki takes a
note that it has if the package's is newer, so a package bears the time at which it was made.
Everything in it is text, escaped; there are no media.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from itertools import count
from json import dumps
from re import sub
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from genanki import Deck, Model, Note, Package

DECK, MODEL = 1_795_603_211, 1_795_603_212
"""The ids of the deck and of the kind of note; another number would be another deck in Anki."""

NAME = "Containers on AWS"
GUID = "containers-on-aws/{}"
FACE = """\
.card { font-family: system-ui, sans-serif; font-size: 18px; text-align: left; line-height: 1.5; }
.where { font-size: 13px; opacity: 0.8; }
code { font-family: ui-monospace, monospace; }"""


@dataclass(frozen=True)
class Sides:
    """One note: its *id* for ever, two texts in Markdown, and the *lesson* that it comes from."""

    id: str
    front: str
    back: str
    lesson: str


def package(notes: Iterable[Sides], made: datetime) -> bytes:
    """The bytes of an ``.apkg`` file with these notes, made at this moment."""
    deck = Deck(DECK, NAME, "From the course's lessons; import again to update.")
    for one in notes:
        deck.add_note(_note(one))
    return _zipped(_database(Package(deck), made))


def _note(one: Sides) -> Note:
    fields = [as_html(one.front), as_html(one.back), escape(one.lesson)]
    return Note(_model(), fields, guid=GUID.format(one.id), tags=[sub(r"\s", "-", one.lesson)])


def _model() -> Model:
    fields = [{"name": name} for name in ("Front", "Back", "Lesson")]
    where = '<p class="where">{{Lesson}}</p>'
    sides = {"qfmt": f"{{{{Front}}}}{where}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
    return Model(MODEL, NAME, fields, [{"name": "Card", **sides}], css=FACE)


def as_html(text: str) -> str:
    """A text as Anki shows it: markup as text, code set apart, lines as lines.

    A square bracket is written as a number, for Anki plays ``[sound:...]`` and typesets ``[latex]``.
    """
    code = sub("`([^`]+)`", r"<code>\1</code>", escape(text))
    return "<br>".join(code.replace("[", "&#91;").splitlines())


def _database(package: Package, made: datetime) -> bytes:
    """The collection as SQLite writes it. In memory: genanki's own writer leaves a file behind."""
    stamp = made.timestamp()
    with sqlite3.connect(":memory:") as memory:
        package.write_to_db(memory.cursor(), stamp, count(int(stamp * 1000)))
        memory.commit()
        held = memory.serialize()
    memory.close()
    return held


def _zipped(database: bytes) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as file:
        for name, data in (("collection.anki2", database), ("media", dumps({}).encode())):
            file.writestr(ZipInfo(name), data)  # without a time: the same cards are the same bytes
    return held.getvalue()
