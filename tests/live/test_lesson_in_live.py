"""The Fargate lesson in LIVE, with no change: its own notebook, in a real kernel, by its own cells.

The account is the course's sandbox in a process of its own, behind HTTP, with its own clock: a
service there really starts its tasks, which plain moto's does not.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from tests.live.emulated import KEY, REGION, ROOT, SECRET, Emulated

pytestmark = pytest.mark.slow

NOTEBOOK = ROOT / "notebooks" / "05-fargate-tutorial.ipynb"
DIGITS = "9012"


@pytest.fixture
def behaving(tmp_path: Path) -> Iterator[Emulated]:
    """An account in which tasks walk through their states, an hour in a minute."""
    command = [sys.executable, "-m", "course", "sandbox", "--port", "0", "--json", "--speed", "60"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout
    try:
        url = json.loads(server.stdout.readline())["endpoint"]
        account = Emulated(url, tmp_path)
        account.environ |= {"AWS_ACCESS_KEY_ID": "SANDBOX0ACCESS0KEY00"}
        yield account
    finally:
        server.terminate()
        server.communicate()


class Kernel:
    """A real kernel with a front end that can type."""

    def __init__(self, environ: dict[str, str], *typed: str) -> None:
        self._typed = list(typed)
        self.manager = KernelManager(kernel_name="python3")
        assert self.manager.kernel_spec
        self.manager.kernel_spec.argv[0] = sys.executable
        own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.manager.start_kernel(env={**own, **environ})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.said: list[dict[str, Any]] = []

    def run(self, source: str) -> str:
        """Everything that a cell said, raw, as the front end gets it."""
        start = len(self.said)
        self.client.execute_interactive(
            source,
            allow_stdin=True,
            stdin_hook=self._type,
            output_hook=self.said.append,
            timeout=300,
        )
        return "\n".join(json.dumps(one["content"]) for one in self.said[start:])

    def _type(self, message: dict[str, Any]) -> None:
        self.said.append(message)
        self.client.input(self._typed.pop(0) if self._typed else "")

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def in_live(account: Emulated, **more: str) -> dict[str, str]:
    live = {"COURSE_AWS": "live", "COURSE_AWS_REGION": REGION, "COURSE_AWS_USD": "1"}
    return {**account.environ, **live, "COURSE_AWS_MINUTES": "60", **more}


def test_the_whole_notebook_in_live(behaving: Emulated, tmp_path: Path) -> None:
    cells = [one for one in nbformat.read(NOTEBOOK, 4).cells if one.cell_type == "code"]
    kernel = Kernel(in_live(behaving), DIGITS)
    said = {}
    try:
        for cell in cells:
            said[cell.id] = kernel.run(cell.source)
    finally:
        kernel.close()
    tags = {cell.id: set(cell.metadata.get("tags", [])) for cell in cells}
    for id, text in said.items():
        passed = "this cell needs the sandbox, and this is LIVE" in text
        assert passed is ("sandbox-only" in tags[id]), f"{id}: {text}"
        wanted = id == "definition-wrong"
        assert ('"ename"' in text) is wanted, f"{id}: {text}"
    assert "No Fargate configuration exists" in said["definition-wrong"]
    assert "LIVE  A first service on Fargate" in said["open"]
    assert "http://" in said["live-page"]
    assert "0 left." in said["clean"]
    everything = "\n".join(said.values()) + "".join(
        path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()
    )
    for planted in ("123456789012", SECRET, KEY):
        assert planted not in everything
    assert behaving.aws("ecs list-clusters")["clusterArns"] == []
    assert behaving.aws("ecs list-task-definitions")["taskDefinitionArns"] == []
    groups = behaving.aws("ec2 describe-security-groups")["SecurityGroups"]
    assert [one["GroupName"] for one in groups] == ["default"]
