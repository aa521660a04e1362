"""A rule with a queue, a topic, a log group or a function behind it, each with the policy it needs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

ACCOUNT, REGION = "123456789012", "us-east-1"
EVENTS = {"Service": "events.amazonaws.com"}
OF_ECS = {"source": ["aws.ecs"]}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Wiring:
    """Rules and what stands behind them, through plain boto3."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.events = lab.aws.client("events")
        self.sqs = lab.aws.client("sqs")
        self.sns = lab.aws.client("sns")
        self.logs = lab.aws.client("logs")
        self.function = lab.aws.client("lambda")

    def rule(self, pattern: Any = OF_ECS, name: str = "tasks", **more: Any) -> str:
        given = {"EventPattern": json.dumps(pattern)} if pattern else {}
        return str(self.events.put_rule(Name=name, **given, **more)["RuleArn"])

    def target(self, arn: str, name: str = "tasks", **more: Any) -> None:
        self.events.put_targets(Rule=name, Targets=[{"Id": arn[-60:], "Arn": arn, **more}])

    def queue(self, name: str = "alerts", *, let_in: bool = True, **attributes: str) -> str:
        """The ARN of a queue that EventBridge may send to."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        if let_in:
            may = {"Effect": "Allow", "Principal": EVENTS, "Action": "sqs:SendMessage"}
            attributes["Policy"] = document(may | {"Resource": arn})
        self.sqs.create_queue(QueueName=name, Attributes=attributes)
        return arn

    def received(self, name: str = "alerts") -> list[dict[str, Any]]:
        """All messages of a queue, the oldest first, as JSON; they are deleted."""
        return [json.loads(one["Body"]) for one in self.messages(name)]

    def messages(self, name: str = "alerts") -> list[dict[str, Any]]:
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        found: list[dict[str, Any]] = []
        while True:
            given = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
            batch = self.sqs.receive_message(QueueUrl=url, **given).get("Messages", [])
            if not batch:
                return found
            for one in batch:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            found += batch

    def topic(self, name: str = "alerts", *, let_in: bool = True) -> str:
        """The ARN of a topic that EventBridge may publish to."""
        arn = str(self.sns.create_topic(Name=name)["TopicArn"])
        if let_in:
            may = {"Effect": "Allow", "Principal": EVENTS, "Action": "sns:Publish", "Resource": arn}
            policy = document(may | {"Sid": "events"})
            self.sns.set_topic_attributes(
                TopicArn=arn, AttributeName="Policy", AttributeValue=policy
            )
        return arn

    def log_group(self, name: str = "/aws/events/tasks", *, let_in: bool = True) -> str:
        self.logs.create_log_group(logGroupName=name)
        arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"
        if let_in:
            may = {
                "Effect": "Allow",
                "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": f"{arn}:*",
            }
            self.logs.put_resource_policy(policyName="events", policyDocument=document(may))
        return arn

    def logged(self, name: str) -> list[str]:
        found = self.logs.filter_log_events(logGroupName=name)["events"]
        return [one["message"] for one in found]

    def handler(self, handler: str, name: str = "alert", *, let_in: bool = True) -> str:
        """The ARN of a function; its code is a zip that nobody runs."""
        basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        role = self.lab.role(f"{name}-role", basic, trusts="lambda.amazonaws.com")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("alerts.py", "def log_event(event, context): ...\n")
        made = self.function.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler=handler,
            Code={"ZipFile": packed.getvalue()},
        )
        if let_in:
            self.function.add_permission(
                FunctionName=name,
                StatementId="events",
                Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com",
            )
        return str(made["FunctionArn"])

    def put(
        self, detail: Any = None, source: str = "shop", kind: str = "Order", **more: Any
    ) -> Any:
        entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail or {"n": 1})}
        return self.events.put_events(Entries=[entry | more])

    def counted(self, metric: str, name: str = "tasks") -> float:
        """The sum of a metric of AWS/Events since the world began."""
        now = self.lab.aws.now()
        found = self.lab.aws.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Events",
            MetricName=metric,
            Dimensions=[{"Name": "RuleName", "Value": name}],
            StartTime=self.lab.aws.timeline.start,
            EndTime=now.replace(year=now.year + 1),
            Period=86400,
            Statistics=["Sum"],
        )
        return float(sum(one["Sum"] for one in found["Datapoints"]))


@pytest.fixture
def wiring(lab: Any) -> Wiring:
    return Wiring(lab)


@pytest.fixture
def policy() -> Callable[..., str]:
    return document
