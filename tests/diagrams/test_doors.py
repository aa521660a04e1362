"""What stands in front of services: read from state, drawn from the left, said in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from course.diagrams.architecture import architecture
from course.diagrams.doors import read_doors

Golden = Callable[[str, str], None]


class Mall:
    """The shop with a load balancer, and an API that comes to it by a VPC link."""

    def __init__(self, shop: Any) -> None:
        self.shop, client = shop, shop.session.client
        self.elb, self.api = client("elbv2"), client("apigatewayv2")
        subnets = shop.ec2.describe_subnets()["Subnets"][:2]
        self.subnets = [one["SubnetId"] for one in subnets]
        self.vpc = subnets[0]["VpcId"]

    def group(self, name: str) -> str:
        made = self.elb.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip"
        )
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def balancer(self, name: str, group: str) -> str:
        """The ARN of a listener that sends everything to a target group."""
        made = self.elb.create_load_balancer(Name=name, Scheme="internal", Subnets=self.subnets)
        self.arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        listener = self.elb.create_listener(
            LoadBalancerArn=self.arn,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )["Listeners"][0]["ListenerArn"]
        return str(listener)

    def rule(self, listener: str, priority: int, path: str, group: str = "") -> None:
        fixed = {"StatusCode": "404", "ContentType": "text/plain"}
        refuse = {"Type": "fixed-response", "FixedResponseConfig": fixed}
        forward = {"Type": "forward", "TargetGroupArn": group}
        self.elb.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}],
            Actions=[forward if group else refuse],
        )

    def open_service(self, *groups: str, **more: Any) -> None:
        self.shop.ecs.create_cluster(clusterName="shop")
        port = [{"containerPort": 80}]
        web = {"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4"}
        self.shop.define(containerDefinitions=[web | {"portMappings": port}])
        self.shop.ecs.create_service(
            cluster="shop",
            serviceName="web",
            taskDefinition="web",
            desiredCount=2,
            loadBalancers=[
                {"targetGroupArn": one, "containerName": "app", "containerPort": 80}
                for one in groups
            ],
            **self.shop.network() | more,
        )
        self.shop.advance(400)

    def open_api(self, uri: str, *keys: str) -> None:
        link = self.api.create_vpc_link(Name="to-inner", SubnetIds=self.subnets)["VpcLinkId"]
        self.shop.advance(200)
        api = self.api.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
        one = self.api.create_integration(
            ApiId=api,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            IntegrationUri=uri,
            ConnectionType="VPC_LINK",
            ConnectionId=link,
            PayloadFormatVersion="1.0",
        )["IntegrationId"]
        for key in keys:
            self.api.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{one}")
        self.api.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)


@pytest.fixture
def mall(shop: Any) -> Iterator[Mall]:
    yield Mall(shop)


def test_an_api_a_link_and_a_balancer_in_front_of_a_service(mall: Mall, golden: Golden) -> None:
    group = mall.group("web")
    listener = mall.balancer("inner", group)
    mall.rule(listener, 10, "/admin/*")
    mall.open_service(group)
    mall.open_api(listener, "GET /orders/{id}", "$default")
    picture = architecture(mall.shop.session)
    golden("doors.txt", repr(picture))
    assert picture.alt.endswith(
        "; in front API orders, VPC link to-inner, load balancer inner, target group web."
    )
    for svg in (picture.svg, picture.narrow_svg):
        root = ElementTree.fromstring(str(svg))
        said = " ".join(one.text or "" for one in root.iter() if one.tag.endswith("}text"))
        for word in ("orders", "to-inner", "inner", "web", "AVAILABLE", "2 healthy"):
            assert word in said
    # API, link, balancer, target group, deployment; definition to deployment; two tasks
    assert str(picture.svg).count('class="arrow"') == 7


def test_only_what_leads_to_a_service_is_read(mall: Mall) -> None:
    group, other = mall.group("web"), mall.group("other")
    mall.balancer("inner", group)
    mall.open_api(mall.balancer("elsewhere", other), "$default")
    mall.open_service(group)
    services = mall.shop.ecs.describe_services(cluster="shop", services=["web"])["services"]
    doors = read_doors(mall.shop.session, services)
    assert list(doors.groups) == [group]
    assert [one.shape["LoadBalancerName"] for one in doors.balancers] == ["inner"]
    assert (doors.apis, doors.links) == ([], {})
    assert "elsewhere" not in repr(architecture(mall.shop.session))


def test_a_service_without_doors_asks_nothing_of_them(shop: Any) -> None:
    shop.open_service(1)
    before = len(shop.aws.world.history)
    architecture(shop.session)
    asked = {one.service for one in shop.aws.world.history[before:]}
    assert asked == {"ecs", "ec2"}


def test_two_services_behind_one_listener_and_many_rules(mall: Mall) -> None:
    web, other = mall.group("web"), mall.group("other")
    listener = mall.balancer("inner", web)
    mall.rule(listener, 10, "/other/*", other)
    for number in range(20, 24):
        mall.rule(listener, number, f"/{number}")
    mall.open_service(web)
    said = repr(architecture(mall.shop.session))
    assert "rule 10 /other/* to other" in said and "rule 20 /20: fixed-response" in said
    assert "and 3 more rules" in said and "/23" not in said
    assert "target group other: HTTP 80, targets by ip, no target" in said
    assert "-> target group other, target group web" in said


def test_a_stage_and_routes_that_are_too_many_are_counted(mall: Mall) -> None:
    group = mall.group("web")
    listener = mall.balancer("inner", group)
    mall.open_service(group)
    mall.open_api(listener, *(f"GET /{number}" for number in range(6)))
    said = repr(architecture(mall.shop.session))
    assert (
        "API orders: stage $default, route GET /0, route GET /1, route GET /2, and 3 more routes"
        in said
    )


def test_an_api_by_a_balancers_public_name_needs_no_link(mall: Mall) -> None:
    group = mall.group("web")
    mall.balancer("inner", group)
    mall.open_service(group)
    (found,) = mall.elb.describe_load_balancers()["LoadBalancers"]
    mall.api.create_api(Name="quick", ProtocolType="HTTP", Target=f"http://{found['DNSName']}:80/x")
    said = repr(architecture(mall.shop.session)).splitlines()
    place = next(n for n, line in enumerate(said) if line.startswith("API quick"))
    assert said[place + 1] == "  -> load balancer inner"


def test_a_link_leads_to_a_service_that_cloud_map_knows(mall: Mall) -> None:
    """There is no balancer in between, and so the arrow goes from the link to the deployment."""
    cloud_map = mall.shop.session.client("servicediscovery")
    begun = cloud_map.create_private_dns_namespace(Name="shop.local", Vpc=mall.vpc)["OperationId"]
    mall.shop.advance(120)
    operation = cloud_map.get_operation(OperationId=begun)["Operation"]
    registry = cloud_map.create_service(
        Name="web",
        NamespaceId=operation["Targets"]["NAMESPACE"],
        DnsConfig={"DnsRecords": [{"Type": "SRV", "TTL": 10}]},
    )["Service"]["Arn"]
    named = {"registryArn": registry, "containerName": "app", "containerPort": 80}
    mall.open_service(serviceRegistries=[named])
    mall.open_api(registry, "$default")
    said = repr(architecture(mall.shop.session)).splitlines()
    place = next(n for n, line in enumerate(said) if line.startswith("VPC link to-inner"))
    assert said[place + 1] == "  -> PRIMARY deployment"


def test_reading_doors_changes_nothing(mall: Mall) -> None:
    group = mall.group("web")
    listener = mall.balancer("inner", group)
    mall.open_service(group)
    mall.open_api(listener, "$default")
    before, now = repr(mall.shop.aws.timeline), mall.shop.aws.now()
    one, other = architecture(mall.shop.session), architecture(mall.shop.session)
    assert one._repr_mimebundle_() == other._repr_mimebundle_()
    assert (repr(mall.shop.aws.timeline), mall.shop.aws.now()) == (before, now)
