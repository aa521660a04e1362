"""Export and import: the journal as one file, to keep or to take to another computer.

Lines travel as they stand, so that those of a newer version arrive whole too.
Nothing is signed and nobody is named.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from course.progress.events import Unreadable, decode_head
from course.progress.journal import Journal


class NotTransferred(Exception):
    """Why an export or import did not happen, in one line; nothing was changed."""


@dataclass(frozen=True)
class Merged:
    """What an import did: lines that are new here, known already, and unreadable."""

    new: int
    known: int
    unreadable: int


def export_to(file: Path, journal: Journal, *, force: bool = False) -> int:
    """Write the journal's lines to *file*; returns how many.

    Raises NotTransferred when there is nothing to write, when *file* is there
    already (unless *force*), and when it cannot be written.
    """
    raw = _read(journal.path, "There is no progress to export yet: {} does not exist.")
    if file.exists() and file.samefile(journal.path):
        raise NotTransferred(f"{file} is the journal itself; name another file.")
    if file.exists() and not force:
        raise NotTransferred(f"{file} exists and is left alone; --force overwrites it.")
    try:
        write_whole(file, raw)
    except OSError as error:
        raise NotTransferred(f"{file} cannot be written ({error.strerror}).") from error
    return len([line for line in raw.split(b"\n") if line.strip()])


def import_from(file: Path, journal: Journal) -> Merged:
    """Add to the journal the lines of *file* that it does not have; twice adds nothing.

    Raises NotTransferred for a file that is no journal, and when the journal
    cannot be written.
    """
    lines, unreadable = _by_uid(_read(file, "There is no file {}."))
    if not lines:
        raise NotTransferred(f"{file} is no journal of this course: none of its lines is an event.")
    known, _ = _by_uid(_read(journal.path) if journal.path.exists() else b"")
    new = [line + b"\n" for uid, line in lines.items() if uid not in known]
    try:
        journal.append_lines(b"".join(new))
    except OSError as error:
        why = f"{journal.path} cannot be written ({error.strerror})"
        raise NotTransferred(
            f"{why}; what is in it stays, and {file} can be imported again."
        ) from error
    return Merged(len(new), len(lines) - len(new), unreadable)


def _by_uid(raw: bytes) -> tuple[dict[str, bytes], int]:
    """Whole lines by the id of their event, of this version or a newer one; and how many are none."""
    lines: dict[str, bytes] = {}
    unreadable = 0
    for line in filter(bytes.strip, raw.split(b"\n")):
        try:
            lines.setdefault(decode_head(line).uid, line)
        except Unreadable:
            unreadable += 1
    return lines, unreadable


def _read(file: Path, missing: str = "There is no file {}.") -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NotTransferred(missing.format(file)) from error
    except OSError as error:
        raise NotTransferred(f"{file} cannot be read ({error.strerror}).") from error


def write_whole(file: Path, raw: bytes) -> None:
    """Write beside *file* and put it in its place, so that it is never half there."""
    arriving = file.with_name(f".{file.name}.new")
    try:
        arriving.write_bytes(raw)
        os.replace(arriving, file)
    finally:
        arriving.unlink(missing_ok=True)
