"""A second, independent account: plain moto's own server in a process of its own, behind HTTP.

Nothing of the course is in it. It is reached as a learner's account would be, by
AWS_ENDPOINT_URL, and counted by the aws CLI alone.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "123456789012"
"""moto's own account."""

KEY, SECRET = "AKIAPLANTEDPLANTED22", "planted/secret/planted/secret/planted/se"


class Emulated:
    """An emulated account: where it is, how to reach it, and what the aws CLI says of it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        kept = ("PATH", "SYSTEMROOT", "PYTHONPATH", "COVERAGE_PROCESS_START")
        self.environ = {name: os.environ[name] for name in kept if name in os.environ} | {
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "COURSE_DATA_DIR": str(home / "data"),
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }

    def aws(self, command: str, *words: str) -> Any:
        """What the real aws CLI answers."""
        line = [sys.executable, "-m", "awscli", *command.split(), *words]
        own = {**self.environ, "AWS_DEFAULT_REGION": REGION, "AWS_MAX_ATTEMPTS": "3"}
        done = subprocess.run(line, env=own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def python(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A program in a process of its own."""
        line = [sys.executable, "-c", code]
        own = {**self.environ, **more}
        return subprocess.run(line, env=own, capture_output=True, text=True, check=False)

    def course(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """``python3 -m course ...`` in a process of its own."""
        line = [sys.executable, "-m", "course", *words]
        own = {**self.environ, **more}
        return subprocess.run(line, env=own, capture_output=True, text=True, check=False, cwd=ROOT)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def moto_server(home: Path, **env: str) -> Iterator[Emulated]:
    """Plain moto's server from start to end."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    line = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(line, env={**os.environ, **env}, **quiet)
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/moto-api/")
        yield Emulated(f"http://127.0.0.1:{port}", home)
    finally:
        server.kill()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "moto's server ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("moto's server does not answer")
