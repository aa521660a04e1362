"""A real Jupyter kernel is killed, and what a lesson started in it is gone."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from course.sample_app.processes import free_port

pytestmark = [
    pytest.mark.slow,  # a kernel, and real processes
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc"),
]

IN_A_NOTEBOOK = """
import course
lesson = course.lesson("twelve-factor")
sample = lesson.project("honest")
config = {{"DATABASE_URL": sample.database, "KITCHEN": "Harbour"}}
web, other = (sample.start("web", PORT=port, **config) for port in {ports})
sample.start("migrate", **config).ended()
sample.start("worker", **config)
assert web.ready("/orders") and other.ready("/orders")
"""


@pytest.fixture
def kernel(root: Path, tmp_path: Path) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A kernel as JupyterLab starts one, in a folder of its own."""
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel(cwd=str(tmp_path), env={**os.environ, "PYTHONPATH": str(root)})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def test_nothing_that_a_lesson_started_outlives_its_killed_kernel(
    kernel: tuple[KernelManager, BlockingKernelClient],
) -> None:
    manager, client = kernel
    ports = [free_port(), free_port()]
    reply = client.execute_interactive(IN_A_NOTEBOOK.format(ports=ports), timeout=120)
    assert reply["content"]["status"] == "ok", reply["content"]
    pid = manager.provisioner.pid
    until(lambda: len(descendants(pid)) == 6)  # two web processes and a worker, with their keepers
    everyone = [pid, *descendants(pid)]
    os.kill(pid, signal.SIGKILL)
    until(lambda: not any(map(runs, everyone)))


def descendants(pid: int) -> list[int]:
    """The processes that this one started, and those that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = [child for child, parent in parents.items() if parent == pid]
    return found + [one for child in found for one in descendants(child)]


def runs(pid: int) -> bool:
    """Whether it is there and is no corpse that nobody has looked at yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
