"""What a container's command does: how long it runs, with which code it ends, how it takes SIGTERM.

A small shell is understood: ``sleep``, ``exit``, ``true``, ``false``, ``exec``,
``;``, ``&&`` and ``||``, in ``sh -c`` or as a command of its own. A program
that the image knows as a server runs on; so does, in an image nobody has
described, whatever the command ends with. All else takes no time and
succeeds. A shell that is the container's first process passes no signal on,
and ``sleep`` there ignores it, as the kernel has it for process 1: both end by
SIGKILL, with 137.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isinf

from course.sandbox.workloads.images import UNKNOWN, Image

SIGKILL_EXIT = 137
SHELLS = ("sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash")
SEPARATORS = (";", "&&", "||", "\n")
PASSING = ("echo", "printf", "cd", "export", "set", "mkdir", "cp", "mv", "cat", "ls", "env", "true")


@dataclass(frozen=True, slots=True)
class Program:
    """A container's first process. *runs* is virtual seconds until it ends by itself, None: never."""

    runs: float | None
    exit_code: int = 0
    sigterm: int | None = None
    stops: float = 0

    def stopping(self, stop_timeout: float) -> tuple[float, int]:
        """Seconds from the stop signal to its end, and its exit code: SIGKILL ends what stays."""
        if self.sigterm is None or self.stops > stop_timeout:
            return stop_timeout, SIGKILL_EXIT
        return self.stops, self.sigterm


def program_of(image: Image, command: Sequence[str]) -> Program:
    """What runs in a container: its command, or without one the image's own program."""
    if not command:
        return _own(image)
    name, *arguments = command
    if name in SHELLS:
        return _shell(image, arguments)
    return _single(image, list(command), last=True) or Program(runs=0)


def _own(image: Image) -> Program:
    if image.exits is not None:
        return Program(runs=image.after, exit_code=image.exits)
    return Program(runs=None, sigterm=image.sigterm, stops=image.stops)


def _single(image: Image, words: list[str], *, last: bool) -> Program | None:
    """A command that decides something: a server, sleep, exit ...; None for one that just passes."""
    name, arguments = words[0].rsplit("/", 1)[-1], words[1:]
    if name == "exec" and arguments:
        return _single(image, arguments, last=last)
    if name in image.programs:
        return _own(image)
    if name == "sleep":
        return Program(runs=_seconds(arguments))
    if name == "exit":
        return Program(runs=0, exit_code=_code(arguments))
    if name == "false":
        return Program(runs=0, exit_code=1)
    return _own(image) if last and image.name == UNKNOWN and name not in PASSING else None


def _seconds(arguments: list[str]) -> float | None:
    """``sleep``'s argument in seconds; None for ``infinity``."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    text = arguments[0] if arguments else "0"
    unit = units.get(text[-1:], 1)
    try:
        length = float(text.rstrip("smhd")) * unit
    except ValueError:
        return None
    return None if isinf(length) else length


def _code(arguments: list[str]) -> int:
    text = arguments[0] if arguments else "0"
    return int(text) % 256 if text.isdigit() else 2


def _shell(image: Image, arguments: list[str]) -> Program:
    """``sh -c SCRIPT``: one statement after the other, until one runs on or the script ends."""
    if "-c" not in arguments or arguments[-1] == "-c":
        return Program(runs=0)
    statements = _statements(arguments[arguments.index("-c") + 1])
    passed, code = 0.0, 0
    for joined_by, words in statements:
        if (joined_by == "&&" and code) or (joined_by == "||" and not code):
            continue
        last = words is statements[-1][1]
        done = _single(image, words, last=last) or Program(runs=0)
        if done.runs is None:
            return done if words[0] == "exec" or len(statements) == 1 else _under_a_shell(done)
        passed, code = passed + done.runs, done.exit_code
        if words[0] == "exit":
            break
    return Program(runs=passed, exit_code=code)


def _under_a_shell(server: Program) -> Program:
    """A server started by a shell that stays process 1 never hears of the signal."""
    return replace(server, sigterm=None)


def _statements(script: str) -> list[tuple[str, list[str]]]:
    """The script's statements, each with what joins it to the one before."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=";&|\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    joined_by, words, statements = ";", list[str](), list[tuple[str, list[str]]]()
    try:
        for word in lexer:
            if word.strip(" ") in SEPARATORS:
                statements += [(joined_by, words)] if words else []
                joined_by, words = word, []
            else:
                words.append(word)
    except ValueError:  # an open quote: the shell would refuse the script
        return [(";", ["exit", "2"])]
    return statements + ([(joined_by, words)] if words else [])
