"""Takes a change of an alarm's state to SNS topics and to EventBridge, in one world.

An adapter: topics are moto's. A topic's default policy lets CloudWatch publish, for the alarm
is of the same account; one that somebody wrote has to name ``cloudwatch.amazonaws.com``.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
"""

from functools import cache
from typing import Any

from botocore.session import get_session
from moto.sns.models import sns_backends

from course.sandbox.observability.alarms.actions import Firing, Receipt
from course.sandbox.observability.alarms.alarm import Alarm
from course.sandbox.observability.alarms.telling import (
    DETAIL_TYPE,
    SOURCE,
    event,
    notification,
    subject,
)
from course.sandbox.observability.eventbridge.bus import Bus
from course.sandbox.observability.eventbridge.permissions import policy_allows

CLOUDWATCH = "cloudwatch.amazonaws.com"
OF_THE_ACCOUNT = "AWS:SourceOwner"
"""A condition of every topic's first policy: whoever acts for the account may."""


class Notifying:
    """Brings news of alarms to whoever asked for them."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def publish(self, firing: Firing) -> Receipt:
        """To a topic; a topic that is not there, or lets nobody in, is an action that failed."""
        topic = _topic(firing.action)
        if topic is None:
            return Receipt(f"Resource: {firing.action} does not exist")  # our words
        policy = str(topic.policy)
        if OF_THE_ACCOUNT not in policy and not policy_allows(
            CLOUDWATCH, "sns:Publish", firing.action, policy, firing.alarm.alarm_arn
        ):
            return Receipt(
                f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: "
                f"{firing.action}"
            )
        place = place_of(firing.region)
        topic.publish(notification(firing, place), subject=subject(firing, place))
        return Receipt()

    def tell(self, region: str, before: Alarm, alarm: Alarm) -> None:
        """EventBridge hears of each change, if some rule may want it."""
        if self._bus.wants(region, DETAIL_TYPE, SOURCE):
            detail = event(before, alarm, self._bus.new_id())
            self._bus.tell(region, DETAIL_TYPE, detail, alarm.alarm_arn, source=SOURCE)


@cache
def place_of(region: str) -> str:
    """``US East (N. Virginia)``, as AWS calls a Region."""
    for partition in get_session().get_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def _topic(arn: str) -> Any:
    """moto's topic, without making a backend where nobody has used SNS."""
    _, _, _, region, account, _ = arn.split(":", 5)
    held: Any = dict.get(sns_backends, account) or {}
    backend = dict.get(held, region)
    return backend.topics.get(arn) if backend else None
