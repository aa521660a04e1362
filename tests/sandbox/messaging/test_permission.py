"""Whether a queue's policy lets a topic send: a table of policies."""

import json
from typing import Any

import pytest

from course.sandbox.messaging.permission import may_send

TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:stock"
SNS = {"Service": "sns.amazonaws.com"}


def allowing(principal: Any = SNS, **members: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage"}
    statement |= {"Resource": QUEUE} | members
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def of_topic(arn: str, operator: str = "ArnEquals") -> dict[str, Any]:
    return {"Condition": {operator: {"aws:SourceArn": arn}}}


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (None, False),  # what CreateQueue leaves: the same account is not enough
        ("", False),
        (allowing(), True),
        (allowing("*"), True),
        (allowing({"AWS": "*"}), True),  # as the SDKs for .NET and Java write it
        (allowing({"AWS": ["*"]}), True),
        (allowing({"AWS": "123456789012"}), False),  # an account is no service
        (allowing({"Service": "sqs.amazonaws.com"}), False),
        (allowing(Action="SQS:SendMessage"), True),
        (allowing(Action="sqs:*"), True),
        (allowing(Action="sqs:ReceiveMessage"), False),
        (allowing(Resource=TOPIC), False),
        (allowing(Resource="arn:aws:sqs:us-east-1:123456789012:mail"), False),
        (allowing(Effect="Deny"), False),
        (allowing(**of_topic(TOPIC)), True),
        (allowing(**of_topic(TOPIC, "ArnLike")), True),
        (allowing(**of_topic("arn:aws:sns:*:*:orders")), True),
        (allowing(**of_topic(TOPIC.replace("orders", "returns"))), False),
        (allowing(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}), True),
        (allowing(Condition={"StringEquals": {"aws:SourceAccount": "210987654321"}}), False),
    ],
)
def test_a_topic_may_send_to_a_queue(policy: str | None, allowed: bool) -> None:
    assert may_send(TOPIC, QUEUE, policy) is allowed
