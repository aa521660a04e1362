"""Proofs on logs, events and histories: who knows what, and who has to be allowed to write it."""

import json
from collections.abc import Callable
from typing import Any

from course.exercises.policies import allow
from course.exercises.queues import create_queue, messages, set_policy
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import (
    CLUSTER,
    begin,
    cluster,
    events,
    give,
    lines,
    log_to,
    register,
    role,
    run,
    runs,
    serve,
    shell,
    tasks,
    user,
)

EVENTS = {"Service": "events.amazonaws.com"}


@tried("exam-observability-001", mutated={"there": True})
def a_log_group_to_be_made(aws: Account, option: str, there: bool = False) -> bool:
    """Give the option's permission, and see whether the task comes to run."""
    roles = {"executionRoleArn": role(aws, "execution", managed=True)}
    roles["taskRoleArn"] = role(aws, "task")
    if there:
        aws.client("logs").create_log_group(logGroupName="/shop/web")
    action = {"group": "logs:CreateLogGroup", "task": "logs:CreateLogGroup"}
    action["agent"] = "cloudwatch:PutMetricData"
    if option != "none":
        give(aws, "task" if option == "task" else "execution", allow(action[option], "*"))
    driver = log_to("/shop/web", **{"awslogs-create-group": "true"})
    return runs(run(aws, register(aws, {"logConfiguration": driver}, **roles)))


@observed(
    "exam-observability-002",
    says={"trail": "history", "events": "events", "logs": "log", "insights": "metrics"},
    mutated={"says_so": True},
)
def who_set_the_count(aws: Account, says_so: bool = False) -> list[str]:
    """Let somebody set desiredCount to 0, and look for their name in history, events, log and metrics."""
    aws.client("logs").create_log_group(logGroupName="/shop")
    arn = role(aws, "execution", managed=True)
    given = {"logConfiguration": log_to("/shop")}
    given |= shell("echo changed by mallory", "sleep 9999") if says_so else {}
    serve(aws, register(aws, given, executionRoleArn=arn))
    key = user(aws, "mallory", allow("ecs:UpdateService", "*"))
    asked = {"cluster": CLUSTER, "service": "web", "desiredCount": 0}
    aws.client_as(key, "ecs").update_service(**asked)
    aws.clock.advance(minutes=10)
    by = {"AttributeKey": "EventName", "AttributeValue": "UpdateService"}
    found = {
        "history": aws.client("cloudtrail").lookup_events(LookupAttributes=[by])["Events"],
        "events": events(aws),
        "log": lines(aws, "/shop"),
        "metrics": aws.client("cloudwatch").list_metrics()["Metrics"],
    }
    return [place for place, text in found.items() if "mallory" in str(text)]


@observed(
    "exam-observability-008",
    says={"lost": "the log", "list": "ListTasks", "trail": "CloudTrail", "insights": "metrics"},
    mutated={"hours": 0.5},
)
def a_day_after_a_stop(aws: Account, hours: float = 24) -> list[str]:
    """Let a task end by itself and time pass, and look who still knows it, and by what code it ended."""
    aws.client("logs").create_log_group(logGroupName="/shop")
    arn = role(aws, "execution", managed=True)
    given = shell("echo bye", "exit 3") | {"logConfiguration": log_to("/shop")}
    made = run(aws, register(aws, given, executionRoleArn=arn))
    aws.clock.advance(hours=hours)
    stopped = tasks(aws, "STOPPED")
    history = aws.client("cloudtrail").lookup_events()["Events"]
    metrics = aws.client("cloudwatch").list_metrics()["Metrics"]
    knows = {
        "ListTasks": made["stoppedReason"] in str(stopped),
        "CloudTrail": made["stoppedReason"] in str(history),
        "metrics": "exitCode" in str(metrics),
    }
    known = [place for place, does in knows.items() if does]
    return known or (["the log"] if "bye" in lines(aws, "/shop") else [])


def _rule(aws: Account, pattern: dict[str, Any], name: str = "ended") -> str:
    """A rule that sends what matches to a queue of its name, which lets it in; the queue's name."""
    client = aws.client("events")
    rule = client.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
    arn = create_queue(aws, name)
    let = {"Effect": "Allow", "Principal": EVENTS, "Action": "sqs:SendMessage", "Resource": arn}
    let["Condition"] = {"ArnEquals": {"aws:SourceArn": rule}}
    set_policy(aws, name, json.dumps({"Version": "2012-10-17", "Statement": [let]}))
    client.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    return name


ENDED = {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"]}


@tried("exam-observability-010", mutated={"reason": "Essential container in task exited"})
def a_pattern_that_never_matches(
    aws: Account, option: str, reason: str = "Essential container"
) -> bool:
    """Change the pattern as the option has it, let a task end, and see whether the rule matched."""
    detail: dict[str, Any] = {"lastStatus": ["STOPPED"], "stoppedReason": [reason]}
    pattern: dict[str, Any] = ENDED | {"detail": detail}
    if option == "exact":
        detail["stoppedReason"] = [{"prefix": "Essential container"}]
    if option == "status":
        del detail["lastStatus"]
    if option == "source":
        pattern["source"] = [f"arn:aws:ecs:{aws.region}:123456789012:cluster/{CLUSTER}"]
    if option == "alarm":
        _alarm(aws)
    queue = _rule(aws, pattern)
    run(aws, register(aws, shell("sleep 5", "exit 1")))
    return messages(aws, queue) > 0


def _alarm(aws: Account) -> None:
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="tasks",
        Namespace="AWS/ECS",
        MetricName="TaskStateChange",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )


@tried("fargate-clusters-001", mutated={"stopped_by_hand": True})
def every_stop_with_its_reason(aws: Account, option: str, stopped_by_hand: bool = False) -> bool:
    """Keep what the option keeps, let a task stop, and look for its stoppedReason the next morning."""
    reason = "too old" if stopped_by_hand else "Essential container in task exited"
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/aws/events/stops")
    logs.create_log_group(logGroupName="/shop")
    given = {"logConfiguration": log_to("/shop")}
    given |= shell("sleep 9999") if stopped_by_hand else shell("sleep 20", "exit 1")
    if option == "rule":
        _rule_to_logs(aws)
    made = begin(aws, register(aws, given, executionRoleArn=role(aws, "execution", managed=True)))
    counts = []
    for _ in range(3):
        aws.clock.advance(minutes=1)
        found = aws.client("ecs").describe_clusters(clusters=[cluster(aws)], include=["STATISTICS"])
        counts.append(found["clusters"])
        if stopped_by_hand:
            (one,) = made["tasks"]
            aws.client("ecs").stop_task(cluster=CLUSTER, task=one["taskArn"], reason=reason)
    aws.clock.advance(hours=10)
    looks: dict[str, Callable[[], Any]] = {
        "rule": lambda: lines(aws, "/aws/events/stops"),
        "counts": lambda: counts,
        "output": lambda: lines(aws, "/shop"),
        "trail": lambda: _calls(aws, "StopTask"),
    }
    return reason in str(looks[option]())


def _rule_to_logs(aws: Account) -> None:
    """A rule that keeps what it matches in a log group, as its resource policy lets EventBridge do."""
    logs, bridge = aws.client("logs"), aws.client("events")
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/events/stops")["logGroups"]
    services = {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]}
    let = {"Effect": "Allow", "Principal": services, "Resource": "*"}
    let["Action"] = ["logs:CreateLogStream", "logs:PutLogEvents"]
    text = json.dumps({"Version": "2012-10-17", "Statement": [let]})
    logs.put_resource_policy(policyName="events", policyDocument=text)
    bridge.put_rule(Name="stops", EventPattern=json.dumps(ENDED))
    arn = group["arn"].removesuffix(":*")
    bridge.put_targets(Rule="stops", Targets=[{"Id": "log", "Arn": arn}])


def _calls(aws: Account, name: str) -> list[Any]:
    by = {"AttributeKey": "EventName", "AttributeValue": name}
    found: list[Any] = aws.client("cloudtrail").lookup_events(LookupAttributes=[by])["Events"]
    return found
