"""VPC links: made of subnets and security groups that stay, renamed, deleted.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/vpclinks.html
"""

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations, found_in
from course.sandbox.api_gateway.api_rules import Place, check_places, check_unused
from course.sandbox.api_gateway.resources import VPC_LINK, Route, VpcLink
from course.sandbox.ecs.api.treatment import behaves

TESTS = "tests/sandbox/api_gateway/api/test_vpc_links.py::"


class VpcLinkOperations(ApiGatewayOperations):
    """The operations on VPC links."""

    @behaves(f"{TESTS}test_a_link_is_pending_and_then_available")
    def create_vpc_link(self) -> ActionResult:
        """CreateVpcLink: PENDING, with an interface in each of its subnets."""
        subnets = list(dict.fromkeys(self.given("SubnetIds", [])))
        groups = list(self.given("SecurityGroupIds", []))
        net = self.plane.tasks.interfaces(self.region)
        check_places(
            [Place(one, net.vpc_of_subnet(one), net.zone_id(one) or "") for one in subnets],
            {one: net.vpc_of_security_group(one) for one in groups},
        )
        link = VpcLink(
            self.new_id(6),
            self.given("Name"),
            self.now,
            subnets,
            groups,
            tags=dict(self.given("Tags", {})),
        )
        self.plane.vpc_links.begin(self.region, link)
        return ActionResult(link)

    @behaves(f"{TESTS}test_a_link_is_pending_and_then_available")
    def get_vpc_link(self) -> ActionResult:
        """GetVpcLink: how it stands now."""
        return ActionResult(self._link())

    @behaves(f"{TESTS}test_links_are_listed_page_by_page")
    def get_vpc_links(self) -> ActionResult:
        """GetVpcLinks: all of the Region."""
        return self.page(self.gateway.vpc_links.values())

    @behaves(f"{TESTS}test_only_the_name_of_a_link_can_be_changed")
    def update_vpc_link(self) -> ActionResult:
        """UpdateVpcLink: another name; subnets and security groups cannot be changed."""
        link = self._link()
        link.name = self.given("Name", link.name)
        return ActionResult(link)

    @behaves(f"{TESTS}test_a_deleted_link_gives_its_addresses_back")
    def delete_vpc_link(self) -> ActionResult:
        """DeleteVpcLink: DELETING, and gone; not while a route leads to it."""
        link = self._link()
        check_unused(link.vpc_link_id, self._routes_over(link))
        if link.vpc_link_status != "DELETING":
            self.plane.vpc_links.delete(self.region, link)
        return EmptyResult()

    def _link(self) -> VpcLink:
        return found_in(self.gateway.vpc_links, self.given("VpcLinkId"), "VpcLink")

    def _routes_over(self, link: VpcLink) -> list[Route]:
        return [
            route
            for api in self.gateway.apis.values()
            for route in api.routes.values()
            if (used := api.integrations.get(route.integration_id))
            and (used.connection_type, used.connection_id) == (VPC_LINK, link.vpc_link_id)
        ]
