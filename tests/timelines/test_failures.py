"""Stories of recipes: an app that is well, its cause, and its repair."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3
import pytest

from course.exercises.failures.app import App, begin, build, deploy, lose_a_task
from course.exercises.failures.initialization import route_taken_away
from course.exercises.failures.pulls import digest_cleaned_up
from course.sandbox.sandbox import Sandbox

WELL = 3
"""Minutes until the app runs and its deployment has completed."""


@dataclass
class Told:
    """The timeline from a moment on."""

    aws: Sandbox
    since: datetime

    def __repr__(self) -> str:
        return self.aws.timeline.text(since=self.since)


@pytest.fixture
def session(aws: Sandbox) -> boto3.Session:
    return boto3.Session()


@pytest.fixture
def app(aws: Sandbox, session: boto3.Session) -> App:
    made = build(session)
    begin(session, made)
    aws.clock.advance(minutes=WELL)
    return made


def test_a_private_subnet_without_a_way_out(
    aws: Sandbox, session: boto3.Session, app: App, golden: Any
) -> None:
    """No task gets as far as the pull; the old one serves on, and with a route the next one runs."""
    began = aws.clock.now()
    route_taken_away.cause(session, app)
    deploy(session, app)
    aws.clock.advance(seconds=50)
    route_taken_away.repair(session, app)
    aws.clock.advance(minutes=2)
    golden.check(Told(aws, began))


def test_a_digest_that_was_cleaned_up(
    aws: Sandbox, session: boto3.Session, app: App, golden: Any
) -> None:
    """What runs runs on; its replacement asks for the digest, until a deployment asks for the tag."""
    began = aws.clock.now()
    digest_cleaned_up.cause(session, app)
    lose_a_task(session, app)
    aws.clock.advance(seconds=50)
    digest_cleaned_up.repair(session, app)
    aws.clock.advance(minutes=2)
    golden.check(Told(aws, began))
