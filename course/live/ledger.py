"""The ledger: a file on this computer with a line before each creating call, and one after it.

It is what makes cleanup possible after a kill at any moment. It lies in the learner's
data folder, holds names and never an ARN, an account's id or a secret, and two
kernels may use it at one time: who reads it to decide something holds its lock.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from course.live.books import Books, fold
from course.whole_lines import append

FILE, LOCK = "live.jsonl", "live.lock"


class Ledger:
    """The ledger in one folder. Raises OSError when the folder cannot be written to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = folder / LOCK

    @contextmanager
    def locked(self) -> Iterator[Books]:
        """Alone with the ledger, over all processes: what is decided from it can be written down.

        A process that is killed leaves no lock behind: the system takes it back.
        """
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with open(self._lock, "a+b") as file:
            _take(file)
            try:
                yield self.books()
            finally:
                _give_back(file)

    def books(self) -> Books:
        """What the ledger's lines lead to by now. A torn line, which no call followed, is left out."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raw = b""
        return fold(line for one in raw.splitlines() if (line := _read(one)))

    def write(self, attempt: str, event: str, **said: Any) -> None:
        """Add a line; it is on disk when this returns."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "attempt": attempt, "event": event, **said}
        append(self.path, json.dumps(line).encode() + b"\n")


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"at", "attempt", "event"} <= found.keys() else None


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        while True:
            file.seek(0)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                return
            except OSError:  # it gives up after ten seconds, and we do not
                continue

    def _give_back(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _give_back(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
