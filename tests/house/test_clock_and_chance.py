"""Time and chance come in as arguments: no wall clock and no unseeded dice behind a lesson."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where real time is the subject. Everything else takes a clock and a generator.
REAL_TIME = (
    "course/bench.py",
    "course/notebook_times.py",
    "course/traffic_times.py",
    "course/live/",
    "course/classroom/",
    "course/progress/",
    "course/sandbox/endpoint/",
    "course/terminal.py",
    "course/sample_app/",
)

WALL_CLOCK = {
    *("time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep"),
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today"),
    *("uuid.uuid4", "uuid4", "os.urandom", "secrets.token_hex", "secrets.token_urlsafe"),
}

FILES = [
    path
    for path in sorted((ROOT / "course").rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(REAL_TIME)
]


def offences(source: str) -> list[str]:
    """Return the calls that read the wall clock or roll an unseeded die."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "random")
        for alias in node.names
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            called = names.get(called, called)
            seeded = called in ("random.Random", "Random") and bool(node.args or node.keywords)
            if called in WALL_CLOCK or (called.startswith("random.") and not seeded):
                found.append(f"line {node.lineno}: {called}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_wall_clock_and_no_unseeded_dice(path: Path) -> None:
    assert not offences(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "import time; time.time()",
        "from time import sleep as nap; nap(1)",
        "from datetime import datetime; datetime.now()",
        "import random; random.choice([1])",
        "from random import Random; Random()",
        "import uuid; uuid.uuid4()",
    ],
)
def test_an_offence_is_seen(source: str) -> None:
    assert offences(source)


def test_a_seeded_generator_is_fine() -> None:
    assert not offences("from random import Random; Random(7).random()")
