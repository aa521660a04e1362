"""Service Connect through boto3 and ECS Exec: who knows which endpoint, and who answers."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.ecs.task_roles import EXEC_ACTIONS

ROLE = "arn:aws:iam::123456789012:role/app"
ENDPOINT = {"portName": "http", "discoveryName": "api"}
CALL = "curl http://api.shop:8080/"
CHECK = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"], "interval": 10}


class Connected:
    """Services of the app, all in one security group that lets itself in."""

    def __init__(self, lab: Any, discovery: Any) -> None:
        self.lab, self.discovery = lab, discovery
        lab.role("app", {"Effect": "Allow", "Action": list(EXEC_ACTIONS), "Resource": "*"})
        discovery.namespace("shop", "http")
        made = lab.ec2.create_security_group(GroupName="own", Description="-", VpcId=lab.vpc)
        self.group = str(made["GroupId"])
        self.let_in(8080)
        self.define()

    def define(self, **container: Any) -> None:
        port = {"containerPort": 8080, "name": "http", "appProtocol": "http"}
        self.discovery.define(container={"portMappings": [port], **container}, taskRoleArn=ROLE)

    def let_in(self, port: int) -> None:
        pairs = [{"GroupId": self.group}]
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs}
        self.lab.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[rule])

    def service(self, name: str, *services: dict[str, Any], desired: int = 1, **more: Any) -> None:
        """A service of the namespace shop, with all its tasks; without *services* a client."""
        self.lab.steady(
            name,
            desired=desired,
            **{
                "taskDefinition": "api",
                "enableExecuteCommand": True,
                "networkConfiguration": self.lab.network(securityGroups=[self.group]),
                "serviceConnectConfiguration": self.config(*services),
            }
            | more,
        )

    def config(self, *services: dict[str, Any], **more: Any) -> dict[str, Any]:
        offered = {"services": list(services)} if services else {}
        return {"enabled": True, "namespace": "shop", **offered, **more}

    def ask(self, command: str = CALL, service: str = "client") -> str:
        """What a command prints in the first task of a service."""
        arn = self.lab.arns(serviceName=service)[0]
        self.lab.ecs.execute_command(
            cluster="lab", task=arn, command=command, container="app", interactive=True
        )
        return str(self.lab.aws.timeline.entries[-1].why)

    def answers(self, count: int = 4) -> set[str]:
        """The short ids of the tasks that answer so many requests."""
        said = [self.ask() for _ in range(count)]
        assert all(one.startswith("exit code 0; (task ") for one in said), said
        return {one.split()[4] for one in said}


@pytest.fixture
def connect(lab: Any, discovery: Any) -> Connected:
    return Connected(lab, discovery)


def test_an_endpoint_is_a_cloud_map_service_and_its_tasks_are_instances(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    connect.service("web", ENDPOINT, desired=2)
    (deployment,) = lab.describe()["deployments"]
    assert deployment["serviceConnectConfiguration"] == connect.config(ENDPOINT)
    (resource,) = deployment["serviceConnectResources"]
    (made,) = discovery.api.list_services()["Services"]
    assert resource == {"discoveryName": "api", "discoveryArn": made["Arn"]}
    assert set(discovery.instances(made)) == set(discovery.running())
    assert {one["AWS_INSTANCE_PORT"] for one in discovery.instances(made).values()} == {"8080"}
    answer = discovery.api.discover_instances(NamespaceName="shop", ServiceName="api")
    assert len(answer["Instances"]) == 2
    (arn,) = lab.ecs.list_services_by_namespace(namespace="shop")["serviceArns"]
    assert arn.endswith("/web")


def test_a_task_shows_the_proxy(lab: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    (arn,) = lab.arns()
    task = lab.task(arn)
    proxy, app = task["containers"]
    (attached,) = [one for one in task["attachments"] if one["type"] == "ServiceConnect"]
    assert attached["status"] == "ATTACHED"
    assert attached["details"] == [{"name": "ContainerName", "value": proxy["name"]}]
    assert proxy["name"].startswith("ecs-service-connect-") and app["name"] == "app"
    assert (proxy["lastStatus"], proxy["healthStatus"]) == ("RUNNING", "HEALTHY")
    assert proxy["networkInterfaces"] == app["networkInterfaces"]
    lab.stop(arn)
    lab.clock.advance(minutes=1)
    assert lab.task(arn)["containers"][0]["lastStatus"] == "STOPPED"
    definition = lab.ecs.describe_task_definition(taskDefinition="api")["taskDefinition"]
    assert [one["name"] for one in definition["containerDefinitions"]] == ["app"]


def test_a_client_asks_by_the_endpoints_name_each_task_in_turn(
    discovery: Any, connect: Connected
) -> None:
    connect.service("web", ENDPOINT, desired=2)
    connect.service("client")
    assert connect.answers() == {one[:8] for one in discovery.running()}
    assert connect.ask("curl http://api.shop/") == (
        "exit code 7; curl: (7) Failed to connect: Connection refused (api.shop has the port 8080)"
    )
    assert connect.ask("curl http://other.shop:8080/").startswith("exit code 6")


def test_an_alias_is_a_name_and_port_of_its_own(connect: Connected) -> None:
    alias = {"clientAliases": [{"port": 80, "dnsName": "shop-api"}]}
    connect.service("web", ENDPOINT | alias)
    connect.service("client")
    assert "answers 200" in connect.ask("curl http://shop-api/")
    assert connect.ask(CALL).startswith("exit code 6")


def test_a_client_from_before_has_to_be_deployed_anew(lab: Any, connect: Connected) -> None:
    connect.service("client")
    connect.service("web", ENDPOINT)
    newer = "api.shop is newer than this task's deployment: deploy its service anew"
    assert newer in connect.ask()
    lab.stop(lab.arns(serviceName="client")[0])
    lab.clock.advance(minutes=2)
    assert newer in connect.ask()  # a replacement knows no more than whom it replaces
    lab.update("client", forceNewDeployment=True)
    lab.clock.advance(minutes=3)
    assert "answers 200" in connect.ask()


def test_tasks_that_come_and_go_need_no_new_client(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client")
    lab.update(desiredCount=3)
    lab.clock.advance(minutes=2)
    assert connect.answers(6) == {one[:8] for one in discovery.running()}
    connect.define()
    lab.update(taskDefinition="api", desiredCount=1)
    lab.clock.advance(minutes=4)
    assert connect.answers() == {one[:8] for one in discovery.running()}


def test_only_tasks_of_services_in_the_namespace_know_it(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client", serviceConnectConfiguration=None)
    assert "which only tasks of services with Service Connect" in connect.ask()
    discovery.namespace("other", "http")
    config = connect.config() | {"namespace": "other"}
    lab.update("client", serviceConnectConfiguration=config)
    lab.clock.advance(minutes=3)
    assert "api.shop is an endpoint of shop, not of other" in connect.ask()


def test_nobody_outside_resolves_it(lab: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    assert lab.aws.get("http://api.shop:8080/").why == (
        "could not resolve host: api.shop is an endpoint of Service Connect in shop, which only "
        "tasks of services in that namespace know; ask from there, by ECS Exec"
    )


def test_on_instances_under_bridge_the_bound_port_answers(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    lab.launch(2)
    port = {"containerPort": 80, "name": "http", "appProtocol": "http"}
    container = {"name": "app", "image": "public.ecr.aws/docker/library/nginx:1.29"}
    lab.ecs.register_task_definition(
        family="box",
        networkMode="bridge",
        memory="256",
        taskRoleArn=ROLE,
        containerDefinitions=[container | {"portMappings": [port]}],
    )
    on_instances = {"taskDefinition": "box", "launchType": "EC2", "networkConfiguration": None}
    connect.service("web", ENDPOINT, desired=2, **on_instances)
    connect.service("client", **on_instances)
    (made,) = discovery.api.list_services()["Services"]
    bound = {
        str(one["networkBindings"][0]["hostPort"])
        for arn in lab.arns(serviceName="web")
        for one in lab.task(arn)["containers"]
        if one["name"] == "app"
    }
    assert {one["AWS_INSTANCE_PORT"] for one in discovery.instances(made).values()} == bound
    found = {connect.ask("curl http://api.shop:80/") for _ in range(4)}
    assert found == {f"exit code 0; (task {one[:8]} answers 200)" for one in discovery.running()}


def test_unhealthy_tasks_are_sent_nothing(lab: Any, discovery: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT, desired=2, healthCheckGracePeriodSeconds=3600)
    connect.service("client")
    sick, well = discovery.running()
    (made,) = discovery.api.list_services()["Services"]
    discovery.api.update_instance_custom_health_status(
        ServiceId=made["Id"], InstanceId=sick, Status="UNHEALTHY"
    )
    lab.clock.advance(30)
    assert connect.answers() == {well[:8]}


def test_tasks_whose_checks_have_yet_to_pass_are_sent_nothing(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client")
    (old,) = discovery.running()
    connect.define(healthCheck=CHECK)
    lab.update(taskDefinition="api")
    seen = []
    for _ in range(90):
        lab.clock.advance(1)
        (answering,) = connect.answers(1)
        states = {arn[-32:][:8]: lab.task(arn)["healthStatus"] for arn in lab.arns()}
        assert answering == old[:8] or states[answering] == "HEALTHY"
        if answering not in seen:
            seen.append(answering)
    (new,) = discovery.running()
    assert seen == [old[:8], new[:8]]


def test_with_nobody_to_answer_the_proxy_does(lab: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client")
    lab.update(desiredCount=0)
    lab.clock.advance(minutes=1)
    assert connect.ask() == (
        "exit code 0; (the Service Connect proxy answers 503: no task of api is there and healthy)"
    )
    assert connect.ask("curl -f http://api.shop:8080/").startswith("exit code 22")


def test_a_security_group_that_does_not_let_in_is_a_503(lab: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT | {"ingressPortOverride": 15000})
    connect.service("client")
    assert "answers 503: no rule of" in connect.ask()
    connect.let_in(15000)
    assert "answers 200" in connect.ask()


def test_over_tcp_there_is_no_answer_at_all(lab: Any, discovery: Any, connect: Connected) -> None:
    discovery.define(taskRoleArn=ROLE)  # its port says no appProtocol
    connect.service("web", ENDPOINT)
    connect.service("client")
    assert "answers 200" in connect.ask()
    lab.update(desiredCount=0)
    lab.clock.advance(minutes=1)
    assert connect.ask().startswith("exit code 52; curl: (52) Empty reply from server")


def test_the_clusters_namespace_is_the_default(
    lab: Any, discovery: Any, connect: Connected
) -> None:
    lab.ecs.update_cluster(cluster="lab", serviceConnectDefaults={"namespace": "shop"})
    (space,) = discovery.api.list_namespaces()["Namespaces"]
    assert lab.cluster()["serviceConnectDefaults"] == {"namespace": space["Arn"]}
    config = {"enabled": True, "services": [ENDPOINT]}
    connect.service("web", serviceConnectConfiguration=config)
    shown = lab.describe()["deployments"][0]["serviceConnectConfiguration"]
    assert shown == config | {"namespace": space["Arn"]}
    lab.update(serviceConnectConfiguration=config)
    assert len(lab.describe()["deployments"]) == 1  # it says what is so already


def test_a_new_cluster_waits_for_its_new_namespace(lab: Any, discovery: Any, refused: Any) -> None:
    given = {"clusterName": "kitchen", "serviceConnectDefaults": {"namespace": "oven"}}
    made = lab.ecs.create_cluster(**given)["cluster"]
    assert made["status"] == "PROVISIONING"
    assert discovery.api.list_namespaces()["Namespaces"] == []
    lab.clock.advance(5)
    (space,) = discovery.api.list_namespaces()["Namespaces"]
    assert (space["Name"], space["Type"]) == ("oven", "HTTP")
    shown = lab.cluster("kitchen")
    assert shown["status"] == "ACTIVE"
    assert shown["serviceConnectDefaults"] == {"namespace": space["Arn"]}
    lab.ecs.update_cluster(cluster="kitchen", serviceConnectDefaults={"namespace": ""})
    assert "serviceConnectDefaults" not in lab.cluster("kitchen")
    unknown = {"namespace": f"{space['Arn']}x"}
    call = lab.ecs.update_cluster
    assert refused(call, cluster="kitchen", serviceConnectDefaults=unknown).code == (
        "NamespaceNotFoundException"
    )


@pytest.mark.parametrize(
    ("config", "code", "says"),
    [
        (
            {"namespace": "nope"},
            "NamespaceNotFoundException",
            "Failed to retrieve namespace for nope",
        ),
        ({"namespace": None}, "InvalidParameterException", "needs a namespace"),
        (
            {"services": [{"portName": "x"}]},
            "InvalidParameterException",
            "the name of no port mapping",
        ),
        (
            {"services": [ENDPOINT]},
            "InvalidParameterException",
            "SC service is already used by arn:aws:servicediscovery",
        ),
        (
            {
                "services": [
                    {"portName": "http", "clientAliases": [{"port": 8080, "dnsName": "api.shop"}]}
                ]
            },
            "InvalidParameterException",
            "The endpoint api.shop:8080 is taken",
        ),
    ],
)
def test_what_is_refused_creates_nothing(
    lab: Any, connect: Connected, refused: Any, config: dict[str, Any], code: str, says: str
) -> None:
    connect.service("web", ENDPOINT)
    given = {key: one for key, one in (connect.config() | config).items() if one is not None}
    found = refused(lab.service, "second", taskDefinition="api", serviceConnectConfiguration=given)
    assert found.code == code and says in found.message
    assert len(lab.ecs.list_services(cluster="lab")["serviceArns"]) == 1
    assert len(lab.aws.client("servicediscovery").list_services()["Services"]) == 1


def test_it_ends_with_its_service(lab: Any, discovery: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client")
    lab.delete()
    lab.clock.advance(minutes=2)
    assert discovery.api.list_services()["Services"] == []
    assert "answers 503" in connect.ask()
    connect.service("web", ENDPOINT)
    (space,) = discovery.api.list_namespaces()["Namespaces"]
    assert space["ServiceCount"] == 1


def test_turned_off_its_tasks_are_plain_again(lab: Any, discovery: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    lab.update(serviceConnectConfiguration={"enabled": False})
    lab.clock.advance(minutes=3)
    (arn,) = lab.arns()
    assert [one["type"] for one in lab.task(arn)["attachments"]] == ["ElasticNetworkInterface"]
    assert (
        "serviceConnectResources" not in lab.describe()["deployments"][0]
        or not (lab.describe()["deployments"][0]["serviceConnectResources"])
    )
    assert lab.ecs.list_services_by_namespace(namespace="shop")["serviceArns"] == []


def test_a_snapshot_brings_the_endpoints_back(lab: Any, discovery: Any, connect: Connected) -> None:
    connect.service("web", ENDPOINT)
    connect.service("client")
    kept, before = lab.aws.snapshot(), connect.answers()
    lab.update(desiredCount=0)
    lab.clock.advance(minutes=1)
    assert "answers 503" in connect.ask()
    kept.restore()
    assert connect.answers() == before
