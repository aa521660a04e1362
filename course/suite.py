"""Run the course's own tests: one pytest run, whose closing line is the last.

Without options it is what a user needs to know that the course works here: unit
and contract tests, every notebook, and a browser story where Chromium is found.
Fine rules of the engine (marked detail) are left to ``--all``, which adds the tests
marked slow too: linting, types, setting up from nothing. Where a path is named, its
details run. A run of everything is shared among the processors, a file to one at a time.
"""

import argparse
import os
import subprocess
import sys

from course.bootstrap import COMMAND, ROOT, SetupError, importing_course

TOGETHER = ("--numprocesses=auto", "--maxprocesses=8", "--dist=loadfile")
"""For pytest-xdist: one process for each processor; a notebook's cells stay in one."""


def main(arguments: list[str]) -> int:
    """Run pytest over the checkout and return its exit status."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} test",
        description="Run the course's own tests. What stands after -- goes to pytest.",
        epilog=f"example: {COMMAND} test -- tests/sandbox -x",
    )
    parser.add_argument("--all", action="store_true", help="the slow and the detailed tests too")
    options = parser.parse_args(arguments[:split])
    if not (ROOT / "tests").exists():
        raise SetupError("The tests are not installed with the package: run them in a git clone.")
    given = arguments[split + 1 :]
    named = any(map(_is_path, given))
    wanted = "not slow" if named else "not slow and not detail"
    chosen = [] if options.all else ["-m", wanted]
    shared = () if named else TOGETHER
    command = [sys.executable, "-m", "pytest", *chosen, *shared, *given]
    environ = importing_course(dict(os.environ))
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


def _is_path(argument: str) -> bool:
    """Whether an argument for pytest names a file or folder of tests, or one test in it."""
    return (ROOT / argument.split("::")[0]).exists()
