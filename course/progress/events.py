"""What is remembered: one event a line, never changed afterwards.

An event says what the learner did (answered, predicted ...), in which lesson,
on which id, and when by the wall clock. It carries no identity of anybody.
"""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

import msgspec

VERSION = 1


class Unreadable(ValueError):
    """A line that is no event: torn, or never one."""


class Newer(ValueError):
    """A line that a newer version of the course wrote; it is kept, and not understood."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of any version has: its version, and the id it is known by."""

    version: int = msgspec.field(name="v", default=0)
    uid: str


class Event(Head, frozen=True, omit_defaults=True, kw_only=True):
    """One line of the journal. *uid* makes an import that meets it again harmless."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    kind: str
    lesson: str
    id: str = ""
    response: tuple[str, ...] = ()
    outcome: str = ""
    detail: str = ""


def new_event(
    at: datetime,
    kind: str,
    lesson: str,
    id: str = "",
    *,
    response: tuple[str, ...] = (),
    outcome: str = "",
    detail: str = "",
) -> Event:
    """An event of the present version with an id of its own. *at* is an aware datetime."""
    return Event(
        version=VERSION,
        uid=uuid4().hex,
        at=at,
        kind=kind,
        lesson=lesson,
        id=id,
        response=tuple(map(writable, response)),
        outcome=outcome,
        detail=writable(detail),
    )


def writable(text: str) -> str:
    """The text without halves of characters (lone surrogates), which no file takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def encode(event: Event) -> bytes:
    """One line of JSON, with its newline."""
    return msgspec.json.encode(event) + b"\n"


def decode_head(line: bytes) -> Head:
    """Version and id of one line of any version. Raises Unreadable."""
    try:
        return msgspec.json.decode(line, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def decode(line: bytes) -> Event:
    """The event of one line. Raises Newer for one of a later version, else Unreadable."""
    if decode_head(line).version > VERSION:
        raise Newer(f"a line of version {decode_head(line).version}")
    try:
        return msgspec.json.decode(line, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from error
