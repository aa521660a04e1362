"""Rules deliver what is put on a bus, and what happens in ECS, to targets that let EventBridge in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.config import Config

ORDERS = {"source": ["shop"]}


# --- PutEvents


def test_an_event_comes_to_a_queue_a_moment_later(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.queue())
    answer = wiring.put({"n": 1})
    assert wiring.received() == []
    lab.clock.advance(1)
    (told,) = wiring.received()
    assert (answer["FailedEntryCount"], answer["Entries"]) == (0, [{"EventId": told["id"]}])
    assert (told["source"], told["detail-type"], told["detail"]) == ("shop", "Order", {"n": 1})
    assert (told["time"], told["account"]) == ("2026-11-02T09:00:00Z", "123456789012")


def test_nobody_but_aws_speaks_for_aws(lab: Any, wiring: Any) -> None:
    wiring.rule()
    wiring.target(wiring.queue())
    answer = wiring.put(source="aws.ecs")
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"] == [
        {
            "ErrorCode": "NotAuthorizedForSourceException",
            "ErrorMessage": "Not authorized for the source.",
        }
    ]
    lab.clock.advance(5)
    assert wiring.received() == []


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"DetailType": "a", "Detail": "{}"}, "InvalidArgument"),
        ({"Source": "a", "Detail": "{}"}, "InvalidArgument"),
        ({"Source": "a", "DetailType": "a"}, "InvalidArgument"),
        ({"Source": "a", "DetailType": "a", "Detail": "{"}, "MalformedDetail"),
        ({"Source": "a", "DetailType": "a", "Detail": "[1]"}, "MalformedDetail"),
    ],
)
def test_one_bad_entry_keeps_no_other_out(lab: Any, wiring: Any, entry: Any, code: str) -> None:
    good = {"Source": "shop", "DetailType": "Order", "Detail": "{}"}
    answer = wiring.events.put_events(Entries=[entry, good])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code
    assert "EventId" in answer["Entries"][1]


def test_more_than_ten_entries(wiring: Any, refused: Any) -> None:
    entry = {"Source": "a", "DetailType": "a", "Detail": "{}"}
    found = refused(wiring.events.put_events, Entries=[entry] * 11)
    assert found.code == "ValidationException"


def test_a_disabled_rule_takes_nothing_until_it_is_enabled(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS, State="DISABLED")
    wiring.target(wiring.queue())
    wiring.put({"n": 1})
    wiring.events.enable_rule(Name="tasks")
    wiring.put({"n": 2})
    lab.clock.advance(1)
    assert [one["detail"] for one in wiring.received()] == [{"n": 2}]


def test_a_bus_of_ones_own_and_the_way_from_one_to_another(lab: Any, wiring: Any) -> None:
    arn = wiring.events.create_event_bus(Name="orders")["EventBusArn"]
    wiring.rule(ORDERS)
    wiring.target(arn)
    wiring.events.put_rule(
        Name="inner", EventBusName="orders", EventPattern=json.dumps({"detail": {"n": [1, 3]}})
    )
    queue = wiring.queue()
    given = [{"Id": "q", "Arn": queue}]
    wiring.events.put_targets(Rule="inner", EventBusName="orders", Targets=given)
    for n in (1, 2):
        wiring.put({"n": n})
    wiring.put({"n": 3}, EventBusName="orders")
    lab.clock.advance(5)
    assert [one["detail"]["n"] for one in wiring.received()] == [3, 1]


def test_buses_that_lead_to_each_other_come_to_an_end(lab: Any, wiring: Any) -> None:
    arn = wiring.events.create_event_bus(Name="orders")["EventBusArn"]
    wiring.rule(ORDERS)
    wiring.target(arn)
    wiring.events.put_rule(Name="b", EventBusName="orders", EventPattern=json.dumps(ORDERS))
    given = [{"Id": "d", "Arn": arn.replace("/orders", "/default")}]
    wiring.events.put_targets(Rule="b", EventBusName="orders", Targets=given)
    wiring.put()
    lab.clock.advance(minutes=5)
    assert wiring.counted("MatchedEvents") == 3


# --- TestEventPattern, PutRule, PutTargets

EVENT = {
    "id": "1",
    "account": "123456789012",
    "source": "shop",
    "time": "2026-11-02T09:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail-type": "Order",
}


@pytest.mark.parametrize(("pattern", "fits"), [(ORDERS, True), ({"source": ["aws.ecs"]}, False)])
def test_a_pattern_is_tested(wiring: Any, pattern: Any, fits: bool) -> None:
    found = wiring.events.test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(EVENT)
    )
    assert found["Result"] is fits


def test_what_is_no_event_is_not_tested(wiring: Any, refused: Any) -> None:
    given = {"EventPattern": json.dumps(ORDERS)}
    for event in ("{", "[]", json.dumps({"source": "shop"})):
        found = refused(wiring.events.test_event_pattern, Event=event, **given)
        assert found.code == "ValidationException"


def test_what_is_no_pattern_makes_no_rule(wiring: Any, refused: Any) -> None:
    found = refused(wiring.events.put_rule, Name="r", EventPattern='{"source": "aws.ecs"}')
    assert found.code == "InvalidEventPatternException"
    assert found.message == (
        'Event pattern is not valid. Reason: "source" must be an object or an array'
    )
    assert wiring.events.list_rules()["Rules"] == []


@pytest.mark.parametrize(
    "more",
    [
        {"Input": "{}", "InputPath": "$"},
        {"Input": "{no json"},
        {"InputPath": "detail"},
        {"InputTransformer": {"InputTemplate": "<a>", "InputPathsMap": {"a": "nope"}}},
    ],
)
def test_inputs_that_cannot_be(wiring: Any, refused: Any, more: Any) -> None:
    wiring.rule(ORDERS)
    target = {"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:q", **more}
    found = refused(wiring.events.put_targets, Rule="tasks", Targets=[target])
    assert found.code == "ValidationException"


def test_five_targets_a_rule(wiring: Any, refused: Any) -> None:
    wiring.rule(ORDERS)
    queue = wiring.queue()
    given = [{"Id": str(one), "Arn": queue} for one in range(5)]
    wiring.events.put_targets(Rule="tasks", Targets=given)
    wiring.events.put_targets(Rule="tasks", Targets=given[:2])
    once = wiring.lab.aws.client("events", config=Config(retries={"total_max_attempts": 1}))
    found = refused(once.put_targets, Rule="tasks", Targets=[{"Id": "6", "Arn": queue}])
    assert found.code == "LimitExceededException"


def test_archives_are_outside(wiring: Any, refused: Any) -> None:
    arn = wiring.events.describe_event_bus(Name="default")["Arn"]
    found = refused(wiring.events.create_archive, ArchiveName="a", EventSourceArn=arn)
    assert found.code == "NotImplemented"


# --- Targets and their permissions


def test_a_topic_hands_it_on_to_its_subscribers(lab: Any, wiring: Any) -> None:
    topic, queue = wiring.topic(), wiring.queue("subscribed", let_in=False)
    may = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    url = wiring.sqs.get_queue_url(QueueName="subscribed")["QueueUrl"]
    wiring.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
    wiring.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    wiring.rule(ORDERS)
    wiring.target(topic)
    wiring.put({"n": 7})
    lab.clock.advance(1)
    (told,) = wiring.received("subscribed")
    assert json.loads(told["Message"])["detail"] == {"n": 7}


def test_a_log_group_gets_a_line_an_event(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.log_group())
    wiring.put({"n": 7})
    lab.clock.advance(1)
    (line,) = wiring.logged("/aws/events/tasks")
    assert json.loads(line)["detail"] == {"n": 7}


def test_a_function_of_the_catalogue_writes_to_its_log(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.handler("alerts.log_event"), InputPath="$.detail")
    wiring.put({"n": 7})
    lab.clock.advance(1)
    start, line, end = wiring.logged("/aws/lambda/alert")
    assert (json.loads(line), start[:5], end[:3]) == ({"n": 7}, "START", "END")


def test_code_of_ones_own_is_not_run_and_the_log_says_so(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.handler("mine.handler"))
    wiring.put()
    lab.clock.advance(1)
    _, line, _ = wiring.logged("/aws/lambda/alert")
    assert "the sandbox runs no code" in line and "alerts.stopped_task" in line


@pytest.mark.parametrize("kind", ["queue", "topic", "log_group"])
def test_what_does_not_let_eventbridge_in_gets_nothing(lab: Any, wiring: Any, kind: str) -> None:
    dead = wiring.queue("dead")
    wiring.rule(ORDERS)
    arn = getattr(wiring, kind)(let_in=False)
    wiring.target(arn, DeadLetterConfig={"Arn": dead})
    wiring.put({"n": 7})
    lab.clock.advance(1)
    (lost,) = wiring.messages("dead")
    told = {name: one["StringValue"] for name, one in lost["MessageAttributes"].items()}
    assert json.loads(lost["Body"])["detail"] == {"n": 7}
    assert told["ERROR_CODE"] == "NO_PERMISSIONS"
    assert told["RULE_ARN"].endswith(":rule/tasks") and told["TARGET_ARN"] == arn
    assert wiring.counted("FailedInvocations") == 1
    assert wiring.counted("InvocationsSentToDlq") == 1


def test_a_function_without_a_permission(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.handler("alerts.log_event", let_in=False))
    wiring.put()
    lab.clock.advance(1)
    groups = wiring.logs.describe_log_groups()["logGroups"]
    assert (groups, wiring.counted("FailedInvocations")) == ([], 1)


def test_a_queue_that_lets_in_another_rule_only(lab: Any, wiring: Any, policy: Any) -> None:
    queue = wiring.queue(let_in=False)
    may = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
           "Action": "sqs:SendMessage", "Resource": queue}  # fmt: skip
    url = wiring.sqs.get_queue_url(QueueName="alerts")["QueueUrl"]
    rule = wiring.rule(ORDERS)
    wiring.target(queue)
    for arn, failed in ((f"{rule}-other", 1), (rule, 1)):
        condition = {"Condition": {"ArnEquals": {"aws:SourceArn": arn}}}
        wiring.sqs.set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": policy(may | condition)}
        )
        wiring.put()
        lab.clock.advance(1)
        assert wiring.counted("FailedInvocations") == failed
    assert len(wiring.received()) == 1


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sqs:us-east-1:123456789012:gone",
        "arn:aws:sns:us-east-1:123456789012:gone",
        "arn:aws:logs:us-east-1:123456789012:log-group:/gone",
        "arn:aws:lambda:us-east-1:123456789012:function:gone",
        "arn:aws:sqs:us-east-1",
        "arn:aws:sqs:nowhere-1:123456789012:q",
        "arn:aws:sns:us-east-1:000000000000:t",
    ],
)
def test_a_target_that_is_not_there(lab: Any, wiring: Any, arn: str) -> None:
    wiring.rule(ORDERS)
    wiring.target(arn, DeadLetterConfig={"Arn": wiring.queue("dead")})
    wiring.put()
    lab.clock.advance(1)
    (lost,) = wiring.messages("dead")
    assert lost["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_RESOURCE"


def test_what_fails_inside_a_target_does_not_stop_the_clock(
    lab: Any, wiring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.sns.models import Topic

    def fail(self: Any, *given: Any) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(Topic, "publish", fail)
    wiring.rule(ORDERS)
    wiring.target(wiring.topic())
    wiring.target(wiring.queue())
    wiring.put()
    lab.clock.advance(1)
    assert (len(wiring.received()), wiring.counted("FailedInvocations")) == (1, 1)


@pytest.mark.parametrize("arn", ["arn:aws:sqs:us-east-1", "arn:aws:sqs:us-east-1:1:q"])
def test_a_dead_letter_queue_that_cannot_be(lab: Any, wiring: Any, arn: str) -> None:
    wiring.rule(ORDERS)
    gone = "arn:aws:sqs:us-east-1:123456789012:gone"
    wiring.target(gone, DeadLetterConfig={"Arn": arn})
    wiring.put()
    lab.clock.advance(1)
    assert wiring.counted("InvocationsFailedToBeSentToDlq") == 1


def test_a_dead_letter_queue_has_to_let_eventbridge_in_as_well(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    dead = wiring.queue("dead", let_in=False)
    wiring.target("arn:aws:sqs:us-east-1:123456789012:gone", DeadLetterConfig={"Arn": dead})
    wiring.put()
    lab.clock.advance(1)
    assert wiring.messages("dead") == []
    assert wiring.counted("InvocationsFailedToBeSentToDlq") == 1


def test_what_was_on_its_way_is_on_its_way_again_after_a_restore(lab: Any, wiring: Any) -> None:
    wiring.rule(ORDERS)
    wiring.target(wiring.queue())
    wiring.put({"n": 7})
    moment = lab.aws.snapshot()
    lab.clock.advance(1)
    first = wiring.received()
    moment.restore()
    lab.clock.advance(1)
    assert wiring.received() == first != []
