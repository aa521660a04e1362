"""X-Ray as the sandbox answers it: segments are put, traces are listed and read.

moto keeps segments and guesses at summaries; here they are made from the segments.

AWS: https://docs.aws.amazon.com/xray/latest/api/API_Operations.html
"""

import json
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from course.sandbox.ecs.errors import Refused
from course.sandbox.moto_xray import responses
from course.sandbox.observability.trace_store import TraceStore
from course.sandbox.observability.traces import duration_of, summary_of
from course.sandbox.world import World

OPERATIONS = {
    "TelemetryRecords": "PutTelemetryRecords",
    "TraceSegments": "PutTraceSegments",
    "Traces": "BatchGetTraces",
    "ServiceGraph": "GetServiceGraph",
    "TraceGraph": "GetTraceGraph",
    "TraceSummaries": "GetTraceSummaries",
}
"""The operation at each path."""


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World


class XRayApi(responses.XRayResponse):
    """moto's X-Ray, with operations by their names and traces as they are."""

    plane: ClassVar[Plane]

    def _get_action(self) -> str:
        path = urlsplit(self.uri).path.strip("/")
        return OPERATIONS.get(path, path)

    def put_trace_segments(self) -> Any:
        """PutTraceSegments; documents that cannot be read come back as unprocessed."""
        return super().trace_segments()

    def put_telemetry_records(self) -> Any:
        """PutTelemetryRecords, which nothing here reads."""
        return super().telemetry_records()

    def get_trace_summaries(self) -> str:
        """GetTraceSummaries: the traces that began between two times. Filter expressions are outside."""
        start, end = self._get_param("StartTime"), self._get_param("EndTime")
        if not all(isinstance(one, int | float) for one in (start, end)) or end < start:
            raise Refused("InvalidRequestException", "EndTime has to come after StartTime.")  # ours
        if self._get_param("FilterExpression"):
            raise NotImplementedError
        found = [summary_of(one, self.current_account) for one in self._store.traces() if one]
        shown = [one for one in found if start <= one["StartTime"] <= end]
        now = self.plane.world.clock.now().timestamp()
        return json.dumps(
            {
                "TraceSummaries": shown,
                "ApproximateTime": now,
                "TracesProcessedCount": len(shown),
            }
        )

    def batch_get_traces(self) -> str:
        """BatchGetTraces: whole traces by their ids."""
        traces, unknown = [], []
        for trace_id in self._get_param("TraceIds") or []:
            held = self._store.documents(trace_id)
            if not held:
                unknown.append(trace_id)
                continue
            shown = [{"Id": name, "Document": text} for name, text in held]
            seconds = duration_of([json.loads(text) for _, text in held])
            traces.append(
                {"Id": trace_id, "Duration": seconds, "LimitExceeded": False, "Segments": shown}
            )
        return json.dumps({"Traces": traces, "UnprocessedTraceIds": unknown})

    def get_service_graph(self) -> str:
        """Outside the sandbox: programs here call no other programs, so a map would be one point."""
        raise NotImplementedError

    def get_trace_graph(self) -> str:
        """Outside the sandbox, as ``get_service_graph``."""
        raise NotImplementedError

    @property
    def _store(self) -> TraceStore:
        return TraceStore(self.current_account, self.region)
