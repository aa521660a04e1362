"""A trace's summary, made from its segments."""

from datetime import UTC, datetime
from typing import Any

import pytest

from course.sandbox.observability.traces import duration_of, segment_of, summary_of
from course.sandbox.workloads.log_lines import Answers

AT = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
ARN = "arn:aws:ecs:us-east-1:123456789012:container/lab/a/b"


def segment(path: str = "/", status: int = 200, seconds: float = 0.25, **variables: str) -> Any:
    answers = Answers(path, status, seconds, AT)
    return segment_of(answers, container_arn=ARN, name="app", environment=variables)


def test_a_request_leaves_a_segment() -> None:
    made = segment("/orders")
    version, when, rest = made["trace_id"].split("-")
    assert (version, int(when, 16), len(rest), len(made["id"])) == ("1", 1795768199, 24, 16)
    assert made["end_time"] == AT.timestamp() and made["start_time"] == AT.timestamp() - 0.25
    assert made["http"] == {
        "request": {"method": "GET", "url": "/orders"},
        "response": {"status": 200},
    }
    assert segment("/orders") == made and segment("/other")["trace_id"] != made["trace_id"]


@pytest.mark.parametrize(
    ("status", "fault", "error"), [(200, False, False), (404, False, True), (503, True, False)]
)
def test_what_went_wrong_shows_in_the_summary(status: int, fault: bool, error: bool) -> None:
    told = summary_of([segment(status=status)], "123456789012")
    assert (told["HasFault"], told["HasError"], told["HasThrottle"]) == (fault, error, False)
    assert told["Http"] == {"HttpURL": "/", "HttpStatus": status, "HttpMethod": "GET"}
    assert (told["Duration"], told["ResponseTime"]) == (0.25, 0.25)


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({}, "app"),
        ({"OTEL_SERVICE_NAME": "shop"}, "shop"),
        ({"AWS_XRAY_TRACING_NAME": "store"}, "store"),
    ],
)
def test_what_a_service_is_called(variables: dict[str, str], name: str) -> None:
    (service,) = summary_of([segment(**variables)], "123456789012")["ServiceIds"]
    assert service == {
        "Name": name,
        "Names": [name],
        "AccountId": "123456789012",
        "Type": "AWS::ECS::Container",
    }


def test_a_trace_of_two_segments_begins_with_the_one_without_a_parent() -> None:
    root = {"id": "a", "trace_id": "1-2-3", "name": "web", "start_time": 1.0, "end_time": 3.0}
    child = {"id": "b", "trace_id": "1-2-3", "name": "db", "start_time": 1.5, "end_time": 4.0,
             "parent_id": "a", "fault": True}  # fmt: skip
    told = summary_of([child, root], "123456789012")
    assert (told["EntryPoint"]["Name"], told["ResponseTime"], told["Duration"]) == ("web", 2.0, 3.0)
    assert told["HasFault"] and duration_of([child, root]) == 3.0
