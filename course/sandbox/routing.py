"""The seam into moto: one gate that every call passes, one list of services answered by us.

While a sandbox is open, moto's response classes dispatch through the gate. It
takes the lock, catches the clock up, lets the call be answered, records it,
turns whatever is no AWS error into one, and lets the control plane settle.
The services that we answer ourselves are put into moto's URL tables on
entering and taken out on leaving. ``tests/contract`` states every name of
moto's that is leaned on here.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto import backend_index
from moto.apigatewayv2 import urls as apigatewayv2_urls
from moto.applicationautoscaling import urls as application_scaling_urls
from moto.autoscaling import urls as autoscaling_urls
from moto.cloudtrail import urls as cloudtrail_urls
from moto.cloudwatch import urls as cloudwatch_urls
from moto.core import errors as moto_errors
from moto.core import responses as moto_responses
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.responses import BaseResponse
from moto.ecr import urls as ecr_urls
from moto.ecs import urls as ecs_urls
from moto.elb import urls as elb_urls
from moto.elbv2 import urls as elbv2_urls
from moto.events import urls as events_urls
from moto.iam import urls as iam_urls
from moto.logs import urls as logs_urls
from moto.s3.responses import S3Response
from moto.scheduler import urls as scheduler_urls
from moto.servicediscovery import urls as servicediscovery_urls
from moto.sts import urls as sts_urls

from course.sandbox import moto_time, moto_xray, refusals
from course.sandbox.answer_names import RememberingPicker
from course.sandbox.api_gateway.api.api_gateway_api import ApiGatewayApi
from course.sandbox.authorize.callers import Caller
from course.sandbox.balancing.api.elbv2_api import Elbv2Api
from course.sandbox.control_plane import ControlPlane
from course.sandbox.discovery.api.cloud_map_api import CloudMapApi
from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.ecs_api import EcsApi
from course.sandbox.ecs.errors import Refused
from course.sandbox.errors import SandboxError
from course.sandbox.identity.api.iam_api import IamApi
from course.sandbox.identity.api.sts_api import StsApi
from course.sandbox.identity.bad_keys import UnusableKey, key_refusal
from course.sandbox.identity.enforcement import Enforcement, refusal
from course.sandbox.json_shape import check_json
from course.sandbox.observability.cloudwatch_api import CloudWatchApi
from course.sandbox.observability.eventbridge.events_api import EventsApi
from course.sandbox.observability.eventbridge.scheduler_api import SchedulerApi
from course.sandbox.observability.logs_api import LogsApi
from course.sandbox.observability.trail.noting import Came, noted
from course.sandbox.observability.trail.trail_api import TrailApi
from course.sandbox.observability.xray_api import XRayApi
from course.sandbox.query_shape import check_query
from course.sandbox.refusals import Answer
from course.sandbox.registry.api.base import EcrOperations
from course.sandbox.registry.api.ecr_api import EcrApi
from course.sandbox.scaling import auto_scaling
from course.sandbox.scaling.application.api.application_api import ApplicationScalingApi
from course.sandbox.scaling.auto_scaling_api import AutoScalingApi
from course.sandbox.world import World

READS = ("Describe", "List", "Get", "Head", "BatchGet", "Lookup", "Search", "Query", "Scan")
API_GATEWAY = {"{0}/v2/(?P<resource>.+)$": ApiGatewayApi.dispatch}
"""HTTP APIs, all of them ours; REST APIs have other addresses, and are outside of the sandbox."""

S3_ENTRIES = ("bucket_response", "key_response")
IDENTICAL_READS = 25

Dispatch = Callable[..., Answer]


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

    @property
    def _enforcement(self) -> Enforcement:
        return Enforcement(self._world)

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
        service = response.boto3_service_name or None
        came = Came()
        try:
            came.caller = self._caller(request, service or "s3")
            came.known = True
            _check_shape(request, service)
            decisions = came.decisions = self._enforcement.decide(
                request, service or "s3", came.caller
            )
            if decisions and not decisions[-1].allowed:
                raise refusal(decisions[-1], refusals.manner_of(request, service or "s3"))
            answer = dispatch(response, request, *args, **kwargs)
        except SandboxError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it leaves as an answer
            explained = refusals.explain(error, _operation(response, request))
            members = error.members if isinstance(error, Refused) else {}
            answer = refusals.refuse(request, service, *explained, **members)
        if answer[0] >= 400:
            answer = refusals.readable(answer, request, service, _operation(response, request))
        self._record(response, request, answer, came)
        self.plane.settle()
        self._world.clock.advance(0)  # what is due at this very instant
        return answer

    def _caller(self, request: Any, service: str) -> Caller | None:
        """Whose key it is, None for the learner's own; a bad key is refused as the service does."""
        try:
            return self._enforcement.caller(request)
        except UnusableKey as key:
            raise key_refusal(key, refusals.manner_of(request, service)) from None

    def _record(self, response: BaseResponse, request: Any, answer: Answer, came: Came) -> None:
        operation, service = _operation(response, request), response.service_name or "s3"
        now = self._world.clock.now()
        history = self._world.history
        history.note(noted(response, request, operation, answer, came, now, history.total))
        if operation.startswith(READS):
            asked = getattr(response, "uri", None), getattr(response, "body", None)
            self._count_read((now, service, operation, *asked))
        else:
            self._same_reads = 0
            region = getattr(
                response, "region", None
            )  # none of a call that was refused at the door
            if service == "ec2" and region:
                self.plane.network_changed(region)

    def _count_read(self, read: tuple[Any, ...]) -> None:
        self._same_reads = self._same_reads + 1 if read == self._last_read else 1
        self._last_read = read
        if self._same_reads == IDENTICAL_READS and not self._world.clock.rate:
            self._hint(
                f"{IDENTICAL_READS} identical reads: virtual time stands still until you wait. "
                "Use a waiter, or lesson.clock.advance(seconds=30)."
            )


def _operation(response: BaseResponse, request: Any) -> str:
    """What a call asks for, by its API name; REST services say so in the address only."""
    named = refusals.operation_named(request)
    if named:
        return named
    try:
        return str(response._get_action() or "a request")
    except Exception:  # noqa: BLE001  so malformed that moto did not even begin
        return "a request"


def _check_shape(request: Any, service: str | None) -> None:
    """Refuse a call whose parameters cannot be what the model says, before it changes anything."""
    operation = refusals.modelled_operation(request, service)
    if operation is None or request.content_encoding:
        return
    if request.headers.get("X-Amz-Target"):
        check_json(operation, request.get_data())
    else:
        check_query(operation, request.values)


def _action(real: Callable[[BaseResponse], str]) -> Callable[[BaseResponse], str]:
    """moto's look-up of the operation; a URL inside a JSON body must not name another one."""

    def action(response: BaseResponse) -> str:
        target = response.headers.get("X-Amz-Target")
        return str(target).rsplit(".", 1)[-1] if target else real(response)

    return action


def _balancing(real: Callable[..., Answer]) -> Callable[..., Answer]:
    """Elastic Load Balancing's entry, two APIs by version; all but the older goes to the newer, ours."""

    def entry(request: Any, *args: Any) -> Answer:
        classic = request.values.get("Version") == "2012-06-01"
        answer: Answer = (real if classic else Elbv2Api.dispatch)(request, *args)
        return answer

    return entry


def _http_apis_first() -> Any:
    """Requests to API Gateway's one host go to moto's module of HTTP APIs.

    moto leads them to that of REST APIs, which needs a package that the course does not bring.
    """
    found = [
        ("apigatewayv2" if service == "apigateway" else service, pattern)
        for service, pattern in backend_index.backend_url_patterns
    ]
    return patch.object(backend_index, "backend_url_patterns", found)


def _outermost(process: Callable[..., Any]) -> Callable[..., Any]:
    """moto's way in for botocore, from which nothing but an answer or an error of ours comes out."""

    def processed(stubber: BotocoreStubber, request: Any) -> Any:
        try:
            return process(stubber, request)
        except SandboxError:
            raise
        except Exception as error:  # noqa: BLE001  some of moto's entries do not pass the gate
            explained = refusals.explain(error, "a request")
            return refusals.refuse(refusals.Unread(request), None, *explained)

    return processed


class Routing:
    """Puts the gate and our services into moto on entering, and takes them out on leaving."""

    def __init__(self, plane: ControlPlane) -> None:
        self._gate = Gate(plane)
        self._undo = ExitStack()

    def enter(self) -> None:
        """From now on every call passes the gate, and ECS and ECR are answered by us."""
        with ExitStack() as undo:
            dispatch = self._gate.guarding(BaseResponse._dispatch)
            undo.enter_context(patch.object(BaseResponse, "_dispatch", dispatch))
            action = _action(BaseResponse._get_action)
            undo.enter_context(patch.object(BaseResponse, "_get_action", action))
            for entry in S3_ENTRIES:  # S3 has entries of its own
                guarded = self._gate.guarding(getattr(S3Response, entry))
                undo.enter_context(patch.object(S3Response, entry, guarded))
            for operations in (EcsOperations, EcrOperations):
                undo.enter_context(patch.object(operations, "plane", self._gate.plane, create=True))
            undo.enter_context(patch.dict(ecs_urls.url_paths, {"{0}/$": EcsApi.dispatch}))
            undo.enter_context(patch.dict(ecr_urls.url_paths, {"{0}/$": EcrApi.dispatch}))
            for answering in (AutoScalingApi, Elbv2Api):
                undo.enter_context(patch.object(answering, "plane", self._gate.plane, create=True))
            groups = {"{0}/$": AutoScalingApi.dispatch}
            undo.enter_context(patch.dict(autoscaling_urls.url_paths, groups))
            undo.callback(auto_scaling.install())
            for urls, api in (
                (iam_urls, IamApi),
                (sts_urls, StsApi),
                (logs_urls, LogsApi),
                (cloudtrail_urls, TrailApi),
                (servicediscovery_urls, CloudMapApi),
                (events_urls, EventsApi),
                (cloudwatch_urls, CloudWatchApi),
                (moto_xray.urls, XRayApi),
                (application_scaling_urls, ApplicationScalingApi),
            ):
                undo.enter_context(patch.object(api, "plane", self._gate.plane, create=True))
                paths = urls.url_paths
                undo.enter_context(patch.dict(paths, dict.fromkeys(paths, api.dispatch)))
            paths = scheduler_urls.url_paths
            undo.enter_context(patch.dict(paths, dict.fromkeys(paths, SchedulerApi.dispatch)))
            for urls in (elb_urls, elbv2_urls):
                either = _balancing(urls.url_paths["{0}/$"])
                undo.enter_context(patch.dict(urls.url_paths, {"{0}/$": either}))
            undo.enter_context(patch.object(ApiGatewayApi, "plane", self._gate.plane, create=True))
            undo.enter_context(patch.dict(apigatewayv2_urls.url_paths, API_GATEWAY, clear=True))
            undo.enter_context(_http_apis_first())
            picker = RememberingPicker
            undo.enter_context(patch.object(moto_responses, "XFormedAttributePicker", picker))
            process = _outermost(BotocoreStubber.process_request)
            undo.enter_context(patch.object(BotocoreStubber, "process_request", process))
            # Codes that a service's model lacks are moto's affair, not a learner's.
            undo.enter_context(patch.object(moto_errors, "warn", lambda *args, **kwargs: None))
            self._undo = undo.pop_all()

    @property
    def plane(self) -> ControlPlane:
        """The control plane that answers now."""
        return self._gate.plane

    def install(self, plane: ControlPlane) -> None:
        """Answer from another control plane from now on: a snapshot's."""
        self._gate.plane = EcsOperations.plane = EcrOperations.plane = plane
        AutoScalingApi.plane = Elbv2Api.plane = IamApi.plane = StsApi.plane = plane
        LogsApi.plane = TrailApi.plane = ApiGatewayApi.plane = CloudMapApi.plane = plane
        XRayApi.plane = EventsApi.plane = CloudWatchApi.plane = plane
        ApplicationScalingApi.plane = plane

    def leave(self) -> None:
        """moto is as it was; leaving twice does nothing."""
        self._undo.close()
