"""SNS hands a message to a queue only if the queue's own policy lets it, while a sandbox is open.

moto delivers whatever the policy says, and fails when the queue is gone. On AWS
Publish succeeds either way: what cannot be delivered is not tried again, and is
lost unless the subscription has a dead-letter queue (RedrivePolicy).

AWS: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
"""

import copy
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from course.sandbox.messaging.permission import may_send

RAW = "RawMessageDelivery"


def install() -> Callable[[], None]:
    """Have every delivery to a queue ask the queue's policy, until the undo is called."""
    from moto.sns.models import Subscription

    subscription: Any = Subscription
    patched = patch.object(subscription, "publish", _permitted(subscription.publish))
    patched.start()
    return patched.stop


def _permitted(deliver: Callable[..., None]) -> Callable[..., None]:
    def publish(subscription: Any, *args: Any, **kwargs: Any) -> None:
        if subscription.protocol != "sqs":
            return deliver(subscription, *args, **kwargs)
        target = next((arn for arn in _targets(subscription) if _takes(subscription, arn)), None)
        if target is None:
            return None
        return deliver(_leading_to(subscription, target), *args, **kwargs)

    return publish


def _targets(subscription: Any) -> list[str]:
    """The queue, and the subscription's dead-letter queue if it has one."""
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    return [subscription.endpoint, *filter(None, [redrive.get("deadLetterTargetArn")])]


def _takes(subscription: Any, arn: str) -> bool:
    queue = _queue(arn)
    return queue is not None and may_send(subscription.topic_arn, arn, queue.policy)


def _queue(arn: str) -> Any:
    from moto.sqs.models import sqs_backends

    _, _, _, region, account, name = arn.split(":", 5)
    return sqs_backends[account][region].queues.get(name)


def _leading_to(subscription: Any, arn: str) -> Any:
    """The subscription with this endpoint; moto takes the text "false" of an attribute for true."""
    other = copy.copy(subscription)
    raw = str(subscription.attributes.get(RAW, "")).lower() == "true"
    other.endpoint, other.attributes = arn, {RAW: "true"} if raw else {}
    return other
