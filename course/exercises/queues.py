"""Topics and queues for exercises: made, read, and cleared away.

AWS: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
"""

import json
from typing import Any

from botocore.exceptions import ClientError

from course.exercises.exercise import Session

SNS = {"Service": "sns.amazonaws.com"}
COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def url(session: Session, name: str) -> str | None:
    """The URL of a queue; None where there is none of this name."""
    try:
        return str(session.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError:
        return None


def attributes(session: Session, name: str) -> dict[str, str]:
    """What a queue says of itself; nothing where it is not there."""
    found = url(session, name)
    if found is None:
        return {}
    asked = session.client("sqs").get_queue_attributes(QueueUrl=found, AttributeNames=["All"])
    known: dict[str, str] = asked["Attributes"]
    return known


def create_queue(session: Session, name: str, **given: str) -> str:
    """Make a queue; returns its ARN."""
    session.client("sqs").create_queue(QueueName=name, Attributes=given)
    return attributes(session, name)["QueueArn"]


def messages(session: Session, name: str) -> int:
    """How many messages a queue holds, those in flight too."""
    known = attributes(session, name)
    return sum(int(known.get(one, 0)) for one in COUNTS)


def create_topic(session: Session, name: str, *queues: str) -> str:
    """Make a topic that hands its messages to these queues as they are; returns its ARN."""
    sns = session.client("sns")
    topic = str(sns.create_topic(Name=name)["TopicArn"])
    for queue in queues:
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=attributes(session, queue)["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
    return topic


def topic_arn(session: Session, name: str) -> str:
    """The ARN of a topic; empty where there is none of this name."""
    found = session.client("sns").list_topics()["Topics"]
    return next((one["TopicArn"] for one in found if one["TopicArn"].endswith(f":{name}")), "")


def subscribed(session: Session, topic: str) -> list[str]:
    """The names of the queues that a topic, by its ARN, hands its messages to."""
    try:
        answer = session.client("sns").list_subscriptions_by_topic(TopicArn=topic)
    except ClientError:
        return []
    return sorted(one["Endpoint"].rpartition(":")[2] for one in answer["Subscriptions"])


def policy_for(queue: str, topic: str, **changes: Any) -> str:
    """The text of a queue's policy that lets one topic send to it, both by ARN."""
    statement = {
        "Effect": "Allow",
        "Principal": SNS,
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changes}]})


def set_policy(session: Session, name: str, text: str) -> None:
    """Give a queue a policy in place of the one it has."""
    given = {"QueueUrl": url(session, name), "Attributes": {"Policy": text}}
    session.client("sqs").set_queue_attributes(**given)


def delete_queues(session: Session, *names: str) -> None:
    """Delete queues by name; those not there are no error."""
    for name in names:
        found = url(session, name)
        if found:
            session.client("sqs").delete_queue(QueueUrl=found)


def delete_topic(session: Session, name: str) -> None:
    """Delete a topic with its subscriptions; one that is not there is no error."""
    topic = topic_arn(session, name)
    if topic:
        session.client("sns").delete_topic(TopicArn=topic)
