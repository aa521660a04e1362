"""What SNS hands to a queue, and what becomes of it where the queue does not let it in."""

import json
from typing import Any

RAW = {"RawMessageDelivery": "true"}


def test_a_queue_without_a_policy_gets_nothing_and_the_publisher_hears_of_nothing(
    shop: Any,
) -> None:
    stock = shop.queue("stock")
    shop.subscribe("stock", **RAW)
    assert shop.publish("one") == 200
    shop.open_to_the_topic(stock)
    assert shop.received(stock) == []  # what was not delivered does not come later
    shop.publish("two")
    assert shop.received(stock) == ["two"]


def test_every_queue_gets_its_own_copy(shop: Any) -> None:
    queues = [shop.queue(name) for name in ("stock", "mail")]
    for url in queues:
        shop.open_to_the_topic(url)
        shop.subscribe(url.rpartition("/")[2], **RAW)
    shop.publish("one")
    assert [shop.received(url) for url in queues] == [["one"], ["one"]]


def test_without_raw_delivery_the_message_comes_in_an_envelope(shop: Any) -> None:
    stock = shop.queue("stock")
    shop.open_to_the_topic(stock)
    shop.subscribe("stock", RawMessageDelivery="false")
    shop.publish("one")
    (body,) = shop.received(stock)
    assert json.loads(body)["Type"] == "Notification"
    assert json.loads(body)["Message"] == "one"
    assert json.loads(body)["TopicArn"] == shop.topic


def test_publish_succeeds_when_the_queue_is_gone(shop: Any) -> None:
    stock, mail = shop.queue("stock"), shop.queue("mail")
    for url in (stock, mail):
        shop.open_to_the_topic(url)
        shop.subscribe(url.rpartition("/")[2], **RAW)
    shop.sqs.delete_queue(QueueUrl=stock)
    assert shop.publish("one") == 200
    assert shop.received(mail) == ["one"]


def test_what_cannot_be_delivered_goes_to_the_subscriptions_dead_letter_queue(shop: Any) -> None:
    shop.queue("stock")
    dead = shop.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": shop.arn("dead")})
    shop.subscribe("stock", RedrivePolicy=redrive, **RAW)
    shop.publish("one")
    assert shop.received(dead) == []  # the dead-letter queue has to let the topic in, too
    shop.open_to_the_topic(dead)
    shop.publish("two")
    assert shop.received(dead) == ["two"]


def test_a_filter_policy_still_decides_before(shop: Any) -> None:
    stock = shop.queue("stock")
    shop.open_to_the_topic(stock)
    shop.subscribe("stock", FilterPolicy=json.dumps({"kind": ["order"]}), **RAW)
    shop.publish("one")
    assert shop.received(stock) == []
