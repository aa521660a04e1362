"""What a container's program writes to its standard output. Pure.

A model, as the images are: a line when it listens or begins to work, one for requests, one when it
is asked to stop, and its last word when it ends by itself. The course's own
images write JSON, the public web servers their access log, all others plain text.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
"""

import json
from dataclasses import dataclass
from datetime import datetime

from course.sandbox.workloads.images import Image
from course.sandbox.workloads.program import Program

Timed = tuple[float, str]


def written_from_start(image: Image, program: Program, ports: tuple[int, ...]) -> list[Timed]:
    """Lines of a container that begins, each with its virtual seconds from then on."""
    lines = list(program.prints)
    server = program.server
    if server is not None and (program.runs is None or program.runs >= server.starts):
        own = (server.port,) if server.port else ports
        at = server.starts
        lines.append((at, _said(image, "INFO", "listening", **({"port": own[0]} if own else {}))))
        if server.status("/") >= 500:
            lines.append((at, _said(image, "ERROR", "database: connection refused")))
    if program.own and image.works:
        lines.append((image.starts, _said(image, "INFO", "waiting for work")))
    return lines


def complaint(image: Image, error: str) -> str:
    """What a program writes of something that went wrong, in the form its log has."""
    return _said(image, "ERROR", error)


def last_word(image: Image, program: Program) -> list[str]:
    """What a program writes as it ends by itself; an error of Python's comes under its heading."""
    if program.error:
        return [complaint(image, program.error)]
    if not program.wrote:
        return []
    trace = ["Traceback (most recent call last):"] if program.wrote.startswith("KeyError") else []
    return [*trace, program.wrote]


def asked_to_stop(image: Image, program: Program) -> list[str]:
    """What a program that heeds SIGTERM writes when it gets it; one that just ends writes nothing."""
    if not program.own or program.sigterm is None or not program.stops:
        return []
    return [_said(image, "INFO", "SIGTERM: finishing what was begun")]


@dataclass(frozen=True, slots=True)
class Answers:
    """Requests of one kind that were answered, up to *when*: how many, and seconds for each."""

    path: str
    status: int
    seconds: float
    when: datetime
    requests: int = 1


def answered(image: Image, answers: Answers) -> str:
    """One line for a request, or for so many of the same kind."""
    path, status, requests = answers.path, answers.status, answers.requests
    level, when = "ERROR" if status >= 500 else "INFO", answers.when
    if image.logs == "access":
        size = len(image.says) if status < 400 else 0
        line = f'- - - [{when:%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} {size}'
        return line if requests == 1 else f"{line} (and {requests - 1} more like it)"
    told = {"path": path, "status": status, "ms": round(answers.seconds * 1000)}
    return _said(
        image, level, "answered", **told, **({"requests": requests} if requests > 1 else {})
    )


def _said(image: Image, level: str, message: str, **more: object) -> str:
    if image.logs == "json":
        return json.dumps({"level": level, "message": message, **more})
    tail = " ".join(f"{name} {value}" for name, value in more.items())
    return (
        f"{message} on {tail}" if message == "listening" and tail else f"{message} {tail}".strip()
    )
