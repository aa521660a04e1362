"""Say in plain lines what is right and wrong with this set-up, changing nothing.

It runs before anything is installed, on the standard library alone. The exit
status is 0 unless something is wrong that a lesson needs; what is merely missing
comfort (Chromium, uv, dot) is a remark.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from course import bootstrap, requirements, working_copy
from course.curriculum.shipped import shipped_folder

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@dataclass(frozen=True)
class Finding:
    """One line: ``ok``, a ``note`` that nothing depends on, or ``wrong``."""

    status: Literal["ok", "note", "wrong"]
    text: str


def findings() -> Iterator[Finding]:
    """Look at everything a lesson needs, in the order in which it would fail."""
    yield Finding("ok", f"Python {platform.python_version()} at {sys.executable}")
    yield from _environment()
    yield _notebooks()
    yield _data_folder()
    yield from _aws_variables()
    yield from _comforts()


def _environment() -> Iterator[Finding]:
    packages = requirements.packages(bootstrap.ROOT)
    unmet = [str(package) for package in packages if not package.fits]
    if not unmet:
        venv = bootstrap.venv_path()
        own = Path(sys.prefix).resolve() == venv.resolve()
        yield Finding(
            "ok", f"environment: {'made by the course' if own else 'yours'}, {sys.prefix}"
        )
        for package in packages:
            yield Finding("ok", f"{package} (asked for: {package.needs})")
    else:
        yield _not_ready(unmet)


def _not_ready(unmet: list[str]) -> Finding:
    """Judge an environment that lacks something: can ``.venv`` be made, or made anew?"""
    if not (bootstrap.ROOT / bootstrap.LESSONS[0]).exists():
        return Finding("wrong", "this environment lacks: " + "; ".join(unmet))
    try:
        reason = bootstrap.why_rebuild(bootstrap.venv_path())
    except bootstrap.SetupError as error:
        return Finding("wrong", str(error))
    missing = bootstrap.cannot_make_environments()
    if missing:
        return Finding("wrong", missing)
    again = (
        f"{bootstrap.venv_path()} will be made anew: {reason}" if reason else "not installed yet"
    )
    return Finding("note", f"{again}; {bootstrap.COMMAND} does it")


def _notebooks() -> Finding:
    shipped = sorted(shipped_folder().glob("*.ipynb"))
    if not shipped:
        return Finding("wrong", f"no notebooks in {shipped_folder()}: clone again")
    work = working_copy.work_folder()
    count = "1 notebook" if len(shipped) == 1 else f"{len(shipped)} notebooks"
    there = f"your copy is {work}" if work.exists() else f"the first start copies them to {work}"
    return Finding("ok", f"{count}; {there}")


def _data_folder() -> Finding:
    """Try to write where progress is kept: COURSE_DATA_DIR, or the user's data folder."""
    if named := os.environ.get("COURSE_DATA_DIR"):
        folder = Path(named)
    else:
        try:
            from course.progress.journal import data_folder
        except ImportError:
            return Finding("note", "progress: its folder is known once the packages are installed")
        folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            "wrong",
            f"progress cannot be kept in {folder} ({error}): set COURSE_DATA_DIR to another",
        )
    return Finding("ok", f"progress is kept in {folder}")


def _aws_variables() -> Iterator[Finding]:
    names = sorted(name for name in os.environ if name.startswith("AWS_"))
    if names:  # never their values
        yield Finding("note", f"lessons set aside, and leave as they are: {', '.join(names)}")


def _comforts() -> Iterator[Finding]:
    browser = next(filter(shutil.which, CHROMIUM), None)
    yield Finding(
        "note", f"{browser}: found" if browser else "no Chromium: the browser tests are skipped"
    )
    for name, without in (
        ("uv", "setting up takes a minute instead of seconds"),
        ("dot", "not needed"),
    ):
        yield Finding("note", f"{name}: found" if shutil.which(name) else f"no {name}: {without}")


def main(arguments: list[str]) -> int:
    """Print the findings and return 1 if one of them is wrong."""
    parser = argparse.ArgumentParser(
        prog=f"{bootstrap.COMMAND} doctor",
        description="Say what is right and wrong with this set-up. It changes nothing.",
        epilog="exit status: 0 unless something a lesson needs is wrong",
    )
    parser.add_argument("--json", action="store_true", help="the same for a machine to read")
    options = parser.parse_args(arguments)
    found = list(findings())
    healthy = all(finding.status != "wrong" for finding in found)
    if options.json:
        print(json.dumps({"healthy": healthy, "findings": [asdict(f) for f in found]}, indent=2))
    else:
        for finding in found:
            print(f"{finding.status:5} {finding.text}")
        print("Nothing is wrong." if healthy else "Mend what is marked wrong.")
    return 0 if healthy else 1
