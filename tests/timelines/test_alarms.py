"""Stories of alarms: a spike and what the CPU alarm makes of it, a target that falls ill.

Rewritten as those of ``test_timelines.py`` are.
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from course.sandbox.sandbox import Sandbox
from course.sandbox.traffic.shapes import spike
from course.traffic_times import Site

CPU: Any = {
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Dimensions": [
        {"Name": "ClusterName", "Value": "bench"},
        {"Name": "ServiceName", "Value": "web"},
    ],
}


@pytest.fixture
def site(aws: Sandbox) -> Site:
    """Two web apps of a quarter vCPU behind a load balancer, and a topic for alarms."""
    return Site(aws, 2, cpu="256")


def put(topic: str, name: str, **given: Any) -> None:
    boto3.client("cloudwatch").put_metric_alarm(
        AlarmName=name, Period=60, AlarmActions=[topic], OKActions=[topic], **given
    )


@pytest.fixture
def topic() -> str:
    return boto3.client("sns").create_topic(Name="alerts")["TopicArn"]


def test_a_cpu_alarm_in_and_out_under_a_spike(
    aws: Sandbox, site: Site, topic: str, golden: Any
) -> None:
    put(
        topic,
        "cpu-high",
        **CPU,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold=60,
        ComparisonOperator="GreaterThanThreshold",
    )
    traffic = aws.traffic(site.url, rate=spike(20, 80, after=5, minutes=4))
    aws.clock.advance(minutes=15)
    traffic.stop()
    golden.check(aws.timeline)


def test_an_unhealthy_host_is_alarmed(aws: Sandbox, site: Site, topic: str, golden: Any) -> None:
    (balancer,) = site.elb.describe_load_balancers()["LoadBalancers"]
    dimensions: Any = [
        {"Name": "LoadBalancer", "Value": balancer["LoadBalancerArn"].split("loadbalancer/")[1]},
        {"Name": "TargetGroup", "Value": site.targets.rsplit(":", 1)[1]},
    ]
    put(
        topic,
        "unhealthy-host",
        Namespace="AWS/ApplicationELB",
        MetricName="UnHealthyHostCount",
        Dimensions=dimensions,
        Statistic="Maximum",
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    site.elb.modify_target_group(TargetGroupArn=site.targets, HealthCheckPath="/gone")
    site.update(healthCheckGracePeriodSeconds=600)
    aws.clock.advance(minutes=3)
    site.elb.modify_target_group(TargetGroupArn=site.targets, HealthCheckPath="/health")
    aws.clock.advance(minutes=5)
    golden.check(aws.timeline)
