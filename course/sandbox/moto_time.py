"""moto's own time follows the virtual clock.

Most of moto asks ``moto.core.utils`` for the time, some modules ask ``datetime`` or
``time`` themselves. In each of these modules, and nowhere else, the names are replaced:
botocore signs by wall time, and so does everything else in this process. Times that moto
reports, and windows it judges by (log events older than 14 days, SQS delays, certificate
validation), are virtual. What moto takes for local time is UTC on every machine.

``follow`` touches no module that is not imported yet, since importing all of them would
cost a second. ``refresh`` picks up those that have been imported since. It costs about a
microsecond, so the gate calls it on every request, once moto has imported the service.
"""

from __future__ import annotations

import datetime as datetime_module
import sys
import time as time_module
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from types import ModuleType
from typing import Any

from course.sandbox.errors import SandboxAlreadyOpen

Now = Callable[[], datetime]
Wait = Callable[[float], object]
Undo = Callable[[], None]

# Where moto calls datetime or time by itself, and what shows it. The contract test reads
# moto's source and names a call that is missing here.
MODULES = {
    "moto.core.utils": "utcnow and unix_time, which every other service calls",
    "moto.apigateway.models": "creation of REST APIs, deployments, certificates",
    "moto.apigatewayv2.models": "creation of HTTP APIs, stages, VPC links",
    "moto.applicationautoscaling.models": "creation of targets, policies, scheduled actions",
    "moto.autoscaling.models": "creation of Auto Scaling groups",
    "moto.awslambda.models": "arrival of stream records",
    "moto.budgets.models": "the month a budget begins with",
    "moto.ce.models": "the month cost categories are effective from",
    "moto.cloudwatch.models": "last change of a dashboard",
    "moto.cognitoidp.models": "issue and expiry of tokens",
    "moto.cognitoidp.utils": "expiry of tokens",
    "moto.ecr.models": "image push and scan, one scan a day",
    "moto.efs.models": "creation and size of file systems",
    "moto.elb.models": "creation of Classic Load Balancers",
    "moto.guardduty.models": "creation of detectors",
    "moto.moto_api._internal.managed_state_model": "states that progress by time",
    "moto.resourcegroups.models": "creation of tag syncs",
    "moto.route53.models": "caller references",
    "moto.s3.models": "creation of buckets, names of access logs",
    "moto.secretsmanager.models": "creation, change, rotation of secrets",
    "moto.vpclattice.models": "creation and change of service networks",
    "moto.xray.models": "trace summaries",
}

_SQS = "moto.sqs.models"

_now: Now | None = None
_wait: Wait | None = None
_pending: set[str] = set()
_replaced: list[tuple[Any, str, Any]] = []


def follow(now: Now, wait: Wait | None = None) -> Undo:
    """Let moto take its time from ``now``, an aware UTC datetime, until the undo is called.

    ``wait`` lets virtual seconds pass in the middle of a call, for an SQS long poll;
    without it a long poll of an empty queue returns at once. Left to moto it would
    never return, for the time it waits for does not come by itself.
    Raises SandboxAlreadyOpen when moto follows another clock.
    """
    global _now, _wait
    if _now is not None:
        raise SandboxAlreadyOpen("moto follows another sandbox's clock; close that sandbox first.")
    import moto.core.utils  # noqa: F401

    _now, _wait = now, wait
    _pending.update(MODULES, [_SQS])
    refresh()
    return _undo


def refresh() -> None:
    """Bring the modules imported since the last time under the virtual clock."""
    for name in [name for name in _pending if name in sys.modules]:
        module = sys.modules[name]
        if getattr(module.__spec__, "_initializing", False):
            continue  # another thread is half way through importing it
        _pending.remove(name)
        if name == _SQS:
            _replace_long_poll(module)
        else:
            _replace_names(module)


def _undo() -> None:
    global _now, _wait
    _now = _wait = None
    _pending.clear()
    while _replaced:
        owner, name, real = _replaced.pop()
        setattr(owner, name, real)


def _replace(owner: Any, name: str, virtual: Any) -> None:
    _replaced.append((owner, name, getattr(owner, name)))
    setattr(owner, name, virtual)


def _replace_names(module: ModuleType) -> None:
    for name, value in list(vars(module).items()):
        for real, virtual in _VIRTUAL:
            if value is real:
                _replace(module, name, virtual)


def _replace_long_poll(module: ModuleType) -> None:
    receive = module.SQSBackend.receive_message

    def receive_message(
        backend: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kw: Any
    ) -> Any:
        messages = receive(backend, queue_name, count, 0, *args, **kw)
        seconds = wait_seconds_timeout
        while not messages and seconds > 0 and _wait is not None:
            _wait(1)
            seconds -= 1
            messages = receive(backend, queue_name, count, 0, *args, **kw)
        return messages

    _replace(module.SQSBackend, "receive_message", receive_message)


def _utc() -> datetime:
    assert _now is not None, "moto's time was asked for after the undo"
    return _now().astimezone(UTC)


class _Datetime:
    """Stands where moto has the class ``datetime``, and is that class but for the present."""

    def __call__(self, *args: Any, **kwargs: Any) -> datetime:
        return datetime(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime, name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, datetime)

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, datetime)

    def now(self, tz: tzinfo | None = None) -> datetime:
        return self.utcnow() if tz is None else _utc().astimezone(tz)

    def utcnow(self) -> datetime:
        return _utc().replace(tzinfo=None)

    today = utcnow


class _Date:
    """Stands where moto has the class ``date``."""

    def __call__(self, *args: Any, **kwargs: Any) -> date:
        return date(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(date, name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, date)

    def today(self) -> date:
        return _utc().date()


class _DatetimeModule:
    """Stands where moto has the module ``datetime``."""

    datetime = _Datetime()
    date = _Date()

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime_module, name)


class _TimeModule:
    """Stands where moto has the module ``time``; it still sleeps by the wall clock."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time_module, name)

    def time(self) -> float:
        return _utc().timestamp()

    def time_ns(self) -> int:
        return round(self.time() * 1_000_000) * 1_000


_VIRTUAL: list[tuple[Any, Any]] = [
    (datetime_module, _DatetimeModule()),
    (datetime, _DatetimeModule.datetime),
    (date, _DatetimeModule.date),
    (time_module, _TimeModule()),
    (time_module.time, _TimeModule().time),
]
