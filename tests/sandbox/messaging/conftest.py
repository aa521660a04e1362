"""A shop's topic, queues and stream, each call in one line."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox

SESSION = boto3.Session(region_name="us-east-1")


class Shop:
    """What a test says to SNS, SQS and Kinesis through plain boto3."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.sns: Any = SESSION.client("sns")
        self.sqs: Any = SESSION.client("sqs")
        self.kinesis: Any = SESSION.client("kinesis")
        self.topic: str = self.sns.create_topic(Name="orders")["TopicArn"]

    def queue(self, name: str, **attributes: str) -> str:
        return str(self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])

    def arn(self, name: str) -> str:
        return self.topic.replace(":sns:", ":sqs:").replace("orders", name)

    def open_to_the_topic(self, url: str) -> None:
        """Let the topic send to a queue: its policy."""
        arn = self.arn(url.rpartition("/")[2])
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": self.topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def subscribe(self, name: str, **attributes: str) -> str:
        given = {"Protocol": "sqs", "Endpoint": self.arn(name), "Attributes": attributes}
        return str(self.sns.subscribe(TopicArn=self.topic, **given)["SubscriptionArn"])

    def publish(self, message: str) -> int:
        return int(
            self.sns.publish(TopicArn=self.topic, Message=message)["ResponseMetadata"][
                "HTTPStatusCode"
            ]
        )

    def received(self, url: str, **more: Any) -> list[str]:
        given = {"QueueUrl": url, "MaxNumberOfMessages": 10} | more
        return [one["Body"] for one in self.sqs.receive_message(**given).get("Messages", ())]

    def counts(self, url: str) -> tuple[int, int, int]:
        """How many messages of a queue can be received, are in flight, are delayed."""
        names = [f"ApproximateNumberOfMessages{what}" for what in ("", "NotVisible", "Delayed")]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        first, second, third = (int(found[name]) for name in names)
        return first, second, third


@pytest.fixture
def shop() -> Iterator[Shop]:
    with sandbox.open() as aws:
        yield Shop(aws)
