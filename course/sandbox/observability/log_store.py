"""CloudWatch Logs as the learner has it: groups, streams and events, in moto's Logs.

An adapter, for what writes there and what searches there.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogsConcepts.html
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from moto.logs.models import logs_backends


@dataclass(frozen=True, slots=True)
class Line:
    """A log event; times are milliseconds since 1970."""

    id: str
    stream: str
    timestamp: int
    ingested: int
    message: str


class LogStore:
    """The log groups of an account in one Region."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    @property
    def _backend(self) -> Any:
        return logs_backends[self._account_id][self._region]

    @property
    def exists(self) -> bool:
        """Whether there is such a Region."""
        try:
            return self._backend is not None
        except KeyError:
            return False

    def has_group(self, group: str) -> bool:
        """Whether there is a log group of this name."""
        return group in self._backend.groups

    def create_group(self, group: str) -> None:
        """Make a log group that keeps its events for ever."""
        self._backend.create_log_group(group, {})

    def has_stream(self, group: str, stream: str) -> bool:
        """Whether there is a stream of this name in the group."""
        return self.has_group(group) and stream in self._backend.groups[group].streams

    def create_stream(self, group: str, stream: str) -> None:
        """Make a stream in a group; nothing where it is there already."""
        self._backend.ensure_log_stream(group, stream)

    def write(self, group: str, stream: str, lines: Iterable[tuple[datetime, str]]) -> None:
        """Add events in the order of their times; whoever deleted the stream gets none."""
        events = [
            {"timestamp": round(when.timestamp() * 1000), "message": text} for when, text in lines
        ]
        if not events or not self.has_stream(group, stream):
            return
        held = self._backend.groups[group]
        before = len(held.streams[stream].events)
        held.put_log_events(stream, events)
        for one in held.streams[stream].events[before:]:  # of time that passes in one go
            one.ingestion_time = max(one.ingestion_time, one.timestamp)

    def lines(self, group: str, wanted: Callable[[str], bool] | None = None) -> list[Line]:
        """The events of a group's streams, the oldest first; *wanted* chooses streams by name."""
        return sorted(self._lines(group, wanted), key=lambda one: one.timestamp)

    def _lines(self, group: str, wanted: Callable[[str], bool] | None) -> Iterator[Line]:
        for name, stream in self._backend.groups[group].streams.items():
            if wanted and not wanted(name):
                continue
            for place, one in enumerate(stream.events):
                id_ = _event_id(f"{group} {name} {place}")
                yield Line(id_, name, one.timestamp, one.ingestion_time, one.message)


def _event_id(seed: str) -> str:
    """56 digits; moto's own counts on through all worlds of a process."""
    return f"{int(sha256(seed.encode()).hexdigest(), 16) % 10**56:056}"
