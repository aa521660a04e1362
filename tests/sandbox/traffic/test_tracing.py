"""A collector beside an instrumented program: traces in X-Ray, or a denial in its log."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

WEB = "registry.example.com/web:1"
COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
DAEMON = "public.ecr.aws/xray/aws-xray-daemon:3.x"
GROUP = "/ecs/traced"
PUTS = {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}
OTHER = {"Effect": "Allow", "Action": "xray:GetTraceSummaries", "Resource": "*"}


class Traced:
    """A site of one task: the web app, and a collector beside it."""

    def __init__(self, site: Any) -> None:
        self.site, self.lab = site, site.lab
        self.xray: Any = boto3.client("xray", region_name="us-east-1")
        self.logs: Any = boto3.client("logs", region_name="us-east-1")
        self.logs.create_log_group(logGroupName=GROUP)
        self.execution = self.lab.role("execution")
        self.began = self.lab.aws.now()

    @property
    def arn(self) -> str:
        return str(self.lab.arns()[0])

    def run(self, *grants: Any, sidecar: str | None = COLLECTOR, app: str = WEB) -> None:
        options = {
            "awslogs-group": GROUP,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "t",
        }
        logs = {"logDriver": "awslogs", "options": options}
        containers = [{"name": "app", "image": app, "portMappings": [{"containerPort": 8080}]}]
        if sidecar:
            beside = {"name": "collector", "image": sidecar, "logConfiguration": logs}
            containers.append({**beside, "essential": False})
        role = self.lab.role("app", *grants) if grants else None
        self.lab.define(
            "web",
            containerDefinitions=containers,
            taskRoleArn=role,
            executionRoleArn=self.execution,
        )
        self.site.service(1)

    def get(self, path: str = "") -> int:
        return int(self.site.get(path).status)

    def summaries(self) -> list[dict[str, Any]]:
        end = self.lab.aws.now() + timedelta(seconds=1)
        found = self.xray.get_trace_summaries(StartTime=self.began, EndTime=end)
        return list(found["TraceSummaries"])

    def written(self) -> list[str]:
        """What the collector wrote but that it works."""
        events = self.logs.filter_log_events(logGroupName=GROUP)["events"]
        return [one["message"] for one in events if one["message"] != "waiting for work"]

    def calls(self) -> list[tuple[str, str | None]]:
        told = [one for one in self.lab.aws.world.history if one.operation == "PutTraceSegments"]
        return [(one.decisions[0].request.principal.arn, one.error) for one in told]


@pytest.fixture
def traced(site: Any) -> Traced:
    return Traced(site)


@pytest.mark.parametrize("sidecar", [COLLECTOR, DAEMON, "amazon/aws-xray-daemon"])
def test_each_request_is_a_trace(traced: Traced, sidecar: str) -> None:
    traced.run(PUTS, sidecar=sidecar)
    assert [traced.get(path) for path in ("", "nothing")] == [200, 404]
    first, second = traced.summaries()
    assert (first["Http"], first["HasError"]) == (
        {"HttpURL": "/", "HttpStatus": 200, "HttpMethod": "GET"},
        False,
    )
    assert (second["Http"]["HttpStatus"], second["HasError"]) == (404, True)
    assert first["EntryPoint"]["Name"] == "app" and first["ResponseTime"] == 0.1
    found = traced.xray.batch_get_traces(TraceIds=[first["Id"], "1-00000000-0"])
    (trace,) = found["Traces"]
    assert found["UnprocessedTraceIds"] == ["1-00000000-0"]
    document = json.loads(trace["Segments"][0]["Document"])
    assert document["trace_id"] == first["Id"] and document["origin"] == "AWS::ECS::Container"
    task_id = traced.arn.rsplit("/", 1)[-1]
    assert traced.calls() == [(f"arn:aws:sts::123456789012:assumed-role/app/{task_id}", None)]
    assert traced.written() == []


def test_without_permission_the_collector_says_so_once_and_goes_on(traced: Traced) -> None:
    traced.run(OTHER)
    assert [traced.get(), traced.get()] == [200, 200]
    assert traced.summaries() == []
    (line,) = traced.written()
    assert "(AccessDeniedException)" in line and "PutTraceSegments" in line
    assert [error for _, error in traced.calls()] == ["AccessDeniedException"]
    traced.lab.grant("app", PUTS)
    traced.get()
    assert len(traced.summaries()) == 1
    assert [error for _, error in traced.calls()] == ["AccessDeniedException", None]
    assert traced.lab.task(traced.arn)["lastStatus"] == "RUNNING"


@pytest.mark.parametrize(
    ("grants", "given", "said"),
    [
        ([], {}, ["Unable to locate credentials"]),
        ([PUTS], {"sidecar": None}, []),
        ([PUTS], {"app": "team/app"}, []),  # not instrumented
    ],
)
def test_what_leaves_no_trace(
    traced: Traced, grants: list[Any], given: dict[str, Any], said: list[str]
) -> None:
    traced.run(*grants, **given)
    traced.get()
    assert (traced.summaries(), traced.written()) == ([], said)


def test_traffic_leaves_a_trace_for_each_row_and_status(traced: Traced) -> None:
    traced.run(PUTS)
    traced.site.traffic(rate=5, minutes=5)
    found = traced.summaries()
    assert 4 <= len(found) <= 7 and len(traced.calls()) == 1
    assert {one["Http"]["HttpStatus"] for one in found} == {200}
    starts = [one["StartTime"] for one in found]
    assert starts == sorted(starts) and len(set(starts)) == len(starts)


def test_a_snapshot_keeps_traces(traced: Traced) -> None:
    traced.run(PUTS)
    traced.get()
    kept = traced.lab.aws.snapshot()
    traced.get("health")
    assert len(traced.summaries()) == 2
    kept.restore()
    assert len(traced.summaries()) == 1


def test_segments_of_ones_own_and_what_is_outside(traced: Traced) -> None:
    now = traced.lab.aws.now().timestamp()
    own = {"trace_id": f"1-{int(now):08x}-{'a' * 24}", "id": "b" * 16, "name": "mine",
           "start_time": now, "end_time": now + 1.5}  # fmt: skip
    put = traced.xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(own), "no JSON"])
    assert len(put["UnprocessedTraceSegments"]) == 1
    (told,) = traced.summaries()
    assert (told["Id"], told["Duration"], told["Http"]) == (own["trace_id"], 1.5, {})
    early = traced.began - timedelta(hours=1)
    assert traced.xray.get_trace_summaries(StartTime=early, EndTime=early)["TraceSummaries"] == []
    for call, given in (
        (traced.xray.get_service_graph, {"StartTime": early, "EndTime": early}),
        (traced.xray.get_trace_graph, {"TraceIds": ["a"]}),
        (
            traced.xray.get_trace_summaries,
            {"StartTime": early, "EndTime": early, "FilterExpression": "fault"},
        ),
    ):
        with pytest.raises(ClientError, match="NotImplemented"):
            call(**given)
    with pytest.raises(ClientError, match="InvalidRequest"):
        traced.xray.get_trace_summaries(StartTime=traced.began, EndTime=early)
