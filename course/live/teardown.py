"""Cleanup of one attempt: what depends on something goes first, and at the end it is looked again.

It keeps no state of its own: it asks AWS what is left of the attempt, so it may be
killed at any moment, and run again as often as one likes. One thing that cannot be
removed does not keep the others.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from course.live.books import Attempt
from course.live.finding import GONE, Finder, Found
from course.live.ledger import Ledger
from course.live.whose import EXPIRED

Tell = Callable[[str], None]

PATIENCE, PAUSE = 300.0, 5.0
"""Seconds that tasks are given to stop, and network interfaces to let go of a security group; and
between two looks."""

LATER = {"DependencyViolation", "ClusterContainsTasksException", "ClusterContainsServicesException"}
"""What AWS says as long as something is still on its way out."""

DONE = GONE | {"ServiceNotActiveException"}


@dataclass
class Outcome:
    """What became of one attempt. *unknown* says why it could not be looked at, if it could not."""

    attempt: Attempt
    removed: list[Found] = field(default_factory=list)
    left: list[Found] = field(default_factory=list)
    why: dict[Found, str] = field(default_factory=dict)
    unknown: str = ""

    @property
    def clean(self) -> bool:
        """Whether AWS was asked again, and nothing is left."""
        return not self.left and not self.unknown


class Teardown:
    """Removes what is left of one attempt, and says each thing as it goes."""

    def __init__(
        self,
        session: Any,
        attempt: Attempt,
        ledger: Ledger,
        tell: Tell = print,
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._ecs, self._ec2 = session.client("ecs"), session.client("ec2")
        self._finder = Finder(session, attempt)
        self._ledger, self._tell = ledger, tell
        self._looks, self._pause = int(patience / pause) + 1, pause
        self._outcome = Outcome(attempt)

    def look(self) -> Outcome:
        """What is left, and nothing done: the dry run."""
        self._look_again()
        return self._outcome

    def run(self) -> Outcome:
        """Remove it all, then look again. A thing is gone when AWS no longer lists it."""
        self._look_again()
        for one in self._outcome.left:
            self._remove(one)
        self._look_again()
        if self._outcome.clean:
            self._close_the_books()
        return self._outcome

    def _look_again(self) -> None:
        found, errors = self._finder.everything()
        self._outcome.left = found
        self._outcome.unknown = told(errors[0]) if errors else ""

    def _remove(self, one: Found) -> None:
        if one.kind == "cluster":
            self._wait_for_tasks()
        try:
            self._in_the_end(lambda: self._call(one))
        except (ClientError, BotoCoreError) as error:
            self._outcome.why[one] = told(error)
            return
        self._outcome.removed.append(one)
        self._tell(f"removed {one}")

    def _in_the_end(self, call: Callable[[], None]) -> None:
        """Try until what is on its way out has let go, or patience is over; gone already is well, too."""
        for looks_left in reversed(range(self._looks)):
            try:
                return call()
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in DONE:
                    return None
                if code not in LATER or not looks_left:
                    raise
            time.sleep(self._pause)
        return None

    def _call(self, one: Found) -> None:
        match one.kind:
            case "service":
                self._ecs.delete_service(cluster=one.within, service=one.id, force=True)
            case "task":
                if one.active:
                    self._ecs.stop_task(cluster=one.within, task=one.id, reason="course cleanup")
            case "cluster":
                self._ecs.delete_cluster(cluster=one.id)
            case "task definition":
                if one.active:
                    self._ecs.deregister_task_definition(taskDefinition=one.id)
                self._ecs.delete_task_definitions(taskDefinitions=[one.id])
            case _:
                self._ec2.delete_security_group(GroupId=one.id)

    def _wait_for_tasks(self) -> None:
        """Until the attempt's tasks are STOPPED: a cluster that has some cannot be deleted."""
        for _ in range(self._looks):
            try:
                clusters = list(self._finder.clusters())
                if not any(True for one in clusters for _ in self._finder.tasks(one.id)):
                    return
            except (ClientError, BotoCoreError):
                return  # what follows will say so
            time.sleep(self._pause)

    def _close_the_books(self) -> None:
        attempt = self._outcome.attempt
        for thing in attempt.there():
            self._ledger.write(attempt.id, "removed", thing=thing.id)
        self._ledger.write(attempt.id, "ended")


def told(error: Exception) -> str:
    """Why a call failed, and what to do about it, in one sentence."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    if code in EXPIRED:
        return f"{code}: the credentials have expired; renew them, then run this again"
    if code.startswith(("AccessDenied", "Unauthorized")):
        return (
            f"{code}: this role may not; use the one that the lesson ran with, then run this again"
        )
    if code in LATER:
        return f"{code}: something is still using it; run this again in a minute"
    return f"{code or type(error).__name__}: run this again"
