"""Export and import: one file, merged by id, twice is once, and nothing is lost on the way."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.progress.events import new_event
from course.progress.journal import Journal
from course.progress.record import Record
from course.progress.transfer import Merged, NotTransferred, export_to, import_from

NEWER = b'{"v":2,"uid":"n","at":5,"kind":"answered","lesson":{"name":"fargate"}}\n'


@pytest.fixture
def other(tmp_path: Path) -> Journal:
    """The journal of another computer."""
    return Journal(tmp_path / "other")


def answer(journal: Journal, id: str, outcome: str = "right") -> None:
    assert not Record("fargate", journal).remember("answered", id, outcome=outcome)


def test_an_export_is_the_journal_line_by_line(journal: Journal, tmp_path: Path) -> None:
    answer(journal, "a")
    answer(journal, "b")
    with journal.path.open("ab") as file:
        file.write(NEWER + b"rubbish\n")
    assert export_to(tmp_path / "mine.jsonl", journal) == 4
    assert (tmp_path / "mine.jsonl").read_bytes() == journal.path.read_bytes()


def test_an_export_overwrites_only_when_told(journal: Journal, tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text("something else", "utf-8")
    answer(journal, "a")
    with pytest.raises(NotTransferred, match="exists and is left alone; --force overwrites it"):
        export_to(mine, journal)
    assert mine.read_text("utf-8") == "something else"
    export_to(mine, journal, force=True)
    assert mine.read_bytes() == journal.path.read_bytes()


def test_an_export_never_writes_over_the_journal(journal: Journal, tmp_path: Path) -> None:
    answer(journal, "a")
    before = journal.path.read_bytes()
    (tmp_path / "link").symlink_to(journal.path)
    for file in (journal.path, tmp_path / "link"):
        with pytest.raises(NotTransferred, match="is the journal itself"):
            export_to(file, journal, force=True)
    assert journal.path.read_bytes() == before


def test_without_progress_there_is_nothing_to_export(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(NotTransferred, match="There is no progress to export yet"):
        export_to(tmp_path / "mine.jsonl", journal)
    assert not (tmp_path / "mine.jsonl").exists()


@pytest.mark.parametrize("place", ["no/such/folder/mine.jsonl", "a-folder"])
def test_a_place_that_cannot_be_written_is_named(
    journal: Journal, tmp_path: Path, place: str
) -> None:
    (tmp_path / "a-folder").mkdir()
    answer(journal, "a")
    with pytest.raises(NotTransferred, match=f"{place} cannot be written"):
        export_to(tmp_path / place, journal, force=True)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("fails", ["pathlib.Path.write_bytes", "os.replace"])
def test_a_full_disk_leaves_the_older_export_whole(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    mine = tmp_path / "mine.jsonl"
    answer(journal, "a")
    export_to(mine, journal)
    before = mine.read_bytes()
    answer(journal, "b")

    def full(path: Path, _: object) -> None:
        path.write_text("half", "utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fails, full)
    with pytest.raises(NotTransferred, match="No space left on device"):
        export_to(mine, journal, force=True)
    assert mine.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_an_import_adds_what_is_new_and_twice_adds_nothing(
    journal: Journal, other: Journal, tmp_path: Path
) -> None:
    answer(journal, "both")
    export_to(tmp_path / "first", journal)
    import_from(tmp_path / "first", other)
    answer(other, "theirs")
    with other.path.open("ab") as file:
        file.write(NEWER + b"rubbish\n")
    answer(journal, "mine")
    export_to(tmp_path / "second", other)
    assert import_from(tmp_path / "second", journal) == Merged(new=2, known=1, unreadable=1)
    once = journal.path.read_bytes()
    assert import_from(tmp_path / "second", journal) == Merged(new=0, known=3, unreadable=1)
    assert journal.path.read_bytes() == once
    assert {event.id for event in journal.read()[0]} == {"both", "mine", "theirs"}
    assert NEWER in once


def test_an_import_is_what_brings_back_a_reset_journal(journal: Journal) -> None:
    answer(journal, "a")
    kept = journal.set_aside()
    assert kept
    assert import_from(kept, journal).new == 1
    assert [event.id for event in journal.read()[0]] == ["a"]


def test_an_older_reset_from_elsewhere_does_not_wipe_what_came_after_it(
    journal: Journal, other: Journal, tmp_path: Path
) -> None:
    Record("fargate", other).remember("reset")
    export_to(tmp_path / "theirs", other)
    answer(journal, "later")
    import_from(tmp_path / "theirs", journal)
    assert Record("fargate", journal).item("later").right


def test_a_torn_export_gives_what_is_whole(
    journal: Journal, other: Journal, tmp_path: Path
) -> None:
    answer(other, "a")
    answer(other, "b")
    (tmp_path / "torn").write_bytes(other.path.read_bytes()[:-30])
    assert import_from(tmp_path / "torn", journal) == Merged(new=1, known=0, unreadable=1)


def test_an_import_after_a_torn_line_begins_a_line_of_its_own(
    journal: Journal, other: Journal
) -> None:
    answer(journal, "a")
    with journal.path.open("ab") as file:
        file.write(b'{"v":1,"uid"')
    answer(other, "b")
    import_from(other.path, journal)
    assert [event.id for event in journal.read()[0]] == ["a", "b"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"hello\nworld\n", b"\x00\xff" * 99, b'{"cells": []}\n', b'[{"uid": 1}]\n'],
)
def test_a_file_that_is_no_journal_is_refused_and_nothing_changes(
    journal: Journal, tmp_path: Path, content: bytes
) -> None:
    answer(journal, "a")
    before = journal.path.read_bytes()
    (tmp_path / "thing").write_bytes(content)
    with pytest.raises(NotTransferred, match="thing is no journal of this course"):
        import_from(tmp_path / "thing", journal)
    assert journal.path.read_bytes() == before


def test_a_file_that_is_missing_or_a_folder_is_named(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(NotTransferred, match=r"There is no file .*nothing-here"):
        import_from(tmp_path / "nothing-here", journal)
    with pytest.raises(NotTransferred, match="cannot be read"):
        import_from(tmp_path, journal)
    assert not journal.path.exists()


def test_an_import_onto_a_full_disk_says_so_and_can_be_repeated(
    journal: Journal, other: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    answer(other, "a")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(NotTransferred, match=r"No space left on device.*imported again"):
            import_from(other.path, journal)
    import_from(other.path, journal)
    assert len(journal.read()[0]) == 1


def test_lines_that_only_look_like_an_event_are_kept_for_a_course_that_may_read_them(
    journal: Journal, tmp_path: Path
) -> None:
    line = new_event(datetime.now(UTC), "answered", "fargate").uid
    (tmp_path / "odd").write_text(f'{{"uid":"{line}"}}\n', "utf-8")
    assert import_from(tmp_path / "odd", journal).new == 1
    assert journal.read()[0] == []
