"""The factors that a project's processes tell of: they are started for real, and watched."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.sample_app.findings import Finding, finding
from course.sample_app.processes import (
    Process,
    ProcessError,
    free_port,
    listens,
    procfile,
    start,
)
from course.sample_app.source import Source

ONE_OFF = "migrate"
"""The admin process type that the sample app has."""

AT_LAST = 15.0
"""Seconds after which a web process does not answer any more; a busy computer takes some."""

QUICKLY = 5.0
"""Seconds in which a disposable process has to end once it is asked to."""

UNDER_WAY = 0.3
"""Seconds after which a request that takes one is surely being served."""


AT_ONCE = 4
"""Trials that run side by side; each has a copy, a database and ports of its own."""


@dataclass
class Trial:
    """A copy of the project with a database of its own, and the processes started from it."""

    project: Path
    database: Path
    undo: ExitStack

    def web(self, **environ: str) -> Process:
        """A web process on a free port, which may or may not come to answer."""
        given = {"PORT": free_port(), "DATABASE_URL": self.url(), "KITCHEN": "A"} | environ
        return self.undo.enter_context(start(self.project, "web", **given))

    def url(self, name: str = "orders") -> str:
        return f"sqlite://{(self.database / name).as_posix()}.db"

    def migrate(self, name: str = "orders") -> int:
        """Run the one-off process on a database; its exit code. Without one, nothing is to be run."""
        if ONE_OFF not in procfile(self.project):
            return 0
        given = {"PORT": free_port(), "DATABASE_URL": self.url(name), "KITCHEN": "A"}
        with start(self.project, ONE_OFF, **given) as process:
            return process.ended()

    def files(self) -> set[str]:
        return {one.name for one in self.project.rglob("*") if "__pycache__" not in one.parts}


@contextmanager
def _running(project: Path) -> Iterator[Trial]:
    """A trial of the project; its copy, its database and its processes are gone at the end."""
    with tempfile.TemporaryDirectory(prefix="course-trial-") as folder, ExitStack() as undo:
        copy, data = Path(folder, "project"), Path(folder, "data")
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("*.db", "*.pid", "*.log"))
        data.mkdir()
        yield Trial(copy, data, undo)


def by_running(project: Path) -> list[Finding]:
    """III, IV, VI to IX, XI and XII. Without a port of its own (VII) the others cannot be told.

    Draining (IX) is tried alone, since it is about moments; the rest mostly wait, side by side.
    """
    port = _tried(_port, project)
    if not port.holds:
        rest = ("IX", *RULES)
        return [port, *(Finding(one, None, "cannot be told until VII holds") for one in rest)]
    drained = _tried(_disposable, project)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [port, drained, *pool.map(lambda rule: _tried(rule, project), RULES.values())]


def _tried(rule: Callable[[Trial], Finding], project: Path) -> Finding:
    """A rule on a copy of its own, so that none meets what another left behind."""
    with _running(project) as trial:
        return rule(trial)


def _port(trial: Trial) -> Finding:
    """A port written in the code that comes to answer instead of the one given ends the waiting."""
    trial.migrate()
    own = [port for port in Source(trial.project).ports() if not listens(port)]
    with trial.web() as web:
        answers = web.ready("/orders", AT_LAST, unless=lambda: any(map(listens, own)))
        bound = [port for port in own if not answers and listens(port)]
        wrong = f"it does not answer there{_last_words(web)}"
    if bound:
        wrong = f"it binds {bound[0]}, which is written in the code"
    wrong = f"asked to bind the port in PORT, {wrong}"
    return finding("VII", answers, "binds the port it is given", wrong)


def _from_environment(trial: Trial) -> Finding:
    trial.migrate()
    with trial.web(KITCHEN="a kitchen of the checker") as web:
        web.ready("/orders")
        told = "a kitchen of the checker" in str(web.get("/orders").body)
    return finding(
        "III", told, "from the environment", "KITCHEN from the environment changes nothing"
    )


def _backing(trial: Trial) -> Finding:
    before = trial.files()
    trial.migrate("elsewhere")
    with trial.web(DATABASE_URL=trial.url("elsewhere")) as web:
        web.ready("/orders")
        web.post("/orders", {"dish": "soup"})
        taken = "soup" in str(web.get("/orders").body)
    named = Path(trial.database, "elsewhere.db")
    held = taken and named.exists() and b"soup" in named.read_bytes()
    own = sorted(name for name in trial.files() - before if name.endswith((".db", ".sqlite")))
    wrong = f"DATABASE_URL names another database, the order went to {own or 'no file at all'}"
    return finding("IV", held and not own, "whatever DATABASE_URL names", wrong)


def _stateless(trial: Trial) -> Finding:
    trial.migrate()
    with trial.web() as one, trial.web() as other:
        if not (one.ready("/orders") and other.ready("/orders")):
            return Finding("VI", None, "cannot be told until VIII holds")
        one.post("/orders", {"dish": "stew"})
        shared = "stew" in str(other.get("/orders").body)
    return finding(
        "VI",
        shared,
        "keep nothing of their own",
        "an order taken by one web process, another has not",
    )


def _concurrent(trial: Trial) -> Finding:
    """The second starts once the first answers, so that it is always the second that cannot."""
    trial.migrate()
    with trial.web() as one:
        first = one.ready("/orders")
        other = trial.web()
        both = first and other.ready("/orders")
        wrong = f"a second web process beside the first does not answer{_last_words(other)}"
    return finding("VIII", both, "two run side by side", wrong)


def _disposable(trial: Trial) -> Finding:
    if sys.platform == "win32":
        return Finding("IX", None, "cannot be told on Windows, which has no SIGTERM")
    with trial.web() as web:
        web.ready("/orders")
        asked = web.asking("/slow", UNDER_WAY)
        web.signal("TERM")
        answer = asked.result()
        served = answer is not None and answer.status == 200
        try:
            code = web.ended(QUICKLY)
        except ProcessError:
            return Finding("IX", False, f"still runs {QUICKLY:g} seconds after SIGTERM")
    if not served:
        return Finding("IX", False, "SIGTERM cut off a request under way")
    return finding("IX", code in (0, 143), "drains and ends on SIGTERM", f"ended with {code}")


def _logs(trial: Trial) -> Finding:
    trial.migrate()
    before = trial.files()
    with trial.web() as web:
        web.ready("/orders")
        web.post("/orders", {"dish": "a dish to look for"})
        told = any("a dish to look for" in line for line in web.log)
        files = sorted(
            name for name in trial.files() - before if not name.endswith((".db", ".pid"))
        )
    if files:
        return Finding("XI", False, f"writes to files of its own: {', '.join(files)}")
    return finding(
        "XI", told, "a stream on standard output", "an order leaves no line in the stream"
    )


def _admin(trial: Trial) -> Finding:
    if ONE_OFF not in procfile(trial.project):
        return Finding("XII", False, f"the Procfile has no one-off process {ONE_OFF!r}")
    codes = [trial.migrate("fresh"), trial.migrate("fresh")]
    if codes != [0, 0]:
        return Finding("XII", False, f"{ONE_OFF} run twice ended with {codes[0]} and {codes[1]}")
    with trial.web(DATABASE_URL=trial.url("untouched")) as web:
        web.ready("/orders")
        status = web.post("/orders", {"dish": "soup"}).status
    return finding("XII", status >= 400, "run once, by themselves", "the web process migrates too")


RULES: dict[str, Callable[[Trial], Finding]] = {
    "III": _from_environment,
    "IV": _backing,
    "VI": _stateless,
    "VIII": _concurrent,
    "XI": _logs,
    "XII": _admin,
}


def _last_words(process: Process) -> str:
    return f" (it said: {process.log[-1]})" if process.log else ""
