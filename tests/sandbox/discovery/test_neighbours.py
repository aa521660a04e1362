"""A task asks another one by ECS Exec: by name and by address, and what is in the way."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.ecs.task_roles import EXEC_ACTIONS

ROLE = "arn:aws:iam::123456789012:role/app"


@pytest.fixture
def ask(lab: Any, discovery: Any) -> Any:
    """``ask("curl ...")``: what a command prints in a task of the service ``client``, started here."""
    lab.role("app", {"Effect": "Allow", "Action": list(EXEC_ACTIONS), "Resource": "*"})
    for setting in ("EnableDnsSupport", "EnableDnsHostnames"):
        lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, **{setting: {"Value": True}})
    lab.define(
        "client",
        containerDefinitions=[{"name": "sh", "image": "registry.example.com/web:1"}],
        taskRoleArn=ROLE,
    )
    lab.steady("client", desired=1, taskDefinition="client", enableExecuteCommand=True)

    def run(command: str) -> str:
        (arn,) = lab.arns(serviceName="client")
        lab.ecs.execute_command(cluster="lab", task=arn, command=command, interactive=True)
        return str(lab.aws.timeline.entries[-1].why)

    return run


@pytest.fixture
def api(lab: Any, discovery: Any, ask: Any) -> dict[str, Any]:
    """The registry of a service ``web`` of two tasks, called api.shop.local."""
    made = discovery.service(discovery.namespace("shop.local"))
    given = [{"registryArn": made["Arn"]}]
    lab.steady(taskDefinition="api", serviceRegistries=given, networkConfiguration=own_group(lab))
    return dict(made)


def own_group(lab: Any) -> dict[str, Any]:
    """A network whose security group lets the VPC in, on the app's port."""
    group = lab.ec2.create_security_group(GroupName="api", Description="-", VpcId=lab.vpc)
    rule = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}
    lab.ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"],
        IpPermissions=[{**rule, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}],
    )
    return dict(lab.network(securityGroups=[group["GroupId"]]))


def test_by_its_name_each_task_answers_in_turn(
    lab: Any, discovery: Any, api: Any, ask: Any
) -> None:
    said = [ask("curl http://api.shop.local:8080/") for _ in range(4)]
    tasks = [one[:8] for one in discovery.running()]
    assert sorted(said) == sorted(
        f"exit code 0; (task {one} answers 200)" for one in tasks for _ in range(2)
    )
    assert ask("curl -f http://api.shop.local:8080/nowhere").startswith("exit code 22")
    addresses = [one["AWS_INSTANCE_IPV4"] for one in discovery.instances(api).values()]
    looked = ask("getent hosts api.shop.local")
    assert all(f"{one:<15} api.shop.local" in looked for one in addresses)
    assert ask(f"curl http://{addresses[0]}:8080/").startswith("exit code 0; (task ")


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (
            "curl http://api.shop.local/",
            "exit code 28; curl: (28) Connection timed out (no rule of",
        ),
        ("curl http://nothing.shop.local:8080/", "exit code 6; curl: (6) Could not resolve host"),
        ("getent hosts nothing.shop.local", "exit code 2"),
        ("curl http://10.0.1.250:8080/", "exit code 28; curl: (28) Connection timed out"),
        ("curl https://api.shop.local:8080/", "exit code 35; curl: (35) TLS connect error"),
    ],
)
def test_what_is_in_the_way(api: Any, ask: Any, command: str, shown: str) -> None:
    assert ask(command).startswith(shown)


def test_a_name_needs_the_vpcs_dns_settings(lab: Any, api: Any, ask: Any) -> None:
    lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": False})
    assert ask("curl http://api.shop.local:8080/") == (
        f"exit code 6; curl: (6) Could not resolve host (enableDnsHostnames of {lab.vpc} is off)"
    )


def test_an_unhealthy_instance_is_not_among_the_addresses(
    lab: Any, discovery: Any, api: Any, ask: Any
) -> None:
    sick, well = discovery.instances(api)
    lab.update(healthCheckGracePeriodSeconds=3600)  # so that nobody is replaced
    discovery.api.update_instance_custom_health_status(
        ServiceId=api["Id"], InstanceId=sick, Status="UNHEALTHY"
    )
    lab.clock.advance(30)
    said = {ask("curl http://api.shop.local:8080/") for _ in range(3)}
    assert said == {f"exit code 0; (task {well[:8]} answers 200)"}


def test_the_one_who_answers_writes_a_line(lab: Any, discovery: Any, ask: Any) -> None:
    logs = lab.aws.client("logs")
    logs.create_log_group(logGroupName="/ecs/api")
    options = {"awslogs-group": "/ecs/api", "awslogs-region": "us-east-1"}
    options["awslogs-stream-prefix"] = "ecs"
    execution = lab.role()
    discovery.define(
        container={"logConfiguration": {"logDriver": "awslogs", "options": options}},
        executionRoleArn=execution,
    )
    registry = discovery.registry()
    given = [{"registryArn": registry["Arn"]}]
    lab.steady(
        desired=1,
        taskDefinition="api",
        serviceRegistries=given,
        networkConfiguration=own_group(lab),
    )
    assert "answers 200" in ask("curl http://api.api.internal:8080/health")
    lab.clock.advance(1)
    found = logs.filter_log_events(logGroupName="/ecs/api", filterPattern="health")["events"]
    assert len(found) == 1


def test_on_an_instance_the_bound_port_answers(lab: Any, discovery: Any, ask: Any) -> None:
    lab.launch()
    lab.define_ec2()
    registry = discovery.registry(record="SRV")
    port = {"containerName": "app", "containerPort": 80}
    lab.service_ec2(desired=1, serviceRegistries=[{"registryArn": registry["Arn"], **port}])
    lab.clock.advance(minutes=3)
    ((task, found),) = discovery.instances(registry).items()
    name, port_there = f"{task}.api.api.internal", found["AWS_INSTANCE_PORT"]
    assert ask(f"curl http://{name}:{port_there}/") == f"exit code 0; (task {task[:8]} answers 200)"
    assert "has SRV records, and no address of its own" in ask("curl http://api.api.internal/")


def test_nobody_outside_resolves_it(lab: Any, api: Any) -> None:
    reply = lab.aws.get("http://api.shop.local:8080/")
    assert reply.status is None
    assert reply.why == (
        "could not resolve host: api.shop.local is a name of the private namespace shop.local, "
        f"which only {lab.vpc} knows; ask from there, by ECS Exec"
    )
