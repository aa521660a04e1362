"""The lab: an open sandbox with a cluster, a Fargate task definition and two subnets."""

import json
from collections.abc import Callable, Generator, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from course import sandbox
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.clock import Clock
from course.sandbox.ecs.resources import Service, Task
from course.sandbox.history import ApiCall
from course.sandbox.sandbox import Sandbox

READS = ("Describe", "List", "Get")

# One session for all tests: it reads botocore's models once, which is most of what a client costs.
SESSION = boto3.Session(region_name="us-east-1")


EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


INSTANCE_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
ECS_AMI = "ami-05fb4f257abd42992"
"""The ECS-optimized AMI of Amazon Linux 2023 that moto 5.2.5 recommends in us-east-1."""


class Lab:
    """What a test says to ECS, in one line each; every call goes through plain boto3."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.profile = ""
        self._way_out: set[str] = set()
        self.ecs: Any = SESSION.client("ecs")
        self.ec2: Any = SESSION.client("ec2")
        self.vpc: str = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet("10.0.1.0/24", "a"), self.subnet("10.0.2.0/24", "b")]
        self.nat = lead_out_by_nat(self.ec2, self.vpc)
        self._way_out = {one["NetworkInterfaceId"] for one in self.interfaces()}
        self.ecs.create_cluster(clusterName="lab")
        self.define()

    @property
    def clock(self) -> Clock:
        return self.aws.clock

    def subnet(self, cidr: str, zone: str = "a") -> str:
        answer = self.ec2.create_subnet(
            VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}"
        )
        return str(answer["Subnet"]["SubnetId"])

    def lead_out(self) -> None:
        """A way to the internet for tasks with public addresses, and for instances; nothing where there is one."""
        gateways = self.ec2.describe_internet_gateways()["InternetGateways"]
        if any(one["VpcId"] == self.vpc for each in gateways for one in each["Attachments"]):
            return
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}]
        table = self.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"]
        route = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway}
        self.ec2.create_route(RouteTableId=table, **route)
        for subnet in self.subnets:
            self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})

    def private_endpoint(self, service: str, *, policy: Any = None) -> None:
        """An interface endpoint that takes a service's name over; without a policy nobody gets in."""
        for setting in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{setting: {"Value": True}})
        group = self.ec2.create_security_group(
            GroupName=service, Description="of the endpoint", VpcId=self.vpc
        )["GroupId"]
        if policy:
            everybody = {"CidrIp": "10.0.0.0/16"}
            rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [everybody]}
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        given = {"PolicyDocument": json.dumps(policy)} if policy else {}
        self.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            VpcId=self.vpc,
            SubnetIds=self.subnets,
            SecurityGroupIds=[group],
            PrivateDnsEnabled=True,
            **given,
        )

    def free_addresses(self) -> int:
        """Of the lab's two subnets."""
        answer = self.ec2.describe_subnets(SubnetIds=self.subnets)
        return sum(one["AvailableIpAddressCount"] for one in answer["Subnets"])

    def interfaces(self) -> list[dict[str, Any]]:
        """Every network interface but that of the NAT gateway by which the lab's subnets lead out."""
        every = self.ec2.describe_network_interfaces()["NetworkInterfaces"]
        return [one for one in every if one["NetworkInterfaceId"] not in self._way_out]

    def network(self, *subnets: str, **more: Any) -> dict[str, Any]:
        return {"awsvpcConfiguration": {"subnets": list(subnets or self.subnets), **more}}

    def define(self, family: str = "web", **changes: Any) -> dict[str, Any]:
        container = {"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4"}
        given = {
            "family": family,
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": [container],
        } | changes
        given = {name: value for name, value in given.items() if value is not None}
        return dict(self.ecs.register_task_definition(**given)["taskDefinition"])

    def associate(self, *providers: str, default: tuple[dict[str, Any], ...] = ()) -> None:
        """Give the cluster capacity providers; Fargate's two unless others are named."""
        self.ecs.put_cluster_capacity_providers(
            cluster="lab",
            capacityProviders=list(providers or ("FARGATE", "FARGATE_SPOT")),
            defaultCapacityProviderStrategy=list(default),
        )

    def group(self, name: str = "fleet", **more: Any) -> str:
        """The ARN of an Auto Scaling group of that name over the lab's subnets, made if it is not there."""
        scaling: Any = SESSION.client("autoscaling")
        if not scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
            "AutoScalingGroups"
        ]:
            data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.small"}
            self.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
            scaling.create_auto_scaling_group(
                AutoScalingGroupName=name,
                VPCZoneIdentifier=",".join(self.subnets),
                LaunchTemplate={"LaunchTemplateName": name},
                **({"MinSize": 0, "MaxSize": 4} | more),
            )
        (made,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
            "AutoScalingGroups"
        ]
        return str(made["AutoScalingGroupARN"])

    def role(
        self, name: str = "execution", *policies: Any, trusts: str = "ecs-tasks.amazonaws.com"
    ) -> str:
        """ARN of a new role with these policies, each an ARN or a statement; by default a task execution role's."""
        iam: Any = SESSION.client("iam")
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": trusts},
            "Action": "sts:AssumeRole",
        }
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=as_policy(trust))
        for number, policy in enumerate(policies or [EXECUTION_POLICY]):
            self.grant(name, policy, f"policy-{number}")
        return str(made["Role"]["Arn"])

    def grant(self, role: str, policy: Any, name: str = "more") -> None:
        """Attach a managed policy by ARN to a role, or put a statement in a policy of its own."""
        iam: Any = SESSION.client("iam")
        if isinstance(policy, str):
            iam.attach_role_policy(RoleName=role, PolicyArn=policy)
        else:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=as_policy(policy))

    def instance_profile(self, name: str = "ecsInstanceRole", *policies: Any, **more: Any) -> str:
        """The name of a new instance profile, with a role of the same name that the agent can work with."""
        iam: Any = SESSION.client("iam")
        given = {"trusts": "ec2.amazonaws.com"} | more
        self.role(name, *(policies or [INSTANCE_POLICY]), **given)
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        return name

    def launch(self, count: int = 1, *, wait: bool = True, **changes: Any) -> list[str]:
        """Ids of new EC2 instances; with nothing changed they become container instances of the cluster."""
        if "IamInstanceProfile" not in changes and not self.profile:
            self.profile = self.instance_profile()
        given = {
            "ImageId": ECS_AMI,
            "InstanceType": "t3.micro",
            "MinCount": count,
            "MaxCount": count,
            "SubnetId": self.subnets[0],
            "IamInstanceProfile": {"Name": self.profile},
            "UserData": "#!/bin/bash\necho ECS_CLUSTER=lab >> /etc/ecs/ecs.config",
        } | changes
        given = {key: value for key, value in given.items() if value is not None}
        made = self.ec2.run_instances(**given)["Instances"]
        if wait:
            self.clock.advance(90)
        return [one["InstanceId"] for one in made]

    def instances(self, **filters: Any) -> list[str]:
        """ARNs of the cluster's container instances, in the order of their EC2 instances' launch."""
        arns = self.ecs.list_container_instances(cluster="lab", **filters)["containerInstanceArns"]
        order = [one.arn for one in self.held_instances()]
        return sorted(arns, key=order.index)

    def held_instances(self) -> list[Any]:
        held = self.aws.world.ecs().container_instances.get("lab", {}).values()
        return [SimpleNamespace(arn=one.container_instance_arn, held=one) for one in held]

    def instance(self, arn: str) -> dict[str, Any]:
        found = self.ecs.describe_container_instances(cluster="lab", containerInstances=[arn])
        return dict(found["containerInstances"][0])

    def remaining(self, arn: str) -> dict[str, Any]:
        """What a container instance has left, by the name of the resource."""
        return {
            one["name"]: one.get("stringSetValue") or one["integerValue"]
            for one in self.instance(arn)["remainingResources"]
        }

    def define_ec2(self, family: str = "box", **changes: Any) -> None:
        """A task definition for instances: bridge mode, 256 CPU units, 256 MiB, a port Docker chooses."""
        mode = changes.pop("networkMode", "bridge")
        container = {
            "name": "app",
            "image": "public.ecr.aws/docker/library/httpd:2.4",
            "cpu": 256,
            "memory": 256,
            "portMappings": [{"containerPort": 80}],
        } | changes
        self.ecs.register_task_definition(
            family=family, networkMode=mode, containerDefinitions=[container]
        )

    def run_ec2(self, count: int = 1, **changes: Any) -> dict[str, Any]:
        """The answer of RunTask for tasks on instances."""
        given = {"cluster": "lab", "taskDefinition": "box", "count": count} | changes
        return dict(self.ecs.run_task(**given))

    def service_ec2(self, name: str = "web", desired: int | None = 2, **changes: Any) -> None:
        given = {"taskDefinition": "box", "launchType": "EC2", "networkConfiguration": None}
        self.service(name, desired, **(given | changes))  # type: ignore[arg-type]

    def service(self, name: str = "web", desired: int = 2, **changes: Any) -> dict[str, Any]:
        given = {
            "cluster": "lab",
            "serviceName": name,
            "taskDefinition": "web",
            "desiredCount": desired,
            "launchType": "FARGATE",
            "networkConfiguration": self.network(),
        } | changes
        given = {key: value for key, value in given.items() if value is not None}
        return dict(self.ecs.create_service(**given)["service"])

    def steady(self, name: str = "web", desired: int = 2, **changes: Any) -> dict[str, Any]:
        """A service that has all its tasks, healthy, and nothing left to do."""
        self.service(name, desired, **changes)
        self.clock.advance(minutes=3)
        return self.describe(name)

    def update(self, name: str = "web", **changes: Any) -> dict[str, Any]:
        return dict(self.ecs.update_service(cluster="lab", service=name, **changes)["service"])

    def delete(self, name: str = "web", *, force: bool = True) -> dict[str, Any]:
        return dict(self.ecs.delete_service(cluster="lab", service=name, force=force)["service"])

    def describe(self, name: str = "web") -> dict[str, Any]:
        return dict(self.ecs.describe_services(cluster="lab", services=[name])["services"][0])

    def said(self, name: str = "web") -> list[str]:
        """The messages of a service's events, oldest first."""
        return [one["message"] for one in reversed(self.describe(name)["events"])]

    def run(self, count: int = 1, **changes: Any) -> list[str]:
        """ARNs of tasks started with RunTask."""
        given = {
            "cluster": "lab",
            "taskDefinition": "web",
            "count": count,
            "launchType": "FARGATE",
            "networkConfiguration": self.network(),
        } | changes
        given = {key: value for key, value in given.items() if value is not None}
        return [task["taskArn"] for task in self.ecs.run_task(**given)["tasks"]]

    def stop(self, arn: str, **more: Any) -> dict[str, Any]:
        return dict(self.ecs.stop_task(cluster="lab", task=arn, **more)["task"])

    def task(self, arn: str) -> dict[str, Any]:
        return dict(self.ecs.describe_tasks(cluster="lab", tasks=[arn])["tasks"][0])

    def arns(self, **filters: Any) -> list[str]:
        return list(self.ecs.list_tasks(cluster="lab", **filters)["taskArns"])

    def cluster(self, name: str = "lab") -> dict[str, Any]:
        return dict(self.ecs.describe_clusters(clusters=[name])["clusters"][0])

    def held_service(self, name: str = "web") -> Service:
        """The object behind the answers, for what ECS does not show."""
        return self.aws.world.ecs().services[f"lab:{name}"]

    def held_tasks(self) -> list[Task]:
        return list(self.aws.world.ecs().tasks.get("lab", {}).values())


def as_policy(*statements: dict[str, Any]) -> str:
    """The text of a policy with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def no_machine_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the 1,300 machine images that moto's EC2 is born with, a lab opens twice as fast."""
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)


@pytest.fixture
def lab(no_machine_images: None) -> Iterator[Lab]:
    with sandbox.open() as aws:
        yield Lab(aws)


@pytest.fixture
def make_lab(no_machine_images: None) -> Iterator[Callable[..., "Lab"]]:
    """A lab in a world of the test's choosing, such as ``make_lab(profile="instant")``."""
    opened: list[Sandbox] = []

    def make(**options: Any) -> Lab:
        opened.append(sandbox.open(**options))
        return Lab(opened[-1])

    yield make
    for one in opened:
        one.close()


class Refusal:
    """The error a call was answered with."""

    def __init__(self, error: ClientError) -> None:
        self.code: str = error.response["Error"]["Code"]
        self.message: str = error.response["Error"]["Message"]

    def __repr__(self) -> str:
        return f"{self.code}: {self.message}"


@pytest.fixture
def refused() -> Callable[..., Refusal]:
    """``refused(ecs.stop_task, task="x")`` is the botocore ClientError of that call; no error fails."""

    def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Refusal:
        with pytest.raises(ClientError) as raised:
            function(*args, **kwargs)
        return Refusal(raised.value)

    return call


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """A test that shows an operation must call it, and see what it did through another one.

    ``@behaves`` and ``@stored`` name such tests; this holds each to it whenever it runs.
    """
    before = len(opened.world.history) if (opened := sandbox.current()) else 0
    yield
    if opened := sandbox.current():
        calls = opened.world.history[before:]
        for operation in _shown_by().get(item.nodeid.partition("[")[0], []):
            assert shows(operation, calls), f"{operation} is not shown by these calls: {calls}"


def shows(operation: str, calls: list[ApiCall]) -> bool:
    """Whether other operations see what this one did; of a read, whether it sees what others did.

    A refusal of another operation is a way to see it; the operation itself must be answered.
    """
    own = [i for i, call in enumerate(calls) if call.operation == operation and not call.error]
    if not own:
        return False
    if operation.startswith(READS):
        return any(not call.operation.startswith(READS) for call in calls[: own[-1]])
    return any(call.operation != operation for call in calls[own[0] + 1 :])


@pytest.fixture
def showing() -> Callable[[str, list[ApiCall]], bool]:
    """The rule itself, for the test of the rule."""
    return shows


@cache
def _shown_by() -> dict[str, list[str]]:
    """The operations that each test shows."""
    from course.sandbox.api_gateway.api.api_gateway_api import ApiGatewayApi
    from course.sandbox.ecs.api.ecs_api import EcsApi
    from course.sandbox.ecs.api.treatment import operations_of

    shown: dict[str, list[str]] = {}
    for row in (*operations_of(EcsApi), *operations_of(ApiGatewayApi, "apigatewayv2")):
        if row.treatment != "refused":
            shown.setdefault(row.shown_by, []).append(row.operation)
    return shown
