"""The timeline drawn: time to the right, a lane for you, for ECS, for machines, and for each task.

Every instant at which something happened has its place and its time above it;
in between, the way is as long as the words need, so it is not to scale. Tasks
that lived the same life share a lane.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import TYPE_CHECKING

from course.diagrams import svg
from course.diagrams.picture import Picture
from course.diagrams.task_life import CHAIN, spoken
from course.diagrams.tones import tone

if TYPE_CHECKING:
    from course.sandbox.timeline import Entry, Timeline

LEFT, TOP, BAR, EVENT, GAP = 14, 34, 34, 18, 14
"""Pixels: left of the time, above the lanes, a bar's and an event's height, between lanes."""

END = 84
"""Pixels after the last instant, for what goes on."""

EVENT_WIDTH = 320
"""The most pixels one event's words take."""

LANES = 10
"""How many lanes of tasks are drawn; the tasks that stopped first are left to the text."""

SHORT = (
    (re.compile(r"^\(service [^)]+\) "), ""),
    (re.compile(r"^\(deployment [^)]+\) "), ""),
    (re.compile(r"^has (started|stopped) (1) (?:running )?tasks.*"), r"\1 \2 task"),
    (re.compile(r"^has (started|stopped) (\d+) (?:running )?tasks.*"), r"\1 \2 tasks"),
    (re.compile(r"^has reached a "), ""),
    (re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b"), r"\1"),
    (re.compile(r"^Launching a new EC2 instance: "), "launches "),
    (re.compile(r"^Terminating EC2 instance: "), "terminates "),
    (re.compile(r"^(?:of )?container instance "), ""),
    (re.compile(r"^(i-\w+) is container instance (\w+) of "), r"\1 is \2 in "),
    (re.compile(r"\.$"), ""),
)
"""What an event says, in the room a lane has; the whole is in the text twin."""


EVENT_LANES = (
    ("you", ("you",)),
    ("traffic", ("traffic",)),
    ("ECS", ("service",)),
    ("targets", ("elb",)),
    ("Cloud Map", ("cloudmap",)),
    ("Auto Scaling", ("scaling",)),
    ("agents", ("agent",)),
    ("containers", ("task",)),
)
"""The lanes of events, above those of tasks: what they are called, and whose events they hold."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Tasks that lived the same life: when each status began, the last one going on."""

    tasks: tuple[str, ...]
    statuses: tuple[tuple[datetime, str], ...]


class TimelinePicture(Picture):
    """Who did what, when and why, as a picture; as text it is the sandbox's timeline."""

    def __init__(self, timeline: "Timeline", now: datetime, since: datetime | None = None) -> None:
        self._timeline = timeline
        self.entries = list(timeline.entries)
        drawing = _Drawing(self.entries, timeline.start, now, since or timeline.start)
        super().__init__(timeline.text(since=since), drawing.sentence(), drawing.svg)

    def __len__(self) -> int:
        return len(self.entries)

    def text(self, *, since: datetime | None = None) -> str:
        """The timeline as lines of text, from *since* on."""
        return self._timeline.text(since=since)


def lives(entries: Sequence["Entry"]) -> list[Lane]:
    """The tasks' lives, in the order in which they began."""
    begun: dict[str, list[tuple[datetime, str]]] = {}
    for entry in entries:
        status = entry.text.rpartition("-> ")[2]
        if entry.actor == "task" and status in CHAIN:
            begun.setdefault(entry.subject, []).append((entry.when, status))
    shared: dict[tuple[tuple[datetime, str], ...], list[str]] = {}
    for task, statuses in begun.items():
        shared.setdefault(tuple(statuses), []).append(task)
    return [Lane(tuple(tasks), statuses) for statuses, tasks in shared.items()]


def shortened(text: str) -> str:
    """An event's message without what its lane says already."""
    for pattern, instead in SHORT:
        text = pattern.sub(instead, text)
    return text


class _Drawing:
    """One timeline on its way to a picture."""

    def __init__(
        self, entries: Sequence["Entry"], start: datetime, now: datetime, since: datetime
    ) -> None:
        self._start, self._since, self._now = start, since, now
        self._events = [e for e in entries if e.when >= since and not _is_status(e)]
        going = [lane for lane in lives(entries) if not _over(lane, since)]
        self._left_out = sum(len(lane.tasks) for lane in going[:-LANES])
        self._lanes = going[-LANES:]
        changes = {when for lane in self._lanes for when, _ in lane.statuses if when >= since}
        self._instants = sorted({e.when for e in self._events} | changes | {since, now})
        self._x: dict[datetime, float] = {}
        self._right = 0.0

    def sentence(self) -> str:
        """The alt text."""
        if len(self._instants) < 2 and not self._events:
            return "Timeline: nothing has happened yet."
        own = sum(e.actor == "you" for e in self._events)
        calls = "one call" if own == 1 else f"{own} calls"
        tasks = [lane for lane in self._lanes for _ in lane.tasks]
        running = sum(lane.statuses[-1][1] == "RUNNING" for lane in tasks)
        first, last = self._offset(self._instants[0]), self._offset(self._instants[-1])
        return (
            f"Timeline from {first} to {last}: {calls} of yours, and tasks seen: "
            f"{len(tasks) + self._left_out}, of which {running} RUNNING at the end."
        )

    def svg(self, alt: str) -> str | None:
        """The picture; none of nothing."""
        if not self._events and not self._lanes:
            return None
        self._x = self._places()
        pieces: list[str] = []
        y = float(TOP)
        for title, actors in EVENT_LANES:
            drawn, y = self._event_lane(title, actors, y)
            pieces += drawn
        for lane in self._lanes:
            pieces += self._task_lane(lane, y)
            y += 18 + BAR + GAP
        if self._left_out:
            pieces.append(svg.text(LEFT, y + 8, f"and {self._left_out} tasks before", "soft"))
            y += 22
        wide = max(max(self._x.values()) + END, self._right + 8)
        return svg.picture(wide, y, [*self._axis(y), *pieces], alt)

    def _offset(self, when: datetime) -> str:
        minutes, seconds = divmod(int((when - self._start).total_seconds()), 60)
        return f"+{minutes}:{seconds:02}"

    def _segments(self, lane: Lane) -> Iterator[tuple[datetime, datetime | None, str]]:
        """From when to when each status is seen; the last has no end."""
        ends = [when for when, _ in lane.statuses[1:]]
        for (when, status), end in zip(lane.statuses, [*ends, None], strict=True):
            if end is None or end > max(when, self._since):
                yield when, end, status

    def _places(self) -> dict[datetime, float]:
        """Where each instant is: further for longer, and as far as the words in between need."""
        ways = [
            36 + 8 * log2(1 + (after - before).total_seconds())
            for before, after in zip(self._instants, self._instants[1:], strict=False)
        ]
        at = {when: number for number, when in enumerate(self._instants)}
        spans = {
            (at[max(when, self._since)], at[end], _room(status))
            for lane in self._lanes
            for when, end, status in self._segments(lane)
            if end is not None
        }
        for first, last, room in sorted(spans, key=lambda span: (span[1] - span[0], span)):
            missing = room - sum(ways[first:last])
            if missing > 0:
                for number in range(first, last):
                    ways[number] += missing / (last - first)
        x = [float(LEFT)]
        for way in ways:
            x.append(x[-1] + way)
        return dict(zip(self._instants, x, strict=True))

    def _axis(self, bottom: float) -> Iterator[str]:
        for when, x in self._x.items():
            yield svg.line(x, 28, x, bottom - 8, "guide")
            yield svg.text(x + 3, 20, self._offset(when), "soft mono")

    def _event_lane(self, title: str, actors: tuple[str, ...], y: float) -> tuple[list[str], float]:
        events = [e for e in self._events if e.actor in actors]
        if not events:
            return [], y
        pieces = [svg.text(LEFT, y + 12, title, "word over")]
        y += 18
        taken: list[float] = []
        tone_of_lane = "you" if title == "you" else "stopped"
        for entry in events:
            x, words = (
                self._x[entry.when],
                svg.fitted(shortened(entry.text), EVENT_WIDTH, 11, bold=True),
            )
            level = next((i for i, end in enumerate(taken) if end <= x), len(taken))
            end = x + svg.pill_width(words) + 4
            taken[level : level + 1] = [end]
            self._right = max(self._right, end)
            drawn = svg.pill(x, y + level * (EVENT + 3), words, tone_of_lane)
            pieces.append(svg.titled(_told(entry), drawn))
        return pieces, y + len(taken) * (EVENT + 3) + GAP

    def _task_lane(self, lane: Lane, y: float) -> Iterator[str]:
        segments = list(self._segments(lane))
        first = self._x[max(segments[0][0], self._since)]
        yield svg.text(first, y + 12, _named(lane.tasks), "word over")
        last = max(self._x.values()) + END - 12
        for when, end, status in segments:
            x = self._x[max(when, self._since)]
            stopped_at = x + _room(status) if status == "STOPPED" else last
            until = self._x[end] if end else stopped_at
            seconds = int(((end or self._now) - when).total_seconds())
            time = "" if status == "STOPPED" else spoken(seconds)
            whole = f"{_named(lane.tasks)} {status} {time}".strip()
            yield svg.titled(whole, *_bar(x, y + 18, until - x, status, time))


def _bar(x: float, y: float, wide: float, status: str, time: str) -> Iterator[str]:
    kind = tone(status)
    yield svg.box(x + 0.5, y, wide - 1, BAR, kind, radius=4)
    yield svg.text(x + 6, y + 14, status, f"word on-{kind}")
    yield svg.text(x + 6, y + 28, time, f"small on-{kind}")


def _room(status: str) -> float:
    """How wide a bar must be to carry its word."""
    return svg.width(status, 11, bold=True) + 12


def _named(tasks: tuple[str, ...]) -> str:
    named = ", ".join(task[:8] for task in tasks[:3])
    more = f" and {len(tasks) - 3} more" if len(tasks) > 3 else ""
    return f"{'task' if len(tasks) == 1 else 'tasks'} {named}{more}"


def _told(entry: "Entry") -> str:
    return f"{entry.text} ({entry.why})" if entry.why else entry.text


def _is_status(entry: "Entry") -> bool:
    return entry.actor == "task" and entry.text.rpartition("-> ")[2] in CHAIN


def _over(lane: Lane, since: datetime) -> bool:
    when, status = lane.statuses[-1]
    return status == "STOPPED" and when < since
