"""A small catalogue of Lambda functions, chosen by their handler's name. Pure.

The sandbox runs no code of anybody's: a function whose handler is in this catalogue
does what stands here, whatever its zip holds; any other ends with an error that
names the catalogue.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Lines = list[str]


class HandlerFailed(Exception):
    """The handler raised; the text is what its log shows."""


def _log_event(event: Any) -> Lines:
    return [json.dumps(event)]


def _stopped_task(event: Any) -> Lines:
    """An alert on a task that stopped: which one, with what code, why."""
    detail = event.get("detail", {}) if isinstance(event, Mapping) else {}
    if detail.get("lastStatus") != "STOPPED":
        return [f"nothing to tell of lastStatus {detail.get('lastStatus')}"]
    task = str(detail.get("taskArn", "")).rsplit("/", 1)[-1]
    group, code = detail.get("group", ""), detail.get("stopCode", "")
    return [f"ALERT task {task} of {group} stopped: {code}: {detail.get('stoppedReason', '')}"]


def _fail(event: Any) -> Lines:
    raise HandlerFailed("[ERROR] RuntimeError: this handler always fails")


HANDLERS: dict[str, Callable[[Any], Lines]] = {
    "alerts.log_event": _log_event,
    "alerts.stopped_task": _stopped_task,
    "alerts.fail": _fail,
}
"""By the Handler of a function: what it writes to its log for an event."""


def run(handler: str, payload: str) -> Lines:
    """The lines that a function logs for an event. Raises HandlerFailed."""
    found = HANDLERS.get(handler)
    if found is None:
        known = ", ".join(HANDLERS)
        raise HandlerFailed(
            f"[ERROR] the sandbox runs no code: Handler {handler} is none of its own ({known})"
        )
    try:
        event = json.loads(payload)
    except ValueError:
        event = payload
    return found(event)
