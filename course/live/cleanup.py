"""Cleanup of every attempt that the ledger has open, each in its own Region and account."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import boto3
from botocore.config import Config
from botocore.session import get_session

from course.live.books import Attempt
from course.live.errors import NoLive
from course.live.ledger import Ledger
from course.live.teardown import Outcome, Teardown, Tell
from course.live.whose import called, identity

RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 5})
"""botocore's own: it tries again, and waits longer each time, when AWS is throttling or failing."""

Open = Callable[[str], boto3.Session]


def session_in(region: str) -> boto3.Session:
    """A session of boto3's own chain, whose clients try again before they give up."""
    own = get_session()
    own.set_default_client_config(RETRIES)
    return boto3.Session(botocore_session=own, region_name=region)


def clean(
    attempts: Iterable[Attempt],
    ledger: Ledger,
    *,
    dry: bool = False,
    tell: Tell = print,
    open_session: Open = session_in,
) -> list[Outcome]:
    """Clean up attempts, or with *dry* only look. What cannot be looked at is told as unknown."""
    return [_one(attempt, ledger, dry, tell, open_session) for attempt in attempts]


def _one(attempt: Attempt, ledger: Ledger, dry: bool, tell: Tell, open_session: Open) -> Outcome:
    session = open_session(attempt.region)
    if unknown := _another_account(session, attempt):
        return Outcome(attempt, unknown=unknown)
    teardown = Teardown(session, attempt, ledger, tell)
    return teardown.look() if dry else teardown.run()


def _another_account(session: boto3.Session, attempt: Attempt) -> str:
    """Why these credentials cannot tell anything of an attempt; empty when they can."""
    try:
        answer = identity(session)
        caller = called(answer["Arn"], answer["Account"])
    except NoLive as error:
        return str(error).rstrip(".")
    if attempt.account and caller.account != attempt.account:
        return (
            f"the credentials are of the account that ends in {caller.account}; "
            f"use those of the one that ends in {attempt.account}"
        )
    return ""


def by_tags(id: str, region: str) -> Attempt:
    """An attempt that the ledger of this computer does not know: found by its tags alone."""
    now = datetime.now(UTC)
    return Attempt(id, "(by its tags)", region, "", 0.0, now, now, is_from_tags=True)
