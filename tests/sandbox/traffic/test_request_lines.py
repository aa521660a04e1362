"""Requests in the logs of who answered them: one line each where one was asked, few where many came."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

GROUP = "/ecs/web"
OPTIONS = {
    "awslogs-group": GROUP,
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "web",
}


class Logged:
    """A site whose tasks log, and what they wrote of requests."""

    def __init__(self, site: Any, image: str = "registry.example.com/web") -> None:
        self.site = site
        self.logs: Any = boto3.client("logs", region_name="us-east-1")
        self.logs.create_log_group(logGroupName=GROUP)
        site.lab.lead_out()
        role = site.lab.role()
        logger = {"logDriver": "awslogs", "options": OPTIONS}
        one = {
            "name": "app",
            "image": image,
            "portMappings": [{"containerPort": 8080}],
            "logConfiguration": logger,
        }
        site.lab.define("web", executionRoleArn=role, containerDefinitions=[one])
        site.service()

    def lines(self, pattern: str = "{ $.message = answered }") -> list[dict[str, Any]]:
        answer = self.logs.filter_log_events(logGroupName=GROUP, filterPattern=pattern)
        return [
            {"at": one["timestamp"], "stream": one["logStreamName"], **json.loads(one["message"])}
            for one in answer["events"]
        ]


@pytest.fixture
def logged(site: Any) -> Logged:
    return Logged(site)


def test_one_request_is_one_line(logged: Logged) -> None:
    reply = logged.site.get("health")
    (line,) = logged.lines()
    assert (line["path"], line["status"], line["ms"]) == ("/health", 200, 100)
    assert line["stream"] == f"web/app/{reply.task.rsplit('/', 1)[-1]}"
    assert line["at"] == round(logged.site.clock.now().timestamp() * 1000)
    assert logged.site.get("nothing").status == 404
    assert [one["path"] for one in logged.lines("{ $.status = 404 }")] == ["/nothing"]


def test_every_request_is_counted_once(logged: Logged) -> None:
    sent = logged.site.traffic(rate=20, minutes=5)
    lines = logged.lines()
    assert sum(one.get("requests", 1) for one in lines) == sent.answered == 6000
    assert len({one["stream"] for one in lines}) == 2
    assert len(lines) <= 2 * 6
    assert all(one["at"] <= logged.site.clock.now().timestamp() * 1000 for one in lines)


def test_a_day_at_a_thousand_a_second_is_some_hundred_lines(logged: Logged) -> None:
    logged.site.traffic(rate=1000)
    logged.site.clock.advance(days=1)
    lines = logged.lines()
    assert len(lines) < 2 * 600
    span = lines[-1]["at"] - lines[0]["at"]
    assert span > 23 * 3_600_000, "lines come through the whole day"


def test_a_query_over_them(logged: Logged) -> None:
    """Each line stands for so many requests: sum(requests), never count(*)."""
    logged.site.traffic(rate=10, minutes=3)
    now = round(logged.site.clock.now().timestamp())
    started = logged.logs.start_query(
        logGroupName=GROUP,
        startTime=now - 3600,
        endTime=now,
        queryString="filter message = 'answered' | stats sum(requests) as n by status",
    )["queryId"]
    logged.site.clock.advance(2)
    (row,) = logged.logs.get_query_results(queryId=started)["results"]
    assert {one["field"]: one["value"] for one in row} == {"status": "200", "n": "1800"}


def test_a_task_without_a_log_writes_nothing(site: Any) -> None:
    site.service()
    assert site.get().status == 200
    assert boto3.client("logs", region_name="us-east-1").describe_log_groups()["logGroups"] == []
