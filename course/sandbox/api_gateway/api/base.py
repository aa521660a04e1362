"""What API Gateway's operations stand on: parameters in, APIs found by id, pages out.

moto has a class for the service too; none of its answers is used, since nothing
follows from them. AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from botocore.validate import ParamValidator
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model

from course.sandbox.api_gateway.api_rules import bad_request, not_found
from course.sandbox.api_gateway.deployments import deploy_by_itself
from course.sandbox.api_gateway.resources import Api, Gateway, Integration, Route, Stage
from course.sandbox.api_gateway.vpc_links import VpcLinks
from course.sandbox.balancing.balancers import Balancers
from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.world import World

SERVICE = "apigatewayv2"
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
PAGE = 100

Held = TypeVar("Held")


class Tasks(Protocol):
    """Where the control plane keeps the network's interfaces and the targets of its tasks."""

    target_groups: TargetGroups

    def interfaces(self, region: str) -> Interfaces: ...


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    vpc_links: VpcLinks

    @property
    def tasks(self) -> Tasks: ...


class ApiGatewayOperations(BaseResponse):
    """Finds what a call names, in the Region it was sent to."""

    plane: ClassVar[Plane]
    use_raw_body = True
    """moto would decode the body, whatever it is; it is read by the model alone."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True

    def _get_action(self) -> str:
        """The operation that method and address name; a body that looks like a form names none."""
        return str(self._get_action_from_method_and_request_uri(self.normalized_request) or "")

    def parse_parameters(self, request: Any) -> None:
        """Read the call as moto does; one that cannot be read is refused once it is known who calls."""
        self.unreadable: Exception | None = None
        try:
            super().parse_parameters(request)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            self.params, self.unreadable = {}, error

    def call_action(self) -> Any:
        """Answer, after botocore's own check of the parameters' types, as AWS checks before anything else."""
        if self._get_action():
            self._check_shape()
        return super().call_action()

    def _check_shape(self) -> None:
        if self.unreadable is not None:
            raise bad_request(f"Invalid request body: {self.unreadable}")  # our words
        given = {**self.uri_match, **self.params}
        model = get_service_model(SERVICE).operation_model(self._get_action())
        names = model.input_shape.members if model.input_shape else {}
        found = {name: value for name, value in given.items() if name in names}
        report = ParamValidator().validate(found, model.input_shape)
        if report.has_errors():
            raise bad_request(report.generate_report())  # our words

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter of the call by its API name, or the default when it is absent."""
        value = self._get_param(name)
        return default if value is None else value

    @property
    def now(self) -> datetime:
        return self.plane.world.clock.now()

    @property
    def gateway(self) -> Gateway:
        """APIs and VPC links of the call's Region."""
        return self.plane.world.gateway(self.region)

    @property
    def balancers(self) -> Balancers:
        return self.plane.tasks.target_groups.balancers(self.region)

    def new_id(self, length: int) -> str:
        """A new id of lower-case letters and digits, as API Gateway gives them."""
        dice = self.plane.world.random
        return "".join(dice.choice(LETTERS) for _ in range(length))

    def api(self) -> Api:
        """The API the call names. Raises Refused where there is none."""
        found = self.gateway.apis.get(self.given("ApiId"))
        if found is None:  # moto's text
            raise not_found(f"Invalid API identifier specified {self.given('ApiId')}")
        return found

    def route(self, api: Api) -> Route:
        """The route the call names. Raises Refused where there is none."""
        return found_in(api.routes, self.given("RouteId"), "Route")

    def integration(self, api: Api) -> Integration:
        """The integration the call names. Raises Refused where there is none."""
        return found_in(api.integrations, self.given("IntegrationId"), "Integration")

    def stage(self, api: Api) -> Stage:
        """The stage the call names. Raises Refused where there is none."""
        return found_in(api.stages, self.given("StageName"), "stage")

    def changed(self, api: Api, what: str) -> None:
        """The learner has changed something of an API: stages that deploy by themselves take it up."""
        self.plane.world.record("you", f"{what} of API {api.name}")
        deploy_by_itself(api, list(api.stages.values()), lambda: self.new_id(6), self.now)

    def page(self, items: Iterable[Any]) -> ActionResult:
        """The answer of an operation that lists, from MaxResults and NextToken."""
        held, token, size = list(items), self.given("NextToken"), self.given("MaxResults")
        try:
            start = int(urlsafe_b64decode(token.encode())) if token else 0
            end = start + (int(size) if size else PAGE)
        except ValueError:
            raise bad_request("Invalid NextToken or MaxResults") from None  # our words
        if start < 0 or end <= start:
            raise bad_request("Invalid NextToken or MaxResults")  # our words
        more = urlsafe_b64encode(str(end).encode()).decode() if end < len(held) else None
        return ActionResult({"Items": held[start:end], "NextToken": more})


def found_in(held: Mapping[str, Held], name: Any, kind: str) -> Held:
    """What is held under an id, in moto's words for what is not."""
    if name not in held:
        raise not_found(f"Invalid {kind} identifier specified {name}")
    return held[name]
