"""A stream forgets a record after its retention, and a shard iterator is good for five minutes.

moto keeps both for ever, so that a consumer which keeps its iterator instead of a
sequence number would work here and fail on AWS.

AWS: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
The words of the error: users' outputs of 2015 to 2024.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from course.sandbox.ecs.errors import Refused
from course.sandbox.messaging.now import milliseconds

GOOD_FOR = 300_000
"""Milliseconds for which GetRecords takes an iterator after it was given."""


def install() -> Callable[[], None]:
    """Have every stream do so, until the undo is called."""
    from moto.kinesis.models import KinesisBackend

    kinesis: Any = KinesisBackend
    with ExitStack() as undo:
        for name, wrapped in (
            ("get_shard_iterator", _stamped(kinesis.get_shard_iterator)),
            ("get_records", _while_they_last(kinesis.get_records)),
        ):
            undo.enter_context(patch.object(kinesis, name, wrapped))
        return undo.pop_all().close


def _stamped(get: Callable[..., str]) -> Callable[..., str]:
    def get_shard_iterator(kinesis: Any, *args: Any, **kwargs: Any) -> str:
        return _given(get(kinesis, *args, **kwargs))

    return get_shard_iterator


def _while_they_last(get: Callable[..., Any]) -> Callable[..., Any]:
    def get_records(
        kinesis: Any, stream_arn: str | None, shard_iterator: str, limit: int | None
    ) -> Any:
        name, shard_id, after = _read(shard_iterator)
        stream = kinesis.describe_stream(stream_arn=stream_arn, stream_name=name)
        first = _first_kept(stream, stream.get_shard(shard_id))
        fresh = _plain(name, shard_id, max(after, first - 1))
        following, records, behind = get(kinesis, stream_arn, fresh, limit)
        return _given(following), records, behind

    return get_records


def _given(iterator: str) -> str:
    """moto's iterator with the time at which it was given."""
    inside = b64decode(iterator).decode()
    return b64encode(f"{inside}:{milliseconds():.0f}".encode()).decode()


def _read(iterator: str) -> tuple[str, str, int]:
    """Stream, shard and the last sequence number that was read. Raises Refused once it is too old."""
    try:
        name, shard, after, given = b64decode(iterator).decode().rsplit(":", 3)
        last, then = int(after), float(given)
    except ValueError:
        raise Refused("InvalidArgumentException", "Invalid ShardIterator.") from None  # our words
    if milliseconds() - then > GOOD_FOR:
        raise Refused(
            "ExpiredIteratorException",
            f"Iterator expired. The iterator was created at time {_spoken(then)} while right now "
            f"it is {_spoken(milliseconds())} which is further in the future than the tolerated delay of "
            f"{GOOD_FOR} milliseconds.",
        )
    return name, shard, last


def _plain(name: str, shard_id: str, after: int) -> str:
    """An iterator as moto makes it."""
    return b64encode(f"{name}:{shard_id}:{after}".encode()).decode()


def _first_kept(stream: Any, shard: Any) -> int:
    """The sequence number of the oldest record that the retention has not reached."""
    oldest = milliseconds() / 1000 - stream.retention_period_hours * 3600
    kept = (number for number, one in shard.records.items() if one.created_at > oldest)
    return int(next(kept, shard.get_max_sequence_number() + 1))


def _spoken(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
