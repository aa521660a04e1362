"""What a stream keeps, and for how long a place in it can be remembered by an iterator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

SHARD = {"StreamName": "orders", "ShardId": "shardId-000000000000"}


class Stream:
    """One shard: what is put there, and who reads from where."""

    def __init__(self, shop: Any) -> None:
        self.clock, self.kinesis = shop.aws.clock, shop.kinesis
        self.kinesis.create_stream(StreamName="orders", ShardCount=1)

    def put(self, data: str) -> str:
        given = {"StreamName": "orders", "PartitionKey": "shop", "Data": data.encode()}
        return str(self.kinesis.put_record(**given)["SequenceNumber"])

    def iterator(self, kind: str = "TRIM_HORIZON", **more: Any) -> str:
        given = SHARD | {"ShardIteratorType": kind} | more
        return str(self.kinesis.get_shard_iterator(**given)["ShardIterator"])

    def read(self, iterator: str) -> tuple[list[str], str]:
        answer = self.kinesis.get_records(ShardIterator=iterator)
        return [one["Data"].decode() for one in answer["Records"]], answer["NextShardIterator"]


@pytest.fixture
def stream(shop: Any) -> Stream:
    return Stream(shop)


def test_records_stay_when_they_are_read_and_any_reader_may_begin_anew(stream: Stream) -> None:
    numbers = [stream.put(data) for data in ("one", "two", "three")]
    for _ in range(2):
        assert stream.read(stream.iterator())[0] == ["one", "two", "three"]
    after = stream.iterator("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[0])
    assert stream.read(after)[0] == ["two", "three"]
    assert stream.read(stream.iterator("LATEST"))[0] == []


def test_the_next_iterator_goes_on_where_the_last_answer_ended(stream: Stream) -> None:
    stream.put("one")
    found, following = stream.read(stream.iterator())
    assert found == ["one"]
    stream.put("two")
    assert stream.read(following)[0] == ["two"]


def test_an_iterator_is_good_for_five_minutes(stream: Stream) -> None:
    iterator = stream.iterator()
    stream.clock.advance(minutes=5)
    _, following = stream.read(iterator)
    stream.clock.advance(minutes=5)
    stream.read(following)  # each answer gives a fresh one
    with pytest.raises(ClientError) as refused:
        stream.read(iterator)
    assert refused.value.response["Error"]["Code"] == "ExpiredIteratorException"
    assert refused.value.response["Error"]["Message"] == (
        "Iterator expired. The iterator was created at time Mon Nov 02 09:00:00 UTC 2026 while "
        "right now it is Mon Nov 02 09:10:00 UTC 2026 which is further in the future than the "
        "tolerated delay of 300000 milliseconds."
    )


def test_a_record_lives_as_long_as_the_streams_retention(stream: Stream) -> None:
    first = stream.put("one")
    stream.clock.advance(hours=23)
    stream.put("two")
    assert stream.read(stream.iterator())[0] == ["one", "two"]
    stream.clock.advance(hours=1)
    assert stream.read(stream.iterator())[0] == ["two"]
    after = stream.iterator("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first)
    assert stream.read(after)[0] == ["two"]
    stream.clock.advance(hours=24)
    assert stream.read(stream.iterator())[0] == []
    stream.put("three")  # numbers go on where they were
    assert stream.read(stream.iterator())[0] == ["three"]


def test_a_longer_retention_keeps_what_is_still_there(stream: Stream) -> None:
    stream.put("one")
    longer = {"StreamName": "orders", "RetentionPeriodHours": 48}
    stream.kinesis.increase_stream_retention_period(**longer)
    stream.clock.advance(hours=47)
    assert stream.read(stream.iterator())[0] == ["one"]


def test_what_is_no_iterator_is_refused(stream: Stream) -> None:
    with pytest.raises(ClientError) as refused:
        stream.read("nonsense")
    assert refused.value.response["Error"]["Code"] == "InvalidArgumentException"
