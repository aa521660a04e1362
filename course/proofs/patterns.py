"""Proofs on queues, topics and the ways between services."""

import json
from typing import Any

from course.exercises.policies import allow
from course.exercises.queues import (
    create_queue,
    create_topic,
    messages,
    policy_for,
    set_policy,
    url,
)
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import role


def _receive(aws: Account, name: str) -> list[dict[str, Any]]:
    got = aws.client("sqs").receive_message(QueueUrl=url(aws, name), WaitTimeSeconds=0)
    return list(got.get("Messages", []))


@tried("exam-patterns-003", mutated={"minutes": 0.25})
def one_message_one_worker(aws: Account, option: str, minutes: float = 4) -> bool:
    """Set the queue as the option says, work on a message for its time, and see whether another gets it."""
    settings = {
        "longer": {"VisibilityTimeout": "300"},
        "wait": {"VisibilityTimeout": "30", "ReceiveMessageWaitTimeSeconds": "20"},
        "one": {"VisibilityTimeout": "30"},
        "delay": {"VisibilityTimeout": "30", "DelaySeconds": "240"},
    }[option]
    create_queue(aws, "work", **settings)
    aws.client("sqs").send_message(QueueUrl=url(aws, "work"), MessageBody="job")
    if option == "delay":
        aws.clock.advance(minutes=4, seconds=1)
    taken = len(_receive(aws, "work"))
    aws.clock.advance(seconds=minutes * 60 - 5)
    return taken == 1 and not _receive(aws, "work")


@observed(
    "exam-patterns-004",
    says={
        "dlq": "received 3 times, then in the dead-letter queue",
        "ever": "received again and again",
        "gone": "received 3 times, then nowhere",
        "stop": "received 3 times, and no other after it",
    },
    mutated={"redrive": False},
)
def a_message_that_crashes_its_worker(aws: Account, redrive: bool = True) -> str:
    """Receive a message without deleting it, time after time, and see what becomes of it and of another."""
    dead = create_queue(aws, "dead")
    rule = {"deadLetterTargetArn": dead, "maxReceiveCount": 3}
    more = {"RedrivePolicy": json.dumps(rule)} if redrive else {}
    create_queue(aws, "work", VisibilityTimeout="30", **more)
    send, where = aws.client("sqs").send_message, url(aws, "work")
    send(QueueUrl=where, MessageBody="poison")
    times = 0
    for _ in range(8):
        times += any(one["Body"] == "poison" for one in _receive(aws, "work"))
        aws.clock.advance(seconds=31)
    if times == 8:
        return "received again and again"
    send(QueueUrl=where, MessageBody="sound")
    if not _receive(aws, "work"):
        return f"received {times} times, and no other after it"
    place = "in the dead-letter queue" if messages(aws, "dead") else "nowhere"
    return f"received {times} times, then {place}"


@tried("exam-patterns-008", mutated={"let_in": True})
def a_queue_that_stays_empty(aws: Account, option: str, let_in: bool = False) -> bool:
    """Mend what the option suspects, publish again, and see whether the message is in the queue."""
    arn = create_queue(aws, "audit", VisibilityTimeout="0" if option != "visibility" else "30")
    create_queue(aws, "billing")
    topic = create_topic(aws, "orders", *(["audit"] if option == "fifo" else ["billing", "audit"]))
    if option == "policy" or let_in:
        set_policy(aws, "audit", policy_for(arn, topic))
    if option == "role":
        role(aws, "publisher", allow("sqs:SendMessage", arn))
    aws.client("sns").publish(TopicArn=topic, Message="order 1")
    aws.clock.advance(seconds=5)
    return messages(aws, "audit") == 1
