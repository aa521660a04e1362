"""Requests to an API's address: which task answers through which doors, and what is in the way."""

from __future__ import annotations

from typing import Any

import pytest

UNAVAILABLE = '{"message":"Service Unavailable"}'


class Door:
    """An API with a VPC link in front of a site's balancer, in one line each."""

    def __init__(self, site: Any) -> None:
        self.site, self.lab = site, site.lab
        self.api = site.lab.aws.client("apigatewayv2")
        made = self.api.create_api(Name="shop", ProtocolType="HTTP")
        self.id, self.url = str(made["ApiId"]), str(made["ApiEndpoint"])
        ec2 = self.lab.ec2
        self.group = ec2.create_security_group(
            GroupName="link", Description="of the link", VpcId=self.lab.vpc
        )["GroupId"]
        self.link = self.api.create_vpc_link(
            Name="link", SubnetIds=self.lab.subnets, SecurityGroupIds=[self.group]
        )["VpcLinkId"]
        self.lab.clock.advance(minutes=3)

    def integrate(self, uri: str = "", **more: Any) -> str:
        private = {"ConnectionType": "VPC_LINK", "ConnectionId": self.link}
        given = {
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "ANY",
            "IntegrationUri": uri or self.site.listener,
            "PayloadFormatVersion": "1.0",
        }
        given |= private if not uri.startswith("http") else {}
        made = self.api.create_integration(ApiId=self.id, **(given | more))
        return str(made["IntegrationId"])

    def route(self, key: str, one: str) -> None:
        self.api.create_route(ApiId=self.id, RouteKey=key, Target=f"integrations/{one}")

    def stage(self, name: str = "$default", **more: Any) -> None:
        self.api.create_stage(ApiId=self.id, StageName=name, AutoDeploy=True, **more)

    def get(self, path: str = "/") -> Any:
        return self.lab.aws.get(f"{self.url}{path}")


@pytest.fixture
def door(site: Any) -> Door:
    return Door(site)


def test_a_request_through_stage_route_link_and_balancer_to_a_program(
    site: Any, door: Door
) -> None:
    site.service()
    door.route("ANY /{proxy+}", door.integrate())
    door.route("GET /", door.integrate())
    door.stage()
    replies = [door.get() for _ in range(4)]
    assert [one.status for one in replies] == [200] * 4
    assert {one.task for one in replies} == set(site.lab.arns())
    assert replies[0].body == "Hello from the web app"
    assert replies[0].by == (
        "API shop",
        "stage $default",
        "route GET /",
        "VPC link link",
        "listener HTTP:80 of front",
        "default rule",
        "target group web",
        f"task {str(replies[0].task)[-32:][:8]}",
    )
    assert door.get("/nothing").status == 404 and door.get("/nothing").task


def test_what_has_no_stage_or_no_route_is_not_found(site: Any, door: Door) -> None:
    site.service()
    not_found = (404, '{"message":"Not Found"}')
    nowhere = door.get()
    assert (nowhere.status, nowhere.body) == not_found
    assert nowhere.why == "API shop has no stage for /, and none named $default"
    door.route("POST /", door.integrate())
    door.stage()
    wrong = door.get()
    assert (wrong.status, wrong.body, wrong.why) == (*not_found, "no route takes GET /")
    assert wrong.by == ("API shop", "stage $default")
    assert repr(wrong).splitlines()[1] == "  404 Not Found: no route takes GET /"


def test_a_named_stage_is_part_of_the_path_unless_it_is_overwritten(site: Any, door: Door) -> None:
    """The program knows ``/`` and nothing else; what it was asked for is in its log."""
    site.service()
    door.route("GET /", door.integrate())
    door.stage("prod")
    door.stage("test")
    assert door.get("/prod/").status == 404  # the program's own: it was asked for /prod/
    assert door.get("/prod/").task
    (route,) = door.api.get_routes(ApiId=door.id)["Items"]
    mapped = door.integrate(RequestParameters={"overwrite:path": "$request.path"})
    door.api.update_route(ApiId=door.id, RouteId=route["RouteId"], Target=f"integrations/{mapped}")
    assert (door.get("/prod/").status, door.get("/test").status) == (200, 200)
    assert door.get("/other/").why == "API shop has no stage for /other/, and none named $default"


def test_rules_of_the_listener_see_the_path_and_the_host_that_an_integration_sends(
    site: Any, door: Door
) -> None:
    fixed = {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "short and stout"}
    tea = {"Type": "fixed-response", "FixedResponseConfig": fixed}
    hosts = {"Field": "host-header", "HostHeaderConfig": {"Values": ["tea.example.com"]}}
    paths = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/prod/pot"]}}
    methods = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["PUT"]}}
    for priority, condition in enumerate((hosts, paths, methods), 1):
        site.elb.create_rule(
            ListenerArn=site.listener, Priority=priority, Conditions=[condition], Actions=[tea]
        )
    door.route("GET /pot", door.integrate())
    to_tea = {"overwrite:header.host": "tea.example.com"}
    door.route("GET /host", door.integrate(RequestParameters=to_tea))
    door.route("GET /put", door.integrate(IntegrationMethod="PUT"))
    door.stage("prod")
    assert door.get("/prod/put").by[-1] == "rule 3"
    assert (door.get("/prod/pot").status, door.get("/prod/pot").body) == (418, "short and stout")
    assert door.get("/prod/host").by[-1] == "rule 1"


def test_a_link_whose_way_is_barred(site: Any, door: Door) -> None:
    """The balancer lets in whom its security group names; the link is not among them."""
    site.service()
    door.route("GET /", door.integrate())
    door.stage()
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    everybody = rule | {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    site.lab.ec2.revoke_security_group_ingress(GroupId=site.front_group, IpPermissions=[everybody])
    reply = door.get()
    assert (reply.status, reply.body, reply.task) == (503, UNAVAILABLE, None)
    assert reply.why.startswith(f"timed out: no rule of {site.front_group}")
    assert reply.by[-1] == "VPC link link"
    by_group = rule | {"UserIdGroupPairs": [{"GroupId": door.group}]}
    site.lab.ec2.authorize_security_group_ingress(
        GroupId=site.front_group, IpPermissions=[by_group]
    )
    assert door.get().status == 200
    assert site.get().status is None  # who comes from the internet is none of that group


def test_a_link_that_lets_nothing_out(site: Any, door: Door) -> None:
    site.service()
    door.route("GET /", door.integrate())
    door.stage()
    out = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    site.lab.ec2.revoke_security_group_egress(GroupId=door.group, IpPermissions=[out])
    assert door.get().status == 503 and door.group in door.get().why


def test_what_a_balancer_answers_is_passed_on(site: Any, door: Door) -> None:
    door.route("GET /", door.integrate())
    door.stage()
    reply = door.get()
    assert (reply.status, reply.body) == (503, "") and "target group web" in reply.why
    site.service()
    site.lab.ec2.revoke_security_group_ingress(
        GroupId=site.task_group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "UserIdGroupPairs": [{"GroupId": site.front_group}],
            }
        ],
    )
    assert door.get().status == 504 and site.task_group in door.get().why


def test_a_link_that_goes_and_a_listener_that_went(site: Any, door: Door) -> None:
    """A deployment keeps an integration whose route and link are deleted since."""
    site.service()
    one = door.integrate()
    door.route("GET /", one)
    door.stage()
    site.elb.delete_listener(ListenerArn=site.listener)
    assert door.get().status == 503 and door.get().why.startswith("the listener ")
    site.listener = site.listen(site.tg)
    site.clock.advance(minutes=1)  # the targets are healthy again
    door.api.update_integration(ApiId=door.id, IntegrationId=one, IntegrationUri=site.listener)
    assert door.get().status == 200
    door.api.update_stage(ApiId=door.id, StageName="$default", AutoDeploy=False)
    for route in door.api.get_routes(ApiId=door.id)["Items"]:
        door.api.delete_route(ApiId=door.id, RouteId=route["RouteId"])
    door.api.delete_vpc_link(VpcLinkId=door.link)
    reply = door.get()
    assert (reply.status, reply.body) == (503, UNAVAILABLE)
    assert reply.why == "VPC link link is DELETING"
    door.lab.clock.advance(minutes=2)
    assert door.get().why == f"VPC link {door.link} is gone"


def test_a_program_that_needs_longer_than_the_integration_waits(site: Any, door: Door) -> None:
    """The program needs 100 ms for an answer, and a little more with others to serve."""
    site.service()
    one = door.integrate(TimeoutInMillis=50)
    door.route("GET /", one)
    door.stage()
    reply = door.get()
    assert (reply.status, reply.body, reply.task) == (503, UNAVAILABLE, None)
    assert reply.why.endswith("needs 0.1 s, and the API's integration waits 50 ms")
    door.api.update_integration(ApiId=door.id, IntegrationId=one, TimeoutInMillis=100)
    assert door.get().status == 200
    sent = door.lab.aws.traffic(f"{door.url}/", rate=10, minutes=1)
    assert sent.sent == sent.answered + sent.refused + sent.dropped == 600
    assert sent.by_status == {503: 600}
    assert sent.dropped == 600 and "waits 100 ms" in repr(sent)
    door.api.update_integration(ApiId=door.id, IntegrationId=one, TimeoutInMillis=30_000)
    sent = door.lab.aws.traffic(f"{door.url}/", rate=10, minutes=1)
    assert sent.by_status == {200: 600}


def test_traffic_through_an_api_is_shared_and_adds_up(site: Any, door: Door) -> None:
    site.service()
    door.route("GET /", door.integrate())
    door.stage()
    sent = door.lab.aws.traffic(f"{door.url}/", rate=10)
    door.lab.clock.advance(minutes=5)
    door.api.update_stage(ApiId=door.id, StageName="$default", AutoDeploy=False)
    assert sorted(sent.by_task.values()) == [1500, 1500]
    site.lab.update(desiredCount=0)
    door.lab.clock.advance(minutes=10)
    sent.stop()
    assert sent.sent == sent.answered + sent.refused + sent.dropped == 9000
    assert set(sent.by_status) == {200, 503} and sent.dropped == 0


def test_an_integration_with_the_public_name_of_a_balancer(site: Any, door: Door) -> None:
    site.service()
    door.route("GET /shop/{proxy+}", door.integrate(f"{site.url}{{proxy}}"))
    door.route("$default", door.integrate(site.url))
    door.stage("prod")
    assert door.get("/prod/").status == 200  # $default: the whole path without the stage's name
    assert door.get("/prod/shop/missing").status == 404
    assert door.get("/prod/shop/missing").by[:3] == (
        "API shop",
        "stage prod",
        "route GET /shop/{proxy+}",
    )


def test_an_internal_balancer_is_nothing_for_the_internet_and_is_for_a_link(
    lab: Any, site: Any, door: Door
) -> None:
    made = site.elb.create_load_balancer(
        Name="inner", Scheme="internal", Subnets=lab.subnets, SecurityGroups=[site.front_group]
    )["LoadBalancers"][0]
    lab.clock.advance(minutes=3)
    group = site.group("inner")
    listener = site.listen(group, balancer=made["LoadBalancerArn"])
    site.service(tg=group)
    door.route("GET /link", door.integrate(listener, RequestParameters={"overwrite:path": "/"}))
    door.route("GET /open", door.integrate(f"http://{made['DNSName']}/"))
    door.stage()
    assert door.get("/link").status == 200
    reply = door.get("/open")
    assert (reply.status, reply.why) == (503, "timed out: inner has no public address")


def test_a_network_load_balancer_behind_a_link(lab: Any, site: Any, door: Door) -> None:
    made = site.elb.create_load_balancer(
        Name="net", Type="network", Scheme="internal", Subnets=lab.subnets
    )["LoadBalancers"][0]
    lab.clock.advance(minutes=3)
    group = site.group("net", protocol="TCP")
    listener = site.listen(group, balancer=made["LoadBalancerArn"], protocol="TCP")
    door.route("GET /", door.integrate(listener))
    door.stage()
    reply = door.get()
    assert (reply.status, reply.body) == (503, UNAVAILABLE) and "target group net" in reply.why
    by_address = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}
    lab.ec2.authorize_security_group_ingress(
        GroupId=site.task_group,
        IpPermissions=[by_address | {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}],
    )
    site.service(tg=group)
    assert door.get().status == 200
    assert door.get().by[4:6] == ("listener TCP:80 of net", "default rule")


def test_an_api_is_reached_over_https_only(door: Door) -> None:
    door.stage()
    reply = door.lab.aws.get(door.url.replace("https", "http"))
    assert (reply.status, reply.why) == (None, "API shop is reached over https only")


def test_tls_to_a_listener_that_speaks_none(site: Any, door: Door) -> None:
    site.service()
    secure = {"ServerNameToVerify": "shop.example.com"}
    door.route("GET /", door.integrate(TlsConfig=secure))
    door.stage()
    assert door.get().status == 503 and "speaks no TLS" in door.get().why


class Registry:
    """A Cloud Map service of a private namespace, with SRV records or A records."""

    def __init__(self, door: Door, record: str = "SRV") -> None:
        self._client = door.lab.aws.client("servicediscovery")
        made = self._client.create_private_dns_namespace(Name="shop.local", Vpc=door.lab.vpc)
        door.lab.clock.advance(minutes=2)
        operation = self._client.get_operation(OperationId=made["OperationId"])["Operation"]
        found = self._client.create_service(
            Name="web",
            NamespaceId=operation["Targets"]["NAMESPACE"],
            DnsConfig={"DnsRecords": [{"Type": record, "TTL": 10}]},
            HealthCheckCustomConfig={"FailureThreshold": 1},
        )["Service"]
        self._id, self.arn = found["Id"], str(found["Arn"])
        self._clock = door.lab.clock

    def register(self, name: str, address: str, port: int | None = 8080) -> None:
        given = {"AWS_INSTANCE_IPV4": address}
        given |= {"AWS_INSTANCE_PORT": str(port)} if port else {}
        self._client.register_instance(ServiceId=self._id, InstanceId=name, Attributes=given)
        self._clock.advance(minutes=1)

    def is_unhealthy(self, name: str) -> None:
        """Say so; it holds after half a minute."""
        self._client.update_instance_custom_health_status(
            ServiceId=self._id, InstanceId=name, Status="UNHEALTHY"
        )


def addresses(site: Any) -> list[str]:
    """Private addresses of the lab's tasks."""
    tasks = site.lab.ecs.describe_tasks(cluster="lab", tasks=site.lab.arns())["tasks"]
    details = [each["attachments"][0]["details"] for each in tasks]
    return [one["value"] for each in details for one in each if one["name"] == "privateIPv4Address"]


def let_link_in(site: Any, door: Door) -> None:
    pairs = [{"GroupId": door.group}]
    rule = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": pairs}
    site.lab.ec2.authorize_security_group_ingress(GroupId=site.task_group, IpPermissions=[rule])


def test_instances_of_cloud_map_behind_a_link(site: Any, door: Door) -> None:
    site.service(loadBalancers=[])
    registry = Registry(door)
    door.route("GET /", door.integrate(registry.arn))
    door.stage()
    reply = door.get()
    assert (reply.status, reply.body) == (503, UNAVAILABLE)
    assert reply.why.endswith("has no healthy instance")
    for number, address in enumerate(addresses(site)):
        registry.register(f"task-{number}", address)
    barred = door.get()
    assert barred.status == 503 and site.task_group in barred.why
    let_link_in(site, door)
    replies = [door.get() for _ in range(4)]
    assert [one.status for one in replies] == [200] * 4
    assert {one.task for one in replies} == set(site.lab.arns())
    assert replies[0].by[3:5] == (
        "VPC link link",
        f"Cloud Map service {registry.arn.rsplit('/', 1)[-1]}",
    )
    assert {one.by[5] for one in replies} == {f"instance {one}:8080" for one in addresses(site)}


def test_traffic_to_instances_and_to_one_that_nobody_is(site: Any, door: Door) -> None:
    site.service(loadBalancers=[])
    let_link_in(site, door)
    registry = Registry(door)
    for number, address in enumerate((*addresses(site), "10.0.1.200")):
        registry.register(f"task-{number}", address)
    door.route("GET /", door.integrate(registry.arn))
    door.stage()
    sent = door.lab.aws.traffic(f"{door.url}/", rate=30, minutes=1)
    assert sent.by_status == {200: 1200, 503: 600}
    assert sent.sent == sent.answered + sent.refused + sent.dropped == 1800
    assert sorted(sent.by_task.values()) == [600, 600]


def test_instances_without_a_port_are_no_backend(site: Any, door: Door, refused: Any) -> None:
    """A records say an address and no port; on AWS SRV records, or Service Connect, are asked for."""
    site.service(loadBalancers=[])
    registry = Registry(door, "A")
    registry.register("task", addresses(site)[0], None)
    door.route("GET /", door.integrate(registry.arn))
    door.stage()
    assert door.get().status == 503 and door.get().why.endswith(
        "says no port: it needs SRV records, or Service Connect"
    )
    nobody = refused(door.integrate, f"{registry.arn}x")
    assert nobody.code == "BadRequestException" and "Cloud Map service" in nobody.message


def test_an_instance_that_becomes_unhealthy_gets_no_requests(site: Any, door: Door) -> None:
    """Nobody calls anything at that moment: the health that was asked for holds by then."""
    site.service(loadBalancers=[])
    let_link_in(site, door)
    registry = Registry(door)
    for number, address in enumerate(addresses(site)):
        registry.register(f"task-{number}", address)
    door.route("GET /", door.integrate(registry.arn))
    door.stage()
    sent = door.lab.aws.traffic(f"{door.url}/", rate=10)
    registry.is_unhealthy("task-0")
    door.lab.clock.advance(minutes=1)
    sent.stop()
    assert sent.by_status == {200: 600}
    assert sorted(sent.by_task.values()) == [150, 450]


def test_tasks_that_register_with_cloud_map_are_reached(site: Any, door: Door) -> None:
    """Every part is AWS's own: the service says its registry, a task registers, the API finds it."""
    let_link_in(site, door)
    registry = Registry(door)
    named = {"registryArn": registry.arn, "containerName": "app", "containerPort": 8080}
    site.service(loadBalancers=[], serviceRegistries=[named])
    door.route("ANY /{proxy+}", door.integrate(registry.arn))
    door.stage("prod")
    reply = door.get("/prod/x")
    assert reply.task in site.lab.arns() and reply.status == 404  # it was asked for /prod/x
    site.lab.update(desiredCount=0)
    door.lab.clock.advance(minutes=2)
    assert door.get("/prod/x").why.endswith("has no healthy instance")
