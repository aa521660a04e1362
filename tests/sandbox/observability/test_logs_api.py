"""CloudWatch Logs through boto3: what a pattern lets through, what a query answers, what is refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest

GROUP = "/ecs/web"


class Logs:
    """A log group with two streams, and calls in one line each."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.client: Any = boto3.client("logs", region_name="us-east-1")
        self.client.create_log_group(logGroupName=GROUP)
        for stream in ("a", "b"):
            self.client.create_log_stream(logGroupName=GROUP, logStreamName=stream)

    @property
    def now(self) -> int:
        return round(self.lab.clock.now().timestamp() * 1000)

    def put(self, *messages: str, stream: str = "a") -> None:
        events = [{"timestamp": self.now + place, "message": m} for place, m in enumerate(messages)]
        self.client.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)

    def filtered(self, pattern: str = "", **more: Any) -> list[str]:
        answer = self.client.filter_log_events(
            **({"logGroupName": GROUP, "filterPattern": pattern} | more)
        )
        return [one["message"] for one in answer["events"]]

    def start(self, query: str, **more: Any) -> str:
        seconds = self.now // 1000
        times = {"startTime": seconds - 3600, "endTime": seconds + 3600}
        given = {"logGroupName": GROUP, "queryString": query} | times | more
        return str(self.client.start_query(**given)["queryId"])

    def asked(self, query: str, **more: Any) -> list[dict[str, str]]:
        """The rows of a query, once it is complete."""
        started = self.start(query, **more)
        before = self.lab.clock.now()
        self.lab.clock.advance_until(lambda: self.results(started)["status"] == "Complete")
        assert self.lab.clock.now() - before == timedelta(seconds=2)
        rows = self.results(started)["results"]
        return [{one["field"]: one["value"] for one in row} for row in rows]

    def results(self, query_id: str) -> dict[str, Any]:
        return dict(self.client.get_query_results(queryId=query_id))


@pytest.fixture
def logs(lab: Any) -> Logs:
    return Logs(lab)


def line(level: str, status: int) -> str:
    return json.dumps({"level": level, "status": status})


# --- Filter patterns


def test_a_pattern_filters(logs: Logs) -> None:
    """moto lets everything through for these: a minus, question marks, JSON."""
    info, error = line("INFO", 200), line("ERROR", 500)
    logs.put("starting", info, error)
    assert logs.filtered() == ["starting", info, error]
    assert logs.filtered("starting") == ["starting"]
    assert logs.filtered("-starting") == [info, error]
    assert logs.filtered("?starting ?ERROR") == ["starting", error]
    assert logs.filtered('{ $.level = "ERROR" && $.status >= 500 }') == [error]
    assert logs.filtered("{ $.status = 4* }") == []


def test_streams_and_times(logs: Logs) -> None:
    logs.put("a0", "a1")
    logs.put("b0", stream="b")
    assert logs.filtered() == ["a0", "b0", "a1"]
    assert logs.filtered(logStreamNames=["b"]) == ["b0"]
    assert logs.filtered(logStreamNamePrefix="a") == ["a0", "a1"]
    assert logs.filtered(startTime=logs.now + 1) == ["a1"]
    assert logs.filtered(endTime=logs.now) == ["a0", "b0"]
    arn = logs.client.describe_log_groups()["logGroups"][0]["arn"]
    answer = logs.client.filter_log_events(logGroupIdentifier=arn, filterPattern="b0")
    assert [one["logStreamName"] for one in answer["events"]] == ["b"]


def test_pages(logs: Logs, refused: Callable[..., Any]) -> None:
    logs.put(*(f"n{number}" for number in range(5)))
    pages = logs.client.get_paginator("filter_log_events").paginate(
        logGroupName=GROUP, PaginationConfig={"PageSize": 2}
    )
    events = [one for page in pages for one in page["events"]]
    assert [one["message"] for one in events] == ["n0", "n1", "n2", "n3", "n4"]
    assert len({one["eventId"] for one in events}) == 5
    wrong = refused(logs.client.filter_log_events, logGroupName=GROUP, nextToken="no")
    assert (wrong.code, "nextToken" in wrong.message) == ("InvalidParameterException", True)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"filterPattern": "you@example.com"}, "InvalidParameterException", "Invalid filter pattern"),
        ({"filterPattern": "x" * 1025}, "InvalidParameterException", "1024"),
        ({"logGroupName": "none"}, "ResourceNotFoundException", "The specified log group does not exist."),
        ({"logStreamNames": ["a"], "logStreamNamePrefix": "a"}, "InvalidParameterException", "exclude"),
        ({"logGroupIdentifier": GROUP}, "InvalidParameterException", "exactly one"),
    ],
)  # fmt: skip
def test_what_filtering_refuses(
    logs: Logs, refused: Callable[..., Any], given: dict[str, Any], code: str, said: str
) -> None:
    wrong = refused(logs.client.filter_log_events, **({"logGroupName": GROUP} | given))
    assert wrong.code == code
    assert said in wrong.message


def test_a_pattern_is_tried_out(logs: Logs, refused: Callable[..., Any]) -> None:
    messages = ["web 200 12", "web 503 7", "other"]
    found = logs.client.test_metric_filter(
        filterPattern="[name, status=5*, ms]", logEventMessages=messages
    )["matches"]
    values = {"$name": "web", "$status": "503", "$ms": "7"}
    assert found == [{"eventNumber": 2, "eventMessage": "web 503 7", "extractedValues": values}]
    call = {"filterPattern": "{", "logEventMessages": messages}
    assert "must end with '}'" in refused(logs.client.test_metric_filter, **call).message


def test_a_metric_filter_needs_a_pattern_and_a_group(
    logs: Logs, refused: Callable[..., Any]
) -> None:
    metric = {"metricName": "Errors", "metricNamespace": "Web", "metricValue": "1"}
    given = {"filterName": "errors", "metricTransformations": [metric], "filterPattern": "ERROR"}
    logs.client.put_metric_filter(logGroupName=GROUP, **given)
    held = logs.client.describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert [one["filterPattern"] for one in held] == ["ERROR"]
    put = logs.client.put_metric_filter
    assert refused(put, logGroupName="none", **given).code == "ResourceNotFoundException"
    wrong = refused(put, logGroupName=GROUP, **(given | {"filterPattern": "a:b"}))
    assert wrong.code == "InvalidParameterException"


# --- Groups and streams


@pytest.mark.parametrize("days", [1, 14, 3653])
def test_retention(logs: Logs, days: int) -> None:
    logs.client.put_retention_policy(logGroupName=GROUP, retentionInDays=days)
    assert logs.client.describe_log_groups()["logGroups"][0]["retentionInDays"] == days


@pytest.mark.parametrize("days", [0, 2, 4, 366, 10_000])
def test_no_such_retention(logs: Logs, refused: Callable[..., Any], days: int) -> None:
    call = {"logGroupName": GROUP, "retentionInDays": days}
    wrong = refused(logs.client.put_retention_policy, **call)
    assert wrong.code == "InvalidParameterException"
    assert f"Value '{days}' at 'retentionInDays'" in wrong.message
    assert "retentionInDays" not in logs.client.describe_log_groups()["logGroups"][0]


def test_streams_by_name(logs: Logs, refused: Callable[..., Any]) -> None:
    again = refused(logs.client.create_log_stream, logGroupName=GROUP, logStreamName="a")
    assert again.message == "The specified log stream already exists"
    missing = refused(logs.client.get_log_events, logGroupName=GROUP, logStreamName="none")
    assert missing.message == "The specified log stream does not exist."


# --- Insights


def test_a_query_runs_and_is_complete(logs: Logs) -> None:
    logs.put("starting", line("ERROR", 500))
    started = logs.start("filter level = 'ERROR' | fields status")
    assert logs.results(started)["status"] == "Running"
    assert logs.results(started)["results"] == []
    logs.lab.clock.advance(2)
    found = logs.results(started)
    assert found["status"] == "Complete"
    (row,) = found["results"]
    assert row[0] == {"field": "status", "value": "500"}
    assert row[1]["field"] == "@ptr"
    statistics = found["statistics"]
    assert (statistics["recordsScanned"], statistics["recordsMatched"]) == (2.0, 1.0)
    assert statistics["bytesScanned"] == len("starting") + len(line("ERROR", 500))


def test_a_query_over_streams_groups_and_times(logs: Logs) -> None:
    logs.client.create_log_group(logGroupName="other")
    logs.put("one")
    logs.put("two", stream="b")
    count = "stats count(*) as n by @logStream | sort @logStream"
    assert logs.asked(count) == [{"@logStream": "a", "n": "1"}, {"@logStream": "b", "n": "1"}]
    groups = {"logGroupNames": [GROUP, "other"], "logGroupName": None}
    given = {name: value for name, value in groups.items() if value}
    seconds = logs.now // 1000
    started = logs.client.start_query(
        queryString="stats count(*) as n", startTime=seconds - 9, endTime=seconds, **given
    )["queryId"]
    logs.lab.clock.advance(5)
    assert logs.results(started)["results"] == [[{"field": "n", "value": "2"}]]
    early = logs.asked("stats count(*) as n", startTime=seconds - 90, endTime=seconds - 80)
    assert early == [{"n": "0"}]


def test_queries_are_listed_and_stopped(logs: Logs, refused: Callable[..., Any]) -> None:
    first = logs.start("limit 1")
    logs.lab.clock.advance(5)
    second = logs.start("limit 2")
    listed = logs.client.describe_queries(logGroupName=GROUP)["queries"]
    assert [(one["queryId"], one["status"]) for one in listed] == [
        (second, "Running"),
        (first, "Complete"),
    ]
    assert logs.client.stop_query(queryId=second)["success"]
    assert logs.results(second)["status"] == "Cancelled"
    assert refused(logs.client.stop_query, queryId=first).code == "InvalidParameterException"
    assert len(logs.client.describe_queries(status="Complete")["queries"]) == 1


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"queryString": "fields @message | count()"}, "MalformedQueryException", "unexpected symbol found 'count'"),
        ({"queryString": "pattern @message"}, "NotImplemented", "the command pattern"),
        ({"queryLanguage": "PPL"}, "NotImplemented", "query language"),
        ({"logGroupName": "none"}, "ResourceNotFoundException", "log group"),
        ({"logGroupNames": [GROUP]}, "InvalidParameterException", "1 to 50"),
        ({"startTime": 2, "endTime": 1}, "InvalidParameterException", "startTime"),
    ],
)  # fmt: skip
def test_what_a_query_is_refused_for(
    logs: Logs, refused: Callable[..., Any], given: dict[str, Any], code: str, said: str
) -> None:
    call = {"queryString": "limit 1", **given}
    wrong = refused(lambda: logs.start(call.pop("queryString"), **call))
    assert wrong.code == code
    assert said in wrong.message


def test_a_snapshot_keeps_queries_and_events(logs: Logs) -> None:
    logs.put("before")
    started = logs.start("fields @message")
    snapshot = logs.lab.aws.snapshot()
    logs.put("after")
    logs.client.stop_query(queryId=started)
    snapshot.restore()
    assert logs.filtered() == ["before"]
    logs.lab.clock.advance(5)
    assert logs.results(started)["status"] == "Complete"
