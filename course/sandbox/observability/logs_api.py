"""CloudWatch Logs as the sandbox answers it: filter patterns, Insights, retention; the rest is moto's.

AWS: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from moto.logs.responses import LogsResponse

from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.observability.filter_pattern import LONGEST, Pattern, read_pattern
from course.sandbox.observability.filter_values import BadPattern
from course.sandbox.observability.insights.query import event, read_query
from course.sandbox.observability.insights.reader import Malformed, Outside
from course.sandbox.observability.log_store import Line, LogStore
from course.sandbox.observability.metrics.of_logs import count
from course.sandbox.observability.queries import RUNS, StartedQuery
from course.sandbox.world import World

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What PutRetentionPolicy takes (API reference, November 2026)."""

PAGE, GROUPS_OF_A_QUERY = 10_000, 50


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World


class LogsApi(LogsResponse):
    """Every Logs operation that the sandbox answers by itself."""

    plane: ClassVar[Plane]

    @property
    def _now(self) -> datetime:
        return self.plane.world.clock.now()

    @property
    def _store(self) -> LogStore:
        return LogStore(self.current_account, self.region)

    @property
    def _queries(self) -> dict[str, Any]:
        """In moto's own table, so that a snapshot keeps them with the events."""
        return self.logs_backend.queries

    # --- Groups and streams

    def put_retention_policy(self) -> str:
        """PutRetentionPolicy: for one of the numbers of days that there are."""
        days = self._get_param("retentionInDays")
        if days not in RETENTION_DAYS:
            allowed = ", ".join(str(one) for one in RETENTION_DAYS)
            raise invalid_parameter(
                f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to "
                f"satisfy constraint: Member must satisfy enum value set: [{allowed}]"
            )
        return super().put_retention_policy()

    def create_log_stream(self) -> str:
        """CreateLogStream: moto says of a stream that is there that its group is."""
        name = self._get_param("logStreamName")
        if self._store.has_stream(self._get_param("logGroupName"), name):
            raise Refused(
                "ResourceAlreadyExistsException", "The specified log stream already exists"
            )
        return super().create_log_stream()

    def get_log_events(self) -> str:
        """GetLogEvents, of a stream that is there."""
        group = self._group("logGroupName", "logGroupIdentifier")
        if not self._store.has_stream(group, self._get_param("logStreamName")):
            raise _not_found("log stream")
        return super().get_log_events()

    # --- Filter patterns

    def filter_log_events(self) -> str:
        """FilterLogEvents: what the pattern lets through, in the order of time, page by page."""
        group = self._group("logGroupName", "logGroupIdentifier")
        names, prefix = self._get_param("logStreamNames"), self._get_param("logStreamNamePrefix")
        if names and prefix:
            raise invalid_parameter(
                "logStreamNamePrefix and logStreamNames exclude each other"
            )  # ours
        pattern, during = self._pattern("filterPattern"), self._during()
        found = [
            line
            for line in self._store.lines(group, _chosen(names, prefix))
            if during(line) and pattern.matches(line.message)
        ]
        limit = self._get_param("limit") or PAGE
        if not 1 <= limit <= PAGE:
            raise invalid_parameter(f"limit is 1 to {PAGE}, not {limit}")  # ours
        start = self._start(len(found))
        answer: dict[str, Any] = {
            "events": [_shown(one) for one in found[start : start + limit]],
            "searchedLogStreams": [],  # always empty since 2019
        }
        if start + limit < len(found):
            answer["nextToken"] = urlsafe_b64encode(f"Filter:{start + limit}".encode()).decode()
        return json.dumps(answer)

    def test_metric_filter(self) -> str:
        """TestMetricFilter: which of these messages pass, and what the pattern finds in them."""
        pattern = self._pattern("filterPattern")
        return json.dumps(
            {
                "matches": [
                    {
                        "eventNumber": number,
                        "eventMessage": message,
                        "extractedValues": pattern.extracted(message),
                    }
                    for number, message in enumerate(self._get_param("logEventMessages"), start=1)
                    if pattern.matches(message)
                ]
            }
        )

    def put_log_events(self) -> str:
        """PutLogEvents: what metric filters make of the events is in their metrics at once."""
        answer: str = super().put_log_events()
        refused = json.loads(answer).get("rejectedLogEventsInfo") or {}
        given = self._get_param("logEvents")
        first = max(
            refused.get("tooOldLogEventEndIndex") or 0, refused.get("expiredLogEventEndIndex") or 0
        )
        last = refused.get("tooNewLogEventStartIndex")
        lines = [
            (datetime.fromtimestamp(one["timestamp"] / 1000, UTC), one["message"])
            for one in given[first:last]
        ]
        count(self.plane.world, self.region, self._get_param("logGroupName"), lines)
        return answer

    def put_metric_filter(self) -> str:
        """PutMetricFilter: with a pattern that can be read, on a group that is there."""
        self._group("logGroupName")
        self._pattern("filterPattern")
        return super().put_metric_filter()

    def put_subscription_filter(self) -> str:
        """PutSubscriptionFilter: with a pattern that can be read."""
        self._pattern("filterPattern")
        return super().put_subscription_filter()

    def _pattern(self, name: str) -> Pattern:
        text = self._get_param(name) or ""
        if len(text) > LONGEST:
            raise invalid_parameter(f"A filter pattern has at most {LONGEST} characters")  # ours
        try:
            return read_pattern(text)
        except BadPattern as wrong:
            raise invalid_parameter(str(wrong)) from wrong

    def _during(self) -> Callable[[Line], bool]:
        first, last = self._get_param("startTime"), self._get_param("endTime")
        return lambda line: (
            (first is None or line.timestamp >= first) and (last is None or line.timestamp <= last)
        )

    def _start(self, length: int) -> int:
        token = self._get_param("nextToken")
        if not token:
            return 0
        try:
            operation, _, start = urlsafe_b64decode(token.encode()).decode().partition(":")
        except ValueError:
            operation, start = "", ""
        if operation != "Filter" or not start.isdecimal() or int(start) > length:
            raise invalid_parameter("The specified nextToken is invalid.")
        return int(start)

    # --- Insights

    def start_query(self) -> str:
        """StartQuery: over one or more log groups, between two times in seconds."""
        groups, said = self._groups(), self._get_param("queryString")
        first, last = self._get_param("startTime"), self._get_param("endTime")
        if first > last:
            raise invalid_parameter("startTime is after endTime")  # our words
        if self._get_param("queryLanguage", "CWLI") != "CWLI":
            raise _outside("another query language than that of Logs Insights")
        lines = [
            (group, line)
            for group in groups
            for line in self._store.lines(group)
            if first * 1000 <= line.timestamp <= last * 1000 + 999
        ]
        try:
            table = read_query(said).run(
                [self._event(group, line) for group, line in lines], self._get_param("limit")
            )
        except Malformed as wrong:
            place = {"startCharOffset": wrong.start, "endCharOffset": wrong.end}
            error = {"location": place, "message": str(wrong)}
            raise Refused("MalformedQueryException", str(wrong), queryCompileError=error) from wrong
        except Outside as outside:
            raise _outside(str(outside)) from outside
        query = StartedQuery(
            id=self.plane.world.uuid(),
            said=said,
            groups=tuple(groups),
            began=self._now,
            rows=table.shown(),
            scanned=len(lines),
            matched=table.matched,
            size=sum(len(line.message.encode()) for _, line in lines),
        )
        self._queries[query.id] = query
        self.plane.world.clock.after(RUNS.total_seconds(), _ends)  # whoever waits, waits until then
        return json.dumps({"queryId": query.id})

    def _event(self, group: str, line: Line) -> dict[str, Any]:
        return event(
            line.timestamp,
            line.message,
            logStream=line.stream,
            log=f"{self.current_account}:{group}",
            ingestionTime=line.ingested,
            ptr=line.id,
        )

    def get_query_results(self) -> str:
        """GetQueryResults: the status, and the rows once it is Complete."""
        return json.dumps(self._query().results(self._now))

    def stop_query(self) -> str:
        """StopQuery: Cancelled; a query that has ended is no more to be stopped."""
        if not self._query().cancel(self._now):
            raise invalid_parameter("The specified query is not running")  # our words
        return json.dumps({"success": True})

    def describe_queries(self) -> str:
        """DescribeQueries: the newest first, of a group or a status."""
        group, status = self._get_param("logGroupName"), self._get_param("status")
        found = [
            one.described(self._now)
            for one in reversed(self._queries.values())
            if group in (None, *one.groups) and status in (None, one.status(self._now))
        ]
        return json.dumps({"queries": found[: self._get_param("maxResults") or 1000]})

    def _query(self) -> StartedQuery:
        found = self._queries.get(self._get_param("queryId"))
        if found is None:
            raise Refused(
                "ResourceNotFoundException", "The specified query does not exist."
            )  # ours
        query: StartedQuery = found
        return query

    # --- Names

    def _groups(self) -> list[str]:
        """The groups of a query: named in exactly one of three ways."""
        one = self._get_param("logGroupName")
        ways = [
            [one] if one else None,
            self._get_param("logGroupNames"),
            self._get_param("logGroupIdentifiers"),
        ]
        given = [way for way in ways if way]
        if len(given) != 1 or len(given[0]) > GROUPS_OF_A_QUERY:
            raise invalid_parameter(  # our words
                "Name 1 to 50 log groups, by logGroupName, logGroupNames or logGroupIdentifiers"
            )
        return [self._existing(_name(each)) for each in given[0]]

    def _group(self, *members: str) -> str:
        """The group that a call names, by exactly one of these members."""
        given = [value for name in members if (value := self._get_param(name))]
        if len(given) != 1:
            raise invalid_parameter(f"Specify exactly one of {' and '.join(members)}")  # ours
        return self._existing(_name(given[0]))

    def _existing(self, group: str) -> str:
        if not self._store.has_group(group):
            raise _not_found("log group")
        return group


def _chosen(names: list[str] | None, prefix: str | None) -> Callable[[str], bool]:
    return lambda stream: (not names or stream in names) and stream.startswith(prefix or "")


def _name(identifier: str) -> str:
    """A log group's name, of its name or its ARN."""
    if not identifier.startswith("arn:"):
        return identifier
    return identifier.partition(":log-group:")[2].removesuffix(":*")


def _shown(line: Line) -> dict[str, Any]:
    return {
        "logStreamName": line.stream,
        "timestamp": line.timestamp,
        "message": line.message,
        "ingestionTime": line.ingested,
        "eventId": line.id,
    }


def _ends() -> None:
    """Nothing happens when a query ends: its status is told from the time."""


def _not_found(what: str) -> Refused:
    return Refused("ResourceNotFoundException", f"The specified {what} does not exist.")


def _outside(what: str) -> Refused:
    """What AWS would do and the sandbox does not, by the code that says so."""
    return Refused(
        "NotImplemented",
        f"The sandbox's Logs Insights does not know {what}. It knows fields, filter, stats, sort, "
        "limit, parse and display; AWS knows more.",
    )
