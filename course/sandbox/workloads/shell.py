"""What one command answers inside a running container: for health checks, and for ECS Exec.

A model, as the images are: ``curl`` and ``wget`` ask the servers that the
workload model runs in the same task, ECS's own address and, from ECS Exec, other
tasks by address or by name, ``getent hosts`` looks a name up, ``env`` shows the container's
environment, ``exit`` exits; what the image does not hold is not found (127).
In an image nobody has described every other command succeeds and says nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from course.sandbox.workloads.images import Image
from course.sandbox.workloads.program import NOT_FOUND, has
from course.sandbox.workloads.script import SHELLS, expanded, statements

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1")
ECS = "169.254.170.2"
Agent = Callable[[str], tuple[int, str]]
"""Answers a path at ECS's own address: the HTTP status, and the text."""

WITH_VALUE = ("-o", "-m", "-H", "-X", "-w", "-T", "-t", "-O", "-A", "--max-time", "--retry")
ROOT = "bin  dev  etc  home  lib  opt  proc  root  run  sbin  srv  sys  tmp  usr  var"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a request: a *status*, who answered and the *page*, or the *problem*, and why."""

    status: int | None = None
    problem: str = ""
    by: str = ""
    why: str = ""
    page: str = ""


REFUSED, TIMED_OUT, NO_HOST, EMPTY = "refused", "timed out", "unknown host", "empty reply"
NOBODY = Heard(problem=NO_HOST)


class Elsewhere(Protocol):
    """The other hosts that a container sees."""

    def ask(self, host: str, port: int, path: str) -> Heard: ...
    def lookup(self, host: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """What a command in a container can see.

    *reach* gives the HTTP status of (port, path) of the task's own servers, or None;
    *agent* is asked at ECS's own address; *elsewhere* is what it sees beyond its task,
    without which no other host is known.
    """

    image: Image
    environment: Mapping[str, str]
    hostname: str
    first_process: str
    reach: Callable[[int, str], int | None]
    agent: Agent | None = None
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's exit code, what it printed, and the virtual seconds it took."""

    code: int
    output: str = ""
    seconds: float = 0


NO_TLS = "no TLS"
CURL = {
    NO_HOST: (6, "Could not resolve host"),
    REFUSED: (7, "Failed to connect: Connection refused"),
    TIMED_OUT: (28, "Connection timed out"),
    NO_TLS: (35, "TLS connect error"),
    EMPTY: (52, "Empty reply from server"),
}
"""curl's exit code and words for each problem."""


def answer(inside: Inside, command: Sequence[str]) -> Answer:
    """Run one command: a shell with ``-c`` and a script, or a program and its arguments."""
    if command and command[0] in SHELLS and "-c" in command[1:-1]:
        return _script(inside, command[list(command).index("-c") + 1])
    return _one(inside, list(command), "") if command else Answer(0)


def _script(inside: Inside, script: str) -> Answer:
    done, printed, seconds = Answer(0), list[str](), 0.0
    for joined_by, raw in statements(script):
        if (joined_by == "&&" and done.code) or (joined_by == "||" and not done.code):
            continue
        piped = printed.pop() if joined_by == "|" and printed else ""
        words = [expanded(word, inside.environment) for word in raw]
        done = answer(inside, words) if words[0] in SHELLS else _one(inside, words, piped)
        printed.append(done.output)
        seconds += done.seconds
        if words[0] == "exit":
            break
    return Answer(done.code, "".join(printed), seconds)


def _one(inside: Inside, words: list[str], piped: str) -> Answer:
    name, arguments = words[0].rsplit("/", 1)[-1], words[1:]
    if not has(inside.image, name):
        return Answer(NOT_FOUND, f"sh: {name}: not found\n")
    does = COMMANDS.get(name)
    return does(inside, arguments, piped) if does else Answer(0)


def _curl(inside: Inside, arguments: list[str], _: str) -> Answer:
    """Exit codes are curl's: 6 host unknown, 7 refused, 22 an HTTP error with -f, 28 timed out, 35 no TLS, 52 no answer."""
    fails = any(
        one == "--fail" or (one[:1] == "-" and one[1:2] != "-" and "f" in one) for one in arguments
    )
    heard = _requested(inside, arguments)
    code, text = CURL.get(heard.problem, (0, ""))
    if heard.status is None:
        return Answer(code, f"curl: ({code}) {text}{_because(heard)}\n")
    if heard.status >= 400 and fails:
        return Answer(22, f"curl: (22) The requested URL returned error: {heard.status}\n")
    return Answer(0, _page(heard))


def _wget(inside: Inside, arguments: list[str], _: str) -> Answer:
    """BusyBox's wget: 1 for whatever goes wrong."""
    heard = _requested(inside, arguments)
    if heard.status is not None and heard.status < 400:
        return Answer(0, _page(heard))
    said = heard.status or ("can not connect" if heard.problem == REFUSED else heard.problem)
    return Answer(1, f"wget: {said}{_because(heard)}\n")


def _page(heard: Heard) -> str:
    """What stands for the page: who answered, and with which status."""
    who, why = heard.by or "the workload model", f": {heard.why}" if heard.why else ""
    return f"{heard.page or f'({who} answers {heard.status}{why})'}\n"


def _because(heard: Heard) -> str:
    """Why, as far as the sandbox can say what no program could; in brackets."""
    return f" ({heard.why})" if heard.why else ""


def _url(arguments: list[str]) -> SplitResult:
    """The URL among a command's arguments."""
    urls = [
        word
        for before, word in zip(["", *arguments], arguments, strict=False)
        if not word.startswith("-") and before not in WITH_VALUE
    ]
    first = urls[0] if urls else ""
    return urlsplit(first if "//" in first else f"http://{first}")


def _requested(inside: Inside, arguments: list[str]) -> Heard:
    """What came of the URL among a command's arguments."""
    url = _url(arguments)
    if inside.agent and url.hostname == ECS:
        told, page = inside.agent(url.path)
        return Heard(told, page=page)
    try:
        port = url.port or (443 if url.scheme == "https" else 80)
    except ValueError:
        return NOBODY
    if url.hostname in LOCAL:
        status = inside.reach(port, url.path or "/")
        heard = Heard(problem=REFUSED) if status is None else Heard(status)
    elif url.hostname and inside.elsewhere:
        heard = inside.elsewhere.ask(url.hostname, port, url.path or "/")
    else:
        heard = NOBODY
    return Heard(problem=NO_TLS) if url.scheme == "https" and heard.status is not None else heard


def _getent(inside: Inside, arguments: list[str], _: str) -> Answer:
    """``getent hosts NAME``: the addresses of a name, or 2."""
    wanted = [one for one in arguments if not one.startswith("-")]
    if wanted[:1] not in (["hosts"], ["ahosts"], ["ahostsv4"]) or len(wanted) < 2:
        return Answer(1, "getent: only hosts is part of the workload model\n")
    found = inside.elsewhere.lookup(wanted[1]) if inside.elsewhere else []
    return Answer(0 if found else 2, "".join(f"{one:<15} {wanted[1]}\n" for one in found))


def _exit(_: Inside, arguments: list[str], __: str) -> Answer:
    text = arguments[0] if arguments else "0"
    return Answer(int(text) % 256 if text.isdigit() else 2)


def _sleep(_: Inside, arguments: list[str], __: str) -> Answer:
    try:
        return Answer(0, seconds=float(arguments[0].rstrip("s")))
    except (IndexError, ValueError):
        return Answer(1, "sleep: invalid time interval\n")


def _grep(_: Inside, arguments: list[str], piped: str) -> Answer:
    wanted = next((one for one in arguments if not one.startswith("-")), "")
    found = [line for line in piped.splitlines(keepends=True) if wanted in line]
    quiet = any(one.startswith("-") and "q" in one for one in arguments)
    return Answer(0 if found else 1, "" if quiet else "".join(found))


def _cat(_: Inside, arguments: list[str], piped: str) -> Answer:
    if not arguments:
        return Answer(0, piped)
    return Answer(1, f"cat: what is in {arguments[0]} is not part of the workload model\n")


def _ls(_: Inside, arguments: list[str], __: str) -> Answer:
    places = [one for one in arguments if not one.startswith("-")]
    if places in ([], ["/"]):
        return Answer(0, f"{ROOT}\n")
    return Answer(1, f"ls: what is in {places[0]} is not part of the workload model\n")


def _env(inside: Inside, arguments: list[str], _: str) -> Answer:
    if arguments:
        value = inside.environment.get(arguments[0])
        return Answer(1) if value is None else Answer(0, f"{value}\n")
    shown = {"HOSTNAME": inside.hostname, **inside.environment}
    return Answer(0, "".join(f"{name}={value}\n" for name, value in sorted(shown.items())))


def _ps(inside: Inside, _: list[str], __: str) -> Answer:
    return Answer(0, f"PID   USER     COMMAND\n    1 root     {inside.first_process}\n")


COMMANDS: dict[str, Callable[[Inside, list[str], str], Answer]] = {
    "curl": _curl,
    "getent": _getent,
    "wget": _wget,
    "exit": _exit,
    "sleep": _sleep,
    "true": lambda *_: Answer(0),
    "false": lambda *_: Answer(1),
    "echo": lambda _, arguments, __: Answer(0, " ".join(arguments) + "\n"),
    "grep": _grep,
    "cat": _cat,
    "ls": _ls,
    "env": _env,
    "printenv": _env,
    "ps": _ps,
    "pwd": lambda *_: Answer(0, "/\n"),
    "whoami": lambda *_: Answer(0, "root\n"),
    "hostname": lambda inside, *_: Answer(0, f"{inside.hostname}\n"),
}
"""What prints or decides something. ECS Exec runs everything as root."""
