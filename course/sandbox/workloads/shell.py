"""What one command answers inside a running container: for health checks, and for ECS Exec.

A model, as the images are: ``curl`` and ``wget`` ask the servers that the
workload model runs in the same task, and ECS's own address, ``env`` shows the container's
environment, ``exit`` exits; what the image does not hold is not found (127).
In an image nobody has described every other command succeeds and says nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
class Inside:
    """What a command in a container can see.

    *reach* gives the HTTP status of (port, path) of the task's own servers, or None;
    *agent* is asked at ECS's own address.
    """

    image: Image
    environment: Mapping[str, str]
    hostname: str
    first_process: str
    reach: Callable[[int, str], int | None]
    agent: Agent | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's exit code, what it printed, and the virtual seconds it took."""

    code: int
    output: str = ""
    seconds: float = 0


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
    """Exit codes are curl's: 6 host unknown, 7 refused, 22 an HTTP error with -f, 35 no TLS."""
    fails = any(
        one == "--fail" or (one[:1] == "-" and one[1:2] != "-" and "f" in one) for one in arguments
    )
    told = _from_ecs(inside, arguments)
    status = told[0] if told else _requested(inside, arguments)
    match status:
        case "unknown host":
            return Answer(6, "curl: (6) Could not resolve host\n")
        case "no TLS":
            return Answer(35, "curl: (35) TLS connect error\n")
        case None:
            return Answer(7, "curl: (7) Failed to connect: Connection refused\n")
        case int() if status >= 400 and fails:
            return Answer(22, f"curl: (22) The requested URL returned error: {status}\n")
    return Answer(0, f"{told[1]}\n" if told else f"(the workload model answers {status})\n")


def _wget(inside: Inside, arguments: list[str], _: str) -> Answer:
    """BusyBox's wget: 1 for whatever goes wrong."""
    told = _from_ecs(inside, arguments)
    status = told[0] if told else _requested(inside, arguments)
    if isinstance(status, int) and status < 400:
        return Answer(0, f"{told[1]}\n" if told else f"(the workload model answers {status})\n")
    return Answer(1, f"wget: {'can not connect' if status is None else status}\n")


def _url(arguments: list[str]) -> SplitResult:
    """The URL among a command's arguments."""
    urls = [
        word
        for before, word in zip(["", *arguments], arguments, strict=False)
        if not word.startswith("-") and before not in WITH_VALUE
    ]
    first = urls[0] if urls else ""
    return urlsplit(first if "//" in first else f"http://{first}")


def _from_ecs(inside: Inside, arguments: list[str]) -> tuple[int, str] | None:
    """What ECS answers, if it is asked and there is somebody to answer."""
    url = _url(arguments)
    return inside.agent(url.path) if inside.agent and url.hostname == ECS else None


def _requested(inside: Inside, arguments: list[str]) -> int | str | None:
    """The HTTP status of the URL among a command's arguments; None when nothing listens."""
    url = _url(arguments)
    if url.hostname not in LOCAL:
        return "unknown host"
    try:
        port = url.port or (443 if url.scheme == "https" else 80)
    except ValueError:
        return "unknown host"
    status = inside.reach(port, url.path or "/")
    return "no TLS" if url.scheme == "https" and status is not None else status


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
