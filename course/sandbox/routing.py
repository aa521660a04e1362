"""The seam into moto: one gate that every call passes, one list of services answered by us.

While a sandbox is open, moto's response classes dispatch through the gate. It
takes the lock, catches the clock up, lets the call be answered, records it,
turns whatever is no AWS error into one, and lets the control plane settle.
The services that we answer ourselves are put into moto's URL tables on
entering and taken out on leaving. ``tests/contract`` states every name of
moto's that is leaned on here.
"""

import logging
import re
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.ecs import urls as ecs_urls
from moto.s3.responses import S3Response

from course.sandbox import moto_time
from course.sandbox.control_plane import ControlPlane
from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.ecs_api import EcsApi
from course.sandbox.ecs.errors import Refused
from course.sandbox.errors import SandboxError
from course.sandbox.world import ApiCall, World

log = logging.getLogger(__name__)

READS = ("Describe", "List", "Get", "Head", "BatchGet", "Lookup", "Search", "Query", "Scan")
S3_ENTRIES = ("bucket_response", "key_response")
IDENTICAL_READS = 25

Answer = tuple[int, dict[str, Any], Any]
Dispatch = Callable[..., Answer]


class AnswerInstead(ServiceException):
    """An error answer made by the gate; of our own class, since moto reads a class's module."""


class Gate:
    """What every call to every service passes, in one world."""

    def __init__(self, plane: ControlPlane, hint: Callable[[str], None] = print) -> None:
        self.plane = plane
        self._hint = hint
        self._last_read: tuple[Any, ...] = ()
        self._same_reads = 0

    @property
    def _world(self) -> World:
        return self.plane.world

    def guarding(self, dispatch: Dispatch) -> Dispatch:
        """The same entry of a moto response class, behind the gate."""

        def guarded(response: BaseResponse, request: Any, *args: Any, **kwargs: Any) -> Answer:
            with self._world.lock:
                return self._pass(dispatch, response, request, args, kwargs)

        return guarded

    def _pass(
        self, dispatch: Dispatch, response: BaseResponse, request: Any, args: Any, kwargs: Any
    ) -> Answer:
        self._world.clock.catch_up()
        moto_time.refresh()
        try:
            answer = dispatch(response, request, *args, **kwargs)
        except SandboxError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it leaves as an answer
            answer = self._refusal(response, error)
        self._record(response, request, answer)
        self.plane.settle()
        self._world.clock.advance(0)  # what is due at this very instant
        return answer

    def _refusal(self, response: BaseResponse, error: Exception) -> Answer:
        """An answer in the service's own format for what was raised instead of answered."""
        operation = _operation(response)
        if isinstance(error, Refused):
            code, message = error.code, error.message
        elif isinstance(error, NotImplementedError):
            code = "NotImplemented"
            message = (
                f"The sandbox does not model {operation}; AWS has it, this course does not use it."
            )
        else:
            log.error("the sandbox failed at %s", operation, exc_info=error)
            code = "SandboxFailure"
            message = (
                f"The sandbox failed at {operation} ({type(error).__name__}: {error}). A parameter may be "
                "missing or malformed; if not, this is a defect of the sandbox and not of your code."
            )
        with warnings.catch_warnings():  # moto warns of codes that the service's model lacks
            warnings.simplefilter("ignore")
            return response.serialized(ActionResult(AnswerInstead(code, message)))

    def _record(self, response: BaseResponse, request: Any, answer: Answer) -> None:
        operation, service = _operation(response), response.service_name or "s3"
        error = _error_code(answer) if answer[0] >= 400 else None
        now = self._world.clock.now()
        self._world.history.append(ApiCall(now, service, operation, error))
        if operation.startswith(READS):
            asked = getattr(response, "uri", None), getattr(response, "body", None)
            self._count_read((now, service, operation, *asked))
        else:
            self._same_reads = 0

    def _count_read(self, read: tuple[Any, ...]) -> None:
        self._same_reads = self._same_reads + 1 if read == self._last_read else 1
        self._last_read = read
        if self._same_reads == IDENTICAL_READS and not self._world.clock.rate:
            self._hint(
                f"{IDENTICAL_READS} identical reads: virtual time stands still until you wait. "
                "Use a waiter, or lesson.clock.advance(seconds=30)."
            )


_CODE = re.compile(r'"__type":\s*"(?:[^"#]*#)?([^"]+)"|<Code>([^<]+)</Code>')


def _error_code(answer: Answer) -> str:
    """The error code in an answer, as botocore will read it; else the HTTP status."""
    body = answer[2].decode("utf-8", "replace") if isinstance(answer[2], bytes) else str(answer[2])
    found = _CODE.search(body)
    return (found[1] or found[2]) if found else str(answer[0])


def _operation(response: BaseResponse) -> str:
    try:
        return str(response._get_action() or "a request")
    except Exception:  # noqa: BLE001  a request so malformed that moto cannot name its operation
        return "a request"


class Routing:
    """Puts the gate and our services into moto on entering, and takes them out on leaving."""

    def __init__(self, plane: ControlPlane) -> None:
        self._gate = Gate(plane)
        self._undo = ExitStack()

    def enter(self) -> None:
        """From now on every call passes the gate, and ECS is answered by us."""
        with ExitStack() as undo:
            dispatch = self._gate.guarding(BaseResponse._dispatch)
            undo.enter_context(patch.object(BaseResponse, "_dispatch", dispatch))
            for entry in S3_ENTRIES:  # S3 has entries of its own
                guarded = self._gate.guarding(getattr(S3Response, entry))
                undo.enter_context(patch.object(S3Response, entry, guarded))
            undo.enter_context(patch.object(EcsOperations, "plane", self._gate.plane, create=True))
            undo.enter_context(patch.dict(ecs_urls.url_paths, {"{0}/$": EcsApi.dispatch}))
            self._undo = undo.pop_all()

    @property
    def plane(self) -> ControlPlane:
        """The control plane that answers now."""
        return self._gate.plane

    def install(self, plane: ControlPlane) -> None:
        """Answer from another control plane from now on: a snapshot's."""
        self._gate.plane = EcsOperations.plane = plane

    def leave(self) -> None:
        """moto is as it was; leaving twice does nothing."""
        self._undo.close()
