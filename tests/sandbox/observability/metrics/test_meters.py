"""What the world publishes of itself: services, balancers, clusters, queues, minute by minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from course import sandbox
from course.sandbox.clock import START
from course.sandbox.sandbox import Sandbox
from course.traffic_times import Site

WEB = {"ClusterName": "bench", "ServiceName": "web"}


class Read:
    """Reads one statistic of a metric, a value a minute."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws, self.cloudwatch = aws, aws.client("cloudwatch")

    def __call__(
        self, namespace: str, name: str, statistic: str, last: int = 0, **dimensions: str
    ) -> list[float]:
        """All of them, or the last so many minutes."""
        named: Any = [{"Name": one, "Value": value} for one, value in dimensions.items()]
        now = self.aws.now()
        found = self.cloudwatch.get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=named,
            StartTime=now - timedelta(minutes=last) if last else START,
            EndTime=now,
            Period=60,
            Statistics=[statistic],
        )["Datapoints"]
        return [one[statistic] for one in found]


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        yield opened


@pytest.fixture
def read(aws: Sandbox) -> Read:
    return Read(aws)


@pytest.fixture
def make_site(aws: Sandbox) -> Callable[[int], Site]:
    return lambda count: Site(aws, count, cpu="256")


def names(site: Site) -> dict[str, str]:
    """The dimensions of the site's balancer and its target group."""
    (balancer,) = site.elb.describe_load_balancers()["LoadBalancers"]
    return {
        "LoadBalancer": balancer["LoadBalancerArn"].split("loadbalancer/")[1],
        "TargetGroup": site.targets.rsplit(":", 1)[1],
    }


def test_cpu_is_what_requests_need_of_what_the_tasks_reserve(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(2)  # a quarter vCPU carries 50 requests a second
    load = aws.traffic(site.url, rate=60)
    aws.clock.advance(minutes=3)
    assert read("AWS/ECS", "CPUUtilization", "Average", 3, **WEB) == pytest.approx([60, 60, 60])
    assert read("AWS/ECS", "CPUUtilization", "SampleCount", 1, **WEB) == [2]
    load.stop()
    aws.clock.advance(minutes=2)
    assert read("AWS/ECS", "CPUUtilization", "Average", 1, **WEB) == [0]


def test_cpu_never_exceeds_what_a_task_has(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(1)
    aws.traffic(site.url, rate=500)
    aws.clock.advance(minutes=2)
    assert read("AWS/ECS", "CPUUtilization", "Maximum", 1, **WEB) == [100]
    codes = names(site) | {}
    balancer = {"LoadBalancer": codes["LoadBalancer"]}
    (too_late,) = read("AWS/ApplicationELB", "HTTPCode_ELB_504_Count", "Sum", 1, **balancer)
    (wrong,) = read("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", 1, **balancer)
    assert too_late == wrong == 60 * 450


def test_memory_follows_the_image(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(1)
    site.define("registry.example.com/web-leaks")  # 60 MiB more each minute, of 512
    site.update(taskDefinition="bench")
    aws.clock.advance(minutes=12)
    first, second, third = read("AWS/ECS", "MemoryUtilization", "Average", 3, **WEB)
    assert (second - first, third - second) == pytest.approx((100 * 60 / 512,) * 2)


def test_requests_are_counted_at_the_balancer_and_at_its_target_group(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(2)
    both = names(site)
    load = aws.traffic(site.url, rate=20, minutes=3)
    aws.clock.advance(minutes=2)
    elb = "AWS/ApplicationELB"
    for dimensions in (both, {"LoadBalancer": both["LoadBalancer"]}):
        assert sum(read(elb, "RequestCount", "Sum", **dimensions)) == load.sent
        assert sum(read(elb, "HTTPCode_Target_2XX_Count", "Sum", **dimensions)) == load.answered
    assert read(elb, "TargetResponseTime", "Average", **both)[0] == pytest.approx(load.latency)
    one = {"TargetGroup": both["TargetGroup"]}
    assert sum(read(elb, "RequestCountPerTarget", "Sum", **one)) == load.sent / 2
    assert read(elb, "RequestCountPerTarget", "Sum", 1, **one) == [0]  # zeros too
    assert read(elb, "RequestCount", "Sum", 1, **both) == []  # no requests, no datapoint


def test_a_single_request_is_counted(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(1)
    assert aws.get(site.url).status == 200
    assert aws.get(f"{site.url}nothing").status == 404
    aws.clock.advance(minutes=1)
    both = names(site)
    assert read("AWS/ApplicationELB", "RequestCount", "Sum", **both) == [2]
    assert read("AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", "Sum", **both) == [1]


def test_hosts_are_counted_while_targets_are_registered(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(2)
    both, elb = names(site), "AWS/ApplicationELB"
    assert read(elb, "HealthyHostCount", "Average", 1, **both) == [2]
    zoned = both | {"AvailabilityZone": "us-east-1a"}
    assert read(elb, "HealthyHostCount", "Average", 1, **zoned) == [1]
    site.update(desiredCount=0)
    aws.clock.advance(minutes=20)
    assert read(elb, "HealthyHostCount", "Average", 1, **both) == []  # observed on AWS, 2026-07
    aws.get(site.url)
    aws.clock.advance(minutes=1)
    balancer = {"LoadBalancer": both["LoadBalancer"]}
    assert read(elb, "HTTPCode_ELB_503_Count", "Sum", 1, **balancer) == [1]


def test_a_sick_target_is_an_unhealthy_host(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(1)
    site.define("registry.example.com/web-sick")
    site.update(taskDefinition="bench", healthCheckGracePeriodSeconds=3600)
    aws.clock.advance(minutes=5)
    assert read("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", 1, **names(site)) == [1]


def test_no_running_task_no_metric(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(1)
    site.update(desiredCount=0)
    aws.clock.advance(minutes=10)
    assert read("AWS/ECS", "CPUUtilization", "Average", 1, **WEB) == []


def test_container_insights_only_where_they_are_wanted(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(2)
    insights = "ECS/ContainerInsights"
    assert read(insights, "RunningTaskCount", "Average", **WEB) == []
    settings: Any = [{"name": "containerInsights", "value": "enabled"}]
    site.ecs.update_cluster_settings(cluster="bench", settings=settings)
    site.update(desiredCount=3)
    aws.clock.advance(minutes=1)
    assert read(insights, "DesiredTaskCount", "Average", **WEB) == [3]
    assert read(insights, "CpuReserved", "Average", **WEB)[0] in (512, 768)
    assert read(insights, "TaskCount", "Average", ClusterName="bench")[0] in (2, 3)
    family = {"ClusterName": "bench", "TaskDefinitionFamily": "bench"}
    assert read(insights, "MemoryReserved", "Average", **family)[0] in (1024, 1536)


def test_messages_that_wait(aws: Sandbox, read: Read) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="work")["QueueUrl"]
    for number in range(5):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2, VisibilityTimeout=150)
    aws.clock.advance(minutes=4)
    named = {"QueueName": "work"}
    visible = read("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", **named)
    assert visible == [3, 3, 5, 5]
    taken = read("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Maximum", **named)
    assert taken == [2, 2, 0, 0]


def test_a_datapoint_that_was_shown_stays(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    site = make_site(2)
    aws.traffic(site.url, rate=33)
    aws.clock.advance(minutes=2, seconds=20)
    shown = read("AWS/ECS", "CPUUtilization", "Average", **WEB)
    assert read("AWS/ECS", "CPUUtilization", "Average", **WEB) == shown
    site.update(desiredCount=5)
    aws.clock.advance(minutes=5)
    assert read("AWS/ECS", "CPUUtilization", "Average", **WEB)[: len(shown)] == shown


def test_however_often_somebody_looks(
    make_site: Callable[[int], Site], aws: Sandbox, read: Read
) -> None:
    """Minutes that pass in one go are what they are in steps."""
    site = make_site(2)
    aws.traffic(site.url, rate=41)
    kept = aws.snapshot()

    def day() -> list[float]:
        return [
            *read("AWS/ECS", "CPUUtilization", "Average", 10, **WEB),
            *read("AWS/ApplicationELB", "RequestCount", "Sum", 10, **names(site)),
        ]

    aws.clock.advance(minutes=10)
    at_once = day()
    kept.restore()
    for _ in range(50):
        aws.clock.advance(seconds=12)
    assert day() == pytest.approx(at_once)


def test_a_quiet_week_is_published_at_once(
    aws: Sandbox, read: Read, make_site: Callable[[int], Site]
) -> None:
    make_site(2)
    before = aws.world.clock._alarms_set
    aws.clock.advance(days=7)
    assert aws.world.clock._alarms_set - before < 60
    assert len(read("AWS/ECS", "CPUUtilization", "Average", 1440, **WEB)) == 1440
