"""The package for Anki, opened: its notes, their ids in two exports, and nothing but escaped text."""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from course.flashcards.anki import DECK, MODEL, Sides, package

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOTES = [
    Sides("card-1", "What is a task?", "one run\nof a definition", "ecs-concepts"),
    Sides("table-2", "`why` <b>", "a & b", "fargate-tutorial"),
    Sides("fargate-001", "[sound:x.mp3] [latex]x[/latex] {{c1::x}}", "<script>x</script>", "a b"),
]


@contextmanager
def opened(raw: bytes, folder: Path) -> Iterator[sqlite3.Connection]:
    """The database in a package, as Anki would open it."""
    with zipfile.ZipFile(BytesIO(raw)) as file:
        assert sorted(file.namelist()) == ["collection.anki2", "media"]
        assert json.loads(file.read("media")) == {}
        (folder / "collection.anki2").write_bytes(file.read("collection.anki2"))
    with closing(sqlite3.connect(folder / "collection.anki2")) as database:
        yield database


def notes(raw: bytes, folder: Path) -> dict[str, list[str]]:
    """Fields by guid."""
    with opened(raw, folder) as database:
        rows = database.execute("select guid, flds from notes").fetchall()
    return {guid: fields.split("\x1f") for guid, fields in rows}


def one(database: sqlite3.Connection, question: str) -> Any:
    return database.execute(question).fetchone()[0]


def test_a_note_a_card_in_one_deck_of_a_fixed_id(tmp_path: Path) -> None:
    with opened(package(NOTES, AT), tmp_path) as database:
        assert one(database, "pragma integrity_check") == "ok"
        assert one(database, "select count(*) from notes") == 3
        assert one(database, f"select count(*) from cards where did = {DECK}") == 3
        assert one(database, "select group_concat(distinct mid) from notes") == str(MODEL)
        decks = json.loads(one(database, "select decks from col"))
        models = json.loads(one(database, "select models from col"))
        tags = one(database, "select tags from notes where guid like '%fargate-001'")
    assert decks[str(DECK)]["name"] == "Containers on AWS"
    assert [field["name"] for field in models[str(MODEL)]["flds"]] == ["Front", "Back", "Lesson"]
    assert "{{Back}}" in models[str(MODEL)]["tmpls"][0]["afmt"]
    assert tags.strip() == "a-b"


def test_fields_are_escaped_and_name_no_media(tmp_path: Path) -> None:
    held = notes(package(NOTES, AT), tmp_path)
    assert held["containers-on-aws/card-1"] == [
        "What is a task?",
        "one run<br>of a definition",
        "ecs-concepts",
    ]
    assert held["containers-on-aws/table-2"][:2] == ["<code>why</code> &lt;b&gt;", "a &amp; b"]
    front, back, _ = held["containers-on-aws/fargate-001"]
    assert front == "&#91;sound:x.mp3] &#91;latex]x&#91;/latex] {{c1::x}}"
    assert back == "&lt;script&gt;x&lt;/script&gt;"


def test_a_second_export_updates_what_the_first_one_brought(tmp_path: Path) -> None:
    """The same guids, with a later time of change: that is how Anki knows a note, and takes it."""
    first = package(NOTES, AT)
    better = [Sides("card-1", "What is a task?", "a run", "ecs-concepts"), *NOTES[1:]]
    second = package(better, AT + timedelta(minutes=1))
    before, after = notes(first, tmp_path), notes(second, tmp_path)
    assert before.keys() == after.keys()
    assert after["containers-on-aws/card-1"][1] == "a run"
    changed = []
    for raw in (first, second):
        with opened(raw, tmp_path) as database:
            changed.append(one(database, "select min(mod) from notes"))
    assert changed == [AT.timestamp(), AT.timestamp() + 60]


def test_the_same_cards_at_one_time_are_the_same_bytes() -> None:
    assert package(NOTES, AT) == package(NOTES, AT)


@pytest.mark.parametrize("text", ["'); drop table notes; --", "\x1f", "a\u2028b", "\x00", "$$x$$"])
def test_any_text_makes_a_whole_database(text: str, tmp_path: Path) -> None:
    with opened(package([Sides("x", text, text, "a")], AT), tmp_path) as database:
        assert one(database, "pragma integrity_check") == "ok"
        assert one(database, "select count(*) from cards") == 1
