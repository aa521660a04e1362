"""Takes calls down for the history as the gate meets them, and those that ECS makes for tasks.

An adapter: it reads moto's responses and answers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.model import OperationModel
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from course.sandbox import refusals
from course.sandbox.authorize.callers import Caller, learner
from course.sandbox.authorize.decision import Decision
from course.sandbox.history import OWN_KEY, ApiCall, Identity
from course.sandbox.identity.reading import access_key_of, read_call
from course.sandbox.observability.trail import masking
from course.sandbox.observability.trail.kinds import is_data, is_read
from course.sandbox.refusals import Answer
from course.sandbox.world import ACCOUNT_ID

DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
LONGEST_AGENT = 200


@dataclass
class Came:
    """What the gate learns of who calls: whether their key is good, whose it is, and what was decided."""

    known: bool = False
    caller: Caller | None = None
    decisions: list[Decision] = field(default_factory=list)


def noted(
    response: BaseResponse,
    request: Any,
    operation: str,
    answer: Answer,
    came: Came,
    now: datetime,
    number: int,
) -> ApiCall:
    """One call that came in, with what it was answered."""
    service = response.service_name or "s3"
    error = refusals.error_code(answer) if answer[0] >= 400 else None
    model = _model(response.boto3_service_name or "s3", operation)
    denied = error in DENIALS and any(not one.allowed for one in came.decisions)
    kept = model is not None and came.known and not is_data(service, operation)
    given = _given(request, response, model) if kept and not denied else {}
    told = _told(answer, operation) if kept and not error else {}
    hidden = None if service == "secretsmanager" else masking.HIDDEN
    return ApiCall(
        when=now,
        service=service,
        operation=operation,
        error=error,
        decisions=tuple(came.decisions),
        message=refusals.error_message(answer) if error else "",
        region=getattr(response, "region", "") or "us-east-1",
        who=_who(request, came.caller, response) if came.known else None,
        parameters=masking.shown(given, model.input_shape, hidden=hidden) if model else "",
        answered=masking.shown(told, model.output_shape, hidden=hidden) if model else "",
        request_id=str(answer[1].get("x-amzn-requestid", "")),
        agent=str(request.headers.get("User-Agent", ""))[:LONGEST_AGENT] or "unknown",
        number=number,
    )


def _who(request: Any, caller: Caller | None, response: BaseResponse) -> Identity:
    if caller is None:
        user_id, arn, account = learner(_account(response))
        return Identity(arn, account, user_id, OWN_KEY)
    who = caller.principal
    user_id = str(next(iter(caller.known.get("aws:userid", ())), ""))
    return Identity(who.arn, who.account, user_id, access_key_of(request), who.role)


def _account(response: BaseResponse) -> str:
    """Whose account is asked; moto that stumbled over the request itself has not said."""
    return getattr(response, "current_account", None) or ACCOUNT_ID


def _model(service: str, operation: str) -> OperationModel | None:
    try:
        found: OperationModel = get_service_model(service).operation_model(operation)
    except Exception:  # noqa: BLE001  no such operation, or no such service
        return None
    return found


def _given(request: Any, response: BaseResponse, model: OperationModel | None) -> Mapping[str, Any]:
    """The parameters of a call, by the names of its model; none of what nobody could read."""
    try:
        if request.headers.get("X-Amz-Target"):
            found = json.loads(request.get_data() or b"{}")
        else:
            service = response.boto3_service_name or "s3"
            found = read_call(request, service, _account(response)).given
    except Exception:  # noqa: BLE001  it was refused for that, or moto reads what its model does not
        return {}
    return found if isinstance(found, Mapping) else {}


def _told(answer: Answer, operation: str) -> Mapping[str, Any]:
    """What a change was answered with, of services that speak JSON."""
    if is_read(operation) or "json" not in str(answer[1].get("Content-Type", "")):
        return {}
    try:
        found = json.loads(answer[2])
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}
