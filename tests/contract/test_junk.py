"""Whatever is sent, what comes back is an answer or an error of AWS's kind; and the world stays well.

Every ECS operation, and those of the neighbours that a containers course uses, are
called with names of nothing, wrong types and bodies that are none. Each such call
must end in an answer or in a ClientError with a code and a message, and one that
was refused must leave no trace. ``JUNK_EXAMPLES`` says how many calls Hypothesis
makes up besides.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import given, settings
from hypothesis import strategies as st

from course import sandbox
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.ecs.api.ecs_api import EcsApi
from course.sandbox.errors import NetworkRefused

pytestmark = pytest.mark.contract

EXAMPLES = int(os.environ.get("JUNK_EXAMPLES", "60"))

NEIGHBOURS = {
    "elbv2": """
        AddListenerCertificates AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup
        DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup DeregisterTargets
        DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules
        DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth
        ModifyListener ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup
        ModifyTargetGroupAttributes RegisterTargets RemoveTags SetRulePriorities SetSecurityGroups
        SetSubnets DescribeTrustStores
    """,
    "application-autoscaling": """
        DeleteScalingPolicy DeleteScheduledAction DeregisterScalableTarget DescribeScalableTargets
        DescribeScalingActivities DescribeScalingPolicies DescribeScheduledActions PutScalingPolicy
        PutScheduledAction RegisterScalableTarget
    """,
    "logs": """
        CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy
        DescribeLogGroups DescribeLogStreams DescribeMetricFilters FilterLogEvents GetLogEvents
        GetQueryResults PutLogEvents PutMetricFilter PutRetentionPolicy StartQuery TagLogGroup
        ListTagsForResource PutSubscriptionFilter DescribeSubscriptionFilters TagResource
    """,
    "events": """
        CreateEventBus DeleteEventBus DeleteRule DescribeEventBus DescribeRule DisableRule EnableRule
        ListEventBuses ListRuleNamesByTarget ListRules ListTargetsByRule PutEvents PutRule PutTargets
        RemoveTargets TestEventPattern TagResource ListTagsForResource
    """,
    "servicediscovery": """
        CreateHttpNamespace CreatePrivateDnsNamespace CreatePublicDnsNamespace CreateService
        DeleteNamespace DeleteService DeregisterInstance DiscoverInstances DiscoverInstancesRevision
        GetInstance GetInstancesHealthStatus GetNamespace GetOperation GetService
        GetServiceAttributes ListInstances ListNamespaces ListOperations ListServices
        ListTagsForResource RegisterInstance TagResource UpdateHttpNamespace
        UpdateInstanceCustomHealthStatus UpdatePrivateDnsNamespace UpdatePublicDnsNamespace
        UpdateService UpdateServiceAttributes
    """,
}

STRINGS = {
    "unknown": "nothing-of-this-name",
    "empty": "",
    "another service's ARN": "arn:aws:s3:::bucket/key",
    "ARN of nothing": "arn:aws:ecs:us-east-1:123456789012:",
    "unicode": "ñ-日本-🦀-\u202e",
    "control characters": "a\x00b\x1b[31m\r\n",
    "10,000 characters": "x" * 10_000,
    "markup": '<script>alert("&amp;")</script>]]>',
    "path traversal": "../../../etc/passwd",
    "format": "%s%n{0}${jndi:x}\\",
    "digits": "٣²",
}
OTHER_TYPES: tuple[Any, ...] = (
    7,
    -1.5,
    2**70,
    True,
    "many",
    [],
    {},
    [7],
    ["a"],
    {"a": "b"},
    [[{}]],
)

BODIES = {
    "nothing": b"",
    "spaces": b"  ",
    "null": b"null",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"7",
    "no JSON": b"{",
    "a form": b"Action=ListClusters&Version=2014-11-13",
    "XML": b"<a/>",
    "not UTF-8": b'{"cluster": "\xff\xfe"}',
    "UTF-16": '{"cluster": "lab"}'.encode("utf-16"),
    "half a surrogate pair": b'{"cluster": "\\ud800", "clusterName": "\\ud800"}',
    "not a number": b'{"cluster": NaN, "maxResults": NaN, "desiredCount": NaN, "count": NaN}',
    "too large a number": b'{"maxResults": 1e400, "desiredCount": 1e400, "count": 1e400}',
    "5,000 digits": b'{"maxResults": ' + b"9" * 5000 + b"}",
    "the same key twice": b'{"cluster": "lab", "cluster": 7}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"cluster": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    "a junk nextToken": b'{"cluster": "lab", "nextToken": "\xc2\xb2", "family": "x"}',
    "two megabytes": b'{"cluster": "' + b"x" * 2_000_000 + b'"}',
    "another operation inside": b'{"cluster": "lab&Action=DeleteCluster&"}',
}


class World:
    """A cluster with a running service, and clients that check nothing before they send."""

    def __init__(self, aws: sandbox.Sandbox) -> None:
        self.aws = aws
        self._clients: dict[str, Any] = {}
        ec2 = boto3.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        lead_out_by_nat(ec2, vpc)
        self.ecs = boto3.client("ecs")
        self.ecs.create_cluster(clusterName="lab")
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.27"}],
        )
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet]}},
        )
        aws.clock.advance(minutes=2)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service, config=Config(parameter_validation=False)
            )
        return self._clients[service]

    def operations(self, service: str) -> list[str]:
        model = self.client(service).meta.service_model
        return sorted(model.operation_names) if service == "ecs" else NEIGHBOURS[service].split()

    def input_of(self, service: str, operation: str) -> StructureShape | None:
        shape = self.client(service).meta.service_model.operation_model(operation).input_shape
        assert shape is None or isinstance(shape, StructureShape)
        return shape

    def call(self, service: str, operation: str, /, **parameters: Any) -> str:
        """The error code of a call, "" for an answer; anything else fails, and so does a trace."""
        client = self.client(service)
        sent: list[int] = []

        def note(**kwargs: Any) -> None:
            sent.append(1)

        client.meta.events.register_first("before-send", note)
        before = self.trace() if service == "ecs" else ""
        try:
            getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            code = self.checked(error, f"{service} {operation} {parameters!r:.300}")
            assert service != "ecs" or self.trace() == before, f"{operation} {parameters!r:.300}"
            return code
        except NetworkRefused as error:  # REST: moto has no such address, or asks another service
            said = ("does not model this operation", "the sandbox does not have this service")
            assert any(text in str(error) for text in said), error
            return "no route"
        except Exception:
            if sent:
                raise
            return "not sent"  # botocore itself could not write it down
        finally:
            client.meta.events.unregister("before-send", note)
        return ""

    def raw(self, service: str, operation: str, body: bytes) -> str:
        """As ``call``, with this body whatever the operation is."""

        def replace(params: dict[str, Any], **kwargs: Any) -> None:
            params["body"] = body

        events = self.client(service).meta.events
        events.register("before-call", replace)
        try:
            return self.call(service, operation)
        finally:
            events.unregister("before-call", replace)

    @staticmethod
    def checked(error: ClientError, call: str) -> str:
        found = error.response["Error"]
        assert found["Message"], call
        assert "<" not in found["Message"][:1], call
        assert 400 <= error.response["ResponseMetadata"]["HTTPStatusCode"] < 500, call
        assert not found["Code"].isdigit() or " Head" in call, call  # an answer without a body
        return str(found["Code"])

    def trace(self) -> tuple[Any, ...]:
        """All that a refused call must not have touched."""
        world = self.aws.world
        return repr(world.regions), len(world.clock._alarms), len(repr(world.timeline))

    def assert_well(self) -> None:
        """The service is as it was, ECS answers, and time passes."""
        (service,) = self.ecs.describe_services(cluster="lab", services=["web"])["services"]
        assert service["runningCount"] == 1
        assert self.ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"]
        for service_name, operation in (
            ("elbv2", "describe_load_balancers"),
            ("logs", "describe_log_groups"),
            ("events", "list_rules"),
        ):
            getattr(self.client(service_name), operation)()
        self.aws.clock.advance(1)


@contextmanager
def opened() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, sandbox.open() as aws:
        patch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
        yield World(aws)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    logging.disable(logging.ERROR)  # of what fails inside moto, which is what this is about
    with opened() as made:
        yield made
    logging.disable(logging.NOTSET)


def filled(shape: Shape, text: str, depth: int = 0) -> Any:
    """A value of the right type, with this text wherever the model takes text."""
    if isinstance(shape, StructureShape):
        if depth > 3:
            return {}
        members = itertools.islice(shape.members.items(), 1 if shape.is_tagged_union else None)
        return {name: filled(member, text, depth + 1) for name, member in members}
    if isinstance(shape, ListShape):
        return [filled(shape.member, text, depth + 1)]
    if isinstance(shape, MapShape):
        return {text: filled(shape.value, text, depth + 1)}
    values = {"string": text, "boolean": True, "timestamp": 1793000000, "blob": text.encode()}
    return values.get(shape.type_name, 1)


def junk(world: World, service: str, operation: str) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Every call of the tables above: a word on it, then the parameters or the raw body."""
    shape = world.input_of(service, operation)
    members = shape.members if shape is not None else {}
    required = shape.required_members if shape is not None else []
    for word, text in STRINGS.items():
        yield word, {name: filled(member, text) for name, member in members.items()}, b""
    for word, body in BODIES.items():
        yield word, {}, body or b" "
    base = {name: filled(members[name], "x") for name in required}
    for name, member in members.items():
        for value in OTHER_TYPES:
            yield f"{name}={value!r}", base | {name: value}, b""
        for word, text in STRINGS.items():
            yield f"{name}: {word}", base | {name: filled(member, text)}, b""


def answered(world: World, service: str, operation: str, one: tuple[str, Any, bytes]) -> None:
    """One such call ends as it must; what we answer ourselves may not fail inside either."""
    word, parameters, body = one
    if body:
        code = world.raw(service, operation, body)
    else:
        code = world.call(service, operation, **parameters)
    if service == "ecs" and getattr(EcsApi, xform_name(operation), None):
        ours = getattr(EcsApi, xform_name(operation)).__module__.startswith("course.")
        assert not (ours and code == "SandboxFailure"), f"{operation}, {word}"


SERVICES = ("ecs", *NEIGHBOURS)


@pytest.mark.parametrize("service", SERVICES)
def test_junk_of_every_kind(world: World, service: str) -> None:
    """One call in seventeen, beginning elsewhere for each operation, so that every kind has its turn."""
    kinds = set()
    for place, operation in enumerate(world.operations(service)):
        for one in itertools.islice(junk(world, service, operation), place % 17, None, 17):
            answered(world, service, operation, one)
            kinds.add(one[0])
        world.assert_well()
    assert service != "ecs" or kinds >= {*STRINGS, *BODIES}


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_all_junk(world: World, service: str) -> None:
    for operation in world.operations(service):
        for one in junk(world, service, operation):
            answered(world, service, operation, one)
        world.assert_well()


# Services that learners and lessons also use; moto answers all of it.
OTHERS = (
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecr",
    "iam",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
)


@pytest.mark.slow
@pytest.mark.parametrize("service", OTHERS)
def test_junk_to_every_other_service(world: World, service: str) -> None:
    operations = sorted(world.client(service).meta.service_model.operation_names)
    for place, operation in enumerate(operations):
        for one in itertools.islice(junk(world, service, operation), place % 23, None, 23):
            answered(world, service, operation, one)
    world.assert_well()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("service", [one for one in SERVICES if one != "elbv2"])
def test_what_nobody_thought_of(world: World, service: str) -> None:
    """Members the model has, with any JSON for a value."""
    operations = world.operations(service)

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        shape = world.input_of(service, operation)
        names = sorted(shape.members) if shape is not None else ["x"]
        body = data.draw(st.dictionaries(st.sampled_from(names or ["x"]), JSON, max_size=4))
        answered(world, service, operation, (operation, {}, json.dumps(body).encode()))

    run()
    world.assert_well()
