"""Repair the broken twin factor by factor: its files are edited, its processes run for real."""

import sys
from collections.abc import Callable
from pathlib import Path

from course.exercises.exercise import MET, Criterion, Exercise, Finding, missing
from course.exercises.twelve_factor import kitchen
from course.exercises.twelve_factor.mistakes import MISTAKES
from course.exercises.twelve_factor.solution import solve
from course.sample_app.checker import check
from course.sample_app.findings import NAMES, Findings

# factor: what is expected, where to look
SHALL: dict[str, tuple[str, str]] = {
    "I": ("one program", "the two files: what differs between them is config"),
    "II": ("each package with one version", "requirements.txt and the imports"),
    "V": ("a web process that only runs", "the Procfile; a build belongs into the Dockerfile"),
    "X": ("no branch on the stage", "STAGE in app.py"),
    "VII": ("an answer on the port given", "PORT in app.py"),
    "III": ("config from the environment, no secret", "KITCHEN, DATABASE_PASSWORD in app.py"),
    "IV": ("the database that DATABASE_URL names", "DATABASE in app.py"),
    "VIII": ("two web processes side by side", "PID_FILE in app.py"),
    "VI": ("no state in a process", "the list `orders` in app.py"),
    "IX": ("an end on SIGTERM that cuts nothing off", "the last lines of app.py"),
    "XI": ("a log stream on standard output", "logging.basicConfig in app.py"),
    "XII": ("a process `migrate` in the Procfile", "create_table() at the end of app.py"),
}
AFTER = {"VI": "VIII"} | dict.fromkeys(("IV", "VIII", "IX", "XI", "XII"), "VII")


def _observe(folder: Path) -> Findings | str:
    """What the checker finds, or why it cannot look."""
    try:
        return check(folder / kitchen.NAME)
    except FileNotFoundError:
        return f"no Procfile in {kitchen.NAME}"
    except SyntaxError as error:
        return f"{error.filename}, line {error.lineno}: {error.msg}"


def _look(factor: str) -> Callable[[Findings | str], Finding]:
    expected, where = SHALL[factor]

    def look(seen: Findings | str) -> Finding:
        if isinstance(seen, str):
            return missing(expected, seen, f"the folder {kitchen.NAME}")
        found = seen[factor]
        untold = found.holds is None and factor == "IX" and sys.platform == "win32"
        return MET if found.holds or untold else missing(expected, found.found, where)

    return look


REPAIR_THE_TWIN = Exercise(
    id="factors-repair-101",
    lesson="twelve-factor",
    goal=(
        f"The folder {kitchen.NAME!r} beside this notebook holds an app that works on the computer "
        "it was written on. Repair it factor by factor, in any order, and check as often as you "
        "like: it runs a copy, and changes nothing. Your edits stay until you clean up."
    ),
    criteria=tuple(
        Criterion(factor, f"{factor} {NAMES[factor]}", _look(factor), AFTER.get(factor, ""))
        for factor in SHALL
    ),
    hints=(
        "Begin with the files: I, II, V and X need no running. Then VII, which hides others.",
        "Environment variables: PORT, KITCHEN, DATABASE_URL (sqlite:// and a path).",
        'One factor\'s repair at a time: lesson.exercise("factors-repair-101").solution("VII").',
    ),
    setup=kitchen.make,
    attempted=kitchen.is_edited,
    solve=solve,
    cleanup=kitchen.clear,
    wrong_solutions=MISTAKES,
    rationale=(
        "Every repair moves something out of the process: settings and state to where they "
        "can be attached, the build before the run, logs and signals to whoever runs it."
    ),
    objective="twelve-factor/repair",
    sources=("The Twelve-Factor App, https://12factor.net, checked 2026-11-26",),
    done_in="folder",
    observe=_observe,
)
