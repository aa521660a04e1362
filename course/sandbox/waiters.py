"""Waiters of sandbox clients let virtual time pass instead of sleeping.

Waiting is the way time passes in the sandbox: ``ecs.get_waiter("services_stable").wait(...)``
asks, lets ``Delay`` virtual seconds (not wall seconds) go by, and asks again. Each
client made while the sandbox is open gets a ``get_waiter`` in its own class;
botocore's module is left alone, so that every other client really sleeps.

Raises botocore's ``WaiterError`` and ``ValueError`` where botocore does, with the
same words. Names and ``WaiterConfig`` are botocore's:
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html#waiters
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import WaiterError
from botocore.waiter import (
    AcceptorConfig,
    NormalizedOperationMethod,
    Waiter,
    is_valid_waiter_error,
)

from course.every_client import Undo, attach

Wait = Callable[[float], object]

# Looked up when a waiter waits: a client may outlive the world it was made in.
_wait: list[Wait] = []


def install(wait: Wait) -> Undo:
    """Give every client made until the undo is called waiters that call ``wait(seconds)``."""
    _wait.append(wait)
    detach = attach("creating-client-class", _give_get_waiter)

    def undo() -> None:
        detach()
        _wait.remove(wait)

    return undo


def _give_get_waiter(class_attributes: dict[str, Any], **kwargs: Any) -> None:
    class_attributes["get_waiter"] = _get_waiter


@wraps(BaseClient.get_waiter)
def _get_waiter(self: BaseClient, waiter_name: str) -> Waiter:
    sleeping: Any = BaseClient.get_waiter(self, waiter_name)
    operation = getattr(self, xform_name(sleeping.config.operation))
    virtual = _documented_like(type(sleeping))
    return virtual(sleeping.name, sleeping.config, NormalizedOperationMethod(operation))


def _documented_like(sleeping: type[Waiter]) -> type[Waiter]:
    """Return a VirtualWaiter with the name and the help text of botocore's own class."""

    def wait(self: VirtualWaiter, **kwargs: Any) -> None:
        VirtualWaiter.wait(self, **kwargs)

    wait.__doc__ = sleeping.wait.__doc__
    return type(sleeping.__name__, (VirtualWaiter,), {"wait": wait})


class VirtualWaiter(Waiter):
    """botocore's waiter, with virtual time between its attempts."""

    config: Any  # a SingleWaiterConfig, which the published types do not know
    _operation_method: Any

    def wait(self, **kwargs: Any) -> None:
        config = kwargs.pop("WaiterConfig", {})
        delay = config.get("Delay", self.config.delay)
        max_attempts = config.get("MaxAttempts", self.config.max_attempts)
        acceptors = self.config.acceptors
        accepted_before = False
        for attempt in itertools.count(1):
            response = self._operation_method(**kwargs)
            acceptor, accepted = _first_match(acceptors, response)
            if not accepted and is_valid_waiter_error(response):
                raise self._error(_error_text(response["Error"]), response)
            if accepted and acceptor.state == "success":
                return
            if accepted and acceptor.state == "failure":
                reason = "Waiter encountered a terminal failure state: " + acceptor.explanation
                raise self._error(reason, response)
            accepted_before |= accepted
            if attempt >= max_attempts:
                raise self._error(_exceeded_text(acceptor, accepted_before), response)
            _wait[-1](delay)

    def _error(self, reason: str, response: Any) -> WaiterError:
        return WaiterError(name=self.name, reason=reason, last_response=response)


def _first_match(acceptors: Sequence[AcceptorConfig], response: Any) -> tuple[AcceptorConfig, bool]:
    """Return the acceptor that matches, or else the last: botocore's texts name the last tried."""
    for acceptor in acceptors:
        if acceptor.matcher_func(response):
            return acceptor, True
    return acceptors[-1], False


def _error_text(error: dict[str, str]) -> str:
    code, message = error.get("Code", "Unknown"), error.get("Message", "Unknown")
    return f"An error occurred ({code}): {message}"


def _exceeded_text(acceptor: AcceptorConfig, accepted_before: bool) -> str:
    if not accepted_before:
        return "Max attempts exceeded"
    return f"Max attempts exceeded. Previously accepted state: {acceptor.explanation}"
