"""Complete an alert: EventBridge tells a queue of tasks that ended by themselves. Four blanks."""

import json
from typing import Any

from botocore.exceptions import ClientError

from course.exercises.ecs import active_service
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.logging_and_monitoring.cinema import (
    ALERTS,
    CINEMA,
    TICKETS,
    close_cinema,
    open_cinema,
)
from course.exercises.policies import document
from course.exercises.queues import attributes, messages, set_policy, url
from course.sandbox.observability.eventbridge.pattern import read_pattern
from course.sandbox.observability.eventbridge.permissions import EVENTS, policy_allows

RULE = "crashed"
LOOK = f"describe_rule(Name={RULE!r}), and test_event_pattern"
ACCOUNT = "arn:aws:{}:us-east-1:123456789012:{}"
CLUSTER = ACCOUNT.format("ecs", f"cluster/{CINEMA}")
ENDED = {
    "clusterArn": CLUSTER,
    "lastStatus": "STOPPED",
    "desiredStatus": "STOPPED",
    "stopCode": "EssentialContainerExited",
    "stoppedReason": "Essential container in task exited",
    "containers": [{"name": "app", "lastStatus": "STOPPED", "exitCode": 3}],
}
OTHERS: dict[str, dict[str, Any]] = {
    "a task that runs": {"lastStatus": "RUNNING", "desiredStatus": "RUNNING", "stopCode": None},
    "a task that still is RUNNING when its program has ended": {"lastStatus": "RUNNING"},
    "a task that is DEACTIVATING": {"lastStatus": "DEACTIVATING"},
    "a task that is STOPPING": {"lastStatus": "STOPPING"},
    "a task that is DEPROVISIONING": {"lastStatus": "DEPROVISIONING"},
    "a task that a user stopped": {"stopCode": "UserInitiated"},
    "a task that its service stopped": {"stopCode": "ServiceSchedulerInitiated"},
    "a task of another cluster": {"clusterArn": CLUSTER.replace(CINEMA, "theatre")},
}
"""What is to be left out, by what differs in the event."""

OTHER_RULES = (f"rule/{RULE}-elsewhere", "rule/any-other")


def _event(**changes: Any) -> dict[str, Any]:
    """A state change of a task, as EventBridge would have it."""
    detail = {name: value for name, value in (ENDED | changes).items() if value is not None}
    return {
        "version": "0",
        "id": "5ef2c992-f606-ea32-ecb0-09f6f63d206a",
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "account": "123456789012",
        "time": "2026-11-02T09:15:17Z",
        "region": "us-east-1",
        "resources": [ACCOUNT.format("ecs", f"task/{CINEMA}/6b3f37")],
        "detail": detail,
    }


def _rule(session: Session) -> dict[str, Any] | None:
    """The rule as it stands; None where it is not there."""
    try:
        found: dict[str, Any] = session.client("events").describe_rule(Name=RULE)
    except ClientError:
        return None
    return found


def _fits(rule: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether an event fits, by the matcher that the sandbox's rules have; asking changes nothing."""
    text = rule.get("EventPattern")
    return bool(text) and read_pattern(str(text)).matches(event)


def _attempted(session: Session) -> bool:
    changed = attributes(session, ALERTS).get("Policy") or messages(session, ALERTS)
    return bool(_rule(session) or changed)


def _hears(session: Session) -> Finding:
    rule = _rule(session)
    if rule is None:
        return missing(f"a rule {RULE!r}", "no such rule", "list_rules")
    if rule["State"] != "ENABLED":
        return missing("a rule that is ENABLED", rule["State"], LOOK)
    if _fits(rule, _event()):
        return MET
    wanted = "a pattern that fits a task of cinema which ended by itself"
    return missing(wanted, _misfit(rule), LOOK)


def _misfit(rule: dict[str, Any]) -> str:
    """What of a pattern does not fit a task that ended by itself: the first field by itself."""
    pattern = json.loads(rule.get("EventPattern") or "{}")
    inner = pattern.pop("detail", {})
    parts = {name: {name: values} for name, values in pattern.items()}
    parts |= {f"detail.{name}": {"detail": {name: values}} for name, values in inner.items()}
    for name, part in parts.items():
        if not _fits({"EventPattern": json.dumps(part)}, _event()):
            return f"{name} does not fit"
    return "it has no pattern"


def _quiet(session: Session) -> Finding:
    rule = _rule(session) or {}
    more = [name for name, change in OTHERS.items() if _fits(rule, _event(**change))]
    return missing("nothing else fits", f"{more[0]} fits too", LOOK) if more else MET


def _lets_in(session: Session, rule: str) -> bool:
    known = attributes(session, ALERTS)
    queue, policy = known.get("QueueArn", ""), known.get("Policy") or None
    return policy_allows(EVENTS, "sqs:SendMessage", queue, policy, rule)


def _allowed(session: Session) -> Finding:
    if _lets_in(session, ACCOUNT.format("events", f"rule/{RULE}")):
        return MET
    found = (
        "no policy at all" if not attributes(session, ALERTS).get("Policy") else "one that does not"
    )
    wanted = f"a policy of {ALERTS} that lets in {EVENTS}"
    return missing(wanted, found, f"get_queue_attributes of {ALERTS}: Policy")


def _narrow(session: Session) -> Finding:
    others = [name for name in OTHER_RULES if _lets_in(session, ACCOUNT.format("events", name))]
    if not others:
        return MET
    found = "every rule may send" if len(others) > 1 else f"{others[0]} may send too"
    return missing(f"only the rule {RULE}: aws:SourceArn", found, f"Policy of {ALERTS}")


def _arrived(session: Session) -> Finding:
    targets = session.client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    if attributes(session, ALERTS).get("QueueArn") not in [one["Arn"] for one in targets]:
        return missing(f"{ALERTS} as a target of {RULE}", "it is none", "list_targets_by_rule")
    if messages(session, ALERTS):
        return MET
    return missing(f"a message in {ALERTS}", "0 messages", "has a task failed since, and stopped?")


def _solve(session: Session) -> None:
    ecs, events, sqs = (session.client(name) for name in ("ecs", "events", "sqs"))
    (cinema,) = ecs.describe_clusters(clusters=["cinema"])["clusters"]
    detail = {"clusterArn": [cinema["clusterArn"]], "lastStatus": ["STOPPED"]}
    detail["stopCode"] = ["EssentialContainerExited"]
    pattern = {"detail-type": ["ECS Task State Change"], "detail": detail}
    text = json.dumps({"source": ["aws.ecs"], **pattern})
    rule = events.put_rule(Name="crashed", EventPattern=text)["RuleArn"]
    queue = {"QueueUrl": sqs.get_queue_url(QueueName="alerts")["QueueUrl"]}
    arn = sqs.get_queue_attributes(**queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    who = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    only = {"Condition": {"ArnEquals": {"aws:SourceArn": rule}}}
    may = {**who, "Action": "sqs:SendMessage", "Resource": arn, **only}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    sqs.set_queue_attributes(**queue, Attributes={"Policy": policy})
    events.put_targets(Rule="crashed", Targets=[{"Id": "alerts", "Arn": arn}])
    (tickets,) = ecs.describe_services(cluster="cinema", services=["tickets"])["services"]
    fails = {"containerOverrides": [{"name": "app", "command": ["false"]}]}
    place = {"launchType": "FARGATE", "networkConfiguration": tickets["networkConfiguration"]}
    run = {"cluster": "cinema", "taskDefinition": "tickets", **place}
    tasks = [ecs.run_task(**run, overrides=fails)["tasks"][0]["taskArn"]]
    wait = {"Delay": 60}
    ecs.get_waiter("tasks_stopped").wait(cluster="cinema", tasks=tasks, WaiterConfig=wait)


def _cleanup(session: Session) -> None:
    if _rule(session):
        events = session.client("events")
        ids = [one["Id"] for one in events.list_targets_by_rule(Rule=RULE)["Targets"]]
        if ids:
            events.remove_targets(Rule=RULE, Ids=ids)
        events.delete_rule(Name=RULE)
    close_cinema(session)


def _made(session: Session, policy: str | None = "this rule", **changes: Any) -> None:
    """An alert with something changed in its pattern, and a task that fails: for wrong solutions."""
    detail = {name: [ENDED[name]] for name in ("clusterArn", "lastStatus", "stopCode")}
    pattern = {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"], "detail": detail}
    given = {name: value for name, value in (pattern | changes).items() if value is not None}
    events = session.client("events")
    rule = events.put_rule(Name=RULE, EventPattern=json.dumps(given))["RuleArn"]
    arn = attributes(session, ALERTS)["QueueArn"]
    may = {"Effect": "Allow", "Principal": {"Service": EVENTS}, "Action": "sqs:SendMessage"}
    if policy == "this rule":
        may["Condition"] = {"ArnEquals": {"aws:SourceArn": rule}}
    if policy == "rules like it":
        may["Condition"] = {"ArnLike": {"aws:SourceArn": f"{rule}*"}}
    if policy == "ecs":
        may["Principal"] = {"Service": "ecs.amazonaws.com"}
    if policy:
        set_policy(session, ALERTS, document(may | {"Resource": arn}))
    events.put_targets(Rule=RULE, Targets=[{"Id": ALERTS, "Arn": arn}])
    _fail(session)


def _fail(session: Session) -> None:
    service = active_service(session, CINEMA, TICKETS) or {}
    ecs = session.client("ecs")
    (task,) = ecs.run_task(
        cluster=CINEMA,
        taskDefinition=TICKETS,
        launchType="FARGATE",
        networkConfiguration=service["networkConfiguration"],
        overrides={"containerOverrides": [{"name": "app", "command": ["false"]}]},
    )["tasks"]
    wait = {"Delay": 60}
    ecs.get_waiter("tasks_stopped").wait(cluster=CINEMA, tasks=[task["taskArn"]], WaiterConfig=wait)


def _service_actions(session: Session) -> None:
    other: dict[str, Any] = {"detail-type": ["ECS Service Action"]}
    _made(session, **other)


def _lower_case(session: Session) -> None:
    _made(session, detail={"clusterArn": [CLUSTER], "lastStatus": ["stopped"]})


def _disabled(session: Session) -> None:
    _made(session)
    session.client("events").disable_rule(Name=RULE)


def _every_change(session: Session) -> None:
    _made(session, detail=None)


def _every_stop(session: Session) -> None:
    _made(session, detail={"clusterArn": [CLUSTER], "lastStatus": ["STOPPED"]})


def _any_cluster(session: Session) -> None:
    detail = {name: [ENDED[name]] for name in ("lastStatus", "stopCode")}
    _made(session, detail=detail)


def _no_policy(session: Session) -> None:
    _made(session, policy=None)


def _for_ecs(session: Session) -> None:
    _made(session, policy="ecs")


def _twice(session: Session) -> None:
    """RUNNING with this code: a task whose program has ended, and that ECS is about to stop."""
    detail = {name: [ENDED[name]] for name in ("clusterArn", "stopCode")}
    _made(session, detail={**detail, "lastStatus": ["RUNNING", "STOPPED"]})


def _rules_like_it(session: Session) -> None:
    _made(session, policy="rules like it")


def _any_rule(session: Session) -> None:
    _made(session, policy="any rule")


def _by_hand(session: Session) -> None:
    _made(session)
    session.client("events").remove_targets(Rule=RULE, Ids=[ALERTS])
    session.client("sqs").send_message(QueueUrl=url(session, ALERTS), MessageBody="STOPPED")


def _nothing_failed(session: Session) -> None:
    _made(session)
    session.client("sqs").purge_queue(QueueUrl=url(session, ALERTS))


TELL_OF_CRASHES = Exercise(
    id="logs-alert-101",
    lesson="logging-and-monitoring",
    goal=(
        f"A rule {RULE!r} of EventBridge tells the queue {ALERTS!r} of each task in the cluster "
        f"{CINEMA!r} that has STOPPED because an essential container ended by itself, and of nothing "
        "else. The queue lets in this rule alone, and a first message waits there."
    ),
    criteria=(
        Criterion("rule", "the rule fits a task that ended by itself", _hears),
        Criterion("quiet", "and no other event", _quiet, after="rule"),
        Criterion("allowed", "the queue lets EventBridge in", _allowed, after="rule"),
        Criterion("narrow", "for this rule alone", _narrow, after="allowed"),
        Criterion("arrived", "a message waits in the queue", _arrived, after="allowed"),
    ),
    hints=(
        "Read the event you received: which values of which fields set it apart?",
        (
            "detail-type and lastStatus are as in the event; stopCode says why a task stopped. The "
            "queue's policy knows a rule by its ARN."
        ),
        (
            'In this order: "STOPPED", "EssentialContainerExited", "ECS Task State Change", and the '
            "rule's ARN, crashed."
        ),
    ),
    setup=open_cinema,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("service actions", _service_actions, "rule", "detail-type does not fit"),
        WrongSolution("small letters", _lower_case, "rule", "detail.lastStatus does not fit"),
        WrongSolution("disabled", _disabled, "rule", "DISABLED"),
        WrongSolution("every change", _every_change, "quiet", "a task that runs fits too"),
        WrongSolution("every stop", _every_stop, "quiet", "a task that a user stopped fits too"),
        WrongSolution("any cluster", _any_cluster, "quiet", "a task of another cluster fits too"),
        WrongSolution("no policy", _no_policy, "allowed", "no policy at all"),
        WrongSolution("for ECS", _for_ecs, "allowed", "one that does not"),
        WrongSolution("told twice", _twice, "quiet", "a task that still is RUNNING"),
        WrongSolution("rules like it", _rules_like_it, "narrow", "rule/crashed-elsewhere may send"),
        WrongSolution("any rule", _any_rule, "narrow", "every rule may send"),
        WrongSolution("sent by hand", _by_hand, "arrived", "it is none"),
        WrongSolution("nothing failed", _nothing_failed, "arrived", "0 messages"),
    ),
    rationale=(
        "A pattern lists for each field the values that fit, and fields it does not name do not "
        "matter: so each that is left out lets more through. The queue's own policy decides who "
        "sends, and aws:SourceArn keeps out everybody else's rules."
    ),
    objective="logging-and-monitoring/alerts",
    sources=(
        "Amazon ECS Developer Guide, ECS task state change events, checked 2026-11-27",
        "Amazon EventBridge User Guide, resource-based policies, checked 2026-11-27",
    ),
)
