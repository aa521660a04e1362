"""Requests to an HTTP API's address: its stage, its route, its integration, and what lies behind that.

What lies behind is a public URL, or over a VPC link's network interfaces a
load balancer's listener or the instances of a Cloud Map service. Where an API
cannot get an answer it says 503 with a message of its own; what a load
balancer answers it passes on.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
     404 with ``Not Found`` is the developer guide's (routes for HTTP APIs, a copy of 2026), 503 with
     ``Service Unavailable`` is seen for a backend that takes too long (cortex#1225, 2020-08;
     compiler-explorer/explain#19, 2026-06). That an API says the same of a backend it does not
     reach, and of a link that is not AVAILABLE, is our model; so is the host that a backend is asked by.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from course.sandbox.api_gateway.api_rules import DISCOVERY
from course.sandbox.api_gateway.resources import (
    DEFAULT,
    VPC_LINK,
    Deployment,
    Integration,
    Stage,
    VpcLink,
)
from course.sandbox.api_gateway.resources import Api as HttpApi
from course.sandbox.api_gateway.routes import (
    Incoming,
    choose_route,
    choose_stage,
    headers_sent,
    private_path,
    public_url,
)
from course.sandbox.balancing.route import Request
from course.sandbox.ecs.resources import Task
from course.sandbox.errors import SandboxError
from course.sandbox.network.picture import Place
from course.sandbox.network.ways import Ways
from course.sandbox.traffic.address import Address, read_url
from course.sandbox.traffic.balanced import BalancerName
from course.sandbox.traffic.cloud_map_way import CloudMapWay
from course.sandbox.traffic.lead import Lead
from course.sandbox.traffic.task_address import TaskAddress
from course.sandbox.traffic.way import UNAVAILABLE, Api, Refusal
from course.sandbox.world import World

METHOD = "GET"
"""How the sandbox's requests ask."""

NOT_FOUND = '{"message":"Not Found"}'

_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")


class ApiUrl:
    """The HTTP APIs of a world, by the addresses that API Gateway gives them."""

    def __init__(
        self,
        world: World,
        ways: Callable[[str], Ways],
        by_name: BalancerName,
        by_address: TaskAddress,
        by_cloud_map: CloudMapWay,
    ) -> None:
        self.world = world
        self._ways = ways
        self._by_name = by_name
        self._by_cloud_map = by_cloud_map
        self._public = (by_name, by_address)

    def lead(self, address: Address) -> Lead | None:
        """To whatever the route's integration leads to; None for a host that is no API's."""
        found = _HOST.fullmatch(address.host)
        held = self.world.gateways.get(found["region"]) if found else None
        api = held.apis.get(found["api"]) if found and held else None
        if api is None or found is None:
            return None
        if address.scheme != "https":
            return Lead(refusal=Refusal(None, f"API {api.name} is reached over https only"))
        return self._at_stage(found["region"], api, address)

    def _at_stage(self, region: str, api: HttpApi, address: Address) -> Lead:
        chosen = choose_stage(api.stages, address.path)
        if chosen is None:
            why = f"API {api.name} has no stage for {address.path}, and none named {DEFAULT}"
            return _not_found(why, f"API {api.name}")
        stage = api.stages[chosen[0]]
        by = (f"API {api.name}", f"stage {stage.stage_name}")
        deployed = api.deployed(stage)
        if deployed is None:
            return _not_found(f"nothing is deployed on stage {stage.stage_name}", *by)
        if deployed.closed:
            return _not_found(f"the address of API {api.name} is disabled", *by)
        return self._by_route(region, deployed, stage, replace(address, path=chosen[1]), by)

    def _by_route(
        self,
        region: str,
        deployed: Deployment,
        stage: Stage,
        address: Address,
        by: tuple[str, ...],
    ) -> Lead:
        match = choose_route(deployed.routes, METHOD, address.path)
        if match is None:
            return _not_found(f"no route takes {METHOD} {address.path}", *by)
        key = match.route.route_key
        by = (*by, f"route {key}")
        one = deployed.integrations.get(match.route.integration_id)
        if one is None:
            return _not_found(f"route {key} has no integration", *by)
        incoming = Incoming(stage.stage_name, address.path, match.variables, stage.stage_variables)
        if one.connection_type == VPC_LINK:
            found = self._by_link(region, one, incoming, address.query)
        else:
            found = self._by_internet(public_url(one, incoming, key), one, address.query)
        return _by_api(found, by)

    # --- Integrations

    def _by_internet(self, url: str, one: Integration, query: str) -> Lead:
        """The same as anybody on the internet meets."""
        try:
            target = replace(read_url(url), query=query)
        except SandboxError:
            return Lead(refusal=Refusal(None, f"{url} is no URL"))
        found = next((lead for each in self._public if (lead := each.lead(target))), None)
        why = f"could not resolve host: nothing here is called {target.host}"
        lead = found or Lead(refusal=Refusal(None, why))
        return replace(lead, api=Api(target.path, one.timeout_in_millis / 1000))

    def _by_link(self, region: str, one: Integration, incoming: Incoming, query: str) -> Lead:
        """From the link's network interfaces, in the learner's own VPC."""
        path = private_path(one, incoming)
        api = Api(path, one.timeout_in_millis / 1000)
        link = self.world.gateway(region).vpc_links.get(one.connection_id or "")
        if link is None or link.vpc_link_status != "AVAILABLE":
            how = f"is {link.vpc_link_status}" if link else "is gone"
            why = f"VPC link {link.name if link else one.connection_id} {how}"
            return Lead(refusal=Refusal(None, why), api=api)
        headers = headers_sent(one, incoming, "")
        method = METHOD if one.integration_method == "ANY" else one.integration_method
        asked = Request(headers["host"], path, method, query, headers=headers)
        lead = self._behind(region, one, self._places(region, link), asked)
        return replace(lead, by=(f"VPC link {link.name}", *lead.by), api=api)

    def _behind(
        self, region: str, one: Integration, places: Sequence[Place], asked: Request
    ) -> Lead:
        if not places:
            return Lead(refusal=Refusal(None, "the VPC link's network interfaces are gone"))
        uri, tls = one.integration_uri, one.tls_config is not None
        if DISCOVERY.fullmatch(uri):
            return self._by_cloud_map.lead(uri, places)
        return self._by_name.lead_by_link(uri, places, asked, tls=tls)

    def _places(self, region: str, link: VpcLink) -> list[Place]:
        """Where a link's requests start."""
        found = (self._ways(region).interface(one) for one in link.interfaces)
        return [one for one in found if one is not None]

    def lets_go(self, task: Task, port: int) -> str:
        """Whatever stands behind lets go, or not."""
        return self._by_name.lets_go(task, port) if task.targets else ""


def _by_api(lead: Lead, by: tuple[str, ...]) -> Lead:
    """What is behind an API, as a client of the API sees it: where nobody answered, the API's own 503."""
    refusal = lead.refusal
    if refusal and refusal.status is None:
        refusal = replace(refusal, status=503, says=UNAVAILABLE)
    return replace(lead, by=(*by, *lead.by), refusal=refusal)


def _not_found(why: str, *by: str) -> Lead:
    return Lead(refusal=Refusal(404, why, says=NOT_FOUND), by=by)
