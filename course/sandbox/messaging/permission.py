"""Whether a queue's own policy lets a topic send to it. Pure.

A topic is a service's, not a role's: only the queue's policy can allow it, also
within one account. For everyone such a policy may say ``"*"`` or ``{"AWS": "*"}``,
as AWS's own SDKs do when they subscribe a queue.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-creating-custom-policies-access-policy-examples.html
"""

from dataclasses import replace
from typing import Any

from course.sandbox.authorize.decision import decide
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal

SNS = Principal(service="sns.amazonaws.com")


def may_send(topic: str, queue: str, policy: str | None) -> bool:
    """Whether SNS may send to a queue for a topic, both by ARN; *policy* is the queue's text."""
    account = topic.split(":")[4]
    known = {"aws:SourceArn": topic, "aws:SourceAccount": account, "aws:SecureTransport": True}
    asked = Request(SNS, "sqs:SendMessage", queue, context(known))
    return policy is not None and decide(asked, [], resource=_read(queue, policy)).allowed


def _read(queue: str, text: str) -> Policy:
    policy = read_policy(queue, text)
    spelled = [replace(one, principals=_everyone(one.principals)) for one in policy.statements]
    return replace(policy, statements=tuple(spelled))


def _everyone(principals: Any) -> Any:
    named = principals.get("AWS") if isinstance(principals, dict) else None
    return "*" if named in ("*", ["*"]) else principals
