"""A queue forgets a message after its retention, and shows it again when its timeout is over.

moto counts messages that are too old, and one of them hides all that came later;
at the very instant at which a visibility timeout ends it still hides the message.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from course.sandbox.messaging.now import milliseconds


def install() -> Callable[[], None]:
    """Have every queue look at its messages like that, until the undo is called."""
    from moto.sqs.models import Message, Queue

    queue: Any = Queue
    with ExitStack() as undo:
        undo.enter_context(patch.object(Message, "visible", property(_visible)))
        kept = property(_kept(queue.messages.fget))
        undo.enter_context(patch.object(queue, "messages", kept))
        for count, held in (("not_visible", _in_flight), ("delayed", _delayed)):
            name = f"approximate_number_of_messages_{count}"
            undo.enter_context(patch.object(queue, name, property(held)))
        return undo.pop_all().close


def _visible(message: Any) -> bool:
    return bool(milliseconds() >= message.visible_at)


def _kept(messages: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    def kept(queue: Any) -> list[Any]:
        return [one for one in messages(queue) if _is_kept(queue, one)]

    return kept


def _in_flight(queue: Any) -> int:
    return len([one for one in queue._messages if not one.visible and _is_kept(queue, one)])


def _delayed(queue: Any) -> int:
    return len([one for one in queue._messages if one.delayed and _is_kept(queue, one)])


def _is_kept(queue: Any, message: Any) -> bool:
    """Whether a message is younger than the retention; one in a dead-letter queue has its old age."""
    return bool(milliseconds() < message.sent_timestamp + queue.message_retention_period * 1000)
