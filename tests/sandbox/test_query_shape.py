"""The parameters of a form against the model: what passes, what is refused, and where."""

import pytest
from botocore.session import get_session

from course.sandbox.ecs.errors import Refused
from course.sandbox.query_shape import check_query

SESSION = get_session()
NULL = "failed to satisfy constraint: Member must not be null"


def check(service: str, operation: str, form: dict[str, str]) -> str:
    """What a form is refused with; "" where it passes."""
    model = SESSION.get_service_model(service).operation_model(operation)
    try:
        check_query(model, form)
    except Refused as refused:
        return str(refused)
    return ""


TARGET = {"TargetGroupArn": "arn", "Targets.member.1.Id": "10.0.0.1"}

PASSES: list[tuple[str, str, dict[str, str]]] = [
    ("elbv2", "DescribeLoadBalancers", {"Action": "DescribeLoadBalancers", "Version": "2015-12-01"}),
    ("elbv2", "DescribeLoadBalancers", {"Names": "", "PageSize": "5"}),
    ("elbv2", "RegisterTargets", {**TARGET, "Targets.member.1.Port": "80"}),
    ("elbv2", "RegisterTargets", {**TARGET, "Nothing.Of.This..Name.=": "x"}),
    ("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16", "DryRun": "false"}),
    ("ec2", "CreateTags", {"ResourceId.1": "vpc-1", "Tag.1.Key": "a", "Tag.1.Value": "ñ\n"}),
    ("sqs", "SendMessageBatch", {"QueueUrl": "u", "SendMessageBatchRequestEntry.1.Id": "1",
                                 "SendMessageBatchRequestEntry.1.MessageBody": "m"}),
    ("sts", "GetCallerIdentity", {}),
    ("sns", "SetTopicAttributes", {"TopicArn": "a", "AttributeName": "b", "AttributeValue": "c"}),
    ("sns", "CreateTopic", {"Name": "n", "Attributes.entry.1.key": "a", "Attributes.entry.1.value": "b"}),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "form"), PASSES)
def test_passes(service: str, operation: str, form: dict[str, str]) -> None:
    assert check(service, operation, form) == ""


REFUSED: list[tuple[str, str, dict[str, str], str]] = [
    ("elbv2", "RegisterTargets", {}, f"ValidationError: 1 validation error detected: Value null at 'TargetGroupArn' {NULL}"),
    ("elbv2", "RegisterTargets", {"TargetGroupArn": "a", "Targets.member.1.Port": "80"}, f"Value null at 'Targets.1.member.Id' {NULL}"),
    ("elbv2", "RegisterTargets", {**TARGET, "Targets.member.1.Port": "http"}, "Value (http) for parameter Targets.1.member.Port is no Integer."),
    ("elbv2", "CreateLoadBalancer", {"Name": "a\x00b"}, "Value ('a\\x00b') for parameter Name is no String."),
    ("elbv2", "CreateLoadBalancer", {"Name": "\ud800"}, "is no String."),
    ("ec2", "CreateSubnet", {"CidrBlock": "10.0.0.0/24"}, "MissingParameter: The request must contain the parameter VpcId"),
    ("ec2", "CreateVpc", {"DryRun": "perhaps"}, "InvalidParameterValue: Value (perhaps) for parameter DryRun is no Boolean."),
    ("ec2", "RunInstances", {"MinCount": "1", "MaxCount": "²"}, "Value (²) for parameter MaxCount is no Integer."),
    ("autoscaling", "PutScheduledUpdateGroupAction", {"AutoScalingGroupName": "g", "ScheduledActionName": "a", "StartTime": "teatime"}, "is no Timestamp."),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a", "Threshold": "nan", "EvaluationPeriods": "1", "ComparisonOperator": "x"}, "is no Double."),
    ("sns", "CreateTopic", {"Name": "n", "Attributes.entry.1.key": "\x01"}, "for parameter Attributes.1.key is no String."),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "form", "expected"), REFUSED)
def test_is_refused(service: str, operation: str, form: dict[str, str], expected: str) -> None:
    assert expected in check(service, operation, form)
