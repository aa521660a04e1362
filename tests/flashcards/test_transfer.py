"""Cards leave and come back: what is written where, and that nothing of the learner's is lost."""

import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.flashcards.box import deck, keep, listed, stack_of
from course.flashcards.rows import NotRead
from course.flashcards.transfer import export_cards, import_cards, sides
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
MISSED = "fargate-tasks-001"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record("ecs-concepts", Journal(tmp_path / "data"), lambda: AT)


def out(record: Record, file: Path, *, replace: bool = False) -> str:
    return repr(export_cards(record, bank(), file, replace=replace))


def cards(record: Record) -> list[tuple[str, str, str]]:
    return [(one.front, one.back, one.lesson) for one in deck(record).cards]


def guids(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as package:
        package.extract("collection.anki2", file.parent)
    with closing(sqlite3.connect(file.parent / "collection.anki2")) as database:
        return [guid for (guid,) in database.execute("select guid from notes order by guid")]


def test_a_csv_file_comes_back_as_it_left_in_another_journal(
    record: Record, tmp_path: Path
) -> None:
    for side in ("plain", '=1+1, "quoted"', "two\nlines", "für 日本 🐋", "-1"):
        keep(record, side, f"{side} back")
    assert out(record, tmp_path / "cards.csv") == "5 cards in cards.csv, beside this notebook."
    other = Record("twelve-factor", Journal(tmp_path / "other"), lambda: AT)
    assert repr(import_cards(other, tmp_path / "cards.csv")) == (
        "5 new, 0 changed, 0 known already; you have 5 cards."
    )
    assert cards(other) == cards(record)
    lines = len(other.events())
    assert "0 new, 0 changed, 5 known" in repr(import_cards(other, tmp_path / "cards.csv"))
    assert len(other.events()) == lines


def test_a_changed_row_changes_its_card_and_the_others_stay(record: Record, tmp_path: Path) -> None:
    keep(record, "task", "a run")
    keep(record, "service", "keeps a number")
    (tmp_path / "mine.csv").write_text("front,back\ntask,one run\ncluster,a group\n", "utf-8")
    assert "1 new, 1 changed, 0 known" in repr(import_cards(record, tmp_path / "mine.csv"))
    assert cards(record) == [
        ("task", "one run", "ecs-concepts"),
        ("service", "keeps a number", "ecs-concepts"),
        ("cluster", "a group", "ecs-concepts"),
    ]


def test_a_bad_row_keeps_the_whole_file_out(record: Record, tmp_path: Path) -> None:
    keep(record, "task", "a run")
    (tmp_path / "mine.csv").write_text("front,back\ntask,other\nnew,\n", "utf-8")
    with pytest.raises(NotRead, match="line 3: the back is empty"):
        import_cards(record, tmp_path / "mine.csv")
    assert cards(record) == [("task", "a run", "ecs-concepts")]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_says_so(name: str, record: Record, tmp_path: Path) -> None:
    with pytest.raises(NotRead, match=r"cannot be read .*; nothing was taken"):
        import_cards(record, tmp_path / name)


def test_a_file_that_is_there_is_left_alone(record: Record, tmp_path: Path) -> None:
    keep(record, "task", "a run")
    for name in ("cards.csv", "cards.apkg"):
        (tmp_path / name).write_text("mine", "utf-8")
        assert "left alone; replace=True" in out(record, tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == "mine"
        assert "1 card in" in out(record, tmp_path / name, replace=True)
        assert (tmp_path / name).read_bytes() != b"mine"


def test_without_cards_there_is_no_file(record: Record, tmp_path: Path) -> None:
    for name in ("cards.csv", "cards.apkg"):
        assert "no card to write yet" in out(record, tmp_path / name)
        assert not (tmp_path / name).exists()


def test_another_kind_of_file_is_refused(record: Record, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends with \.apkg or \.csv, and not 'cards\.txt'"):
        out(record, tmp_path / "cards.txt")


def test_anki_gets_all_that_comes_back_under_ids_that_stay(record: Record, tmp_path: Path) -> None:
    keep(record, "task", "a run")
    record.remember("answered", MISSED, response=("x",), outcome="wrong")
    Record("fargate-tutorial", record.journal, lambda: AT).remember("finished")
    assert out(record, tmp_path / "cards.apkg").startswith("9 cards in cards.apkg")
    first = guids(tmp_path / "cards.apkg")
    kinds = [guid.partition("/")[2].partition("-")[0] for guid in first]
    assert {kind: kinds.count(kind) for kind in kinds} == {"card": 1, "table": 7, "fargate": 1}
    keep(record, "task", "one run")
    record.remember("answered", MISSED, response=("x",), outcome="right")
    out(record, tmp_path / "cards.apkg", replace=True)
    assert guids(tmp_path / "cards.apkg") == first


def test_a_missed_question_does_not_show_its_key_by_its_order(record: Record) -> None:
    record.remember("answered", MISSED, response=("x",), outcome="wrong")
    (held,) = stack_of(record, bank()).held
    shown, question = sides(held, bank()), bank().question(MISSED)
    options = shown.front.splitlines()[-len(question.options) :]
    assert sorted(options) == sorted(f"- {one.text}" for one in question.options)
    assert question.by_id[question.key[0]].text in shown.back
    assert question.rationale in shown.back


def test_the_list_says_what_else_comes_back(record: Record) -> None:
    assert "No cards yet" in repr(listed(record, bank()))
    keep(record, "task", "a run")
    record.remember("answered", MISSED, response=("x",), outcome="wrong")
    Record("fargate-tutorial", record.journal, lambda: AT).remember("finished")
    assert repr(listed(record, bank())).splitlines()[-1] == (
        "Beside them: 7 of closing tables and 1 missed question. Due now: 9."
    )


def test_what_cannot_be_written_says_so_and_harms_nothing(record: Record, tmp_path: Path) -> None:
    keep(record, "task", "a run")
    (tmp_path / "cards.csv").mkdir()
    with pytest.raises(OSError):
        out(record, tmp_path / "cards.csv", replace=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["cards.csv", "data"]
