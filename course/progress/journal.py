"""The journal: an append-only file of events, one flushed line each.

Everything shown about progress is a fold over it. A line that was written is
never touched again, so a killed kernel, a second kernel or a full disk cannot
lose what was acknowledged.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from platformdirs import user_data_dir

from course.progress.events import VERSION, Event, decode, encode

APP = "containers-on-aws-course"
FILE = "progress.jsonl"


class NotKept(OSError):
    """An event could not be written; it is kept in memory and tried again with the next one."""


def data_folder() -> Path:
    """Where progress is kept: COURSE_DATA_DIR, or the user's data folder of this system."""
    named = os.environ.get("COURSE_DATA_DIR")
    return Path(named) if named else Path(user_data_dir(APP, appauthor=False))


class Journal:
    """The learner's journal; several kernels may append to one file at the same time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or data_folder()) / FILE
        self._unwritten: list[Event] = []

    def append(self, event: Event) -> None:
        """Write one event, and those that could not be written before.

        Returns when the line is on disk. Raises NotKept when it is not.
        """
        self._unwritten.append(event)
        self.append_all([])

    def append_all(self, events: Iterable[Event]) -> None:
        """Write several events at once. Raises NotKept; nothing is lost in memory then."""
        self._unwritten += events
        try:
            self._write(b"".join(encode(one) for one in self._unwritten))
        except OSError as error:
            raise NotKept(
                f"Your progress could not be written to {self.path} ({error.strerror or error}). It is "
                "kept while this kernel runs; free or unlock the disk, or set COURSE_DATA_DIR."
            ) from error
        self._unwritten.clear()

    def _write(self, lines: bytes) -> None:
        """One write call in append mode, so that lines of two kernels never mix."""
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab", buffering=0) as file:
            start = b"" if _ends_whole(self.path) else b"\n"
            written = file.write(start + lines)
            if written < len(start + lines):
                raise OSError(28, "No space left on device")
            os.fsync(file.fileno())

    def read(self) -> tuple[list[Event], list[str]]:
        """All events in order, oldest first, and what to tell the learner about the file."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raw = b""
        except OSError as error:
            return list(self._unwritten), [f"{self.path} cannot be read ({error.strerror})."]
        events, notes = parse(raw)
        return events + self._unwritten, [f"{self.path}: {note}" for note in notes]

    def set_aside(self) -> Path | None:
        """Begin a new journal; the old one stays beside it under a number. None if there is none."""
        if not self.path.exists():
            return None
        number = 1
        while (kept := self.path.with_suffix(f".{number}.jsonl")).exists():
            number += 1
        return self.path.rename(kept)


def parse(raw: bytes) -> tuple[list[Event], list[str]]:
    """Events of a journal's bytes, and notes on lines that were left out."""
    events: list[Event] = []
    torn = newer = unreadable = 0
    lines = raw.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = decode(line)
        except msgspec.DecodeError:
            torn, unreadable = (1, unreadable) if number == len(lines) else (torn, unreadable + 1)
            continue
        newer += event.version > VERSION
        events += [event] if event.version <= VERSION else []
    return events, _notes(torn, newer, unreadable)


def _notes(torn: int, newer: int, unreadable: int) -> list[str]:
    notes = []
    if torn:
        notes.append("the last line is torn and was left out; everything before it is there.")
    if newer:
        notes.append(f"{newer} lines come from a newer version of the course; update it to see them.")
    if unreadable:
        notes.append(f"{unreadable} lines cannot be read and were left out.")
    return notes


def _ends_whole(path: Path) -> bool:
    """Whether the file is empty or ends with a newline; a torn line gets its end first."""
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
