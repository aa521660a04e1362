"""What a container's command does: how long it runs, with which code it ends, how it takes SIGTERM.

A small shell is understood: ``sleep``, ``exit``, ``true``, ``false``, ``exec``,
``;``, ``&&`` and ``||``, in ``sh -c`` or as a command of its own. A program
that the image knows as a server runs on; so does, in an image nobody has
described, whatever the command ends with. Of the rest, what is in the image
takes no time and succeeds, and what is not ends a shell with 127, or without a
shell never starts. A shell that is the container's first process passes no
signal on, and ``sleep`` there ignores it, as the kernel has it for process 1:
both end by SIGKILL, with 137.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isinf

from course.sandbox.workloads.images import UNKNOWN, Image
from course.sandbox.workloads.script import SHELLS, statements

SIGKILL_EXIT = 137
NOT_FOUND = 127
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
PASSING = (
    *("echo", "printf", "cd", "export", "set", "mkdir", "cp", "mv", "cat", "ls", "env", "true"),
    *("[", "test", "pwd", "id", "whoami", "hostname", "date", "touch", "rm", "chmod", "chown"),
    *("head", "tail", "grep", "sed", "printenv", "kill", "getent", ":"),
)
"""Commands of every image that decide nothing about how long it runs."""

DECIDING = ("exec", "exit", "false", "sleep")


@dataclass(frozen=True, slots=True)
class Server:
    """What a program answers over HTTP, *starts* virtual seconds after the container does.

    Without a *port* it listens wherever its container's portMappings say; with
    *loopback* on 127.0.0.1 only, which its own task can reach and nobody else.
    *carries* is requests a second on one vCPU, *latency* the seconds an answer
    takes when it is idle, *says* what a page that is there says.
    """

    port: int | None = None
    starts: float = 0
    paths: tuple[tuple[str, int], ...] = ()
    loopback: bool = False
    carries: float = 200
    latency: float = 0.1
    says: str = ""

    def status(self, path: str) -> int:
        """The HTTP status of a path."""
        known = dict(self.paths)
        return known.get(path, known.get("*", 404))


@dataclass(frozen=True, slots=True)
class Program:
    """A container's first process. *runs* is virtual seconds until it ends by itself, None: never.

    *missing* is the executable that its image does not have: the container cannot start.
    *wrote* is its last word in its log, where that says why it ended; *prints* are lines that
    its command writes before, each with the virtual seconds from the start. *own* says that it is
    the image's own program, which needs what the image needs; *error* is why it gave up, which it
    tells in the form that its log has.
    """

    runs: float | None
    exit_code: int = 0
    sigterm: int | None = None
    stops: float = 0
    server: Server | None = None
    reason: str | None = None
    missing: str | None = None
    wrote: str | None = None
    prints: tuple[tuple[float, str], ...] = ()
    own: bool = False
    error: str | None = None

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
    if not has(image, name):
        return _absent(image, name)
    return _single(image, list(command), last=True) or _passing(list(command))


def limited(program: Program, image: Image, limit_mib: float | None) -> Program:
    """The program with a memory limit: the image's own is killed when it needs more."""
    at = None if limit_mib is None or not program.own else exceeds_at(image, limit_mib)
    if at is None or (program.runs is not None and program.runs <= at):
        return program
    return replace(program, runs=at, exit_code=SIGKILL_EXIT, reason=OUT_OF_MEMORY)


def configured(program: Program, image: Image, given: Container[str]) -> Program:
    """The program with these environment variables *given*: the image's own may need others.

    It ends, and its log names the first that is missing: in Python's words, or where it is
    meant to come from a secret, in its own.
    """
    missing = [name for name in (*image.requires, *image.secrets) if name not in given]
    if not missing or not program.own:
        return program
    if missing[0] in image.secrets:
        said = f"{missing[0]} is not set: it has to come from a secret"
        return Program(runs=0, exit_code=image.lacking, error=said)
    return Program(runs=0, exit_code=image.lacking, wrote=f"KeyError: {missing[0]!r}")


def refused(program: Program, image: Image, error: str, seconds: float) -> Program | None:
    """What becomes of a program that AWS refuses something, *seconds* after it began.

    It ends with its exit code and the error in its log; None for one that just runs on.
    """
    if image.refused is None:
        return None
    given_up = replace(program, runs=seconds, exit_code=image.refused, error=error)
    return replace(given_up, server=None, own=False)


def on(program: Program, image: Image, architecture: str, command: Sequence[str]) -> Program:
    """The program on a CPU of that architecture; built for another one, it ends at once with 1.

    ECS says nothing of it, the container's log does (atlantis#2001, 2022; the code
    of amazon-bedrock-serverless-prompt-chaining#213, 2024).
    """
    if architecture in image.architectures:
        return program
    first = command[0] if command else "/app"
    return Program(runs=0, exit_code=1, wrote=f"exec {first}: exec format error")


def exceeds_at(image: Image, limit_mib: float) -> float | None:
    """Virtual seconds after which the image's program needs more than so many MiB; None: never."""
    if image.memory and image.memory[0][1] > limit_mib:
        return image.memory[0][0]
    for (start, low), (end, high) in pairwise(image.memory):
        if high > limit_mib:
            return start + (end - start) * (limit_mib - low) / (high - low)
    return None


def memory_at(image: Image, seconds: float) -> float | None:
    """MiB that the image's program uses so many virtual seconds after its start; None: not described."""
    if not image.memory:
        return None
    for (start, low), (end, high) in pairwise(image.memory):
        if seconds < end:
            return low + (high - low) * max(0.0, seconds - start) / (end - start)
    return image.memory[-1][1]


def has(image: Image, command: str) -> bool:
    """Whether an image holds a command, as far as it is described; a path counts by its last part."""
    name = command.rsplit("/", 1)[-1]
    known = (*image.programs, *image.tools, *PASSING, *DECIDING, *SHELLS)
    return image.name == UNKNOWN or name in known


def _absent(image: Image, name: str) -> Program:
    """A first command that is not there: the runtime cannot start it, an entry script can only end."""
    return Program(0, exit_code=NOT_FOUND) if image.entry_script else Program(0, missing=name)


def _own(image: Image) -> Program:
    if image.exits is not None:
        return Program(runs=image.after, exit_code=image.exits)
    if image.works:
        return Program(runs=None, sigterm=image.sigterm, stops=image.stops, own=True)
    server = Server(
        image.port,
        image.starts,
        image.paths,
        image.loopback,
        image.carries,
        image.latency,
        image.says,
    )
    return Program(runs=None, sigterm=image.sigterm, stops=image.stops, server=server, own=True)


def _single(image: Image, words: list[str], *, last: bool) -> Program | None:
    """A command that decides something: a server, sleep, exit ...; None for one that just passes."""
    name, arguments = words[0].rsplit("/", 1)[-1], words[1:]
    if name == "exec" and arguments:
        return _single(image, arguments, last=last)
    if words[0] in SHELLS:
        return _shell(image, arguments)
    if name in image.programs:
        return _own(image)
    if name == "sleep":
        return Program(runs=_seconds(arguments))
    if name == "exit":
        return Program(runs=0, exit_code=_code(arguments))
    if name == "false":
        return Program(runs=0, exit_code=1)
    if not has(image, name):
        said = f"sh: {name}: not found"
        return Program(runs=0, exit_code=NOT_FOUND, prints=((0, said),))
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
    script = statements(arguments[arguments.index("-c") + 1])
    passed, code, prints = 0.0, 0, list[tuple[float, str]]()
    for joined_by, words in script:
        if (joined_by == "&&" and code) or (joined_by == "||" and not code):
            continue
        last = words is script[-1][1]
        done = _single(image, words, last=last) or _passing(words)
        prints += [(passed + after, line) for after, line in done.prints]
        if done.runs is None:
            alone = words[0] == "exec" or len(script) == 1
            server = _later(done if alone else _under_a_shell(done), passed)
            return replace(server, prints=tuple(prints))
        passed, code = passed + done.runs, done.exit_code
        if words[0] == "exit":
            break
    return Program(runs=passed, exit_code=code, prints=tuple(prints))


def _passing(words: list[str]) -> Program:
    """A command that decides nothing; ``echo`` is heard."""
    name = words[0].rsplit("/", 1)[-1]
    return Program(runs=0, prints=((0, " ".join(words[1:])),) if name == "echo" else ())


def _under_a_shell(server: Program) -> Program:
    """A server started by a shell that stays process 1 never hears of the signal."""
    return replace(server, sigterm=None)


def _later(program: Program, seconds: float) -> Program:
    """A server that other commands ran before answers so much later."""
    if program.server is None or not seconds:
        return program
    server = replace(program.server, starts=program.server.starts + seconds)
    return replace(program, server=server)
