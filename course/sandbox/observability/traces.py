"""Traces: the segment that a request leaves, and the summary of a trace. Pure.

A request makes a segment of its own, which is all of its trace: programs here call no
other programs. Of traffic there is one for each row of the ledger and status, as there
is one line in the log; that is our model in place of X-Ray's sampling.

AWS: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
     https://docs.aws.amazon.com/xray/latest/api/API_TraceSummary.html
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from course.sandbox.workloads.log_lines import Answers

ORIGIN = "AWS::ECS::Container"
NAMED_BY = ("OTEL_SERVICE_NAME", "AWS_XRAY_TRACING_NAME")
"""Variables by which a program's traces get another name than its container's."""

Segment = Mapping[str, Any]


def segment_of(
    answers: Answers, *, container_arn: str, name: str, environment: Mapping[str, str]
) -> dict[str, Any]:
    """The segment document of a request that a container has answered; ids follow from what it was."""
    end = answers.when.timestamp()
    start = end - answers.seconds
    told = f"{container_arn} {end} {answers.path} {answers.status} {answers.requests}"
    ids = sha256(told.encode()).hexdigest()
    named = (environment.get(one) for one in NAMED_BY)
    flaw = {"fault": True} if answers.status >= 500 else {}
    flaw |= {"error": True} if 400 <= answers.status < 500 else {}
    return {
        "trace_id": f"1-{int(start):08x}-{ids[:24]}",
        "id": ids[24:40],
        "name": next((one for one in named if one), name),
        "start_time": round(start, 6),
        "end_time": round(end, 6),
        "origin": ORIGIN,
        "http": {
            "request": {"method": "GET", "url": answers.path},
            "response": {"status": answers.status},
        },
        "aws": {"ecs": {"container_arn": container_arn}},
        **flaw,
    }


def summary_of(segments: Sequence[Segment], account: str) -> dict[str, Any]:
    """What GetTraceSummaries says of a trace, from its segments."""
    first = min(segments, key=lambda one: ("parent_id" in one, one["start_time"]))
    start = min(one["start_time"] for one in segments)
    end = max(_end(one) for one in segments)
    http = first.get("http") or {}
    asked, answered = http.get("request") or {}, http.get("response") or {}
    seen = {
        "HttpURL": asked.get("url"),
        "HttpStatus": answered.get("status"),
        "HttpMethod": asked.get("method"),
        "UserAgent": asked.get("user_agent"),
        "ClientIp": asked.get("client_ip"),
    }
    return {
        "Id": first["trace_id"],
        "StartTime": start,
        "Duration": round(end - start, 3),
        "ResponseTime": round(_end(first) - first["start_time"], 3),
        "HasFault": any(one.get("fault") for one in segments),
        "HasError": any(one.get("error") for one in segments),
        "HasThrottle": any(one.get("throttle") for one in segments),
        "IsPartial": any(one.get("in_progress") for one in segments),
        "Http": {name: value for name, value in seen.items() if value is not None},
        "Annotations": {},
        "Users": [],
        "ServiceIds": [_service(one, account) for one in segments],
        "EntryPoint": _service(first, account),
    }


def duration_of(segments: Sequence[Segment]) -> float:
    """Seconds from the first start to the last end."""
    start = min(one["start_time"] for one in segments)
    return float(round(max(_end(one) for one in segments) - start, 3))


def _end(segment: Segment) -> float:
    return float(segment.get("end_time", segment["start_time"]))


def _service(segment: Segment, account: str) -> dict[str, Any]:
    name = segment["name"]
    told = {"Name": name, "Names": [name], "AccountId": account}
    return told | ({"Type": segment["origin"]} if segment.get("origin") else {})
