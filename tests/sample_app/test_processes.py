"""Processes are real here: they listen, log, drain, and are never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from course.sample_app.processes import ProcessError, free_port, procfile, start

pytestmark = pytest.mark.slow  # real processes take real time

Copy = Callable[[str], Path]


def environ(project: Path) -> dict[str, str]:
    url = f"sqlite://{(project / 'kitchen.db').as_posix()}"
    return {"PORT": free_port(), "DATABASE_URL": url, "KITCHEN": "Test"}


def test_the_procfile_names_the_types_of_process(project: Copy) -> None:
    assert list(procfile(project("honest"))) == ["web", "worker", "migrate"]


def test_a_type_that_is_not_there_is_named_with_those_that_are(project: Copy) -> None:
    with pytest.raises(ProcessError, match=r"no process type 'wbe'; it has: web, worker, migrate"):
        start(project("honest"), "wbe")


def test_a_web_process_and_a_worker_share_what_the_database_holds(project: Copy) -> None:
    honest = project("honest")
    given = environ(honest)
    with start(honest, "migrate", **given) as migrate:
        assert migrate.ended() == 0 and migrate.log == ["migrated"]
    with start(honest, "web", **given) as web, start(honest, "worker", **given) as worker:
        assert web.ready("/orders")
        assert web.post("/orders", {"dish": "soup"}).status == 201
        until(lambda: "cooked: 1" in worker.log)
        assert web.get("/orders").body["orders"] == [{"dish": "soup", "cooked": True}]
        assert "order taken: soup" in web.log


def test_sigterm_is_drained_and_sigkill_is_not(project: Copy) -> None:
    honest = project("honest")
    with start(honest, "web", **environ(honest)) as web:
        assert web.ready("/orders") and web.exit_code is None
        assert web.stop() == 0
        assert web.log[-1] == "drained"
    with start(honest, "web", **environ(honest)) as web:
        assert web.ready("/orders")
        assert web.kill() == 128 + signal.SIGKILL
        assert "drained" not in web.log
        assert "ended with 137" in repr(web)


def test_a_request_under_way_is_served_after_sigterm_and_cut_off_by_sigkill(project: Copy) -> None:
    honest = project("honest")
    with start(honest, "web", **environ(honest)) as web:
        assert web.ready("/orders")
        asked = web.asking("/slow")
        assert not asked.done() and web.log[-1] == "a slow request begins"
        assert web.stop() == 0
        assert asked.result() == (200, {"served": True})
    with start(honest, "web", **environ(honest)) as web:
        assert web.ready("/orders")
        asked = web.asking("/slow")
        web.kill()
        assert asked.result() is None


def test_waiting_for_an_answer_may_be_given_up(project: Copy) -> None:
    honest = project("honest")
    with start(honest, "web", **environ(honest)) as web:
        assert not web.ready("/orders", unless=lambda: True)


def test_a_process_that_ends_at_once_is_not_ready(project: Copy) -> None:
    with start(project("honest"), "web", PORT=free_port()) as web:  # and no other configuration
        assert not web.ready()
        assert web.exit_code == 1
        assert any("KeyError" in line for line in web.log)


def test_a_process_without_a_port_cannot_be_asked(project: Copy) -> None:
    honest = project("honest")
    given = environ(honest)
    del given["PORT"]
    with (
        start(honest, "worker", **given) as worker,
        pytest.raises(ProcessError, match="was given no PORT"),
    ):
        worker.get("/")


def test_it_sees_its_own_configuration_and_nothing_of_the_notebooks(
    project: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do not pass this on")
    folder = project("honest")
    (folder / "Procfile").write_text("show: python show.py", "utf-8")
    (folder / "show.py").write_text("import os\nprint(*sorted(os.environ))", "utf-8")
    with start(folder, "show", KITCHEN="Test") as show:
        show.ended()
        assert "KITCHEN" in show.log[0].split()
        assert "AWS_SECRET_ACCESS_KEY" not in show.log[0].split()


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_what_a_process_started_ends_with_it(project: Copy) -> None:
    """A shell that is stopped takes its server along, as the end of process 1 ends a container."""
    honest = project("honest")
    given = environ(honest)
    (honest / "Procfile").write_text("web: python app.py && python app.py", "utf-8")
    with start(honest, "web", **given) as web:
        assert web.ready("/orders")
        assert web.stop() == 128 + signal.SIGTERM
    until(lambda: not processes_of(given["PORT"]))


KERNEL = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from course.sample_app.processes import start
web = start(Path({project!r}), "web", **{environ!r})
assert web.ready("/orders")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_processes_are_gone_when_the_kernel_is_killed(project: Copy, root: Path) -> None:
    honest = project("honest")
    given = environ(honest)
    code = KERNEL.format(root=str(root), project=str(honest), environ=given)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as kernel:
        assert kernel.stdout is not None and kernel.stdout.readline() == b"ready\n"
        assert processes_of(given["PORT"])
        os.kill(kernel.pid, signal.SIGKILL)
    until(lambda: not processes_of(given["PORT"]))


def processes_of(port: str) -> list[int]:
    """Who still has this PORT in its environment: the keeper and the app, and nobody else."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"PORT={port}".encode() in variables:
            found.append(int(process.name))
    return found


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
