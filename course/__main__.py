"""``python3 -m course [verb]``: one table of verbs, each imported when it is called.

This file, ``course/__init__`` and ``course/bootstrap`` parse on Python 3.8, so
that an older Python is told what it lacks instead of meeting a SyntaxError.

To add a verb: a line in VERBS, and a ``main(arguments) -> exit status`` whose
module imports nothing but the standard library at its top (``--help`` is
answered before anything is installed).
"""

import difflib
import importlib
import sys
from collections import namedtuple
from typing import List

import course
from course import bootstrap
from course.bootstrap import ANYTHING, COMMAND, LESSONS, TESTS, WHAT_IS_THERE

Verb = namedtuple("Verb", "module needs summary")

VERBS = {
    "lab": Verb("course.lab", LESSONS, "open the course in JupyterLab (what no verb does too)"),
    "test": Verb("course.suite", TESTS, "run the course's own tests; --all for the slow ones too"),
    "doctor": Verb("course.doctor", WHAT_IS_THERE, "say what is right and wrong with this set-up"),
    "restore": Verb("course.working_copy", ANYTHING, "bring back a fresh notebook: restore 05"),
    "progress": Verb("course.progress.command", LESSONS, "show, export, import or reset progress"),
    "operations": Verb("course.operations", LESSONS, "what becomes of each ECS operation"),
    "coverage": Verb("course.coverage", LESSONS, "where the study guide's demands are met"),
    "failures": Verb("course.failures", LESSONS, "what a failed task says, why, and what heals it"),
    "sheet": Verb("course.sheet", LESSONS, "a page to print the night before the exam"),
    "questions": Verb("course.question_bank", LESSONS, "what the bank of exam items holds"),
    "sandbox": Verb("course.terminal", LESSONS, "an endpoint on this computer for the aws CLI"),
    "cleanup": Verb("course.cleanup", LESSONS, "remove what LIVE left in an AWS account"),
    "policy": Verb("course.policy", LESSONS, "the least-privilege policy for LIVE"),
    "bench": Verb("course.bench", LESSONS, "measure the sandbox against plain moto"),
}


def main(arguments: List[str]) -> int:
    """Run one verb and return its exit status: 0 well, 1 it failed, 2 it was asked wrongly."""
    too_old = bootstrap.too_old()
    if too_old:
        return _fail(too_old, 2)
    if arguments[:1] in (["-h"], ["--help"]):
        print(_help())
        return 0
    if arguments[:1] == ["--version"]:
        print(course.__version__)
        return 0
    if not arguments or arguments[0].startswith("-"):
        arguments = ["lab", *arguments]
    name, rest = arguments[0], arguments[1:]
    if name not in VERBS:
        return _fail(_unknown(name), 2)
    return _run(VERBS[name], name, rest)


def _run(verb: Verb, name: str, rest: List[str]) -> int:
    own = rest[: rest.index("--")] if "--" in rest else rest
    try:
        if not {"-h", "--help"} & set(own):
            bootstrap.enter(verb.needs, [name, *rest])
        status = importlib.import_module(verb.module).main(rest)
    except bootstrap.SetupError as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        print()  # the terminal stands behind ^C
        return _fail("Interrupted. Nothing is lost; the same command starts again.", 130)
    return int(status)


def _help() -> str:
    lines = ["{:10} {}".format(name, verb.summary) for name, verb in VERBS.items()]
    return "usage: {} [verb] [--help]\n\n  {}".format(COMMAND, "\n  ".join(lines))


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, VERBS, 1)
    hint = "did you mean {!r}?".format(near[0]) if near else "there are " + ", ".join(VERBS)
    return "There is no verb {!r}: {}".format(name, hint)


def _fail(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
