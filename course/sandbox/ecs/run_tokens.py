"""RunTask by its client token: the same call again has the same answer, and starts nothing.

Every client sends one, made up by botocore where the caller gives none, so that
a call repeated after a lost answer is harmless. Pure: the clock's time comes in.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.ecs.resources.task import Task

LONGEST = 64
KEPT = timedelta(hours=24)
AFTER_THE_LAST = timedelta(hours=1)
"""How long a token is known after the last of its tasks has stopped, at most KEPT in all."""

SWEPT_EVERY = 64
"""Tokens; so often those that have run out are looked for."""


@dataclass(frozen=True, slots=True)
class Launched:
    """What one RunTask call asked for, and what came of it."""

    asked: str
    at: datetime
    tasks: tuple[Task, ...]
    failures: tuple[dict[str, Any], ...]

    def holds(self, now: datetime) -> bool:
        """Whether the token is still known: for 24 hours, or until an hour after the last task stopped."""
        stops = [task.stopped_at for task in self.tasks]
        lasting = any(stop is None for stop in stops)
        ended = max([self.at, *(stop for stop in stops if stop)])
        return now < self.at + KEPT and (lasting or now < ended + AFTER_THE_LAST)

    def answer(self, now: datetime) -> dict[str, Any]:
        """The answer to the same call: of a task that has stopped no more than its ARN and statuses."""
        return {"tasks": list(self._shown(now)), "failures": list(self.failures)}

    def _shown(self, now: datetime) -> Iterator[Any]:
        for task in self.tasks:
            if task.stopped_at is None:
                yield task
            elif now < task.stopped_at + AFTER_THE_LAST:
                yield {
                    "taskArn": task.task_arn,
                    "lastStatus": task.last_status,
                    "desiredStatus": task.desired_status,
                }


Tokens = dict[tuple[str, str], Launched]
"""By cluster and token: another cluster may see the same token again."""


def as_asked(given: Mapping[str, Any]) -> str:
    """All parameters of a call but its token, in one order."""
    rest = {name: value for name, value in given.items() if name != "clientToken"}
    return json.dumps(rest, sort_keys=True, default=str)


def check_token(token: str) -> None:
    """Refuse a token that is none: 1 to 64 ASCII characters that can be seen."""
    if not 1 <= len(token) <= LONGEST or not all("!" <= letter <= "~" for letter in token):
        raise invalid_parameter(  # our words
            f"clientToken takes 1 to {LONGEST} ASCII characters without blanks."
        )


def launched_before(tokens: Tokens, cluster: str, token: str, asked: str, now: datetime) -> Any:
    """The answer that a token has had already, or None.

    Raises ConflictException, with the ARNs of its tasks, if the call was another one.
    """
    before = tokens.get((cluster, token))
    if before is None or not before.holds(now):
        return None
    if before.asked != asked:
        raise Refused(
            "ConflictException",
            "The clientToken is in use with other parameters of RunTask.",  # our words
            resourceIds=[task.task_arn for task in before.tasks],
        )
    return before.answer(now)


def remember(tokens: Tokens, cluster: str, token: str, launched: Launched) -> None:
    """Keep what a token stands for, and forget now and then what has run out."""
    if len(tokens) % SWEPT_EVERY == SWEPT_EVERY - 1:
        for key in [key for key, one in tokens.items() if not one.holds(launched.at)]:
            del tokens[key]
    tokens[cluster, token] = launched
