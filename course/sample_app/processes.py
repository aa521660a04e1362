"""Real processes of a project on this computer: started, asked, stopped, and never left behind.

A project is a folder with a ``Procfile``: a line ``name: command`` for each type
of process. Commands run in that folder with the environment given and nothing
of the notebook's own; what they write to standard output and error is their log
stream. The kernel's end, even by ``kill -9``, ends them (see ``keeper``).
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, Self

KEEPER = Path(__file__).with_name("keeper.py")
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG")
"""What every process needs of the computer it runs on; all else is the app's own configuration."""

ANSWERS_WITHIN = 20.0
"""Seconds a web process has to begin to answer."""


class ProcessError(Exception):
    """A process cannot be started, or did not do what was waited for."""


class Answer(NamedTuple):
    """An HTTP answer: *status*, and *body* decoded from JSON, or its text if it is none."""

    status: int
    body: Any


class Process:
    """One running process; its log is what it has written so far."""

    def __init__(self, project: Path, command: list[str], environ: Mapping[str, str]) -> None:
        self.command = shlex.join(command)
        self.port = environ.get("PORT")
        handle, path = tempfile.mkstemp(prefix="course-log-")
        self._log = Path(path)
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._keeper = subprocess.Popen(
            [sys.executable, str(KEEPER), *command],
            cwd=project,
            env={**kept, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", **environ},
            stdin=subprocess.PIPE,
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal is not meant for it
        )
        os.close(handle)

    def __repr__(self) -> str:
        state = "running" if self.exit_code is None else f"ended with {self.exit_code}"
        return f"Process({self.command!r}, {state})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop(grace=2)
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._log.unlink(missing_ok=True)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; 128 + N after signal N, as Docker and ECS tell it."""
        return self._keeper.poll()

    @property
    def log(self) -> list[str]:
        """The lines of its log stream so far."""
        return self._log.read_text("utf-8", "replace").splitlines()

    def stop(self, grace: float = 10) -> int:
        """Send SIGTERM, and SIGKILL after *grace* seconds; return the exit code."""
        self.signal("TERM")
        try:
            return self._keeper.wait(grace)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """Send SIGKILL; return the exit code."""
        self.signal("KILL")
        return self._keeper.wait(10)

    def signal(self, name: str) -> None:
        """Send TERM or KILL and wait for nothing."""
        leash = self._keeper.stdin
        if self.exit_code is None and leash is not None:
            try:
                leash.write(f"{name}\n".encode())
                leash.flush()
            except BrokenPipeError:  # it ended at this very moment
                pass

    def ended(self, within: float = ANSWERS_WITHIN) -> int:
        """Wait for its own end and return its exit code. Raises ProcessError after *within* seconds."""
        try:
            return self._keeper.wait(within)
        except subprocess.TimeoutExpired:
            raise ProcessError(f"{self.command} still runs after {within:g} seconds") from None

    def ready(
        self,
        path: str = "/",
        within: float = ANSWERS_WITHIN,
        unless: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Wait until it answers HTTP on its port.

        False if it ends, *within* seconds pass, or *unless* comes true first.
        """
        end = time.monotonic() + within
        while self.exit_code is None and time.monotonic() < end and not unless():
            try:
                self.get(path)
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

    def get(self, path: str) -> Answer:
        """GET a path of the web process. Raises OSError while nobody listens."""
        return self._ask(path, None)

    def asking(self, path: str, begun: float = 5) -> "Future[Answer | None]":
        """GET a path beside the notebook; ``.result()`` waits for the answer, None if it was cut off.

        Returns once the process has written a line to its log, or after *begun*
        seconds: then the request is under way.
        """
        before = len(self.log)
        asked: Future[Answer | None] = Future()
        Thread(target=self._get_into, args=(path, asked), daemon=True).start()
        end = time.monotonic() + begun
        while len(self.log) == before and not asked.done() and time.monotonic() < end:
            time.sleep(0.01)
        return asked

    def _get_into(self, path: str, asked: "Future[Answer | None]") -> None:
        try:
            asked.set_result(self.get(path))
        except (OSError, HTTPException):
            asked.set_result(None)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST a JSON body to a path of the web process."""
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None) -> Answer:
        if self.port is None:
            raise ProcessError(f"{self.command} was given no PORT, so it cannot be asked anything.")
        return _ask(f"http://127.0.0.1:{self.port}{path}", body)


def start(project: Path, name: str, **environ: str) -> Process:
    """Start a process of the type *name* in the project's Procfile, with this environment.

    Raises ProcessError for a type that the Procfile does not have.
    """
    types = procfile(project)
    if name not in types:
        known = ", ".join(types) or "none"
        raise ProcessError(f"The Procfile has no process type {name!r}; it has: {known}.")
    return Process(project, _command(types[name]), environ)


def procfile(project: Path) -> dict[str, str]:
    """The commands of a project by process type; empty without a Procfile."""
    path = project / "Procfile"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    named = [line.partition(":") for line in lines if ":" in line and not line.startswith("#")]
    return {name.strip(): command.strip() for name, _, command in named}


def _command(line: str) -> list[str]:
    """The command's words; ``python`` is this very Python. With ``&&`` a shell is needed."""
    line = line.replace("python ", f"{shlex.quote(sys.executable)} ")
    return ["sh", "-c", line] if "&&" in line or ";" in line else shlex.split(line)


def listens(port: int) -> bool:
    """Whether anybody listens on this port of this computer."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> str:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def _ask(url: str, body: bytes | None) -> Answer:
    headers = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, data=body, headers=headers)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=10) as answer:
            return Answer(answer.status, _decoded(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _decoded(error.read()))


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
