"""Complete a queue: how long messages hide, how long they are kept, and where they end. Three blanks."""

import json
from typing import Any

from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.queues import attributes, create_queue, delete_queues

PARCELS, LOST = "parcels", "parcels-lost"
LOOK = f"get_queue_attributes of {PARCELS}, AttributeNames=['All']"
DAY = 24 * 60 * 60


def _setup(session: Session) -> None:
    """The queue for what could not be packed; it keeps messages for as long as there is."""
    create_queue(session, LOST, MessageRetentionPeriod=str(14 * DAY))


def _attempted(session: Session) -> bool:
    return bool(attributes(session, PARCELS))


def _hidden(session: Session) -> Finding:
    known = attributes(session, PARCELS)
    if not known:
        return missing(f"a queue {PARCELS}", "none", LOOK)
    seconds = known["VisibilityTimeout"]
    return MET if seconds == "600" else missing("VisibilityTimeout 600", f"{seconds} s", LOOK)


def _kept(session: Session) -> Finding:
    seconds = int(attributes(session, PARCELS)["MessageRetentionPeriod"])
    if seconds == 14 * DAY:
        return MET
    return missing(f"{14 * DAY} seconds, 14 days", f"{seconds} seconds", LOOK)


def _ended(session: Session) -> Finding:
    policy = json.loads(attributes(session, PARCELS).get("RedrivePolicy", "{}"))
    ends = str(policy.get("deadLetterTargetArn", "nowhere")).rpartition(":")[2]
    if ends != LOST:
        return missing(f"RedrivePolicy to {LOST}", f"it leads to {ends}", LOOK)
    if not attributes(session, LOST):
        return missing(f"the queue {LOST}", "it is not there any more", "list_queues")
    count = int(policy["maxReceiveCount"])
    return MET if count == 3 else missing("maxReceiveCount 3", f"maxReceiveCount {count}", LOOK)


def _solve(session: Session) -> None:
    sqs = session.client("sqs")
    lost = sqs.get_queue_url(QueueName="parcels-lost")["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=lost, AttributeNames=["QueueArn"])
    ends = {"deadLetterTargetArn": known["Attributes"]["QueueArn"], "maxReceiveCount": 3}
    sqs.create_queue(
        QueueName="parcels",
        Attributes={
            "VisibilityTimeout": "600",
            "MessageRetentionPeriod": "1209600",
            "RedrivePolicy": json.dumps(ends),
        },
    )


def _cleanup(session: Session) -> None:
    delete_queues(session, PARCELS, LOST)


def _create(session: Session, *, ends: str = LOST, count: int = 3, **changes: str) -> None:
    """The solution's queue, with a change: material for wrong solutions."""
    target: dict[str, Any] = {"deadLetterTargetArn": attributes(session, ends)["QueueArn"]}
    given = {"VisibilityTimeout": "600", "MessageRetentionPeriod": str(14 * DAY)}
    given["RedrivePolicy"] = json.dumps(target | {"maxReceiveCount": count})
    create_queue(session, PARCELS, **given | changes)


def _in_minutes(session: Session) -> None:
    _create(session, VisibilityTimeout="10")


def _as_by_default(session: Session) -> None:
    _create(session, MessageRetentionPeriod=str(4 * DAY))


def _in_days(session: Session) -> None:
    _create(session, MessageRetentionPeriod=str(14 * 60 * 60))


def _first_try(session: Session) -> None:
    _create(session, count=1)


def _no_end(session: Session) -> None:
    given = {"VisibilityTimeout": "600", "MessageRetentionPeriod": str(14 * DAY)}
    create_queue(session, PARCELS, **given)


def _led_to_nothing(session: Session) -> None:
    _create(session)
    delete_queues(session, LOST)


KEEP_PARCELS = Exercise(
    id="patterns-queue-101",
    lesson="microservice-patterns",
    goal=(
        f"Complete the queue {PARCELS!r}. To pack a parcel takes up to ten minutes, in which nobody "
        "else is to get it; a message is kept for 14 days, the longest there is; and one that three "
        f"packers have received in vain goes to the queue {LOST!r}, which is there."
    ),
    criteria=(
        Criterion(
            "hidden", f"queue {PARCELS}: a received message is hidden for 10 minutes", _hidden
        ),
        Criterion("kept", "a message is kept for 14 days", _kept, after="hidden"),
        Criterion("ended", f"after 3 receives it goes to {LOST}", _ended, after="hidden"),
    ),
    hints=(
        "All three are attributes of the queue; times are in seconds, and every value is a text.",
        (
            "VisibilityTimeout and MessageRetentionPeriod; RedrivePolicy is JSON with "
            "deadLetterTargetArn, an ARN, and maxReceiveCount."
        ),
        (
            '"600", "1209600", and json.dumps({"deadLetterTargetArn": lost, "maxReceiveCount": 3}), '
            "where lost is the ARN."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("in minutes", _in_minutes, "hidden", "10 s"),
        WrongSolution("the default of four days", _as_by_default, "kept", "345600 seconds"),
        WrongSolution("14 hours", _in_days, "kept", "50400 seconds"),
        WrongSolution("at the first try", _first_try, "ended", "maxReceiveCount 1"),
        WrongSolution("without an end", _no_end, "ended", "it leads to nowhere"),
        WrongSolution("led to nothing", _led_to_nothing, "ended", "not there any more"),
    ),
    rationale=(
        "A visibility timeout that is shorter than the work has two packers pack one parcel. Without "
        "a dead-letter queue a message that nobody can handle comes again until its retention is over."
    ),
    objective="microservice-patterns/queues",
    sources=("Amazon SQS API Reference, CreateQueue (botocore 1.44.5), checked 2026-11-27",),
)
