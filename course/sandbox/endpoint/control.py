"""What the endpoint answers beside AWS: the clock and the timeline, for whoever has the token.

``GET /_course/clock``, ``POST /_course/clock {"advance": seconds}``, ``GET /_course/timeline``.
"""

import json
from datetime import timedelta
from hmac import compare_digest
from typing import Any, NoReturn

from werkzeug.wrappers import Request, Response

from course.sandbox.endpoint.refusal import Refusal
from course.sandbox.sandbox import Sandbox

FURTHEST = timedelta(days=31).total_seconds()
"""Virtual seconds that one request may let pass."""


def answer(aws: Sandbox, token: str, request: Request) -> Response:
    """The answer to a ``/_course/`` request; the caller has the world's lock. Raises Refusal."""
    given = request.headers.get("Authorization", "")
    if not compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Refusal(
            401,
            "Unauthorized",
            "Send the header Authorization: Bearer TOKEN, with the token that was printed.",
            WWW_Authenticate="Bearer",
        )
    aws.clock.catch_up()
    asked = request.method, request.path
    if asked == ("POST", "/_course/clock"):
        aws.clock.advance(_seconds(request.get_data()))
        return _json(_clock(aws))
    if asked == ("GET", "/_course/clock"):
        return _json(_clock(aws))
    if asked == ("GET", "/_course/timeline"):
        return _json(_timeline(aws))
    raise _unknown(request)


def _unknown(request: Request) -> Refusal:
    allowed = {"/_course/clock": "GET, POST", "/_course/timeline": "GET"}.get(request.path)
    if allowed:
        message = f"{request.path} takes {allowed}, not {request.method}."
        return Refusal(405, "MethodNotAllowed", message, Allow=allowed)
    return Refusal(404, "NotFound", "There are /_course/clock and /_course/timeline.")


def _seconds(body: bytes) -> float:
    """How far to advance, from a body ``{"advance": seconds}``. Raises Refusal."""
    try:
        asked = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _wrong("the body is no JSON") from None
    if not isinstance(asked, dict) or asked.keys() != {"advance"}:
        raise _wrong("the body is something else")
    seconds = asked["advance"]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise _wrong(f"advance is no number but {type(seconds).__name__}")
    if not 0 <= seconds <= FURTHEST:
        raise _wrong("advance is out of range")
    return float(seconds)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not in JSON")


def _wrong(what: str) -> Refusal:
    return Refusal(
        400,
        "BadRequest",
        f'Expected {{"advance": seconds}}, a number from 0 to {FURTHEST:.0f}, and {what}.',
    )


def _clock(aws: Sandbox) -> dict[str, Any]:
    return {"now": aws.now().isoformat(), "rate": aws.clock.rate}


def _timeline(aws: Sandbox) -> dict[str, Any]:
    """What happened, as ``lesson.timeline()`` has it, and every call to an AWS service."""
    told = ("actor", "text", "subject", "why")
    entries = [
        {"when": one.when.isoformat()} | {name: getattr(one, name) for name in told}
        for one in aws.timeline.entries
    ]
    calls = [
        {
            "when": one.when.isoformat(),
            "service": one.service,
            "operation": one.operation,
            "error": one.error,
        }
        for one in aws.world.history
    ]
    start = aws.timeline.start.isoformat()
    return {"start": start, "now": aws.now().isoformat(), "entries": entries, "calls": calls}


def _json(told: dict[str, Any]) -> Response:
    return Response(json.dumps(told) + "\n", content_type="application/json")
