"""What services of AWS may: with a role they assume, and by a resource's own policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.sandbox.authorize.by_services import may_by_resource, may_with_role
from course.sandbox.world import ACCOUNT_ID

EVENTS, SCHEDULER = "events.amazonaws.com", "scheduler.amazonaws.com"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT_ID}:rule/nightly"
WEB = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}:task-definition/web:1"
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/ecsEventsRole"
LAB = {"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}:cluster/lab"}}


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def with_role(service: str = EVENTS, cluster: str = "lab", source: str = RULE) -> Any:
    return may_with_role(
        "ecsEventsRole",
        service,
        "ecs:RunTask",
        WEB,
        account=ACCOUNT_ID,
        session="nightly",
        given={"ecs:cluster": f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}:cluster/{cluster}"},
        source={"aws:SourceArn": source, "aws:SourceAccount": ACCOUNT_ID},
    )


def test_a_role_has_to_be_there_to_trust_and_to_allow(lab: Any) -> None:
    """In this order, and each decision says which action it was on."""
    iam = lab.aws.client("iam")
    made = with_role()
    assert (made.allowed, made.request.action, made.request.resource) == (
        False,
        "sts:AssumeRole",
        "ecsEventsRole",
    )
    trust = document(Principal={"Service": EVENTS}, Action="sts:AssumeRole",
                     Condition={"ArnLike": {"aws:SourceArn": RULE}})  # fmt: skip
    iam.create_role(RoleName="ecsEventsRole", AssumeRolePolicyDocument=trust)
    for other in (with_role(SCHEDULER), with_role(source=RULE + "-other")):
        assert not other.allowed
        assert (other.request.action, other.request.resource) == ("sts:AssumeRole", ROLE)
    assert with_role().denial == (
        f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/ecsEventsRole/nightly is not authorized to "
        f"perform: ecs:RunTask on resource: {WEB} because no identity-based policy allows the "
        "ecs:RunTask action"
    )
    policy = document(Action="ecs:RunTask", Resource="*", Condition=LAB)
    iam.put_role_policy(RoleName="ecsEventsRole", PolicyName="run", PolicyDocument=policy)
    assert with_role().allowed
    assert not with_role(cluster="prod").allowed


def test_a_role_is_let_in_by_a_resource_or_kept_out(lab: Any) -> None:
    """What a queue says of the role counts, as it does for whoever else asks."""
    iam, sqs = lab.aws.client("iam"), lab.aws.client("sqs")
    trust = document(Principal={"Service": EVENTS}, Action="sts:AssumeRole")
    iam.create_role(RoleName="ecsEventsRole", AssumeRolePolicyDocument=trust)
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:orders"

    def may() -> bool:
        made = may_with_role(ROLE, EVENTS, "sqs:SendMessage", arn, account=ACCOUNT_ID, session="n")
        return made.allowed

    assert not may()
    policy = document(Principal={"AWS": ROLE}, Action="sqs:SendMessage", Resource=arn)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    assert may()


def queue(aws: Any, policy: str) -> tuple[str, str]:
    url = aws.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:q"


def topic(aws: Any, policy: str) -> tuple[str, str]:
    arn = aws.client("sns").create_topic(Name="t")["TopicArn"]
    aws.client("sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=policy
    )
    return "sns:Publish", arn


def log_group(aws: Any, policy: str) -> tuple[str, str]:
    aws.client("logs").put_resource_policy(policyName="events", policyDocument=policy)
    group = f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:/aws/events/ecs"
    return "logs:PutLogEvents", f"{group}:log-stream:one"


@pytest.mark.parametrize("make", [queue, topic, log_group])
def test_a_service_has_what_the_resource_gives_it(lab: Any, make: Any) -> None:
    source = {"ArnEquals": {"aws:SourceArn": RULE}}
    policy = document(Principal={"Service": EVENTS}, Action="*", Resource="*", Condition=source)
    action, arn = make(lab.aws, policy)

    def may(service: str = EVENTS, resource: str = arn, source: str = RULE) -> bool:
        given = {"aws:SourceArn": source}
        return may_by_resource(service, action, resource, account=ACCOUNT_ID, given=given).allowed

    assert may()
    assert not may(service=SCHEDULER)
    assert not may(source=RULE + "-other")
    assert make is log_group or not may(resource=arn + "-other")


def test_a_function_is_invoked_by_whom_it_was_told_of(lab: Any) -> None:
    trust = document(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole")
    role = lab.aws.client("iam").create_role(RoleName="f", AssumeRolePolicyDocument=trust)
    functions, arn = lab.aws.client("lambda"), f"arn:aws:lambda:us-east-1:{ACCOUNT_ID}:function:f"
    functions.create_function(
        FunctionName="f", Role=role["Role"]["Arn"], Runtime="python3.12", Handler="f.f",
        Code={"ZipFile": b"x"},
    )  # fmt: skip

    def may(resource: str = arn) -> bool:
        made = may_by_resource(EVENTS, "lambda:InvokeFunction", resource, account=ACCOUNT_ID)
        return made.allowed

    assert not may()
    functions.add_permission(
        FunctionName="f", StatementId="events", Action="lambda:InvokeFunction", Principal=EVENTS
    )
    assert may()
    assert not may(arn + "2")
