"""Insights queries that were started: Running for a moment, then Complete.

Pure. A query looks at the events there are when it is started; how long it runs
is ours.

AWS: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

RUNS = timedelta(seconds=2)
FINISHED = ("Complete", "Cancelled")


@dataclass
class StartedQuery:
    """One query: what it asks, of which groups, since when, and what it will answer."""

    id: str
    said: str
    groups: tuple[str, ...]
    began: datetime
    rows: list[dict[str, str]]
    scanned: int
    matched: int
    size: int
    cancelled: bool = False

    def status(self, now: datetime) -> str:
        """Running, Complete, or Cancelled."""
        if self.cancelled:
            return "Cancelled"
        return "Complete" if now >= self.began + RUNS else "Running"

    def cancel(self, now: datetime) -> bool:
        """Stop it; whether there was anything to stop."""
        if self.status(now) in FINISHED:
            return False
        self.cancelled = True
        return True

    def results(self, now: datetime) -> dict[str, Any]:
        """GetQueryResults: no row before it is complete."""
        status = self.status(now)
        complete = status == "Complete"
        return {
            "queryLanguage": "CWLI",
            "status": status,
            "results": [_as_fields(row) for row in self.rows] if complete else [],
            "statistics": {
                "recordsMatched": float(self.matched * complete),
                "recordsScanned": float(self.scanned * complete),
                "bytesScanned": float(self.size * complete),
                "logGroupsScanned": float(len(self.groups)),
            },
        }

    def described(self, now: datetime) -> dict[str, Any]:
        """One entry of DescribeQueries."""
        return {
            "queryLanguage": "CWLI",
            "queryId": self.id,
            "queryString": self.said,
            "status": self.status(now),
            "createTime": round(self.began.timestamp() * 1000),
            "logGroupName": self.groups[0],
        }


def _as_fields(row: dict[str, str]) -> list[dict[str, str]]:
    return [{"field": name, "value": value} for name, value in row.items()]
