"""A terminal beside ``python3 -m course sandbox``, for the tests that type into it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from course.sandbox.endpoint.exports import LEFT_OUT, variables


class Terminal:
    """A shell beside the sandbox: its own home, and the variables that the sandbox prints."""

    def __init__(self, process: subprocess.Popen[str], home: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.line = process.stdout.readline()
        told = json.loads(self.line)
        self.url, self.token = told["endpoint"], told["token"]
        self.home = home
        kept = ("PATH", "SYSTEMROOT", "PYTHONPATH")
        self.environ = {name: os.environ[name] for name in kept if name in os.environ}
        self.environ |= variables(self.url, "us-east-1") | {"HOME": str(home)}
        assert not set(LEFT_OUT) & self.environ.keys()

    def run(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One command line, as typed; what a value is, is put in by name."""
        words = [sys.executable, "-m", "awscli", *(word.format(**more) for word in _words(command))]
        return subprocess.run(words, check=False, env=self.environ, capture_output=True, text=True)

    def aws(self, command: str, **more: str) -> Any:
        """The answer of ``aws ...``: JSON where it is JSON."""
        done = self.run(command, **more)
        assert (done.returncode, done.stderr) == (0, ""), f"{command}: {done.stderr}"
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout.strip()

    def course(self, path: str, **body: float) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        data = json.dumps(body).encode() if body else None
        with urlopen(Request(f"{self.url}/_course/{path}", data, headers), timeout=60) as answer:
            return json.load(answer)

    def asked(self, operation: str) -> int:
        """How many calls of this operation there were."""
        return sum(one["operation"] == operation for one in self.course("timeline")["calls"])

    def end(self, how: int = signal.SIGINT) -> tuple[int, str, str]:
        """Exit status, and what else was written."""
        self.process.send_signal(how)
        said, complained = self.process.communicate()
        return self.process.returncode, said, complained


def _words(command: str) -> list[str]:
    """Split as a shell does: at blanks, outside of quotes, which go."""
    found = re.findall(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", command)
    return [re.sub(r"""^(["'])(.*)\1$""", r"\2", one) for one in found]


@pytest.fixture
def open_terminal(tmp_path: Path, root: Path) -> Iterator[Callable[..., Terminal]]:
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Terminal:
        command = [sys.executable, "-m", "course", "sandbox", "--port", "0", "--json", *options]
        pipe: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=root, **pipe))
        return Terminal(started[-1], tmp_path)

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def shell(open_terminal: Callable[..., Terminal]) -> Terminal:
    """A terminal beside a sandbox at its default settings."""
    return open_terminal()
