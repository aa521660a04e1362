"""Where traces lie: moto's X-Ray of one Region. An adapter."""

import json
from collections.abc import Iterator
from typing import Any

from course.sandbox.moto_xray import models
from course.sandbox.observability.traces import Segment


class TraceStore:
    """The traces of one Region, each as its segments."""

    def __init__(self, account: str, region: str) -> None:
        self._held: Any = models.xray_backends[account][region]

    def put(self, segment: Segment) -> None:
        """Keep a segment, as PutTraceSegments does."""
        self._held.process_segment(json.dumps(segment))

    def documents(self, trace_id: str) -> list[tuple[str, str]]:
        """The segments of a trace by id, each as its text; none of a trace that is not there."""
        held = self._held._segment_collection._traces
        return [(one.id, one.raw) for one in held[trace_id]["segments"]] if trace_id in held else []

    def traces(self) -> Iterator[list[dict[str, Any]]]:
        """Every trace, in the order in which they came, as its segments."""
        for trace in self._held._segment_collection._traces.values():
            yield [json.loads(one.raw) for one in trace["segments"]]
