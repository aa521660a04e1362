"""LIVE, opened: a session of boto3's own chain in one account, between guard rails, for so many minutes."""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3

from course.every_client import attach
from course.live import masking
from course.live.allowed import plan
from course.live.books import Attempt
from course.live.cleanup import clean
from course.live.confirmation import Confirmation, kernel, somebody_there, typed_in
from course.live.errors import LiveError, NoLive
from course.live.finding import has_cluster
from course.live.guardrails import Guard
from course.live.ledger import Ledger
from course.live.masking import Masks
from course.live.report import CleanupReport
from course.live.settings import Asked, Settings
from course.live.whose import Account

LOOK_EVERY = 5.0
"""Seconds between two looks of ``wait_until``."""

Show = Callable[[Any], None]
Handlers = Mapping[str, Callable[..., Any]]


class WaitedTooLong(LiveError):
    """The condition waited for did not become true within the seconds given."""


class Live:
    """One attempt in LIVE. Made by ``open_live``; ``close`` ends it and removes nothing."""

    def __init__(
        self, session: boto3.Session, attempt: Attempt, ledger: Ledger, guard: Guard
    ) -> None:
        self.attempt, self.region = attempt, attempt.region
        self._session, self._ledger, self._guard = session, ledger, guard
        self._undo = ExitStack()
        self.open = False

    def begin(self, handlers: Handlers) -> None:
        """Hold every client from now on; ``boto3.client(...)`` is this attempt's."""
        with ExitStack() as undo:
            self._guard.install()
            undo.callback(self._guard.remove)
            undo.enter_context(patch.object(boto3, "DEFAULT_SESSION", self._session))
            for event, handler in handlers.items():
                undo.callback(attach(event, handler))
            self._undo = undo.pop_all()
        self.open = True

    def close(self) -> None:
        """Let the guard go; clients made until now refuse from now on. Twice does nothing."""
        self.open = False
        self._undo.close()

    def client(self, service: str, **kwargs: Any) -> Any:
        """A boto3 client of this attempt's account and Region."""
        return self._session.client(service, **kwargs)  # type: ignore[call-overload]

    def now(self) -> datetime:
        """The present time, an aware UTC datetime."""
        return datetime.now(UTC)

    def wait_until(self, condition: Callable[[], Any], timeout: float) -> datetime:
        """Ask again every five seconds until it is true; returns the time then. *timeout* in seconds."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() >= end:
                raise WaitedTooLong(f"Not so within {timeout:g} seconds.")
            time.sleep(LOOK_EVERY)
        return self.now()

    def cleanup(self, *, dry: bool = False) -> CleanupReport:
        """Remove what this attempt, and those whose time is over, left in this account and Region.

        One that still has time may be going on in another kernel, and is left alone.
        """
        with self._guard.cleaning():
            there = self._ledger.books().in_place(self.attempt)
            attempts = [
                one for one in there if one.id == self.attempt.id or one.until <= self.now()
            ]
            return CleanupReport(clean(attempts, self._ledger, dry=dry, tell=_silent), dry=dry)

    def state(self) -> str:
        """One line: what is there by the ledger, what it has cost by now, and until when."""
        attempt = self._ledger.books().attempts[self.attempt.id]
        now = self.now()
        number = len(attempt.there())
        return (
            f"By the ledger {number} created here {'is' if number == 1 else 'are'} still there; about "
            f"{attempt.cost(now):.3f} of {attempt.usd:.2f} dollars, until {attempt.until:%H:%M} UTC."
        )


@dataclass(frozen=True)
class Opening:
    """What is needed to open LIVE for one lesson.

    *show* shows a line or something drawn; *handlers* are botocore's, by event, for every client.
    """

    lesson: str
    asked: Asked
    folder: Path
    show: Show
    handlers: Handlers = field(default_factory=dict)

    def open(self) -> Live:
        """Ask for everything in turn. Raises NoLive, with the reason, and has created nothing then."""
        settings = self.asked.settings(self.lesson, os.environ)
        planned = plan(self.lesson)
        if planned is None:
            raise NoLive(f"{self.lesson} has no cells for LIVE yet.")
        ledger = self._ledger()
        somebody_there()
        masks = Masks()
        undo = masking.put_on(masks, kernel())
        try:
            session = boto3.Session(region_name=settings.region)
            account = Account(session, masks)
            confirmation = Confirmation(self.lesson, account.caller, settings, planned, _endpoint())
            confirmation.ask(self.show)
        except BaseException:
            undo()
            raise
        attempt = self._attempt(settings, account)
        _write_down(ledger, attempt)
        guard = Guard(
            ledger,
            attempt,
            settings.prices,
            whose=account.check,
            is_there=lambda name: has_cluster(session, name),
            tell=self.show,
        )
        live = Live(session, attempt, ledger, guard)
        live.begin(self.handlers)
        self._offer(live, ledger)
        return live

    def _ledger(self) -> Ledger:
        ledger = Ledger(self.folder)
        try:
            with ledger.locked():
                return ledger
        except OSError as error:
            raise NoLive(
                f"The ledger cannot be written in {self.folder} ({error.strerror or error}), and nothing "
                "is created without it. Free or unlock the disk, or set COURSE_DATA_DIR."
            ) from None

    def _attempt(self, settings: Settings, account: Account) -> Attempt:
        now = datetime.now(UTC)
        until = now + timedelta(minutes=settings.minutes)
        where = (settings.region, account.caller.account)
        return Attempt(uuid4().hex[:8], self.lesson, *where, settings.usd, now, until)

    def _offer(self, live: Live, ledger: Ledger) -> None:
        """Offer to clean up what earlier attempts in this account and Region left."""
        earlier = [
            one for one in ledger.books().in_place(live.attempt) if one.id != live.attempt.id
        ]
        if not earlier:
            return
        for one in earlier:
            self.show(interrupted(one))
        try:
            agreed = typed_in("Remove what they left now? Type yes: ").lower() == "yes"
        except NoLive:
            agreed = False
        if agreed:
            with live._guard.cleaning():
                self.show(CleanupReport(clean(earlier, ledger, tell=_silent)))


def interrupted(attempt: Attempt) -> str:
    """One line on an attempt that was not cleaned up."""
    number = len(attempt.there())
    over = attempt.until <= datetime.now(UTC)
    going_on = (
        "" if over else f" It may be going on in another kernel, until {attempt.until:%H:%M} UTC."
    )
    return (
        f"An attempt of {attempt.lesson} in LIVE, of {attempt.began:%Y-%m-%d %H:%M} UTC in "
        f"{attempt.region}, was not cleaned up: {number} {'thing' if number == 1 else 'things'} by the "
        f"ledger.{going_on} Look: python3 -m course cleanup --dry-run"
    )


def _write_down(ledger: Ledger, attempt: Attempt) -> None:
    ledger.write(
        attempt.id,
        "began",
        lesson=attempt.lesson,
        region=attempt.region,
        account=attempt.account,
        usd=attempt.usd,
        until=attempt.until.isoformat(timespec="seconds"),
    )


def _endpoint() -> str:
    """An endpoint that the environment names in place of AWS's own: an emulated account."""
    return os.environ.get("AWS_ENDPOINT_URL", "")


def _silent(line: str) -> None:
    """Cleanup in a notebook shows its report, not each line of it."""
