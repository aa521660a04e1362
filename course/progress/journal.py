"""The journal: an append-only file of events, one flushed line each.

Everything shown about progress is a fold over it. A line that was written is
never touched again, so a killed kernel, a second kernel or a full disk cannot
lose what was acknowledged.
"""

import os
from pathlib import Path

from platformdirs import user_data_dir

from course.progress.events import Event, Newer, Unreadable, decode, encode
from course.whole_lines import append

APP = "containers-on-aws-course"
FILE = "progress.jsonl"

_WAITING: dict[Path, list[Event]] = {}
"""By journal, the events that its disk did not take yet; shared by every Journal of this process."""


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
        self._unwritten = _WAITING.setdefault(self.path, [])

    def append(self, event: Event) -> None:
        """Write one event, and those that could not be written before.

        Returns when the line is on disk. Raises NotKept when it is not.
        """
        self._unwritten.append(event)
        try:
            self.append_lines(b"".join(encode(one) for one in self._unwritten))
        except OSError as error:
            raise NotKept(
                f"Your progress could not be written to {self.path} ({error.strerror or error}). "
                "It is kept while this kernel runs, and tried again with your next answer; free or "
                "unlock the disk, or set COURSE_DATA_DIR to another folder and start again."
            ) from error
        self._unwritten.clear()

    def append_lines(self, lines: bytes) -> None:
        """Write whole lines as they stand, in one call, so that lines of two kernels never mix.

        Returns when they are on disk. Raises OSError when they are not, or not all.
        """
        append(self.path, lines)

    def read(self) -> tuple[list[Event], list[str]]:
        """Each event once, oldest first, and what to tell the learner about the file.

        One event can stand there twice: a write that failed half-way is repeated as a whole.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raw = b""
        except OSError as error:
            return list(self._unwritten), [f"{self.path} cannot be read ({error.strerror})."]
        events, notes = parse(raw)
        once = {event.uid: event for event in (*events, *self._unwritten)}
        oldest_first = sorted(once.values(), key=lambda event: event.at)
        return oldest_first, [f"{self.path}: {note}" for note in notes]

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
    newer, unreadable = 0, []
    lines = raw.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            events.append(decode(line))
        except Newer:
            newer += 1
        except Unreadable:
            unreadable.append(number)
    torn = len(lines) in unreadable  # a line that was written to its end has one more after it
    return events, _notes(torn, newer, len(unreadable) - torn)


def _notes(torn: bool, newer: int, unreadable: int) -> list[str]:
    notes = []
    if torn:
        notes.append("the last line is torn and was left out; everything before it is there.")
    if newer:
        lines = "1 line comes" if newer == 1 else f"{newer} lines come"
        notes.append(f"{lines} from a newer version of the course; update the course to see more.")
    if unreadable:
        lines = "1 line" if unreadable == 1 else f"{unreadable} lines"
        notes.append(f"{lines} cannot be read and had to be left out.")
    return notes
