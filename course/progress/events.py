"""What is remembered: one event a line, never changed afterwards.

An event says what the learner did (answered, predicted ...), in which lesson,
on which id, and when by the wall clock. It carries no identity of anybody.
"""

from datetime import datetime
from uuid import uuid4

import msgspec

VERSION = 1


class Event(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of the journal. *uid* makes an import that meets it again harmless."""

    version: int = msgspec.field(name="v", default=0)
    uid: str
    at: datetime
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
    """An event of the present version with an id of its own."""
    return Event(
        version=VERSION,
        uid=uuid4().hex,
        at=at,
        kind=kind,
        lesson=lesson,
        id=id,
        response=response,
        outcome=outcome,
        detail=detail,
    )


def encode(event: Event) -> bytes:
    """One line of JSON, with its newline."""
    return msgspec.json.encode(event) + b"\n"


def decode(line: bytes) -> Event:
    """The event of one line. Raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(line, type=Event)
