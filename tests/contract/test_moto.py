"""What the tree leans on in moto, in one place: an upgrade that moves one fails here, by name.

What it leans on in botocore stands in ``test_botocore.py``, and where moto asks for
the time in ``test_moto_time.py``.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from base64 import b32encode, b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import moto.backends
import moto.settings
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError
from botocore.model import OperationNotFoundError
from botocore.session import get_session
from moto import backend_index, mock_aws
from moto.apigatewayv2 import urls as apigatewayv2_urls
from moto.applicationautoscaling import urls as application_scaling_urls
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.autoscaling import urls as autoscaling_urls
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import (
    AutoScalingBackend,
    FakeAutoScalingGroup,
    autoscaling_backends,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.awslambda.utils import get_backend as lambda_backend
from moto.awslambda_simple.models import lambda_simple_backends
from moto.backends import list_of_moto_modules
from moto.cloudtrail import urls as cloudtrail_urls
from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch import exceptions as cloudwatch_errors
from moto.cloudwatch import urls as cloudwatch_urls
from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core import errors as moto_errors
from moto.core import responses as moto_responses
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.config import DefaultConfig, default_user_config
from moto.core.exceptions import ServiceException
from moto.core.models import responses_mock
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.routing import get_service_router
from moto.core.serialize import XFormedAttributePicker
from moto.core.utils import get_service_model, unix_time, unix_time_millis, utcnow
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import EC2Backend, amis, ec2_backends, instance_types
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.route_tables import Route
from moto.ec2.responses.vpcs import VPCs
from moto.ecr import urls as ecr_urls
from moto.ecr.exceptions import (
    ImageNotFoundException,
    InvalidLayerPartException,
    LifecyclePolicyNotFoundException,
    RepositoryNotFoundException,
    UploadNotFoundException,
)
from moto.ecr.models import DEFAULT_LAYER_PART_SIZE, Image, RepoTagMutability, ecr_backends
from moto.ecr.responses import ECRResponse
from moto.ecs import urls as ecs_urls
from moto.ecs.models import ecs_backends
from moto.ecs.responses import (
    DESCRIBE_CLUSTERS_TAGS,
    DESCRIBE_SERVICES_TAGS,
    DESCRIBE_TASK_SETS_TAGS,
    DESCRIBE_TASKS_TAGS,
    EC2ContainerServiceResponse,
)
from moto.elb import urls as elb_urls
from moto.elb.models import elb_backends
from moto.elbv2 import urls as elbv2_urls
from moto.elbv2.models import elbv2_backends
from moto.elbv2.responses import ELBV2Response
from moto.events import urls as events_urls
from moto.events.models import events_backends
from moto.events.responses import EventsHandler
from moto.iam import urls as iam_urls
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, get_account_id_from, iam_backends
from moto.iam.responses import IamResponse
from moto.iam.utils import ACCOUNT_OFFSET
from moto.kinesis.models import KinesisBackend, kinesis_backends
from moto.logs import urls as logs_urls
from moto.logs.models import logs_backends
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.route53.models import route53_backends
from moto.s3 import urls as s3_urls
from moto.s3.responses import S3Response
from moto.scheduler import urls as scheduler_urls
from moto.scheduler.models import scheduler_backends
from moto.scheduler.responses import EventBridgeSchedulerResponse
from moto.secretsmanager.exceptions import InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends
from moto.servicediscovery import urls as servicediscovery_urls
from moto.servicediscovery.models import (
    Namespace,
    Operation,
    Service,
    random_id,
    servicediscovery_backends,
)
from moto.servicediscovery.responses import ServiceDiscoveryResponse
from moto.sns.models import Subscription, sns_backends
from moto.sqs.models import Message, Queue, sqs_backends
from moto.ssm import models as ssm_models
from moto.ssm.models import ParameterDict, ssm_backends
from moto.sts import urls as sts_urls
from moto.sts.models import AssumedRole, sts_backends
from moto.sts.responses import TokenResponse
from moto.utilities import utils as moto_utilities
from moto.utilities.utils import load_resource
from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import EnvironBuilder

pytestmark = pytest.mark.contract

ACCOUNT, REGION = "123456789012", "us-east-1"

STATED: dict[str, list[str]] = {}
"""Each name of moto's that course/ imports, and the tests that say what it must be."""


def leans_on(*names: str) -> Callable[[Any], Any]:
    """Say which imports of course/ a test stands for."""

    def state(test: Any) -> Any:
        for name in names:
            STATED.setdefault(name, []).append(test.__name__)
        return test

    return state


def imported(source: str) -> Iterator[str]:
    """Every name of moto's that a module imports, as ``moto.core.responses.ActionResult``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.split(".")[0] == "moto")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "moto":
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_every_import_of_moto_is_stated_here(root: Path) -> None:
    used = {
        name
        for path in sorted((root / "course").rglob("*.py"))
        for name in imported(path.read_text("utf-8"))
    }
    assert used - STATED.keys() == set(), "state what these must be, in a test of this file"
    assert STATED.keys() - used == set(), "course/ does not lean on these any more"


@pytest.fixture
def aws() -> Iterator[None]:
    """moto alone, without our sandbox in front."""
    with mock_aws():
        yield


@pytest.fixture
def ec2(aws: None) -> Any:
    return ec2_backends[ACCOUNT][REGION]


@pytest.fixture
def subnet(ec2: Any) -> Any:
    vpc = ec2.create_vpc("10.0.0.0/16").id
    return ec2.create_subnet(vpc, "10.0.1.0/24", availability_zone="us-east-1a")


# --- Starting and stopping


@leans_on("moto.mock_aws")
def test_mock_aws_starts_and_stops_by_hand_and_empties_every_backend() -> None:
    mock = mock_aws()
    mock.start()
    boto3.client("ecs", REGION).create_cluster(clusterName="lab")
    mock.stop()
    with mock_aws():
        assert boto3.client("ecs", REGION).list_clusters()["clusterArns"] == []


@leans_on("moto.core.config.DefaultConfig")
def test_the_switches_that_isolation_sets_are_in_the_configuration() -> None:
    assert {"core", "lambda", "batch"} <= set(DefaultConfig.__annotations__)
    assert {"mock_credentials", "reset_boto3_session"} <= set(default_user_config["core"])
    assert default_user_config["lambda"] == default_user_config["batch"] == {"use_docker": True}


@leans_on("moto.backends")
def test_a_service_is_loaded_by_get_backend_and_looked_up_there_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = moto.backends.get_backend

    def get_backend(name: Any) -> Any:
        asked.append(name)
        return real(name)

    monkeypatch.setattr(moto.backends, "get_backend", get_backend)
    with mock_aws():
        boto3.client("ecs", REGION).list_clusters()
    assert "ecs" in asked


@leans_on("moto.settings")
def test_server_mode_is_read_from_settings_when_a_mock_starts() -> None:
    assert isinstance(moto.settings.TEST_SERVER_MODE, bool)
    assert isinstance(moto.settings.TEST_DECORATOR_MODE, bool)


@leans_on("moto.core.models.responses_mock")
def test_what_moto_sends_itself_goes_through_real_send(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    sent: list[Any] = []

    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(request.url)
        raise ConnectionError("caught")

    monkeypatch.setattr(responses_mock, "_real_send", send)
    with mock_aws(), pytest.raises(ConnectionError, match="caught"):
        requests.get("https://example.com/", timeout=1)
    assert sent == ["https://example.com/"]


@leans_on("moto.core.utils")
def test_utcnow_is_naive_utc_and_unix_time_seconds() -> None:
    assert utcnow().tzinfo is None
    assert unix_time(datetime(2026, 11, 2, tzinfo=UTC).replace(tzinfo=None)) == 1793577600.0


@leans_on("moto.moto_api._internal.mock_random")
def test_all_ids_come_from_one_seeded_chance_whose_state_can_be_kept(ec2: Any) -> None:
    def made() -> str:
        return str(ec2.create_vpc("10.0.0.0/16").id)

    mock_random.seed(1)
    first, state = made(), mock_random.getstate()
    second = made()
    mock_random.setstate(state)
    assert made() == second != first
    mock_random.seed(1)
    assert made() == first


# --- Dispatch


@leans_on("moto.core.responses.BaseResponse")
def test_every_call_goes_through_dispatch_of_a_response_of_its_own(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[BaseResponse] = []
    real = BaseResponse._dispatch

    def dispatch(self: BaseResponse, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = real(self, request, *args, **kwargs)
        seen.append(self)
        return answer

    monkeypatch.setattr(BaseResponse, "_dispatch", dispatch)
    boto3.client("ecs", REGION).list_clusters(maxResults=7)
    boto3.client("elbv2", REGION).describe_load_balancers()
    ecs, elb = seen
    assert (ecs.service_name, ecs._get_action(), ecs.region) == ("ecs", "ListClusters", REGION)
    assert (elb.service_name, elb._get_action()) == ("elbv2", "DescribeLoadBalancers")
    assert ecs.params["maxResults"] == 7
    assert b"maxResults" in ecs.body if isinstance(ecs.body, bytes) else "maxResults" in ecs.body
    assert str(ecs.uri).startswith("https://ecs.us-east-1.amazonaws.com/")


@leans_on("moto.core.responses.BaseResponse")
def test_an_answer_is_status_headers_body(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = []
    real = BaseResponse._dispatch

    def dispatch(*args: Any, **kwargs: Any) -> Any:
        answers.append(real(*args, **kwargs))
        return answers[-1]

    monkeypatch.setattr(BaseResponse, "_dispatch", dispatch)
    client = boto3.client("ecs", REGION)
    client.list_clusters()
    with pytest.raises(ClientError):
        client.list_tasks(cluster="nope")
    assert [status for status, _, _ in answers] == [200, 400]
    assert all(isinstance(headers, dict) for _, headers, _ in answers)


@leans_on("moto.core.responses.BaseResponse")
def test_an_operation_that_moto_lacks_raises_not_implemented(aws: None) -> None:
    with pytest.raises(NotImplementedError, match="list_daemons"):
        boto3.client("ecs", REGION).list_daemons()


@leans_on("moto.core.exceptions.ServiceException")
def test_an_error_of_motos_says_its_code_and_its_message() -> None:
    error = ServiceException("Teapot", "short and stout")
    assert (error.code, error.message) == ("Teapot", "short and stout")


@leans_on("moto.core.utils.get_service_model")
def test_moto_has_botocores_models_and_reads_each_once() -> None:
    model = get_service_model("ecs")
    assert model is get_service_model("ecs")
    ours = get_session().get_service_model("ecs")
    assert list(model.operation_names) == list(ours.operation_names)
    assert model.operation_model("RunTask").input_shape.required_members == ["taskDefinition"]


@leans_on("moto.core.responses.BaseResponse")
def test_a_url_inside_a_json_body_names_another_operation_to_moto(aws: None) -> None:
    """Why the gate has a look-up of its own: a learner's environment variable may hold a URL."""
    with pytest.raises(OperationNotFoundError, match="Nothing"):
        boto3.client("ecs", REGION).list_services(cluster="https://x/?a=1&Action=Nothing&b")


@leans_on("moto.core.errors")
def test_moto_warns_of_codes_that_a_services_model_lacks(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(moto_errors, "warn", lambda text, **kwargs: told.append(text))
    with pytest.raises(ClientError, match="InvalidSubnetID"):
        boto3.client("elbv2", REGION).create_load_balancer(Name="a", Subnets=["nope"])
    assert "does not match an error shape" in told[0]


@leans_on("moto.core.botocore_stubber.BotocoreStubber")
def test_every_request_of_botocore_comes_in_by_one_method(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[Any] = []
    process = BotocoreStubber.process_request

    def processed(stubber: Any, request: Any) -> Any:
        came.append(request)
        return process(stubber, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", processed)
    for service, operation in (("ecs", "list_clusters"), ("s3", "list_buckets")):
        getattr(boto3.client(service, REGION), operation)()
    assert [isinstance(one, AWSPreparedRequest) for one in came] == [True, True]


@leans_on("moto.elb.urls", "moto.elbv2.urls", "moto.elbv2.responses.ELBV2Response")
def test_load_balancing_raises_for_a_version_it_does_not_know() -> None:
    for urls in (elb_urls, elbv2_urls):
        (entry,) = urls.url_paths.values()
        assert list(urls.url_paths) == ["{0}/$"]
        with pytest.raises(Exception, match="Unknown ELB API version"):
            entry(Request.from_primitives("POST", "https://x/", {}, b""), "", {})
    assert issubclass(ELBV2Response, BaseResponse)


@dataclass
class Held:
    """A dataclass of ours, as an answer."""

    cluster_arn: str
    clusterName: str
    turn: int = 7


@leans_on("moto.core.responses.ActionResult")
def test_any_object_is_an_answer_by_the_names_of_its_attributes(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(self: Any) -> ActionResult:
        return ActionResult({"clusters": [Held("an arn", "lab")], "failures": []})

    monkeypatch.setattr(EC2ContainerServiceResponse, "describe_clusters", answer)
    (shown,) = boto3.client("ecs", REGION).describe_clusters()["clusters"]
    assert shown == {"clusterArn": "an arn", "clusterName": "lab"}


@leans_on(
    "moto.core.responses",
    "moto.core.serialize.AttributePickerContext",
    "moto.core.serialize.XFormedAttributePicker",
)
def test_an_answers_names_depend_on_class_shape_and_member_only(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[Any, set[tuple[str, ...]]] = {}

    class Watching(XFormedAttributePicker):  # type: ignore[misc]
        def get_possible_keys(self, context: Any) -> Any:
            names = [*super().get_possible_keys(context)]
            place = type(context.obj), context.shape, context.key
            found.setdefault(place, set()).add(tuple(names))
            return names

    monkeypatch.setattr(moto_responses, "XFormedAttributePicker", Watching)
    ec2: Any = boto3.client("ec2", REGION)
    for cidr in ("10.0.0.0/16", "10.1.0.0/16"):
        ec2.create_vpc(CidrBlock=cidr)
    ec2.describe_vpcs()
    boto3.client("iam", REGION).create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    assert len(found) > 50
    assert {len(names) for names in found.values()} == {1}


# --- EC2's catalogues; what is put in their place is in test_ec2_catalogues.py


@leans_on("moto.utilities.utils", "moto.ec2.models.amis", "moto.ec2.models.instance_types")
def test_catalogues_are_read_from_files_by_one_function() -> None:
    for module, wanted in ((amis, "amis.json"), (instance_types, "instance_types.json")):
        source = inspect.getsource(module)
        assert f'load_resource("ec2/resources/{wanted}")' in source
        assert "from moto.utilities.utils import load_resource" in source
    assert isinstance(instance_types.INSTANCE_TYPES, dict)
    for regions in instance_types.INSTANCE_TYPE_OFFERINGS.values():
        assert "us-east-1" in regions and all(isinstance(one, list) for one in regions.values())
    for held in (instance_types.INSTANCE_FAMILIES, amis.AMIS):
        assert isinstance(held, list)
    assert isinstance(instance_types.InstanceTypeBackend.instance_types, list)
    assert isinstance(moto_utilities.load_resource, Callable)  # type: ignore[arg-type]


@leans_on("moto.ec2.models.instance_types.INSTANCE_TYPES")
def test_an_instance_type_says_its_vcpus_memory_and_interfaces(aws: None) -> None:
    known = instance_types.INSTANCE_TYPES.get("c5.large")
    assert known["VCpuInfo"]["DefaultVCpus"] == 2
    assert known["MemoryInfo"]["SizeInMiB"] == 4096
    assert known["NetworkInfo"]["MaximumNetworkInterfaces"] == 3


# --- EC2's network; what is made of it is in course.sandbox.network


@leans_on("moto.ec2.models.ec2_backends", "moto.ec2.models.EC2Backend")
def test_a_vpc_has_its_dns_settings_a_main_route_table_and_a_default_network_acl(
    ec2: Any, subnet: Any
) -> None:
    vpc = ec2.vpcs[subnet.vpc_id]
    assert (vpc.enable_dns_support, vpc.enable_dns_hostnames) == (True, False)
    boto3.client("ec2", REGION).modify_vpc_attribute(
        VpcId=vpc.id, EnableDnsSupport={"Value": False}
    )
    assert str(vpc.enable_dns_support).lower() == "false"
    (table,) = (one for one in ec2.route_tables.values() if one.vpc_id == vpc.id)
    assert table.main_association_id and table._associations == {}
    (route,) = table.routes
    assert (route.destination_cidr_block, route.gateway_id) == ("10.0.0.0/16", "local")
    (acl,) = (one for one in ec2.network_acls.values() if one.vpc_id == vpc.id)
    assert [one.subnet_id for one in acl.associations] == [subnet.id]
    first = acl.entries[0]
    assert (first.rule_number, first.rule_action, first.egress) == (100, "allow", True)
    assert (first.protocol, first.cidr_block, first.port_range_from) == ("-1", "0.0.0.0/0", None)
    assert ec2.subnets["us-east-1a"][subnet.id].cidr_block == "10.0.1.0/24"


@leans_on("moto.ec2.models.ec2_backends")
def test_a_deleted_nat_gateway_is_kept_and_its_route_still_says_active(
    ec2: Any, subnet: Any
) -> None:
    nat = ec2.create_nat_gateway(subnet.id, None)
    table = ec2.create_route_table(subnet.vpc_id)
    route = ec2.create_route(table.id, "0.0.0.0/0", nat_gateway_id=nat.id)
    ec2.associate_route_table(table.id, subnet_id=subnet.id)
    assert list(table._associations.values()) == [subnet.id]
    assert (nat.state, nat.connectivity_type, nat.subnet_id) == ("available", "public", subnet.id)
    ec2.delete_nat_gateway(nat.id)
    assert ec2.nat_gateways[nat.id].state == "deleted"
    assert (route.nat_gateway_id, route.state) == (nat.id, "active")


@leans_on("moto.ec2.models.EC2Backend", "moto.ec2.models.route_tables.Route")
def test_what_ec2_network_wraps_is_looked_up_in_the_class_and_called_like_this() -> None:
    """A backend makes its default VPC while it is born, by the method that the class has then."""
    born: list[Any] = []
    noting = patch.object(EC2Backend, "create_default_vpc", lambda ec2: born.append(ec2))
    with mock_aws(), noting:
        made: Any = EC2Backend("eu-west-1", ACCOUNT)
    assert born == [made] and made.internet_gateways == made.route_tables == {}
    assert isinstance(Route.state, property)
    for name, given in {
        "create_subnet": ["vpc_id", "cidr_block"],
        "create_nat_gateway": ["subnet_id", "allocation_id"],
        "delete_nat_gateway": ["nat_gateway_id"],
        "create_vpc_endpoint": ["vpc_id", "service_name"],
        "modify_vpc_endpoint": ["vpc_id", "policy_doc"],
    }.items():
        parameters = list(inspect.signature(getattr(EC2Backend, name)).parameters)
        assert parameters[1 : len(given) + 1] == given
    assert "modify_vpc_endpoint(\n            vpc_id=vpc_id" in inspect.getsource(VPCs)


@leans_on("moto.ec2.models.ec2_backends")
def test_what_moto_lacks_of_a_network_and_ec2_network_gives(ec2: Any, subnet: Any) -> None:
    """On the day that one of these fails, the adapter may lose a function."""
    default = ec2.get_default_vpc()
    (table,) = (one for one in ec2.route_tables.values() if one.vpc_id == default.id)
    assert [one.gateway_id for one in table.routes] == ["local"]
    careless = ec2.create_subnet(subnet.vpc_id, "10.0.3.0/24")  # no zone is named
    assert careless.map_public_ip_on_launch is True and careless.default_for_az is True
    eip = ec2.allocate_address("vpc")
    nat = ec2.create_nat_gateway(subnet.id, eip.allocation_id)
    assert ip_address(nat._eni.private_ip_address) not in ip_network(subnet.cidr_block)
    assert nat.address_set[0]["privateIp"] == nat.private_ip == nat._eni.private_ip_address
    ec2.delete_nat_gateway(nat.id)
    assert nat._eni.id in ec2.enis and eip.eni is nat._eni
    assert eip in ec2.addresses and eip.association_id


@leans_on("moto.ec2.models.ec2_backends")
def test_an_internet_gateway_holds_the_vpc_that_it_is_attached_to(ec2: Any, subnet: Any) -> None:
    gateway = ec2.create_internet_gateway()
    assert ec2.internet_gateways[gateway.id].vpc is None
    ec2.attach_internet_gateway(gateway.id, subnet.vpc_id)
    assert gateway.vpc is ec2.vpcs[subnet.vpc_id]


@leans_on("moto.ec2.models.ec2_backends")
def test_endpoints_are_kept_with_what_they_were_made_of(ec2: Any, subnet: Any) -> None:
    """A gateway endpoint's routes follow its creation, not its changes; an interface's address is anywhere."""
    table, s3 = ec2.create_route_table(subnet.vpc_id), f"com.amazonaws.{REGION}.s3"
    gateway = ec2.create_vpc_endpoint(subnet.vpc_id, s3, "Gateway", None, [])
    ec2.modify_vpc_endpoint(gateway.id, None, None, None, None, [table.id], None, None)
    assert gateway.route_table_ids == [table.id] and len(table.routes) == 1
    held = ec2.managed_prefix_lists[gateway.destination_prefix_list_id]
    assert (held.prefix_list_name, held.address_family) == (s3, "IPv4")
    assert list(held.entries.values())[-1][0]["Cidr"] == "52.216.0.0/15"
    interface = ec2.create_vpc_endpoint(
        subnet.vpc_id, f"com.amazonaws.{REGION}.ecr.api", "Interface", None, [], [subnet.id]
    )
    assert (interface.subnet_ids, interface.security_group_ids) == ([subnet.id], [])
    assert interface.private_dns_enabled is None and "Statement" in interface.policy_document
    gateway.route_table_ids.clear()
    ec2.delete_vpc_endpoints([gateway.id, interface.id])
    assert {gateway.state, interface.state} == {"deleted"}


@leans_on("moto.ec2.models.ec2_backends")
def test_a_security_group_has_an_object_for_each_rule(ec2: Any, subnet: Any) -> None:
    client: Any = boto3.client("ec2", REGION)
    default = ec2.get_default_security_group(subnet.vpc_id)
    group = client.create_security_group(GroupName="g", Description="g", VpcId=subnet.vpc_id)
    ranges = [{"CidrIp": "10.0.0.0/16"}, {"CidrIp": "10.1.0.0/16"}]
    client.authorize_security_group_ingress(
        GroupId=group["GroupId"],
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "IpRanges": ranges},
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": default.id}]},
        ],
    )
    held = ec2.groups[subnet.vpc_id][group["GroupId"]]
    found = [(one.ip_protocol, one.cidr_ipv4, one.from_port) for one in held.ingress_rules]
    assert found == [("tcp", "10.0.0.0/16", 80), ("tcp", "10.1.0.0/16", 80), ("-1", None, None)]
    assert held.ingress_rules[2].source_group["GroupId"] == default.id
    assert [one.prefix_list_id for one in held.egress_rules] == [None]


@leans_on("moto.ec2.models.ec2_backends")
def test_an_interface_and_an_instance_say_where_they_are(ec2: Any, subnet: Any) -> None:
    client: Any = boto3.client("ec2", REGION)
    (made,) = client.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet.id
    )["Instances"]
    (instance,) = next(iter(ec2.reservations.values())).instances
    eni = instance.nics[0]
    assert ec2.enis[eni.id] is eni and eni.subnet is subnet and eni.public_ip is None
    assert subnet._subnet_ips[made["PrivateIpAddress"]] is instance
    default = ec2.get_default_security_group(subnet.vpc_id)
    assert [one.id for one in eni.group_set] == [default.id]


# --- Auto Scaling: the groups are moto's, what becomes of them is ours


@leans_on(
    "moto.autoscaling.urls",
    "moto.autoscaling.responses.AutoScalingResponse",
    "moto.autoscaling.exceptions.AutoscalingClientError",
    "moto.autoscaling.exceptions.ValidationError",
)
def test_auto_scaling_is_answered_by_one_class_at_one_address() -> None:
    assert autoscaling_urls.url_paths == {"{0}/$": AutoScalingResponse.dispatch}
    for operation in (
        "describe_scaling_activities",
        "create_auto_scaling_group",
        "update_auto_scaling_group",
        "set_desired_capacity",
        "delete_auto_scaling_group",
        "terminate_instance_in_auto_scaling_group",
    ):
        assert callable(getattr(AutoScalingResponse, operation))
    refusal: Any = AutoscalingClientError("ResourceInUse", "words")
    assert refusal.code == "ResourceInUse" and "words" in str(refusal)
    assert ValidationError("words").code == "ValidationError"


@leans_on(
    "moto.autoscaling.models.autoscaling_backends",
    "moto.autoscaling.models.AutoScalingBackend",
    "moto.autoscaling.models.FakeAutoScalingGroup",
    "moto.core.exceptions.ServiceException",
)
def test_a_group_launches_in_its_first_subnet_and_says_nothing(ec2: Any, subnet: Any) -> None:
    other = ec2.create_subnet(subnet.vpc_id, "10.0.2.0/24", availability_zone="us-east-1b")
    scaling: Any = boto3.client("autoscaling", REGION)
    boto3.client("ec2", REGION).create_launch_template(
        LaunchTemplateName="fleet",
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="fleet",
        MinSize=0,
        MaxSize=2,
        VPCZoneIdentifier=f"{subnet.id},{other.id}",  # in this order
        LaunchTemplate={"LaunchTemplateName": "fleet"},
    )
    backend: Any = autoscaling_backends[ACCOUNT][REGION]
    group: Any = backend.autoscaling_groups["fleet"]
    assert type(backend) is AutoScalingBackend and type(group) is FakeAutoScalingGroup
    assert group.desired_capacity == 0 and group.suspended_processes == []
    assert sorted(group.availability_zones) == ["us-east-1a", "us-east-1b"]
    group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
    (state,) = group.instance_states
    assert state.instance.subnet_id == subnet.id and state.instance.state == "running"
    assert (state.lifecycle_state, state.health_status) == ("InService", "Healthy")
    assert state.protected_from_scale_in is False and state.instance_id == state.instance.id
    assert group.ec2_backend.get_subnet(other.id).availability_zone == "us-east-1b"
    ec2.terminate_instances([state.instance_id])
    assert group.instance_states == [state]  # only EC2's API tells the groups
    backend.notify_terminate_instances([state.instance_id])
    assert len(group.instance_states) == 1 and group.instance_states != [state]
    backend.update_attached_elbs("fleet")
    backend.update_attached_target_groups("fleet")
    with pytest.raises(ServiceException):
        ec2.get_subnet("subnet-0")


@leans_on("moto.ec2.models.amis.AmiBackend")
def test_an_accounts_images_are_made_by_one_method_once_their_dictionaries_are_there(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    monkeypatch.setattr(
        AmiBackend, "_load_amis", lambda backend: made.append((backend.amis, backend.snapshots))
    )
    held = ec2_backends[ACCOUNT]["eu-north-1"]
    assert made == [(held.amis, held.snapshots)] == [({}, {})]


# --- ECS


@leans_on("moto.ecs.urls")
def test_ecs_has_one_address_and_it_is_read_for_every_request(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(ecs_urls.url_paths) == ["{0}/$"]
    client = boto3.client("ecs", REGION)
    client.list_clusters()

    class Ours(EC2ContainerServiceResponse):
        def list_clusters(self) -> ActionResult:
            return ActionResult({"clusterArns": ["ours"]})

    monkeypatch.setitem(ecs_urls.url_paths, "{0}/$", Ours.dispatch)
    assert client.list_clusters()["clusterArns"] == ["ours"]


@leans_on("moto.ecs.responses.EC2ContainerServiceResponse")
def test_the_ecs_backend_keeps_what_we_put_there() -> None:
    with mock_aws():
        backend: Any = ecs_backends[ACCOUNT][REGION]
        for name in ("clusters", "services", "tasks", "task_definitions"):
            assert getattr(backend, name) == {}, name
            setattr(backend, name, held := {"x": object()})
            assert getattr(backend, name) is held
    assert isinstance(EC2ContainerServiceResponse.ecs_backend, property)


@leans_on("moto.ecs.responses.EC2ContainerServiceResponse")
def test_an_operation_is_a_method_by_its_name_in_snake_case() -> None:
    known = [xform_name(one) for one in get_session().get_service_model("ecs").operation_names]
    assert sum(hasattr(EC2ContainerServiceResponse, name) for name in known) >= 46


@leans_on(
    "moto.ecs.responses.DESCRIBE_CLUSTERS_TAGS",
    "moto.ecs.responses.DESCRIBE_SERVICES_TAGS",
    "moto.ecs.responses.DESCRIBE_TASK_SETS_TAGS",
    "moto.ecs.responses.DESCRIBE_TASKS_TAGS",
)
@pytest.mark.parametrize(
    ("path", "operation"),
    [
        (DESCRIBE_CLUSTERS_TAGS, "DescribeClusters"),
        (DESCRIBE_SERVICES_TAGS, "DescribeServices"),
        (DESCRIBE_TASK_SETS_TAGS, "DescribeTaskSets"),
        (DESCRIBE_TASKS_TAGS, "DescribeTasks"),
    ],
)
def test_tags_are_left_out_of_an_answer_by_their_path(path: str, operation: str) -> None:
    answer = get_session().get_service_model("ecs").operation_model(operation).output_shape
    assert answer is not None
    name, member, shape, tags = path.split(".")
    assert answer.name == name
    assert answer.members[member].member.name == shape  # type: ignore[attr-defined]
    assert tags in answer.members[member].member.members  # type: ignore[attr-defined]


@leans_on("moto.ecs.responses.EC2ContainerServiceResponse")
def test_what_is_left_out_once_stays_out_until_it_is_put_in(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BaseResponse, "RESPONSE_KEY_PATH_TO_TRANSFORMER", {})
    first, second = EC2ContainerServiceResponse(), EC2ContainerServiceResponse()
    first._exclude_from_response("a.b")
    assert second.RESPONSE_KEY_PATH_TO_TRANSFORMER["a.b"](1) != 1
    second._include_in_response("a.b")
    assert first.RESPONSE_KEY_PATH_TO_TRANSFORMER["a.b"](1) == 1


# --- S3


@leans_on("moto.s3.responses.S3Response")
def test_s3_has_two_entries_beside_dispatch() -> None:
    for name in ("bucket_response", "key_response"):
        entry = inspect.signature(getattr(S3Response, name))
        assert list(entry.parameters)[:2] == ["self", "request"], name
    targets = {target.__func__.__qualname__ for target in s3_urls.url_paths.values()}
    assert targets == {
        "S3Response.bucket_dispatch",
        "S3Response.ambiguous_dispatch",
        "S3Response.key_dispatch",
    }


@leans_on("moto.s3.responses.S3Response")
def test_every_call_to_s3_goes_through_one_of_them(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []

    def guarding(name: str) -> Any:
        real = getattr(S3Response, name)

        def entry(self: S3Response, request: Any, *args: Any, **kwargs: Any) -> Any:
            answer = real(self, request, *args, **kwargs)
            passed.append(self._get_action())
            return answer

        return entry

    for name in ("bucket_response", "key_response"):
        monkeypatch.setattr(S3Response, name, guarding(name))
    s3 = boto3.client("s3", REGION)
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    s3.list_buckets()
    s3.get_object(Bucket="bucket", Key="k")
    assert passed == ["CreateBucket", "PutObject", "ListBuckets", "GetObject"]


# --- Elastic Load Balancing


@leans_on("moto.elbv2.models.elbv2_backends", "moto.elb.models.elb_backends")
def test_target_groups_are_kept_by_arn_and_classic_load_balancers_by_name(
    ec2: Any, subnet: Any
) -> None:
    balancing, classic = boto3.client("elbv2", REGION), boto3.client("elb", REGION)
    made = balancing.create_target_group(
        Name="g", Protocol="HTTP", Port=80, VpcId=subnet.vpc_id, TargetType="ip"
    )
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    group = elbv2_backends[ACCOUNT][REGION].target_groups[arn]
    assert (group.target_type, group.load_balancer_arns) == ("ip", [])
    front = balancing.create_load_balancer(Name="front", Subnets=[subnet.id])["LoadBalancers"][0]
    forward: Any = {"Type": "forward", "TargetGroupArn": arn}
    balancing.create_listener(
        LoadBalancerArn=front["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[forward],
    )
    assert group.load_balancer_arns == [front["LoadBalancerArn"]]
    listener: Any = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    classic.create_load_balancer(
        LoadBalancerName="old", Listeners=[listener], AvailabilityZones=["us-east-1a"]
    )
    assert list(elb_backends[ACCOUNT][REGION].load_balancers) == ["old"]


@leans_on("moto.elbv2.models.elbv2_backends", "moto.core.responses.EmptyResult")
def test_what_a_load_balancer_a_listener_and_a_target_group_say_of_themselves(
    ec2: Any, subnet: Any
) -> None:
    client, backend = boto3.client("elbv2", REGION), elbv2_backends[ACCOUNT][REGION]
    client.create_target_group(Name="g", Protocol="HTTP", Port=80, VpcId=subnet.vpc_id)
    client.create_load_balancer(Name="front", Subnets=[subnet.id])
    (group,), (front,) = backend.target_groups.values(), backend.load_balancers.values()
    told = (group.protocol, group.port, group.vpc_id, group.target_type, group.name)
    assert told == ("HTTP", 80, subnet.vpc_id, "instance", "g")
    checked = (group.health_check_protocol, group.health_check_port, group.health_check_path)
    assert checked == ("HTTP", "traffic-port", "/")
    assert (int(group.health_check_interval_seconds), group.health_check_timeout_seconds) == (30, 5)
    assert (group.healthy_threshold_count, group.unhealthy_threshold_count) == ("5", 2)
    assert group.matcher == {"HttpCode": "200"}
    assert group.attributes["deregistration_delay.timeout_seconds"] == 300
    seen = (front.name, front.type, front.state, front.scheme, front.vpc_id, front.security_groups)
    assert seen == ("front", "application", "provisioning", None, subnet.vpc_id, [])
    assert front.subnets == [subnet] and front.attrs["deletion_protection.enabled"] == "false"
    client.create_listener(
        LoadBalancerArn=front.arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group.arn}],
    )
    (listener,) = front.listeners.values()
    (rule,) = listener.rules.values()
    assert (listener.protocol, listener.port, rule.priority, rule.conditions) == (
        *("HTTP", 80, "default"),
        [],
    )
    assert [one.data["TargetGroupArn"] for one in rule.actions] == [group.arn]
    client.describe_load_balancers()
    assert front.state == "active", "to look at it makes it active"
    assert backend.tagging_service.get_tag_dict_for_resource(front.arn) == {}
    client.delete_load_balancer(LoadBalancerArn=front.arn)
    assert backend.load_balancers == {}
    assert EmptyResult().result is None


# --- EC2


@leans_on("moto.ec2.models.ec2_backends")
def test_subnets_and_groups_are_found_by_id(ec2: Any, subnet: Any) -> None:
    assert ec2.get_subnet(subnet.id) is subnet
    assert (subnet.availability_zone, subnet.cidr_block) == ("us-east-1a", "10.0.1.0/24")
    assert ec2.get_security_group_from_id("sg-0") is None


@leans_on("moto.ec2.models.ec2_backends")
def test_a_vpc_has_its_subnets_a_default_group_and_perhaps_a_gateway(ec2: Any, subnet: Any) -> None:
    assert subnet in ec2.describe_subnets()
    assert isinstance(ec2, EC2Backend) and callable(EC2Backend.create_vpc)
    (group,) = ec2.groups[subnet.vpc_id].values()
    assert (group.name, group.ingress_rules) == ("default", [])
    members: Any = {"source_groups": [{"GroupId": group.id}], "vpc_id": subnet.vpc_id}
    (rule,), _ = ec2.authorize_security_group_ingress(group.id, "-1", None, None, [], **members)
    assert rule in group.ingress_rules and rule.id.startswith("sgr-")
    gateway = ec2.create_internet_gateway()
    assert gateway in ec2.internet_gateways.values() and gateway.vpc is None
    ec2.attach_internet_gateway(gateway.id, subnet.vpc_id)
    assert gateway.vpc.id == subnet.vpc_id


@leans_on("moto.ec2.exceptions.InvalidSubnetIdError")
def test_an_unknown_subnet_is_an_error_of_its_own(ec2: Any) -> None:
    with pytest.raises(InvalidSubnetIdError):
        ec2.get_subnet("subnet-0")


@leans_on("moto.ec2.models.ec2_backends")
def test_an_interface_is_made_with_an_address_and_kept_by_id(ec2: Any, subnet: Any) -> None:
    eni = ec2.create_network_interface(
        subnet, "10.0.1.9", group_ids=None, description="d", public_ip_auto_assign=True
    )
    assert ec2.enis[eni.id] is eni
    assert eni.private_ip_address == "10.0.1.9" and eni.mac_address
    assert eni.public_ip and eni.subnet is subnet
    client = boto3.client("ec2", REGION)
    eni.status, eni.requester_managed = "in-use", True
    (shown,) = client.describe_network_interfaces()["NetworkInterfaces"]
    assert (shown["Status"], shown["RequesterManaged"]) == ("in-use", True)
    del ec2.enis[eni.id]
    assert client.describe_network_interfaces()["NetworkInterfaces"] == []


@leans_on("moto.ec2.models.ec2_backends")
def test_a_subnet_knows_its_addresses(ec2: Any, subnet: Any) -> None:
    subnet.request_ip("10.0.1.9", object())
    assert "10.0.1.9" in subnet._subnet_ips
    subnet.del_subnet_ip("10.0.1.9")
    assert "10.0.1.9" not in subnet._subnet_ips


@leans_on("moto.ec2.models.ec2_backends")
def test_free_addresses_are_counted_from_the_interfaces(ec2: Any, subnet: Any) -> None:
    assert subnet.available_ip_address_count == 251
    eni = ec2.create_network_interface(subnet, "10.0.1.9")
    assert subnet.available_ip_address_count == 250
    del ec2.enis[eni.id]
    assert subnet.available_ip_address_count == 251


# --- API Gateway


@leans_on("moto.backend_index", "moto.apigatewayv2.urls")
def test_http_apis_have_a_module_that_the_host_of_api_gateway_does_not_lead_to(aws: None) -> None:
    """REST APIs have that host, and their module a package to import; HTTP APIs' needs none."""
    services = dict(backend_index.backend_url_patterns)
    assert "apigatewayv2" not in services
    assert services["apigateway"].match("https://apigateway.us-east-1.amazonaws.com")
    assert moto.backends.get_backend("apigatewayv2")[ACCOUNT][REGION].urls
    assert all(one.startswith("{0}/v2/") for one in apigatewayv2_urls.url_paths)
    assert "moto.apigateway" not in Path(inspect.getfile(apigatewayv2_urls)).read_text("utf-8")


# --- Logs


@leans_on("moto.logs.urls", "moto.logs.responses.LogsResponse")
def test_logs_has_one_address_and_answers_in_text(aws: None) -> None:
    assert logs_urls.url_paths == {"{0}/$": LogsResponse.dispatch}
    for operation in ("put_retention_policy", "create_log_stream", "get_log_events"):
        assert inspect.signature(getattr(LogsResponse, operation)).return_annotation is str
    for operation in ("test_metric_filter", "stop_query"):
        assert not hasattr(LogsResponse, operation), "moto has it now"


@leans_on("moto.logs.models.logs_backends")
def test_events_lie_in_streams_of_groups_in_the_order_of_writing(aws: None) -> None:
    logs, backend = boto3.client("logs", REGION), logs_backends[ACCOUNT][REGION]
    backend.create_log_group("web", {})
    backend.ensure_log_stream("web", "a")
    backend.ensure_log_stream("web", "a")
    now = int(unix_time() * 1000)
    events = [{"timestamp": now, "message": "one"}, {"timestamp": now, "message": "two"}]
    backend.put_log_events("web", "a", events)
    assert list(backend.groups) == ["web"]
    (stream,) = backend.groups["web"].streams.values()
    assert [(one.timestamp, one.message) for one in stream.events] == [(now, "one"), (now, "two")]
    assert stream.events[0].ingestion_time >= now
    assert logs.get_log_events(logGroupName="web", logStreamName="a")["events"]
    assert backend.queries == {}


# --- Metrics and alarms


@leans_on("moto.cloudwatch.urls", "moto.cloudwatch.responses.CloudWatchResponse")
def test_cloudwatch_has_one_address_and_no_history_of_alarms(aws: None) -> None:
    assert cloudwatch_urls.url_paths == {"{0}/$": CloudWatchResponse.dispatch}
    assert CloudWatchResponse().automated_parameter_parsing
    assert not hasattr(CloudWatchResponse, "describe_alarm_history"), "moto has it now"
    backend = cloudwatch_backends[ACCOUNT][REGION]
    assert backend.alarms == {}  # which is replaced by ours, for tags are asked of it
    backend._validate_parameters_put_metric_data({"MetricName": "Orders", "Value": 1.0}, 1)


@leans_on(
    "moto.cloudwatch.exceptions.InvalidFormat",
    "moto.cloudwatch.exceptions.InvalidParameterCombination",
    "moto.cloudwatch.exceptions.InvalidParameterValue",
    "moto.cloudwatch.exceptions.ResourceNotFound",
    "moto.cloudwatch.exceptions.ValidationError",
)
def test_cloudwatchs_errors_have_the_codes_of_the_query_protocol() -> None:
    for name in (
        "InvalidFormat",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "ResourceNotFound",
        "ValidationError",
    ):
        assert getattr(cloudwatch_errors, name).code == name


# --- Application Auto Scaling


@leans_on(
    "moto.applicationautoscaling.urls",
    "moto.applicationautoscaling.responses.ApplicationAutoScalingResponse",
)
def test_application_auto_scaling_has_one_address_and_no_activities() -> None:
    response = ApplicationAutoScalingResponse
    assert application_scaling_urls.url_paths == {"{0}/$": response.dispatch}
    assert not hasattr(response, "describe_scaling_activities"), "moto has it now"
    for name in (
        "_validate_params",
        "register_scalable_target",
        "describe_scalable_targets",
        "deregister_scalable_target",
        "put_scaling_policy",
        "describe_scaling_policies",
        "delete_scaling_policy",
        "put_scheduled_action",
        "describe_scheduled_actions",
        "delete_scheduled_action",
    ):
        assert callable(getattr(response, name))


# --- Messaging


@leans_on(
    "moto.sns.models.Subscription",
    "moto.sqs.models.sqs_backends",
    "moto.sqs.models.Queue",
    "moto.sqs.models.Message",
    "moto.core.utils.unix_time_millis",
)
def test_a_subscription_delivers_to_a_queue_by_its_endpoint_whatever_the_policy(aws: None) -> None:
    sns, sqs = boto3.client("sns", REGION), boto3.client("sqs", REGION)
    topic = sns.create_topic(Name="orders")["TopicArn"]
    sqs.create_queue(QueueName="stock")
    queue = sqs_backends[ACCOUNT][REGION].queues["stock"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.queue_arn)
    (held,) = sns_backends[ACCOUNT][REGION].subscriptions.values()
    assert (held.protocol, held.endpoint, held.topic_arn) == ("sqs", queue.queue_arn, topic)
    assert isinstance(held, Subscription)
    assert not held.attributes.get("RawMessageDelivery")
    assert queue.policy is None
    held.attributes["RawMessageDelivery"] = "false"
    sns.publish(TopicArn=topic, Message="one")
    (message,) = queue._messages
    assert message.body == "one", "moto reads the text of this attribute now"
    assert isinstance(message, Message)
    assert isinstance(queue, Queue)
    assert message.visible_at == 0 < message.sent_timestamp <= unix_time_millis()
    assert queue.message_retention_period == 4 * 86400
    for name in ("messages", "approximate_number_of_messages_not_visible"):
        assert isinstance(vars(Queue)[name], property)
    assert isinstance(vars(Queue)["approximate_number_of_messages_delayed"], property)
    assert isinstance(vars(Message)["visible"], property)


@leans_on("moto.kinesis.models.KinesisBackend")
def test_a_shard_iterator_is_stream_shard_and_number_and_lasts_for_ever(aws: None) -> None:
    kinesis = boto3.client("kinesis", REGION)
    kinesis.create_stream(StreamName="orders", ShardCount=1)
    kinesis.put_record(StreamName="orders", PartitionKey="a", Data=b"one")
    backend = kinesis_backends[ACCOUNT][REGION]
    assert isinstance(backend, KinesisBackend)
    shard = "shardId-000000000000"
    given = {"StreamName": "orders", "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis.get_shard_iterator(**given)["ShardIterator"]
    assert b64decode(iterator).decode() == f"orders:{shard}:0"
    following, (record,), behind = backend.get_records(None, iterator, 10)
    assert b64decode(following).decode() == f"orders:{shard}:1"
    assert (behind, record.created_at <= unix_time()) == (0, True)
    stream = backend.describe_stream(stream_arn=None, stream_name="orders")
    assert stream.retention_period_hours == 24
    held = stream.get_shard(shard)
    assert (list(held.records), held.get_max_sequence_number()) == ([1], 1)


# --- Secrets


@leans_on(
    "moto.secretsmanager.models.secretsmanager_backends",
    "moto.secretsmanager.exceptions.SecretsManagerClientError",
    "moto.secretsmanager.exceptions.InvalidRequestException",
)
def test_a_secret_has_versions_a_key_and_a_policy(aws: None) -> None:
    client = boto3.client("secretsmanager", REGION)
    arn = client.create_secret(Name="db", SecretString="one")["ARN"]
    backend: Any = secretsmanager_backends[ACCOUNT][REGION]
    secret = backend.secrets.get(arn)
    assert backend.secrets.get(arn[:-7]) is secret
    assert (secret.arn, secret.policy) == (arn, None)
    assert secret.kms_key_id is None
    assert backend.secrets.get(f"{arn[:-6]}XXXXXX") is None
    client.put_secret_value(SecretId=arn, SecretString="two")
    assert backend.get_secret_value(arn, None, None)["SecretString"] == "two"
    assert backend.get_secret_value(arn, None, "AWSPREVIOUS")["SecretString"] == "one"
    for version, stage in (("0" * 32, None), (None, "NONE")):
        with pytest.raises(SecretsManagerClientError):
            backend.get_secret_value(arn, version, stage)
    client.delete_secret(SecretId=arn)
    with pytest.raises(InvalidRequestException):
        backend.get_secret_value(arn, None, None)


@leans_on("moto.ssm.models.ssm_backends")
def test_a_parameter_is_decrypted(aws: None) -> None:
    key = boto3.client("kms", REGION).create_key()["KeyMetadata"]
    boto3.client("kms", REGION).create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
    given = {"Name": "/a", "Value": "kept", "Type": "SecureString", "KeyId": "alias/mine"}
    boto3.client("ssm", REGION).put_parameter(**given)
    store: Any = ssm_backends[ACCOUNT][REGION]
    found = store.get_parameter("/a")
    assert (found.parameter_type, found.keyid) == ("SecureString", "alias/mine")
    assert found.decrypt(found.value) == "kept"
    assert store.get_parameter("/b") is None


# --- Policies of resources


def held(service: Any, region: str = REGION) -> Any:
    return moto.backends.get_backend(service)[ACCOUNT][region]


def test_where_each_service_keeps_the_policies_of_its_resources(aws: None) -> None:
    """Read by ``resource_policies``, which loads each service by ``moto.backends.get_backend``."""
    key = boto3.client("kms", REGION).create_key()["KeyMetadata"]
    boto3.client("kms", REGION).create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
    kept = held("kms").keys[key["KeyId"]]
    assert (kept.arn, "alias/mine" in kept.aliases) == (key["Arn"], True)
    assert json.loads(kept.policy)["Statement"][0]["Principal"]["AWS"].endswith(":root")
    boto3.client("s3", REGION).create_bucket(Bucket="letters")
    assert held("s3", "aws").buckets["letters"].policy is None
    held("s3", "aws").put_bucket_policy("letters", b"{}")
    assert held("s3", "aws").buckets["letters"].policy == b"{}"
    boto3.client("sqs", REGION).create_queue(QueueName="q")
    assert held("sqs").queues["q"].policy is None
    arn = boto3.client("sns", REGION).create_topic(Name="t")["TopicArn"]
    (statement,) = json.loads(held("sns").topics[arn].policy)["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}
    boto3.client("logs", REGION).put_resource_policy(policyName="p", policyDocument="{}")
    assert held("logs").resource_policies["p"].policy_document == "{}"


@leans_on("moto.awslambda_simple.models.lambda_simple_backends")
def test_a_function_without_docker_has_its_policy_in_statements() -> None:
    with mock_aws(config=DefaultConfig({"lambda": {"use_docker": False}})):
        role = boto3.client("iam").create_role(RoleName="f", AssumeRolePolicyDocument="{}")
        functions = boto3.client("lambda", REGION)
        functions.create_function(
            FunctionName="f", Role=role["Role"]["Arn"], Runtime="python3.12", Handler="f.f",
            Code={"ZipFile": b"x"},
        )  # fmt: skip
        functions.add_permission(
            FunctionName="f", StatementId="one", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
        )  # fmt: skip
        (found,) = lambda_simple_backends[ACCOUNT][REGION].list_functions()
        assert found.function_name == "f"
        assert [one["Sid"] for one in found.policy.statements] == ["one"]


def test_a_ciphertext_begins_with_the_id_of_its_key(aws: None) -> None:
    kms = boto3.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    assert sealed[:36].decode() == key


# --- ECR


@leans_on(
    "moto.ecr.models.ecr_backends",
    "moto.ecr.exceptions.RepositoryNotFoundException",
    "moto.ecr.exceptions.ImageNotFoundException",
)
def test_an_image_is_found_by_repository_and_tag_or_not_at_all(aws: None) -> None:
    ecr = boto3.client("ecr", REGION)
    backend: Any = ecr_backends[ACCOUNT][REGION]
    with pytest.raises(RepositoryNotFoundException):
        backend._get_repository("web")
    ecr.create_repository(repositoryName="web")
    repository = backend._get_repository("web")
    with pytest.raises(ImageNotFoundException):
        repository._get_image("v1", None)
    media_type = "application/vnd.docker.distribution.manifest.v2+json"
    config = {"digest": "sha256:1", "size": 1}
    manifest = json.dumps(
        {"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": []}
    )
    image = ecr.put_image(repositoryName="web", imageManifest=manifest, imageTag="v1")["image"]
    digest = image["imageId"]["imageDigest"]
    assert repository._get_image("v1", None).get_image_digest() == digest
    assert repository._get_image(None, digest).get_image_digest() == digest


@leans_on(
    "moto.ecr.responses.ECRResponse",
    "moto.ecr.urls",
    "moto.ecr.models.Image",
    "moto.ecr.models.RepoTagMutability",
    "moto.ecr.models.DEFAULT_LAYER_PART_SIZE",
)
def test_what_is_kept_of_a_repository_and_of_an_image(aws: None) -> None:
    """What our ECR API reads and writes in moto's own objects, and the answers it leaves to moto."""
    assert ecr_urls.url_paths == {"{0}/$": ECRResponse.dispatch}
    ecr = boto3.client("ecr", REGION)
    ecr.create_repository(repositoryName="web", imageTagMutability="IMMUTABLE")
    ecr.create_repository(repositoryName="other")
    repository, other = (ecr_backends[ACCOUNT][REGION].repositories[n] for n in ("web", "other"))
    assert (repository.name, repository.registry_id) == ("web", ACCOUNT)
    assert repository.arn == f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"
    assert (repository.images, repository.layers) == ([], {})
    assert repository.lifecycle_policy is None
    assert repository.image_tag_mutability_exclusion_filters is None
    settings = [RepoTagMutability(one.image_tag_mutability).value for one in (repository, other)]
    assert settings == ["IMMUTABLE", "MUTABLE"]
    assert repository.image_scanning_configuration == {"scanOnPush": False}
    assert repository.scanning_config["scanFrequency"] == "MANUAL"
    assert DEFAULT_LAYER_PART_SIZE == 10 * 1024 * 1024
    made = Image(ACCOUNT, "v1", "{}", "web", "a media type", "sha256:1")
    made.update_tag("v2")
    made.remove_tag("v1")
    made.remove_tag("never there")
    assert (made.image_tags, made.image_digest) == (["v2"], "sha256:1")
    assert (made.image_manifest, made.image_manifest_media_type) == ("{}", "a media type")
    assert isinstance(made.image_pushed_at, int)
    untagged: Any = Image(ACCOUNT, None, "{}", "web", "a media type", "sha256:2")  # type: ignore[arg-type]
    assert untagged.image_tags == []


@leans_on(
    "moto.ecr.exceptions.InvalidLayerPartException",
    "moto.ecr.exceptions.LifecyclePolicyNotFoundException",
    "moto.ecr.exceptions.UploadNotFoundException",
)
def test_ecrs_exceptions_are_told_whom_they_are_about() -> None:
    told = (
        InvalidLayerPartException(ACCOUNT, "web", "the upload", 7),
        LifecyclePolicyNotFoundException("web", ACCOUNT),
        UploadNotFoundException("the upload", "web", ACCOUNT),
    )
    for one in told:
        assert one.code == type(one).__name__
        assert "'web'" in one.message and ACCOUNT in one.message


@leans_on("moto.ecr.exceptions.ImageNotFoundException")
def test_a_setting_and_its_filters_go_together(aws: None) -> None:
    backend = ecr_backends[ACCOUNT][REGION]
    check: Any = backend.validate_image_tag_mutability_params_compatibility
    check("IMMUTABLE", None)
    check("IMMUTABLE_WITH_EXCLUSION", [{"filter": "dev-*", "filterType": "WILDCARD"}])
    with pytest.raises(ServiceException) as refused:
        check("IMMUTABLE_WITH_EXCLUSION", None)
    assert refused.value.code == "InvalidParameterException"


# --- Cloud Map


@leans_on("moto.servicediscovery.models.servicediscovery_backends")
def test_a_namespace_has_a_name_and_an_arn(aws: None) -> None:
    cloud_map = boto3.client("servicediscovery", REGION)
    cloud_map.create_http_namespace(Name="kitchen")
    (made,) = cloud_map.list_namespaces()["Namespaces"]
    (held,) = servicediscovery_backends[ACCOUNT][REGION].namespaces.values()
    assert (held.name, held.arn) == ("kitchen", made["Arn"])
    assert (held.type, held.vpc, held.http_properties) == ("HTTP", None, {"HttpName": "kitchen"})


@leans_on(
    "moto.servicediscovery.urls",
    "moto.servicediscovery.responses.ServiceDiscoveryResponse",
    "moto.servicediscovery.models.Namespace",
    "moto.servicediscovery.models.Service",
    "moto.servicediscovery.models.Operation",
    "moto.servicediscovery.models.random_id",
)
def test_what_is_made_of_motos_cloud_map_shows_in_its_answers(aws: None) -> None:
    assert servicediscovery_urls.url_paths == {"{0}/$": ServiceDiscoveryResponse.dispatch}
    backend = servicediscovery_backends[ACCOUNT][REGION]
    place: Any = {"account_id": ACCOUNT, "region": REGION, "description": None}
    made = Namespace(
        **place,
        name="kitchen",
        ns_type="HTTP",
        creator_request_id="1",
        dns_properties={"SOA": {}},
        http_properties={"HttpName": "kitchen"},
    )
    assert re.fullmatch(r"arn:aws:servicediscovery:[^/]+:namespace/ns-\w+", made.arn)
    assert made.arn.endswith(made.id) and len(random_id(16)) == 16
    backend.namespaces[made.id] = made
    nothing: Any = dict.fromkeys(
        ("dns_config", "health_check_config", "health_check_custom_config")
    )
    service = Service(
        **place,
        **nothing,
        name="oven",
        namespace_id=made.id,
        creator_request_id="2",
        service_type="HTTP",
    )
    assert (service.instances, service.instances_revision) == ([], {})
    backend.services[service.id] = service
    operation = Operation("CREATE_NAMESPACE", {"NAMESPACE": made.id})
    operation.status, operation.updated = "PENDING", 0.0
    backend.operations[operation.id] = operation
    backend.tagger.tag_resource(service.arn, [{"Key": "k", "Value": "v"}])
    cloud_map = boto3.client("servicediscovery", REGION)
    assert cloud_map.list_namespaces()["Namespaces"][0]["Id"] == made.id
    assert cloud_map.get_service(Id=service.id)["Service"]["NamespaceId"] == made.id
    shown = cloud_map.get_operation(OperationId=operation.id)["Operation"]
    assert (shown["Status"], shown["Targets"]) == ("PENDING", {"NAMESPACE": made.id})
    assert cloud_map.list_tags_for_resource(ResourceARN=service.arn)["Tags"]


@leans_on("moto.route53.models.route53_backends")
def test_a_hosted_zone_is_made_and_taken_out_again(aws: None) -> None:
    backend = route53_backends[ACCOUNT]["aws"]
    zone = backend.create_hosted_zone(
        "shop.local.", private_zone=True, vpcid="vpc-1", vpcregion=REGION, comment="c"
    )
    (shown,) = boto3.client("route53").list_hosted_zones()["HostedZones"]
    assert (shown["Id"], shown["Name"]) == (f"/hostedzone/{zone.resource_id}", "shop.local.")
    del backend.zones[zone.resource_id]
    assert boto3.client("route53").list_hosted_zones()["HostedZones"] == []


# --- IAM


@leans_on("moto.iam.models.iam_backends")
def test_a_role_is_kept_with_its_trust_and_its_policies(aws: None) -> None:
    iam = boto3.client("iam", REGION)
    text = json.dumps({"Version": "2012-10-17", "Statement": []})
    tag = {"Key": "team", "Value": "blue"}
    made = iam.create_role(RoleName="web", AssumeRolePolicyDocument=text, Tags=[tag])["Role"]
    own = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    newer = own.replace("Allow", "Deny")
    iam.put_role_policy(RoleName="web", PolicyName="own", PolicyDocument=_dated(own))
    arn = iam.create_policy(PolicyName="mine", PolicyDocument=_dated(own))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="web", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_dated(newer), SetAsDefault=True)
    iam.put_role_permissions_boundary(RoleName="web", PermissionsBoundary=arn)
    backend: Any = iam_backends[ACCOUNT]["aws"]
    (role,) = backend.roles.values()
    assert (role.arn, role.name, role.tags) == (made["Arn"], "web", [tag])
    assert role.assume_role_policy_document == text
    assert role.policies == {"own": _dated(own)}
    assert role.managed_policies == {arn: backend.managed_policies[arn]}
    (default,) = [one for one in backend.managed_policies[arn].versions if one.is_default_version]
    assert default.document == _dated(newer)
    assert role.permissions_boundary_arn == arn


def _dated(document: str) -> str:
    return json.dumps({"Version": "2012-10-17", **json.loads(document)})


@leans_on("moto.iam.models.iam_backends")
def test_an_instance_profile_holds_the_role_itself(aws: None) -> None:
    iam = boto3.client("iam", REGION)
    iam.create_role(RoleName="node", AssumeRolePolicyDocument=_dated('{"Statement": []}'))
    made = iam.create_instance_profile(InstanceProfileName="nodes")["InstanceProfile"]
    iam.add_role_to_instance_profile(InstanceProfileName="nodes", RoleName="node")
    backend: Any = iam_backends[ACCOUNT]["aws"]
    (profile,) = backend.instance_profiles.values()
    assert (profile.arn, profile.name) == (made["Arn"], "nodes")
    assert profile.roles == list(backend.roles.values())


# --- What AWS keeps in every account


@leans_on("moto.iam.models.AWSManagedPolicy")
@leans_on("moto.iam.aws_managed_policies.aws_managed_policies_data")
def test_policies_of_aws_are_left_out_unless_asked_and_can_be_made_from_their_data() -> None:
    backend = IAMBackend("aws", ACCOUNT)
    assert (backend.managed_policies, backend.aws_managed_policies) == ({}, [])
    data = json.loads(aws_managed_policies_data)
    name = "AmazonECSTaskExecutionRolePolicy"
    made = AWSManagedPolicy.from_data(name, ACCOUNT, "aws", data[name])
    assert made.arn == f"arn:aws:iam::aws:policy/service-role/{name}"
    assert (backend.account_id, backend.region_name) == (ACCOUNT, "aws")


@leans_on("moto.iam.aws_managed_policies.aws_managed_policies_data")
def test_each_policy_of_aws_begins_a_line_one_space_in() -> None:
    """So that one can be read without the others."""
    names = re.findall(r'^ "([^"]+)":\{', aws_managed_policies_data, re.MULTILINE)
    assert names == list(json.loads(aws_managed_policies_data))
    assert aws_managed_policies_data.count('\n "') == len(names)


@leans_on("moto.iam.responses.IamResponse")
def test_every_answer_of_iam_asks_for_its_account_first(aws: None) -> None:
    """After its action and parameters are known, and before it looks for a policy."""
    seen = []
    plain: Any = IamResponse.backend

    def backend(response: Any) -> Any:
        seen.append((response._get_action(), response._get_param("PolicyArn")))
        return plain.fget(response)

    arn = f"arn:aws:iam::{ACCOUNT}:policy/none"
    with patch.object(IamResponse, "backend", property(backend)), pytest.raises(ClientError):
        boto3.client("iam", REGION).get_policy(PolicyArn=arn)
    assert seen == [("GetPolicy", arn)]


@leans_on("moto.ssm.models")
def test_a_parameter_that_holds_json_is_a_dictionary_until_it_is_converted() -> None:
    """If this is text one day, ``course.sandbox.aws_owned`` has nothing to mend any more."""
    tree = load_resource(f"ssm/resources/ecs/optimized_amis/{REGION}.json")
    values = {one["Name"]: one["Value"] for one in ssm_models.convert_to_params(tree)}
    assert isinstance(values["/aws/service/ecs/optimized-ami/amazon-linux-2/recommended"], dict)


# --- moto's server, which the endpoint is made of


def environ(**more: str) -> dict[str, Any]:
    return EnvironBuilder(path=more.pop("path", "/"), headers=more).get_environ()


@leans_on(
    "moto.moto_server.werkzeug_app.DomainDispatcherApplication",
    "moto.moto_server.werkzeug_app.create_backend_app",
    "moto.backends.list_of_moto_modules",
)
def test_the_service_of_a_request_is_looked_up_by_the_host_its_signature_stands_for(
    aws: None,
) -> None:
    """So what ``get_backend_for_host`` refuses is refused whichever way a request leads there."""
    asked: list[str | None] = []

    class Watched(DomainDispatcherApplication):
        def get_backend_for_host(self, host: str | None) -> Any:
            asked.append(host)
            return super().get_backend_for_host(host)

    scope = "Credential=K/20261102/us-east-1/ecs/aws4_request"
    server = Watched(create_backend_app)
    server.get_application(environ(Authorization=f"AWS4-HMAC-SHA256 {scope}"))
    assert asked == [None, "ecs.us-east-1.amazonaws.com"]
    assert server.infer_service_region_host(environ(), "/") is None
    assert "dynamodb" in list_of_moto_modules()
    patterns = dict(server.backend_url_patterns)
    assert patterns["ecs"].match("http://ecs.us-east-1.amazonaws.com")


@leans_on("moto.moto_server.werkzeug_app.DomainDispatcherApplication")
def test_the_pages_that_are_closed_have_these_names(aws: None) -> None:
    server = DomainDispatcherApplication(create_backend_app)
    assert server.get_backend_for_host("moto_api") == "moto_api"
    made_up = "motoapi.amazonaws.com:80.amazonaws.com"
    assert server.get_backend_for_host(made_up) == "moto_api._internal"
    assert server.get_backend_for_host("instance_metadata") == "instance_metadata"


@leans_on("moto.moto_server.werkzeug_app.MotoRequestHandler")
def test_the_request_handler_is_werkzeugs_and_logs_by_one_method() -> None:
    assert issubclass(MotoRequestHandler, WSGIRequestHandler)
    for name in ("log_request", "log_error", "log_message"):
        assert ".log(" in inspect.getsource(getattr(MotoRequestHandler, name))


# --- Backends as a whole, which a snapshot copies


@leans_on("moto.core.base_backend.BackendDict")
def test_every_backend_in_use_is_in_one_registry(ec2: Any) -> None:
    known: Any = BackendDict
    assert ec2_backends in known._instances
    found = [
        (account, region) for account, region, one in ec2_backends.iter_backends() if one is ec2
    ]
    assert found == [(ACCOUNT, REGION)]


@leans_on("moto.core.base_backend.BackendDict")
def test_a_backend_can_be_put_in_place_of_another(ec2: Any) -> None:
    ec2_backends.clear()
    fresh: Any = ec2_backends[ACCOUNT][REGION]
    assert fresh is not ec2
    dict.__setitem__(ec2_backends[ACCOUNT], REGION, ec2)
    assert ec2_backends[ACCOUNT][REGION] is ec2


@leans_on("moto.ssm.models.ParameterDict")
def test_parameters_are_made_from_account_and_region() -> None:
    made = ParameterDict(ACCOUNT, REGION)
    assert isinstance(made, dict)
    assert (made.account_id, made.region_name) == (ACCOUNT, REGION)
    assert list(inspect.signature(ParameterDict).parameters) == ["account_id", "region_name"]


# --- Who calls, and what may be called


@leans_on("moto.sts.models.sts_backends")
def test_the_caller_of_a_key_is_whom_sts_names(aws: None) -> None:
    key = boto3.Session().get_credentials().access_key
    _, arn, account = sts_backends[ACCOUNT]["aws"].get_caller_identity(key, REGION)
    assert boto3.client("sts", region_name=REGION).get_caller_identity()["Arn"] == arn
    assert account == ACCOUNT


@leans_on("moto.iam.utils.ACCOUNT_OFFSET")
def test_a_key_has_its_account_after_the_first_four_letters(aws: None) -> None:
    number = int(ACCOUNT) // 2 + ACCOUNT_OFFSET
    account = b32encode(number.to_bytes(5, "big")).decode()
    boto3.client("iam", REGION).create_user(UserName="dev")
    user = boto3.client("iam", REGION).create_access_key(UserName="dev")["AccessKey"]
    role = f"arn:aws:iam::{ACCOUNT}:role/not-there"
    session = boto3.client("sts", REGION).assume_role(RoleArn=role, RoleSessionName="one")
    keys = (user["AccessKeyId"], session["Credentials"]["AccessKeyId"])
    assert [key[4:12] for key in keys] == [account, account]
    backend: Any = sts_backends[ACCOUNT]["aws"]
    found = backend.get_assumed_role_from_access_key(keys[1])
    assert found.session_token == session["Credentials"]["SessionToken"]


@leans_on("moto.iam.models.iam_backends", "moto.iam.models.get_account_id_from")
def test_a_users_key_leads_to_the_user_with_policies_and_groups(aws: None) -> None:
    iam = boto3.client("iam", REGION)
    iam.create_user(UserName="dev")
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="dev")
    statement = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}
    own = _dated(json.dumps({"Statement": [statement]}))
    iam.put_user_policy(UserName="dev", PolicyName="own", PolicyDocument=own)
    iam.put_group_policy(GroupName="team", PolicyName="ours", PolicyDocument=own)
    made = iam.create_access_key(UserName="dev")["AccessKey"]["AccessKeyId"]
    backend: Any = iam_backends[ACCOUNT]["aws"]
    key = backend.access_keys[made]
    assert (key.user_name, key.status) == ("dev", "Active")
    assert get_account_id_from(made) == get_account_id_from("nobody") == ACCOUNT
    user = backend.users["dev"]
    assert user.access_keys == [key]
    assert (user.policies, user.managed_policies, user.tags) == ({"own": own}, {}, None)
    (group,) = backend.get_groups_for_user("dev")
    assert (group.policies, group.managed_policies) == ({"ours": own}, {})


@leans_on("moto.sts.models.sts_backends", "moto.sts.responses.TokenResponse", "moto.sts.urls")
def test_a_session_is_found_by_its_key_and_anybody_gets_one(aws: None) -> None:
    assert sts_urls.url_paths == {"{0}/$": TokenResponse.dispatch}
    role = f"arn:aws:iam::{ACCOUNT}:role/not-there"
    given = boto3.client("sts", REGION).assume_role(
        RoleArn=role, RoleSessionName="one", Policy="{}", DurationSeconds=900
    )
    backend: Any = sts_backends[ACCOUNT]["aws"]
    session = backend.get_assumed_role_from_access_key(given["Credentials"]["AccessKeyId"])
    assert (session.role_arn, session.session_name, session.policy) == (role, "one", "{}")
    assert session.expiration == given["Credentials"]["Expiration"].replace(tzinfo=None)
    assert backend.get_assumed_role_from_access_key("nobody") is None


@leans_on("moto.sts.models.AssumedRole")
def test_a_session_with_keys_of_our_own_is_as_good(aws: None) -> None:
    backend: Any = sts_backends[ACCOUNT]["aws"]
    role, name = f"arn:aws:iam::{ACCOUNT}:role/app", "ASIA" + 16 * "A"  # 20 letters and digits
    key: Any = SimpleNamespace(access_key_id=name, secret_access_key="secret")
    made = AssumedRole(
        account_id=ACCOUNT,
        region_name=REGION,
        access_key=key,
        role_session_name="task",
        role_arn=role,
        policy="",
        duration=0,
        external_id="",
    )
    assert made.expiration.tzinfo is None and made.session_token
    backend.assumed_roles.append(made)
    assert backend.get_assumed_role_from_access_key(name) is made
    session = boto3.Session(name, "secret", made.session_token, REGION)
    who = session.client("sts").get_caller_identity()["Arn"]
    assert who == f"arn:aws:sts::{ACCOUNT}:assumed-role/app/task"


@leans_on("moto.xray.models", "moto.xray.urls", "moto.xray.responses")
def test_motos_xray_keeps_segments_as_they_came(aws: None) -> None:
    """Its package wants aws_xray_sdk, which lessons do not bring; ``moto_xray`` goes round that."""
    from course.sandbox.moto_xray import models, responses, urls
    from course.sandbox.observability.xray_api import OPERATIONS

    package = Path(moto.backends.__file__).parent / "xray" / "__init__.py"
    assert "mock_client" in package.read_text("utf-8")
    assert moto.backends.get_backend("xray") is models.xray_backends
    paths = {one.removeprefix("{0}/").removesuffix("$"): at for one, at in urls.url_paths.items()}
    assert paths.keys() == OPERATIONS.keys()
    assert set(paths.values()) == {responses.XRayResponse.dispatch}
    backend = models.xray_backends[ACCOUNT][REGION]
    segment = {
        "trace_id": "1-5759e988-bd862e3fe1be46a994272793",
        "id": "53995c3f42cd8ad8",
        "name": "web",
        "start_time": 1.0,
        "end_time": 2.0,
    }
    backend.process_segment(json.dumps(segment))
    (trace,) = backend._segment_collection._traces.values()
    assert [(one.id, json.loads(one.raw)) for one in trace["segments"]] == [
        (segment["id"], segment)
    ]


@leans_on("moto.iam.urls")
def test_a_service_linked_role_has_another_name_and_no_policy(aws: None) -> None:
    assert iam_urls.url_paths == {"{0}/$": IamResponse.dispatch}
    backend: Any = iam_backends[ACCOUNT]["aws"]
    made = backend.create_service_linked_role("ecs.amazonaws.com", "", "")
    assert (made.name, made.path) == (
        "AWSServiceRoleForecs",
        "/aws-service-role/ecs.amazonaws.com/",
    )
    assert backend.roles == {made.id: made}
    assert not made.managed_policies
    made.name = "AWSServiceRoleForECS"
    assert made.arn.endswith(":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")


@leans_on(
    "moto.core.routing.get_service_router",
    "moto.core.request.determine_request_protocol",
    "moto.core.parse.PROTOCOL_PARSERS",
)
def test_routers_and_parsers_read_a_request_before_it_is_answered() -> None:
    """The path of S3's virtual hosts, and a query's lists, as botocore's model has them."""
    get = Request.from_primitives("GET", "https://a-bucket.s3.amazonaws.com/a/b", {}, b"")
    operation, found = get_service_router("s3").match(get)
    assert (operation.name, found) == ("GetObject", {"Bucket": "a-bucket", "Key": "a/b"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"Action=SimulateCustomPolicy&ActionNames.member.1=a%3AB&PolicyInputList.member.1=x"
    ask = Request.from_primitives("POST", "https://iam.amazonaws.com/", form, body)
    operation, found = get_service_router("iam").match(ask)
    protocol = determine_request_protocol(get_service_model("iam"), ask.content_type)
    parsed = PROTOCOL_PARSERS[protocol](operation).parse(
        {"method": "POST", "values": ask.values, "headers": ask.headers, "body": ask.data,
         "url_path": ask.path, "url_params": found}
    )  # fmt: skip
    assert (operation.name, parsed["ActionNames"]) == ("SimulateCustomPolicy", ["a:B"])


@leans_on("moto.core.utils.get_service_model")
def test_the_model_moto_reads_is_botocores() -> None:
    own = get_session().get_service_model("ecs")
    assert list(get_service_model("ecs").operation_names) == list(own.operation_names)


# --- What ECS sees of EC2


@leans_on("moto.utilities.utils.load_resource")
def test_what_aws_publishes_of_each_ecs_optimized_ami() -> None:
    tree = load_resource(f"ssm/resources/ecs/optimized_amis/{REGION}.json")
    kinds = tree["aws"]["service"]["ecs"]["optimized-ami"]
    newest = kinds["amazon-linux-2023"]["recommended"]["Value"]
    assert {"image_id", "image_name", "ecs_agent_version", "ecs_runtime_version"} <= newest.keys()
    assert newest["ecs_runtime_version"].startswith("Docker version ")
    with pytest.raises(FileNotFoundError):
        load_resource("ssm/resources/ecs/optimized_amis/nowhere-1.json")


def test_an_instance_is_in_its_reservation_and_its_profile_beside_it(aws: None) -> None:
    iam, client = boto3.client("iam"), boto3.client("ec2", region_name=REGION)
    arn = iam.create_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Arn"]
    client.run_instances(
        ImageId="ami-1", MinCount=2, MaxCount=2, IamInstanceProfile={"Name": "p"}, UserData="text"
    )
    ec2 = ec2_backends[ACCOUNT][REGION]
    (reservation,) = ec2.reservations.values()
    first, second = reservation.instances
    assert (first.state, first.instance_type) == ("running", "m1.small")
    assert b64decode(str(first.user_data)).decode() == "text"
    assert ec2.iam_instance_profile_associations[first.id].iam_instance_profile.arn == arn
    assert second.id not in ec2.iam_instance_profile_associations, "ec2_hosts looks at the first"
    assert not hasattr(first, "autoscaling_group")
    client.terminate_instances(InstanceIds=[first.id])
    assert (first.state, reservation.instances) == ("terminated", [first, second])


def test_an_instances_own_interface_stays_behind_unless_it_is_told_to_go(aws: None) -> None:
    client = boto3.client("ec2", region_name=REGION)
    client.run_instances(ImageId="ami-1", MinCount=2, MaxCount=2)
    ec2 = ec2_backends[ACCOUNT][REGION]
    (reservation,) = ec2.reservations.values()
    stays, goes = (one.nics[0] for one in reservation.instances)
    assert stays.description == goes.description == "Primary network interface"
    assert not stays.delete_on_termination, "on AWS it goes: ec2_hosts says so to each"
    goes.delete_on_termination = True
    client.terminate_instances(InstanceIds=[one.id for one in reservation.instances])
    assert list(ec2.enis) == [stays.id]


# --- Events and history


@leans_on("moto.cloudtrail.urls", "moto.cloudtrail.responses.CloudTrailResponse")
def test_cloudtrail_answers_at_one_address_and_looks_nothing_up(aws: None) -> None:
    assert list(cloudtrail_urls.url_paths) == ["{0}/$"]
    assert not hasattr(CloudTrailResponse, "lookup_events")
    with pytest.raises(NotImplementedError):
        boto3.client("cloudtrail", REGION).lookup_events()


@leans_on("moto.events.urls", "moto.events.responses.EventsHandler")
def test_eventbridge_has_one_address_and_no_test_of_patterns(aws: None) -> None:
    assert events_urls.url_paths == {"{0}/": EventsHandler.dispatch}
    assert isinstance(EventsHandler.events_backend, property)
    assert inspect.signature(EventsHandler.put_rule).return_annotation == tuple[str, dict[str, Any]]
    event = {"source": ["shop"], "detail-type": "a"}
    answer = boto3.client("events", REGION).test_event_pattern(
        EventPattern='{"source": ["shop"]}', Event=json.dumps(event)
    )
    assert "Result" not in answer, "moto can test patterns now"


@leans_on("moto.events.models.events_backends")
def test_rules_lie_in_buses_by_name_and_a_disabled_one_still_delivers(aws: None) -> None:
    """Why delivery is ours; no backend is there before somebody asks for one."""
    assert not dict.get(dict.get(events_backends, ACCOUNT) or {}, "eu-west-3")
    events, sqs = boto3.client("events", REGION), boto3.client("sqs", REGION)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}', State="DISABLED")
    target = {"Id": "q", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}
    events.put_targets(Rule="r", Targets=[target])
    (rule,) = events_backends[ACCOUNT][REGION].event_buses["default"].rules.values()
    assert (rule.name, rule.state, rule.targets) == ("r", "DISABLED", [target])
    assert rule.arn == f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r"
    assert rule.event_pattern.dump() == '{"source": ["shop"]}'
    assert rule.scheduled_expression is None
    events.put_events(Entries=[{"Source": "shop", "DetailType": "a", "Detail": "{}"}])
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


@leans_on("moto.sqs.models.sqs_backends", "moto.sns.models.sns_backends")
def test_queues_and_topics_have_policies_of_their_own(aws: None) -> None:
    sqs, sns = boto3.client("sqs", REGION), boto3.client("sns", REGION)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": text})
    queue = sqs_backends[ACCOUNT][REGION].queues["q"]
    assert json.loads(queue.policy)["Statement"][0]["Action"] == "sqs:*"
    told = {"A": {"DataType": "String", "StringValue": "b"}}
    sqs_backends[ACCOUNT][REGION].send_message("q", "x", message_attributes=told, group_id=None)
    (got,) = sqs.receive_message(QueueUrl=url["QueueUrl"], MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert (got["Body"], got["MessageAttributes"]) == ("x", told)
    arn = sns.create_topic(Name="t")["TopicArn"]
    topic = sns_backends[ACCOUNT][REGION].topics[arn]
    assert "events.amazonaws.com" not in topic.policy
    topic.publish("hello")
    assert topic.sent_notifications[0][1] == "hello"


@leans_on("moto.awslambda.utils.get_backend")
def test_a_function_says_its_handler_its_role_and_whom_it_lets_in(aws: None) -> None:
    backend = lambda_backend(ACCOUNT, REGION)
    with pytest.raises(Exception, match="not found"):
        backend.get_function(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none")
    iam, client = boto3.client("iam", REGION), boto3.client("lambda", REGION)
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made = client.create_function(FunctionName="f", Runtime="python3.13", Role=role,
                                  Handler="a.b", Code={"ZipFile": b"x"})  # fmt: skip
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction",
                          Principal="events.amazonaws.com")  # fmt: skip
    function = backend.get_function(made["FunctionArn"])
    assert (function.function_name, function.handler, function.role) == ("f", "a.b", role)
    assert function.function_arn == made["FunctionArn"]
    (statement,) = function.policy.statements
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}


@leans_on(
    "moto.scheduler.urls",
    "moto.scheduler.responses.EventBridgeSchedulerResponse",
    "moto.scheduler.models.scheduler_backends",
)
def test_schedules_lie_in_groups_by_name_and_every_address_is_one_class(aws: None) -> None:
    answering = {one.__self__ for one in scheduler_urls.url_paths.values()}
    assert answering == {EventBridgeSchedulerResponse}
    assert not dict.get(dict.get(scheduler_backends, ACCOUNT) or {}, "eu-west-3")
    target = {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "RoleArn": "arn:aws:iam::1:role/r"}
    boto3.client("scheduler", REGION).create_schedule(
        Name="nightly",
        ScheduleExpression="every day",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
        ActionAfterCompletion="DELETE",
    )
    one = scheduler_backends[ACCOUNT][REGION].schedule_groups["default"].schedules["nightly"]
    assert one.arn == f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/nightly"
    assert (one.schedule_expression, one.schedule_expression_timezone) == ("every day", "UTC")
    assert (one.state, one.start_date, one.end_date) == ("ENABLED", None, None)
    assert one.action_after_completion == "DELETE"
    assert one.target["RetryPolicy"]["MaximumRetryAttempts"] == 185
    assert one.last_modified_date
