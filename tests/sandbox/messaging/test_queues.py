"""What a queue shows as time passes: at least once, and not for ever."""

import json
from typing import Any


def test_what_is_not_deleted_comes_again_when_the_visibility_timeout_is_over(shop: Any) -> None:
    stock = shop.queue("stock")
    shop.sqs.send_message(QueueUrl=stock, MessageBody="one")
    assert shop.received(stock) == ["one"]
    assert shop.counts(stock) == (0, 1, 0)
    shop.aws.clock.advance(seconds=29)
    assert shop.received(stock) == []
    shop.aws.clock.advance(seconds=1)
    assert shop.counts(stock) == (1, 0, 0)
    assert shop.received(stock) == ["one"]


def test_a_message_lives_as_long_as_the_queues_retention(shop: Any) -> None:
    stock = shop.queue("stock", MessageRetentionPeriod="3600")
    shop.sqs.send_message(QueueUrl=stock, MessageBody="one")
    shop.aws.clock.advance(minutes=59)
    assert shop.counts(stock) == (1, 0, 0)
    shop.sqs.send_message(QueueUrl=stock, MessageBody="two")
    shop.aws.clock.advance(minutes=1)
    assert shop.counts(stock) == (1, 0, 0)
    assert shop.received(stock) == ["two"]


def test_four_days_are_the_default(shop: Any) -> None:
    stock = shop.queue("stock")
    shop.sqs.send_message(QueueUrl=stock, MessageBody="one")
    shop.aws.clock.advance(hours=95)
    assert shop.counts(stock) == (1, 0, 0)
    shop.aws.clock.advance(hours=1)
    assert shop.counts(stock) == (0, 0, 0)
    assert shop.received(stock) == []


def test_what_is_received_too_often_goes_to_the_dead_letter_queue(shop: Any) -> None:
    dead = shop.queue("dead")
    redrive = {"deadLetterTargetArn": shop.arn("dead"), "maxReceiveCount": 2}
    stock = shop.queue("stock", RedrivePolicy=json.dumps(redrive))
    shop.sqs.send_message(QueueUrl=stock, MessageBody="poison")
    for _ in range(2):
        assert shop.received(stock) == ["poison"]
        shop.aws.clock.advance(seconds=30)
    assert shop.received(stock) == []
    assert shop.received(dead) == ["poison"]


def test_a_delayed_message_is_counted_as_such(shop: Any) -> None:
    stock = shop.queue("stock")
    shop.sqs.send_message(QueueUrl=stock, MessageBody="one", DelaySeconds=60)
    assert shop.counts(stock) == (0, 0, 1)
    shop.aws.clock.advance(minutes=1)
    assert shop.counts(stock) == (1, 0, 0)
