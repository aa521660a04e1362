"""The journal through bad luck: what was acknowledged is on disk, what was not is kept and told."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from course.progress.events import Event, encode, new_event
from course.progress.journal import Journal, NotKept, data_folder, parse
from course.progress.record import Record

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
NEWER = b'{"v":2,"uid":"n","at":5,"kind":"answered","lesson":{"name":"fargate"}}\n'


def event(id: str = "q", minute: int = 0) -> Event:
    return new_event(AT + timedelta(minutes=minute), "answered", "fargate", id, outcome="right")


def ids(journal: Journal) -> list[str]:
    return [one.id for one in journal.read()[0]]


class Disk:
    """Stands in for ``open`` where lines are kept; a disk with *room* bytes left."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        monkeypatch.setattr("course.whole_lines.open", self.open, raising=False)

    def open(self, path: Path, mode: str, buffering: int = -1) -> Any:
        file = open(path, mode, buffering=buffering)  # noqa: SIM115
        return Short(file, self) if mode == "ab" else file


class Short:
    """A file that takes as much as the disk has room for, and says how much that was."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self.file, self.disk = file, disk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.file.close()

    def fileno(self) -> int:
        return int(self.file.fileno())

    def write(self, lines: bytes) -> int:
        taken = lines[: self.disk.room]
        self.disk.room -= len(taken)
        return int(self.file.write(taken))


def test_nothing_remembered_is_no_file_and_no_note(journal: Journal) -> None:
    assert journal.read() == ([], [])
    assert not journal.path.parent.exists()


def test_events_come_back_oldest_first_whatever_their_place_in_the_file(journal: Journal) -> None:
    for minute in (2, 0, 1):
        journal.append(event(str(minute), minute))
    assert ids(journal) == ["0", "1", "2"]


def test_events_of_one_instant_keep_their_order(journal: Journal) -> None:
    for id in "cab":
        journal.append(event(id))
    assert ids(journal) == ["c", "a", "b"]


def test_the_line_is_whole_on_disk_before_append_returns(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda file: on_disk.append(journal.path.read_bytes()))
    one = event()
    journal.append(one)
    assert on_disk == [encode(one)]


def test_a_torn_last_line_is_told_and_the_next_answer_begins_a_line_of_its_own(
    journal: Journal,
) -> None:
    journal.append(event("a"))
    with journal.path.open("ab") as file:
        file.write(encode(event("torn"))[:-20])
    events, notes = journal.read()
    assert [one.id for one in events] == ["a"]
    assert notes == [
        f"{journal.path}: the last line is torn and was left out; everything before it is there."
    ]
    journal.append(event("b"))
    assert ids(journal) == ["a", "b"]
    assert journal.read()[1] == [f"{journal.path}: 1 line cannot be read and had to be left out."]


def test_a_whole_last_line_that_only_lacks_its_end_counts(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.write_bytes(encode(event("a")).rstrip(b"\n"))
    assert journal.read()[1] == []
    journal.append(event("b"))
    assert ids(journal) == ["a", "b"]


def test_rubbish_in_the_middle_costs_nothing_but_itself(journal: Journal) -> None:
    journal.append(event("a"))
    with journal.path.open("ab") as file:
        file.write(b"\xff\x00\xfe" * 50 + b'\n\n{"uid":"\xff"}\n' + b"[" * 100_000 + b"\n")
    journal.append(event("b"))
    events, notes = journal.read()
    assert [one.id for one in events] == ["a", "b"]
    assert notes == [f"{journal.path}: 3 lines cannot be read and had to be left out."]


def test_unknown_kinds_are_events_like_any_other(journal: Journal) -> None:
    journal.append(new_event(AT, "dreamt", "fargate", "a"))
    assert journal.read()[1] == []


def test_lines_of_a_newer_course_are_left_out_told_and_kept(journal: Journal) -> None:
    journal.append(event("a"))
    with journal.path.open("ab") as file:
        file.write(NEWER)
    journal.append(event("b"))
    events, notes = journal.read()
    assert [one.id for one in events] == ["a", "b"]
    told = "1 line comes from a newer version of the course; update the course to see more."
    assert notes == [f"{journal.path}: {told}"]
    assert NEWER in journal.path.read_bytes()


def test_a_newer_line_without_its_end_is_newer_and_not_torn() -> None:
    assert parse(NEWER.rstrip())[1] == parse(NEWER)[1]


def test_a_file_in_the_folders_place_is_told_and_the_answer_waits(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way", "utf-8")
    journal = Journal(folder)
    with pytest.raises(NotKept, match=r"could not be written to .*data") as told:
        journal.append(event("a"))
    assert "set COURSE_DATA_DIR" in str(told.value)
    events, notes = journal.read()
    assert [one.id for one in events] == ["a"]
    assert notes == [f"{journal.path} cannot be read (Not a directory)."]
    folder.unlink()
    journal.append(event("b"))
    assert ids(journal) == ["a", "b"]
    assert journal.path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_is_named_and_nothing_is_lost(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(file: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        with pytest.raises(NotKept, match=os.strerror(number)):
            journal.append(event("a"))
        assert ids(journal) == ["a"]
    journal.append(event("b"))
    assert ids(journal) == ["a", "b"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a Linux thing")
def test_a_disk_that_is_really_full(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.symlink_to("/dev/full")
    with pytest.raises(NotKept, match="No space left on device"):
        journal.append(event("a"))
    journal.path.unlink()
    journal.append(event("b"))
    assert ids(journal) == ["a", "b"]


def test_a_short_write_is_a_full_disk_and_the_repetition_counts_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append(event("a"))
    size = len(encode(event("b")))
    disk = Disk(monkeypatch, room=size + size // 2)
    journal.append(event("b"))
    with pytest.raises(NotKept, match="No space left on device"):
        journal.append(event("c"))
    with pytest.raises(NotKept):
        journal.append(event("d"))
    disk.room = 10_000
    journal.append(event("e"))
    assert ids(journal) == ["a", "b", "c", "d", "e"]
    assert ids(Journal(journal.path.parent)) == ["a", "b", "c", "d", "e"]


def test_what_was_written_but_not_confirmed_counts_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        with pytest.raises(NotKept):
            journal.append(event("a"))
    journal.append(event("b"))
    assert journal.path.read_bytes().count(b'"id":"a"') == 2
    assert ids(journal) == ["a", "b"]


def test_what_waits_for_the_disk_outlives_the_object_that_took_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way", "utf-8")
    with pytest.raises(NotKept):
        Journal(folder).append(event("a"))
    folder.unlink()
    assert ids(Journal(folder)) == ["a"]
    Journal(folder).append(event("b"))
    assert Journal(folder).path.read_bytes().count(b"\n") == 2


APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from course.progress.events import new_event
from course.progress.journal import Journal

journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(200):
    journal.append(new_event(datetime.now(UTC), "explained", sys.argv[2], str(number), detail="x" * 500))
"""


def test_two_kernels_append_at_the_same_time(journal: Journal, root: Path) -> None:
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, str(journal.path.parent), name],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for kernel in kernels:
        assert kernel.stdout
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        assert kernel.stdin
        kernel.stdin.write("go\n")
        kernel.stdin.close()
    for kernel in kernels:
        with kernel:
            assert kernel.wait() == 0
    events, notes = journal.read()
    assert notes == []
    assert len(events) == 400
    for name in ("one", "two"):
        assert [one.id for one in events if one.lesson == name] == [str(n) for n in range(200)]
    turns = [one.lesson for one in events]
    assert any(turns[n] != turns[n + 1] for n in range(150)), "they did not run at the same time"


def test_setting_aside_keeps_every_journal_under_a_number(journal: Journal) -> None:
    assert journal.set_aside() is None
    for number in (1, 2):
        journal.append(event(str(number)))
        assert journal.set_aside() == journal.path.with_name(f"progress.{number}.jsonl")
        assert ids(journal) == []
    kept = journal.path.with_name("progress.1.jsonl").read_bytes()
    assert b'"id":"1"' in kept


def test_the_data_folder_is_the_users_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "here"))
    assert data_folder() == tmp_path / "here"
    monkeypatch.delenv("COURSE_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "containers-on-aws-course" in data_folder().parts


def test_a_record_says_in_one_line_what_could_not_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way", "utf-8")
    record = Record("fargate", Journal(folder), now=lambda: AT)
    told = record.remember("answered", "q", outcome="right")
    assert told.startswith("Your progress could not be written to ")
    assert "\n" not in told
    assert record.item("q").right
    assert record.notes == [f"{folder}/progress.jsonl cannot be read (Not a directory)."]


def test_a_record_looks_at_its_own_lesson(journal: Journal) -> None:
    Record("fargate", journal, now=lambda: AT).remember("answered", "q", outcome="right")
    assert Record("fargate", journal).item("q").right
    assert Record("other", journal).item("q").attempts == 0
    assert Record("other", journal).summary().lessons() == ["fargate"]
