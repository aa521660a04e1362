"""No call is ever answered by anything but an answer or a botocore ClientError.

Every ECS operation of botocore's model is called with plausible and with empty
parameters; operations that moto lacks are called in services of every protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, Shape, StructureShape
from botocore.session import get_session
from moto.ec2.utils import generate_instance_identity_document

from course import sandbox
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.errors import NetworkRefused

pytestmark = pytest.mark.contract

MODEL = get_session().get_service_model("ecs")
OPERATIONS = sorted(MODEL.operation_names)
ARN = "arn:aws:ecs:us-east-1:123456789012"

NAMED = {
    "cluster": "lab",
    "clusterName": "lab",
    "service": "web",
    "services": ["web"],
    "serviceName": "new",
    "taskDefinition": "web:1",
    "taskDefinitions": ["web:1"],
    "resourceArn": f"{ARN}:cluster/lab",
    "family": "web",
    "image": "public.ecr.aws/nginx/nginx:1.27",
}
"""What a required member of this name is given; the rest follows from its type."""


class World:
    """A cluster with a running service, and two clients: one checks parameters, one does not."""

    def __init__(self, aws: sandbox.Sandbox) -> None:
        self.aws = aws
        self.ecs = boto3.client("ecs")
        self.unchecked = boto3.client("ecs", config=Config(parameter_validation=False))
        ec2 = boto3.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        lead_out_by_nat(ec2, vpc)
        self.network = {"awsvpcConfiguration": {"subnets": [subnet]}}
        self.ecs.create_cluster(clusterName="lab")
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": NAMED["image"]}],
        )
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=self.network,
        )
        aws.clock.advance(minutes=2)

    def answered(self, client: Any, operation: str, **given: Any) -> str:
        """The error code of a call, or "" for an answer; anything else fails the test."""
        try:
            answer = getattr(client, xform_name(operation))(**given)
        except ClientError as error:
            assert error.response["Error"]["Message"], operation
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] < 500, operation
            return str(error.response["Error"]["Code"])
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        return ""

    def assert_well(self) -> None:
        """ECS still answers what a learner asks most, and time still passes."""
        assert self.ecs.describe_clusters(clusters=["lab"])["clusters"]
        assert self.ecs.describe_services(cluster="lab", services=["web"])["services"]
        tasks = self.ecs.list_tasks(cluster="lab")["taskArns"]
        if tasks:
            assert self.ecs.describe_tasks(cluster="lab", tasks=tasks)["tasks"]
        self.aws.clock.advance(60)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with sandbox.open() as aws:
        yield World(aws)


def plausible(name: str, shape: Shape, task: str) -> Any:
    """A value that botocore accepts for a member, and that names something there where it can."""
    if name in ("task", "tasks"):
        return [task] if isinstance(shape, ListShape) else task
    if name in NAMED:
        return NAMED[name]
    if isinstance(shape, StructureShape):
        wanted = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
        return {one: plausible(one, shape.members[one], task) for one in wanted}
    if isinstance(shape, ListShape):
        return [plausible(name, shape.member, task)]
    if getattr(shape, "enum", None):
        return shape.enum[0]  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        "string": f"{ARN}:{name}/0" if name.lower().endswith("arn") else "name",
        "boolean": True,
        "timestamp": datetime(2026, 11, 2, tzinfo=UTC),
        "map": {},
        "double": 1.0,
    }
    return values.get(shape.type_name, 1)


def test_the_model_has_the_operations_we_think_it_has() -> None:
    assert len(OPERATIONS) >= 88


@pytest.mark.parametrize("operation", OPERATIONS)
def test_with_plausible_parameters(world: World, operation: str) -> None:
    shape = MODEL.operation_model(operation).input_shape
    task = (world.ecs.list_tasks(cluster="lab")["taskArns"] or ["0" * 32])[0]
    given = plausible(operation, shape, task) if shape else {}
    world.answered(world.ecs, operation, **given)
    world.assert_well()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_with_nothing_at_all(world: World, operation: str) -> None:
    world.answered(world.unchecked, operation)
    world.assert_well()


WRONG: dict[str, list[dict[str, Any]]] = {
    "CreateCluster": [{"clusterName": 7}, {"settings": [{"name": 7}]}],
    "CreateService": [
        {"cluster": "lab"},
        {"cluster": "lab", "serviceName": "x", "taskDefinition": "web", "desiredCount": "many"},
    ],
    "DescribeServices": [{"cluster": "lab", "services": "web"}, {"services": [None]}],
    "DescribeTasks": [{"cluster": "lab", "tasks": [None]}, {"cluster": ["lab"], "tasks": ["x"]}],
    "ListTasks": [{"cluster": "lab", "maxResults": "ten"}, {"cluster": "lab", "nextToken": "²"}],
    "RegisterTaskDefinition": [
        {"family": "x", "containerDefinitions": [{"name": ["a"], "image": {}}]},
        {"family": "x", "containerDefinitions": [{"name": "a", "image": "b", "memory": "c"}]},
        {"family": 7, "containerDefinitions": []},
    ],
    "RunTask": [{"cluster": "lab", "taskDefinition": "web:x"}, {"cluster": "lab", "count": "2"}],
    "StopTask": [{"cluster": "lab"}, {"cluster": "lab", "task": 7}],
    "UpdateService": [{"cluster": "lab", "service": "web", "desiredCount": "many"}],
}


@pytest.mark.parametrize(
    ("operation", "given"), [(name, one) for name, given in WRONG.items() for one in given]
)
def test_with_the_wrong_types(world: World, operation: str, given: dict[str, Any]) -> None:
    world.answered(world.unchecked, operation, **given)
    world.assert_well()


def test_what_moto_answers_for_us_does_not_take_the_rest_down(world: World) -> None:
    """Container instances are moto's still; a task it starts must not spoil our own answers."""
    ec2 = boto3.resource("ec2")
    (instance,) = ec2.create_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    document = generate_instance_identity_document(instance)
    answer = world.ecs.register_container_instance(
        cluster="lab", instanceIdentityDocument=json.dumps(document)
    )
    arn = answer["containerInstance"]["containerInstanceArn"]
    world.ecs.register_task_definition(
        family="old",
        containerDefinitions=[{"name": "app", "image": NAMED["image"], "memory": 128}],
    )
    world.answered(
        world.ecs, "StartTask", cluster="lab", taskDefinition="old", containerInstances=[arn]
    )
    world.assert_well()


# (service, operation, parameters): what moto lacks, a service or more of every protocol.
LACKING: list[tuple[str, str, dict[str, Any]]] = [
    ("elbv2", "describe_trust_stores", {}),  # query
    ("cloudwatch", "describe_alarm_contributors", {"AlarmName": "x"}),  # smithy-rpc-v2-cbor
    ("ec2", "describe_network_insights_paths", {}),  # ec2
    ("logs", "list_anomalies", {}),  # json
    ("codedeploy", "list_deployment_configs", {}),
    ("ssm", "describe_sessions", {"State": "Active"}),
    ("sts", "decode_authorization_message", {"EncodedMessage": "x"}),
    ("iam", "generate_service_last_accessed_details", {"Arn": f"{ARN}:role/x"}),
    ("s3", "list_bucket_metrics_configurations", {"Bucket": "nope"}),  # rest-xml
]


@pytest.mark.parametrize(("service", "operation", "given"), LACKING)
def test_what_moto_lacks_in_other_services(
    world: World, service: str, operation: str, given: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as raised:
        getattr(boto3.client(service), operation)(**given)
    error = raised.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] < 500
    if service != "s3":  # it finds no such bucket first, as S3 does
        assert error["Error"]["Code"] == "NotImplemented"
        assert "does not model" in error["Error"]["Message"]


# REST addresses that moto has no route for: nothing of moto runs, so nothing can answer.
UNROUTED: list[tuple[str, str, dict[str, Any]]] = [
    ("eks", "list_addons", {"clusterName": "x"}),  # rest-json
    ("lambda", "get_account_settings", {}),
    ("route53", "list_traffic_policies", {}),  # rest-xml
    ("pricing", "describe_services", {}),
    ("apigateway", "get_rest_apis", {}),
]


@pytest.mark.parametrize(("service", "operation", "given"), UNROUTED)
def test_what_has_no_route_says_so_in_one_line(
    world: World, service: str, operation: str, given: dict[str, Any]
) -> None:
    with pytest.raises(NetworkRefused) as raised:
        getattr(boto3.client(service), operation)(**given)
    assert "the sandbox does not model this operation" in str(raised.value)
    assert "\n" not in str(raised.value)


# Services for which moto imports a package that lessons do not need.
UNLOADED: list[tuple[str, str, dict[str, Any]]] = [
    ("xray", "get_service_graph", {"StartTime": 0, "EndTime": 1}),
]


@pytest.mark.parametrize(("service", "operation", "given"), UNLOADED)
def test_a_service_that_moto_cannot_load_says_so_in_one_line(
    world: World, service: str, operation: str, given: dict[str, Any]
) -> None:
    """It answers where somebody has installed the package, and names it where not."""
    try:
        getattr(boto3.client(service), operation)(**given)
    except (ClientError, NetworkRefused) as error:
        assert "sandbox" in str(error) and "\n" not in str(error)
