"""kill -9 while answering: every answer that was acknowledged is in the journal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from select import select
from time import monotonic

import pytest

from course.progress.journal import Journal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

LONGEST = 0.06
"""Seconds that a kernel goes on answering at most."""


class Kernels:
    """Starts kernels that answer, one after the other, and kills each at some moment."""

    def __init__(self, folder: Path, root: Path) -> None:
        script = Path(__file__).with_name("answering.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(folder)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.told, self.heard = self.process.stdin, self.process.stdout

    def answer_and_be_killed(self, lesson: str, seconds: float, *, after: bytes) -> int:
        """How many answers were acknowledged before the kernel of this lesson was killed.

        That is *seconds* after it said *after*.
        """
        self.told.write(f"{lesson}\n".encode())
        self.told.flush()
        output = self._read(until=b"pid ")
        output += b"" if after in output else self._read(until=after)
        output += self._read(seconds=seconds)
        (line,) = (line for line in output.splitlines() if line.startswith(b"pid "))
        os.kill(int(line.split()[1]), signal.SIGKILL)
        output += self._read(until=b"ended\n")
        return output.count(b"answered\n")

    def _read(self, *, until: bytes = b"", seconds: float = 30) -> bytes:
        output, end = b"", monotonic() + seconds
        while (left := end - monotonic()) > 0 and not (until and until in output):
            if select([self.heard], [], [], left)[0]:
                output += os.read(self.heard.fileno(), 65536)
        assert until in output, f"no {until!r} in {seconds} seconds"
        return output

    def close(self) -> None:
        self.told.close()
        self.process.wait()
        self.heard.close()


@pytest.fixture
def kernels(journal: Journal, root: Path) -> Iterator[Kernels]:
    opened = Kernels(journal.path.parent, root)
    yield opened
    opened.close()


@pytest.mark.parametrize("times", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_no_acknowledged_answer_is_lost(kernels: Kernels, journal: Journal, times: int) -> None:
    chance, acknowledged = Random(9), {}
    for number in range(times):
        lesson, seconds = f"run-{number}", chance.uniform(0, LONGEST)
        after = b"answered\n" if number % 2 else b"pid "
        acknowledged[lesson] = kernels.answer_and_be_killed(lesson, seconds, after=after)
        _, notes = journal.read()
        # A line torn by a kill, at the end or under what came after it; never an acknowledged one.
        assert all("torn" in note or "left out" in note for note in notes)
    kept: dict[str, list[tuple[str, ...]]] = {lesson: [] for lesson in acknowledged}
    for event in journal.read()[0]:
        kept[event.lesson].append(event.response)
    for lesson, count in acknowledged.items():
        # One more may be on disk: the kernel was killed between writing and saying so.
        assert count <= len(kept[lesson]) <= count + 1
        assert kept[lesson] == [kept[lesson][n % 4] for n in range(len(kept[lesson]))]
    assert sum(acknowledged.values()) >= times / 2
