"""Who hears of an alarm: a topic, EventBridge, an Auto Scaling group's policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox
from course.sandbox.scaling.group_policies import wanted

ALARM: dict[str, Any] = {
    "AlarmName": "orders",
    "Namespace": "Shop",
    "MetricName": "Orders",
    "Dimensions": [{"Name": "Shop", "Value": "one"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        yield opened


def queue(aws: Sandbox, service: str) -> tuple[str, str]:
    """A queue's URL and ARN, which a service may send to."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="news")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, arn["QueueArn"]


def orders(aws: Sandbox, value: float) -> None:
    datum: Any = {
        "MetricName": "Orders",
        "Value": value,
        "Dimensions": [{"Name": "Shop", "Value": "one"}],
    }
    aws.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[datum])
    aws.clock.advance(minutes=1, seconds=2)


def taken(aws: Sandbox, url: str) -> list[dict[str, Any]]:
    sqs = aws.client("sqs")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for one in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return [json.loads(one["Body"]) for one in found]


def test_a_topic_is_told_once_when_the_state_changes(aws: Sandbox) -> None:
    url, arn = queue(aws, "sns.amazonaws.com")
    sns, cloudwatch = aws.client("sns"), aws.client("cloudwatch")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic], OKActions=[topic])
    orders(aws, 9)
    orders(aws, 9)
    (told,) = taken(aws, url)
    assert told["Subject"] == 'ALARM: "orders" in US East (N. Virginia)'
    message = json.loads(told["Message"])
    assert message["NewStateValue"] == "ALARM"
    assert message["OldStateValue"] == "INSUFFICIENT_DATA"
    assert message["NewStateReason"].startswith("Threshold Crossed: 1 datapoint [9.0 (")
    assert message["Trigger"] == {
        "MetricName": "Orders",
        "Namespace": "Shop",
        "StatisticType": "Statistic",
        "Statistic": "SUM",
        "Unit": None,
        "Dimensions": [{"value": "one", "name": "Shop"}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 5.0,
        "TreatMissingData": "notBreaching",
        "EvaluateLowSampleCountPercentile": "",
    }
    aws.clock.advance(minutes=5)
    (over,) = taken(aws, url)
    assert json.loads(over["Message"])["NewStateValue"] == "OK"


def failed_actions(aws: Sandbox) -> list[str]:
    items = aws.client("cloudwatch").describe_alarm_history(HistoryItemType="Action")
    return [one["HistorySummary"] for one in items["AlarmHistoryItems"]]


def test_a_topic_that_is_not_there(aws: Sandbox) -> None:
    gone = "arn:aws:sns:us-east-1:123456789012:gone"
    aws.client("cloudwatch").put_metric_alarm(**ALARM, AlarmActions=[gone])
    orders(aws, 9)
    (told,) = failed_actions(aws)
    assert told.startswith(f"Failed to execute action {gone}")


def test_a_topic_whose_policy_names_somebody_else(aws: Sandbox) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )
    aws.client("cloudwatch").put_metric_alarm(**ALARM, AlarmActions=[topic])
    orders(aws, 9)
    assert "not authorized to perform: SNS:Publish" in failed_actions(aws)[0]
    statement["Principal"] = {"Service": "cloudwatch.amazonaws.com"}
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )
    aws.clock.advance(minutes=5)
    orders(aws, 9)
    assert failed_actions(aws)[0] == f"Successfully executed action {topic}"


def test_eventbridge_hears_of_it(aws: Sandbox) -> None:
    url, arn = queue(aws, "events.amazonaws.com")
    events = aws.client("events")
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    events.put_rule(Name="alarms", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="alarms", Targets=[{"Id": "1", "Arn": arn}])
    aws.client("cloudwatch").put_metric_alarm(**ALARM, AlarmDescription="too many orders")
    orders(aws, 9)
    (told,) = taken(aws, url)
    assert told["detail-type"] == "CloudWatch Alarm State Change"
    assert told["resources"] == ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders"]
    detail = told["detail"]
    assert detail["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert detail["configuration"]["description"] == "too many orders"
    (metric,) = detail["configuration"]["metrics"]
    assert metric["metricStat"] == {
        "metric": {"dimensions": {"Shop": "one"}, "name": "Orders", "namespace": "Shop"},
        "period": 60,
        "stat": "Sum",
    }


def test_a_groups_policy_makes_it_grow_and_then_cools_down(aws: Sandbox) -> None:
    ec2, groups = aws.client("ec2"), aws.client("autoscaling")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    data: Any = {"ImageId": image, "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="fleet", LaunchTemplateData=data)
    groups.create_auto_scaling_group(
        AutoScalingGroupName="fleet",
        LaunchTemplate={"LaunchTemplateName": "fleet"},
        MinSize=1,
        MaxSize=4,
        DesiredCapacity=1,
        AvailabilityZones=["us-east-1a"],
    )
    policy = groups.put_scaling_policy(
        AutoScalingGroupName="fleet",
        PolicyName="more",
        PolicyType="SimpleScaling",
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=2,
        Cooldown=120,
    )["PolicyARN"]
    aws.client("cloudwatch").put_metric_alarm(**ALARM, AlarmActions=[policy])

    def desired() -> int:
        (found,) = groups.describe_auto_scaling_groups()["AutoScalingGroups"]
        return int(found["DesiredCapacity"])

    orders(aws, 9)
    assert desired() == 3
    orders(aws, 9)
    assert desired() == 3  # the cooldown
    orders(aws, 9)
    orders(aws, 9)
    assert desired() == 4  # the most
    causes = groups.describe_scaling_activities()["Activities"]
    assert any(
        "a monitor alarm orders in state ALARM triggered policy more" in one["Cause"]
        for one in causes
    )


@pytest.mark.parametrize(
    ("kind", "adjustment", "desired", "least", "after"),
    [
        ("ExactCapacity", 7, 3, None, 7),
        ("ChangeInCapacity", -1, 3, None, 2),
        ("PercentChangeInCapacity", 50, 4, None, 6),
        ("PercentChangeInCapacity", 10, 4, None, 5),  # from 0 to 1 is 1
        ("PercentChangeInCapacity", 25, 4, 2, 6),  # MinAdjustmentMagnitude
        ("PercentChangeInCapacity", -33, 10, None, 7),  # towards zero
        ("PercentChangeInCapacity", -5, 10, None, 9),
    ],
)
def test_what_an_adjustment_asks_for(
    kind: str, adjustment: float, desired: int, least: int | None, after: int
) -> None:
    assert wanted(kind, adjustment, desired, least) == after
