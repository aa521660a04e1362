"""Repair: one of two subscribed queues gets nothing, since its policy names a topic that is no more."""

from typing import Any

from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.queues import (
    attributes,
    create_queue,
    create_topic,
    delete_queues,
    delete_topic,
    messages,
    policy_for,
    set_policy,
    subscribed,
    topic_arn,
    url,
)
from course.sandbox.messaging.permission import may_send

PRICES, OLD = "prices", "prices-2025"
SHELF, WEB = "shelf", "web-shop"
POLICY = f"get_queue_attributes of {WEB}: Policy; the topic's ARN: list_topics"


def _setup(session: Session) -> None:
    """A topic and its two queues; the policy of one still names the topic of last year."""
    if topic_arn(session, PRICES):
        return
    arns = {name: create_queue(session, name) for name in (SHELF, WEB)}
    topic = create_topic(session, PRICES, SHELF, WEB)
    set_policy(session, SHELF, policy_for(arns[SHELF], topic))
    set_policy(session, WEB, policy_for(arns[WEB], _of_last_year(topic)))
    session.client("sns").publish(TopicArn=topic, Message='{"tea": 4}')


def _of_last_year(topic: str) -> str:
    return topic.removesuffix(PRICES) + OLD


def _policy(session: Session, name: str) -> str | None:
    return attributes(session, name).get("Policy")


def _lets_in(session: Session, name: str, topic: str) -> bool:
    arn = attributes(session, name).get("QueueArn", "")
    return bool(arn) and may_send(topic, arn, _policy(session, name))


def _topic(session: Session) -> str:
    """The topic's ARN, or what it would be: a learner may have deleted it."""
    return topic_arn(session, PRICES) or f"arn:aws:sns:us-east-1:123456789012:{PRICES}"


def _attempted(session: Session) -> bool:
    topic = _topic(session)
    arn = attributes(session, WEB).get("QueueArn", "")
    return bool(
        _policy(session, WEB) != policy_for(arn, _of_last_year(topic))
        or messages(session, WEB)
        or subscribed(session, topic) != [SHELF, WEB]
    )


def _allowed(session: Session) -> Finding:
    if _lets_in(session, WEB, _topic(session)):
        return MET
    found = "none" if _policy(session, WEB) is None else f"one that does not let in {PRICES}"
    return missing(f"a policy of {WEB} for the topic {PRICES}", found, POLICY)


def _only_that(session: Session) -> Finding:
    topic = _topic(session)
    others = {
        "every topic": topic.removesuffix(PRICES) + "anything-else",
        OLD: _of_last_year(topic),
        f"what begins with {PRICES}": f"{topic}-of-others",
        f"{PRICES} of another account": topic.replace(topic.split(":")[4], "999999999999"),
    }
    let_in = [who for who, other in others.items() if _lets_in(session, WEB, other)]
    if not let_in:
        return MET
    return missing(f"nobody but the topic {PRICES}", f"{let_in[0]} may send", POLICY)


def _arrived(session: Session) -> Finding:
    if PRICES not in _topic(session) or WEB not in subscribed(session, _topic(session)):
        return missing(f"{WEB} subscribed to {PRICES}", "not subscribed", "list_subscriptions")
    if messages(session, WEB):
        return MET
    return missing(
        f"a message in {WEB}", "0 messages: what was not let in is lost", "publish once more"
    )


def _other(session: Session) -> Finding:
    topic = _topic(session)
    if SHELF in subscribed(session, topic) and _lets_in(session, SHELF, topic):
        return MET
    return missing(f"{SHELF} as it was", "it gets nothing any more", "list_subscriptions")


def _solve(session: Session) -> None:
    sns, sqs = session.client("sns"), session.client("sqs")
    web = sqs.get_queue_url(QueueName="web-shop")["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=web, AttributeNames=["Policy"])["Attributes"]
    mended = known["Policy"].replace("prices-2025", "prices")
    sqs.set_queue_attributes(QueueUrl=web, Attributes={"Policy": mended})
    prices = next(
        one["TopicArn"] for one in sns.list_topics()["Topics"] if "prices" in one["TopicArn"]
    )
    sns.publish(TopicArn=prices, Message='{"tea": 5}')


def _cleanup(session: Session) -> None:
    delete_topic(session, PRICES)
    delete_queues(session, SHELF, WEB)


def _let_in(session: Session, **changes: Any) -> None:
    """A policy for the queue and a message after it: material for wrong solutions."""
    arn = attributes(session, WEB)["QueueArn"]
    set_policy(session, WEB, policy_for(arn, _topic(session), **changes))
    session.client("sns").publish(TopicArn=_topic(session), Message="again")


def _publish_again(session: Session) -> None:
    session.client("sns").publish(TopicArn=_topic(session), Message="again")
    session.client("sqs").send_message(QueueUrl=url(session, WEB), MessageBody="by hand")


def _no_policy(session: Session) -> None:
    set_policy(session, WEB, "")


def _everybody(session: Session) -> None:
    _let_in(session, Principal="*", Condition={})


def _beside_the_old_one(session: Session) -> None:
    topic = _topic(session)
    _let_in(session, Condition={"ArnEquals": {"aws:SourceArn": [_of_last_year(topic), topic]}})


def _by_its_beginning(session: Session) -> None:
    begins = [_topic(session), _topic(session) + "-o*"]
    _let_in(session, Condition={"ArnLike": {"aws:SourceArn": begins}})


def _whoever_owns_it(session: Session) -> None:
    anywhere = f"arn:aws:sns:us-east-1:*:{PRICES}"
    _let_in(session, Condition={"ArnLike": {"aws:SourceArn": anywhere}})


def _not_published(session: Session) -> None:
    arn = attributes(session, WEB)["QueueArn"]
    set_policy(session, WEB, policy_for(arn, _topic(session)))


def _instead_of_the_shelf(session: Session) -> None:
    _let_in(session)
    arn = attributes(session, SHELF)["QueueArn"]
    set_policy(session, SHELF, policy_for(arn, _of_last_year(_topic(session))))


LET_THE_TOPIC_IN = Exercise(
    id="patterns-delivery-101",
    lesson="microservice-patterns",
    goal=(
        f"The web shop shows old prices. Whatever is published to the topic {PRICES!r} reaches the "
        f"queue {SHELF!r}, and never the queue {WEB!r}, which is subscribed as well; no call says "
        f"why. Find out, repair it for this topic alone, and have a message arrive in {WEB!r}."
    ),
    criteria=(
        Criterion("allowed", f"{WEB} lets the topic {PRICES} in", _allowed),
        Criterion("narrow", "and no other topic", _only_that, after="allowed"),
        Criterion("arrived", f"a message waits in {WEB}", _arrived, after="allowed"),
        Criterion("other", f"{SHELF} still gets its copy", _other, after="allowed"),
    ),
    hints=(
        "Publishing succeeds, so SNS has the message. Who may refuse it, on its way to the queue?",
        (
            "Read the Policy of both queues (get_queue_attributes) and compare them with the "
            "topic's ARN, letter by letter."
        ),
        (
            "aws:SourceArn names a topic of last year. set_queue_attributes with the right ARN, and "
            "then publish again: what was refused does not come later."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("sent by hand", _publish_again, "allowed", "does not let in prices"),
        WrongSolution("no policy", _no_policy, "allowed", "none"),
        WrongSolution("for everybody", _everybody, "narrow", "every topic may send"),
        WrongSolution("beside the old one", _beside_the_old_one, "narrow", f"{OLD} may send"),
        WrongSolution(
            "by its beginning", _by_its_beginning, "narrow", "begins with prices may send"
        ),
        WrongSolution("whoever owns it", _whoever_owns_it, "narrow", "of another account may send"),
        WrongSolution("not published again", _not_published, "arrived", "0 messages"),
        WrongSolution("the shelf's turn", _instead_of_the_shelf, "other", "gets nothing any more"),
    ),
    rationale=(
        "SNS may send to a queue only if the queue's own policy says so. A refusal is an error of the "
        "client's kind: it is not tried again, and the publisher does not hear of it."
    ),
    objective="microservice-patterns/troubleshooting",
    sources=(
        "Amazon SNS Developer Guide, dead-letter queues: why deliveries fail, checked 2026-11-27",
        "Amazon SNS Developer Guide, subscribing an SQS queue to a topic, checked 2026-11-27",
    ),
)
