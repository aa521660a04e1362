"""Lesson: what a notebook opens, and all it needs beside boto3."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from course import sandbox
from course.curriculum.curriculum import LessonEntry, find_lesson
from course.sandbox.clock import Clock
from course.sandbox.sandbox import Sandbox
from course.sandbox.timeline import Timeline


class Lesson:
    """One notebook's session: a sandbox with a fresh world, and its clock and timeline.

    Made by ``course.lesson(name)``. Plain boto3 in the cells talks to the same
    world as ``lesson.client(...)``.
    """

    def __init__(self, entry: LessonEntry, opened: Sandbox) -> None:
        self._entry = entry
        self._sandbox = opened

    def __repr__(self) -> str:
        return f"Lesson({self._entry.name!r}, SANDBOX, {_spoken(self.now())})"

    def client(self, service: str, **kwargs: Any) -> Any:
        """A plain boto3 client, as ``boto3.client(service)`` gives; Region and credentials are set."""
        return self._sandbox.client(service, **kwargs)

    @property
    def clock(self) -> Clock:
        """Virtual time: ``lesson.clock.advance(minutes=2)`` lets two minutes pass."""
        return self._sandbox.clock

    def now(self) -> datetime:
        """The present virtual time, an aware UTC datetime."""
        return self._sandbox.now()

    def wait_until(self, condition: Callable[[], Any], *, timeout: float = 600) -> datetime:
        """Let virtual time pass until *condition()* is true; returns the time then.

        *timeout* is in virtual seconds. Raises WaitTimeout when they are over.
        """
        return self.clock.advance_until(condition, timeout)

    def timeline(self) -> Timeline:
        """Who did what, when and why, since this world began."""
        return self._sandbox.timeline

    def reset(self) -> None:
        """Begin again in a fresh world; what was created in the old one is gone."""
        self._sandbox.close()
        self._sandbox = sandbox.open()
        print(f"{self._entry.name}: a fresh world, {_spoken(self.now())}")


_current: Lesson | None = None


def open_lesson(name: str) -> Lesson:
    """Open a lesson by its notebook's name without the number; each call starts a fresh world.

    Prints one line: what it is, where, when, and what was replaced or set
    aside. Raises UnknownLesson, which names the nearest, and SandboxAlreadyOpen
    when a sandbox was opened beside the lessons.
    """
    global _current
    entry = find_lesson(name)
    replaced = _replace_open_lesson()
    opened = sandbox.open()
    _current = Lesson(entry, opened)
    notes = [replaced, _aside(opened.set_aside)]
    print(f"SANDBOX  {entry.title} · {opened.region} · {_spoken(opened.now())}", *filter(None, notes))
    return _current


def _replace_open_lesson() -> str:
    """Close the world of the lesson opened before in this kernel, and say so."""
    if _current is None or sandbox.current() is not _current._sandbox:
        return ""
    _current._sandbox.close()
    return "· fresh world, the one before is gone"


def _aside(names: list[str]) -> str:
    return f"· set aside here: {', '.join(names)}" if names else ""


def _spoken(now: datetime) -> str:
    return f"virtual time {now:%Y-%m-%d %H:%M} UTC"
