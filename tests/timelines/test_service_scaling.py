"""Stories of Service Auto Scaling: what alarms saw, what scaling made of it, what became of the requests.

Shown are alarms, scaling, traffic and the service's own words; tasks have their stories elsewhere.
Rewritten as those of ``test_timelines.py`` are.
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from course.sandbox.sandbox import Sandbox
from course.sandbox.traffic.shapes import spike
from course.traffic_times import Site

SHOWN = ("alarm", "scaling", "traffic", "service")
RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/bench/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}


class Scaled:
    """A service behind a load balancer, scaled between bounds."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.aas: Any = boto3.client("application-autoscaling", region_name="us-east-1")

    def start(self, tasks: int, least: int, most: int) -> None:
        self.site = Site(self.aws, tasks, cpu="256")
        self.aas.register_scalable_target(**RESOURCE, MinCapacity=least, MaxCapacity=most)

    def track(self, target: float, **config: Any) -> None:
        given = {"TargetValue": target} | (config or {"PredefinedMetricSpecification": CPU})
        self.aas.put_scaling_policy(
            **RESOURCE,
            PolicyName="track",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=given,
        )

    def plan(self, name: str, schedule: str, least: int, most: int) -> None:
        self.aas.put_scheduled_action(
            **RESOURCE,
            ScheduledActionName=name,
            Schedule=schedule,
            Timezone="Europe/Berlin",
            ScalableTargetAction={"MinCapacity": least, "MaxCapacity": most},
        )

    def told(self, minutes: float) -> Any:
        """What the last minutes brought, without the tasks."""
        shown = type(self.aws.timeline)(self.aws.timeline.start)
        first = self.aws.now().timestamp() - 60 * minutes
        shown.entries = [
            one
            for one in self.aws.timeline.entries
            if one.when.timestamp() >= first and one.actor in SHOWN
        ]
        return shown

    def statuses(self) -> list[str]:
        """Of the scaling activities, the oldest first."""
        found = self.aas.describe_scaling_activities(**RESOURCE)["ScalingActivities"]
        return [one["StatusCode"] for one in reversed(found)]


@pytest.fixture
def scaled(aws: Sandbox) -> Scaled:
    return Scaled(aws)


def test_a_spike_out_and_in(scaled: Scaled, golden: Any) -> None:
    """CPU cannot show more than 100 %, so the first step is too small, and the next waits five minutes."""
    scaled.start(4, 2, 20)
    scaled.track(60)
    load = scaled.aws.traffic(scaled.site.url, rate=spike(100, 300, after=5, minutes=20))
    scaled.aws.clock.advance(minutes=60)
    load.stop()
    golden.check(scaled.told(60))


def test_a_nightly_schedule(scaled: Scaled, golden: Any) -> None:
    """By Berlin's clock, an hour ahead of UTC: to one task at ten in the evening, to four at six."""
    scaled.start(4, 4, 10)
    scaled.plan("night", "cron(0 22 * * ? *)", 1, 1)
    scaled.plan("day", "cron(0 6 * * ? *)", 4, 10)
    scaled.aws.clock.advance(hours=24)
    golden.check(scaled.told(24 * 60))


def test_a_backlog_scales_a_worker(scaled: Scaled, golden: Any) -> None:
    """Messages that wait, for each task that runs: ten are the target, a hundred wait."""
    scaled.start(1, 1, 10)
    ecs, sqs = boto3.client("ecs"), boto3.client("sqs", region_name="us-east-1")
    insights: Any = [{"name": "containerInsights", "value": "enabled"}]
    ecs.update_cluster_settings(cluster="bench", settings=insights)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    waiting = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible",
               "Dimensions": [{"Name": "QueueName", "Value": "orders"}]}  # fmt: skip
    running = {"Namespace": "ECS/ContainerInsights", "MetricName": "RunningTaskCount",
               "Dimensions": [{"Name": "ClusterName", "Value": "bench"},
                              {"Name": "ServiceName", "Value": "web"}]}  # fmt: skip
    metrics = [
        {"Id": "m1", "MetricStat": {"Metric": waiting, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "m2", "MetricStat": {"Metric": running, "Stat": "Average"}, "ReturnData": False},
        {"Id": "backlog", "Expression": "m1 / m2", "Label": "backlog per task"},
    ]
    scaled.track(10, CustomizedMetricSpecification={"Metrics": metrics})
    for message in range(100):
        sqs.send_message(QueueUrl=url, MessageBody=str(message))
    scaled.aws.clock.advance(minutes=10)
    sqs.purge_queue(QueueUrl=url)
    scaled.aws.clock.advance(minutes=25)
    golden.check(scaled.told(35))


def test_a_scale_in_held_back_by_protection(scaled: Scaled, golden: Any) -> None:
    """Three of four are too many, and two of those are protected for half an hour."""
    scaled.start(4, 1, 10)
    scaled.track(60)
    ecs = boto3.client("ecs")
    tasks = ecs.list_tasks(cluster="bench")["taskArns"][:2]
    scaled.aws.clock.advance(minutes=5)
    ecs.update_task_protection(
        cluster="bench", tasks=tasks, protectionEnabled=True, expiresInMinutes=30
    )
    scaled.aws.clock.advance(minutes=40)
    golden.check(scaled.told(45))
    assert scaled.statuses() == ["Unfulfilled"]
