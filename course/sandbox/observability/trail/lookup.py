"""LookupEvents: which calls of the history a look-up shows, the newest first, page by page. Pure.

An event is in the history some minutes after its call, for 90 days.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from course.sandbox.history import ApiCall, Identity
from course.sandbox.observability.trail.kinds import is_data, is_read, region_of, source
from course.sandbox.observability.trail.record import event_id, record, user_name
from course.sandbox.observability.trail.resources import resources

PAGE = 50
DELAY = timedelta(minutes=5)
"""How long after its call an event can be looked up; AWS speaks of about five minutes on average."""
KEPT = timedelta(days=90)

_READERS: dict[str, Callable[[ApiCall], Iterable[str]]] = {
    "EventId": lambda call: [event_id(call)],
    "EventName": lambda call: [call.operation],
    "ReadOnly": lambda call: [str(is_read(call.operation)).lower()],
    "Username": lambda call: [user_name(_who(call))],
    "ResourceType": lambda call: [kind for kind, _ in resources(call.service, call.parameters)],
    "ResourceName": lambda call: [name for _, name in resources(call.service, call.parameters)],
    "EventSource": lambda call: [source(call.service)],
    "AccessKeyId": lambda call: [_who(call).access_key],
}

ATTRIBUTES = tuple(_READERS)


class BadToken(ValueError):
    """No token of a look-up with the same parameters."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is looked up: at most one attribute, between two times, in the history of a Region."""

    region: str
    attribute: tuple[str, str] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def page(
        self, calls: Sequence[ApiCall], now: datetime, *, size: int, token: str | None
    ) -> tuple[list[ApiCall], str | None]:
        """One page of the calls, which are sorted by time, and the token of the next. Raises BadToken."""
        found = [call for call in reversed(calls) if self._shows(call, now)]
        start = self._start(token, found) if token else 0
        page, more = found[start : start + size], len(found) > start + size
        return page, self._token(event_id(page[-1])) if more else None

    def _shows(self, call: ApiCall, now: datetime) -> bool:
        if call.who is None or is_data(call.service, call.operation):
            return False
        if not now - KEPT <= call.when <= now - DELAY:
            return False
        if region_of(call.service, call.region) != self.region:
            return False
        second = call.when.replace(microsecond=0)
        if (self.since and second < self.since) or (self.until and second > self.until):
            return False
        if self.attribute is None:
            return True
        name, wanted = self.attribute
        return wanted in _READERS[name](call)

    def _token(self, after: str) -> str:
        return urlsafe_b64encode(f"{after} {self._same}".encode()).decode()

    def _start(self, token: str, found: list[ApiCall]) -> int:
        """Behind the event that the page before ended with, however many newer ones there are by now."""
        try:
            after, _, same = urlsafe_b64decode(token.encode()).decode().partition(" ")
        except ValueError as error:
            raise BadToken(token) from error
        ids = [event_id(call) for call in found] if same == self._same else []
        if after not in ids:
            raise BadToken(token)
        return ids.index(after) + 1

    @property
    def _same(self) -> str:
        """What the parameters of all pages have in common."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def shown(call: ApiCall) -> dict[str, Any]:
    """One event of the answer."""
    who = _who(call)
    told: Mapping[str, Any] = {
        "EventId": event_id(call),
        "EventName": call.operation,
        "ReadOnly": str(is_read(call.operation)).lower(),
        "AccessKeyId": who.access_key,
        "EventTime": int(call.when.timestamp()),
        "EventSource": source(call.service),
        "Username": user_name(who),
        "Resources": [
            {"ResourceType": kind, "ResourceName": name}
            for kind, name in resources(call.service, call.parameters)
        ],
        "CloudTrailEvent": json.dumps(record(call), separators=(",", ":")),
    }
    return {name: value for name, value in told.items() if value != ""}


def _who(call: ApiCall) -> Identity:
    return call.who or Identity()
