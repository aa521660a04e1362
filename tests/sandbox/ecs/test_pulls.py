"""A pull takes a way: for the token, the manifest and the layers; each that lacks fails in AWS's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.ecs.pulls import to_registry
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.registry import public_image

REGION = "us-east-1"
REPOSITORY = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/app"
EVERYWHERE = "0.0.0.0/0"
FULL: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}

NO_TOKEN = (
    "ResourceInitializationError: The task cannot pull registry authentication from Amazon ECR. "
    "There is a connection issue between the task and Amazon ECR. Check your task network "
    "configuration."
)
NO_MANIFEST = (
    f"CannotPullContainerError: The task cannot pull \u2018{REPOSITORY}:1.0\u2019 from the Amazon "
    f"ECR repository \u2018{REPOSITORY}\u2019. There is a connection issue between the task and "
    "Amazon ECR. Check your task network configuration."
)
NO_LAYERS = (
    "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: "
    "httpReaderSeeker: failed open:"
)


class Site:
    """The lab's VPC without its NAT gateway, until endpoints are made; and an image in ECR."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.ec2 = lab, lab.ec2
        ecr = lab.aws.client("ecr")
        ecr.create_repository(repositoryName="app")
        push_image(ecr, "app", "1.0")
        self.role = lab.role()
        self.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": True})
        filters = [
            {"Name": "vpc-id", "Values": [lab.vpc]},
            {"Name": "association.main", "Values": ["true"]},
        ]
        (table,) = self.ec2.describe_route_tables(Filters=filters)["RouteTables"]
        self.table = table["RouteTableId"]
        self.group = self.ec2.create_security_group(
            GroupName="endpoints", Description="endpoints", VpcId=lab.vpc
        )["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
        self.ec2.authorize_security_group_ingress(
            GroupId=self.group,
            IpPermissions=[rule | {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}],
        )
        self.cut()

    def cut(self) -> None:
        self.ec2.delete_route(RouteTableId=self.table, DestinationCidrBlock=EVERYWHERE)

    def mend(self) -> None:
        self.ec2.create_route(
            RouteTableId=self.table, DestinationCidrBlock=EVERYWHERE, NatGatewayId=self.lab.nat
        )

    def endpoint(self, service: str, **statement: Any) -> None:
        given: dict[str, Any] = {
            "VpcId": self.lab.vpc,
            "ServiceName": f"com.amazonaws.{REGION}.{service}",
            "PolicyDocument": json.dumps({"Statement": [FULL | statement]}),
        }
        if service == "s3":
            given |= {"VpcEndpointType": "Gateway", "RouteTableIds": [self.table]}
        else:
            given |= {
                "VpcEndpointType": "Interface",
                "SubnetIds": self.lab.subnets,
                "SecurityGroupIds": [self.group],
                "PrivateDnsEnabled": True,
            }
        self.ec2.create_vpc_endpoint(**given)

    def run(self, image: str = f"{REPOSITORY}:1.0") -> dict[str, Any]:
        """A Fargate task of this image, two minutes later."""
        container = {"name": "app", "image": image}
        self.lab.define("app", executionRoleArn=self.role, containerDefinitions=[container])
        (arn,) = self.lab.run(taskDefinition="app")
        self.lab.clock.advance(minutes=2)
        return dict(self.lab.task(arn))

    def run_on_instance(self, image: str) -> dict[str, Any]:
        self.lab.define_ec2(image=image, portMappings=[])
        (task,) = self.lab.run_ec2()["tasks"]
        self.lab.clock.advance(minutes=2)
        return dict(self.lab.task(task["taskArn"]))


@pytest.fixture
def site(lab: Any) -> Site:
    return Site(lab)


def test_behind_endpoints_each_of_three_is_needed_one_after_the_other(site: Site) -> None:
    first = site.run()
    assert (first["stopCode"], first["stoppedReason"]) == ("TaskFailedToStart", NO_TOKEN)
    assert "pullStartedAt" not in first and "connectivityAt" in first
    site.endpoint("ecr.api")
    second = site.run()
    assert (second["stopCode"], second["stoppedReason"]) == ("TaskFailedToStart", NO_MANIFEST)
    assert second["containers"][0]["reason"] == NO_MANIFEST
    assert "pullStartedAt" in second
    site.endpoint("ecr.dkr")
    third = site.run()
    assert third["stoppedReason"].startswith(NO_LAYERS)
    assert "imageDigest" not in third["containers"][0]
    site.endpoint("s3")
    fourth = site.run()
    assert fourth["lastStatus"] == "RUNNING"
    assert fourth["containers"][0]["imageDigest"].startswith("sha256:")


def test_a_nat_gateway_is_enough_for_all_three(site: Site) -> None:
    site.mend()
    assert site.run()["lastStatus"] == "RUNNING"


@pytest.mark.parametrize(
    ("service", "statement", "words"),
    [
        ("ecr.api", {"Action": "ecr:BatchGetImage"}, "ecr:GetAuthorizationToken on resource: * be"),
        ("ecr.dkr", {"Action": "ecr:GetAuthorizationToken"}, "ecr:BatchGetImage on resource: arn"),
    ],
)
def test_an_endpoints_policy_denies_in_its_own_name(
    site: Site, service: str, statement: dict[str, Any], words: str
) -> None:
    for one in ("ecr.api", "ecr.dkr", "s3"):
        site.endpoint(one, **(statement if one == service else {}))
    reason = site.run()["stoppedReason"]
    assert words in reason
    assert "because no VPC endpoint policy allows the ecr:" in reason


def test_s3s_policy_refuses_the_layers(site: Site) -> None:
    bucket = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
    site.endpoint("ecr.api")
    site.endpoint("ecr.dkr")
    site.endpoint("s3", Resource="arn:aws:s3:::mine/*")
    reason = site.run()["stoppedReason"]
    assert reason.startswith(f"{NO_LAYERS} unexpected status code")
    gateways = [{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]
    (s3,) = site.ec2.describe_vpc_endpoints(Filters=gateways)["VpcEndpoints"]
    policy = json.dumps({"Statement": [FULL | {"Action": "s3:GetObject", "Resource": bucket}]})
    site.ec2.modify_vpc_endpoint(VpcEndpointId=s3["VpcEndpointId"], PolicyDocument=policy)
    assert site.run()["lastStatus"] == "RUNNING"


def test_a_public_registry_takes_a_way_to_the_internet(site: Site) -> None:
    for one in ("ecr.api", "ecr.dkr", "s3"):
        site.endpoint(one)
    task = site.run("nginx:1.27")
    assert task["stoppedReason"] == (
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
        "resolve ref nginx:1.27: failed to do request: Head "
        '"https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp: i/o timeout'
    )
    site.mend()
    assert site.run("nginx:1.27")["lastStatus"] == "RUNNING"


def test_docker_hub_says_of_what_is_not_there_that_it_may_be_private(site: Site) -> None:
    site.mend()
    assert site.run("ngnix:1.27")["stoppedReason"] == (
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
        "resolve ref docker.io/library/ngnix:1.27: pull access denied, repository does not exist "
        "or may require authorization: server message: insufficient_scope: authorization failed"
    )
    site.lab.launch()
    assert site.run_on_instance("ngnix:1.27")["stoppedReason"] == (
        "CannotPullContainerError: The task can\u2019t pull the image. Check whether the image "
        "exists. Error response from daemon: pull access denied for ngnix, repository does not "
        "exist or may require 'docker login': denied: requested access to the resource is denied"
    )


def test_images_larger_than_the_storage_do_not_fit(site: Site) -> None:
    site.mend()
    task = site.run("registry.example.com/web-heavy:1")
    assert task["stoppedReason"].endswith("no space left on device: unknown")
    assert "pullStartedAt" in task and "pullStoppedAt" not in task
    site.lab.launch()
    task = site.run_on_instance("registry.example.com/web-heavy:1")
    assert task["lastStatus"] == "RUNNING", "an instance's disk is not modelled"


def test_in_the_default_vpc_a_task_needs_a_public_address(lab: Any) -> None:
    (vpc,) = lab.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    own = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    (subnet, *_) = lab.ec2.describe_subnets(Filters=own)["Subnets"]
    ends = []
    for public in ("DISABLED", "ENABLED"):
        place = lab.network(subnet["SubnetId"], assignPublicIp=public)
        (arn,) = lab.run(networkConfiguration=place)
        lab.clock.advance(minutes=2)
        ends.append(lab.task(arn)["lastStatus"])
    assert ends == ["STOPPED", "RUNNING"]


def test_the_way_is_asked_for_before_the_role_and_the_tag(site: Site) -> None:
    site.lab.aws.client("iam").detach_role_policy(
        RoleName="execution",
        PolicyArn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    assert site.run(f"{REPOSITORY}:never")["stoppedReason"] == NO_TOKEN
    site.endpoint("ecr.api")
    assert "AccessDeniedException" in site.run(f"{REPOSITORY}:never")["stoppedReason"]


def test_another_regions_registry_is_not_behind_the_endpoints(site: Site) -> None:
    for one in ("ecr.api", "ecr.dkr", "s3"):
        site.endpoint(one)
    far = REPOSITORY.replace(REGION, "eu-west-1")
    assert site.run(f"{far}:1.0")["stoppedReason"] == NO_TOKEN


# --- On container instances


def test_an_instance_pulls_through_its_own_interface_in_dockers_words(site: Site) -> None:
    site.mend()
    site.lab.launch()
    site.cut()
    task = site.run_on_instance("nginx:1.27")
    assert task["stoppedReason"] == (
        "CannotPullContainerError: The task can\u2019t pull the image. Check your network "
        "configuration. Error response from daemon: Get https://registry-1.docker.io/v2/: "
        "net/http: request canceled while waiting for connection"
    )
    token = site.run_on_instance(f"{REPOSITORY}:1.0")["stoppedReason"]
    assert token.startswith("CannotPullECRContainerError: RequestError: send request failed")
    site.endpoint("ecr.api")
    manifest = site.run_on_instance(f"{REPOSITORY}:1.0")["stoppedReason"]
    assert f"Get https://{REPOSITORY.partition('/')[0]}/v2/: net/http" in manifest


def test_an_image_that_is_there_from_before_is_taken(site: Site) -> None:
    site.mend()
    site.lab.launch()
    assert site.run_on_instance("nginx:1.27")["lastStatus"] == "RUNNING"
    site.cut()
    assert site.run_on_instance("nginx:1.27")["lastStatus"] == "RUNNING"
    assert site.run_on_instance("nginx:1.28")["lastStatus"] == "STOPPED"


def test_an_awsvpc_task_on_an_instance_is_pulled_for_by_the_agent(site: Site) -> None:
    """Its own interface may be shut; the image comes through the instance's."""
    site.mend()
    site.lab.launch()
    shut = site.ec2.create_security_group(GroupName="shut", Description="shut", VpcId=site.lab.vpc)[
        "GroupId"
    ]
    every = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": EVERYWHERE}]}]
    site.ec2.revoke_security_group_egress(GroupId=shut, IpPermissions=every)
    site.lab.define_ec2("own", networkMode="awsvpc")
    place = site.lab.network(site.lab.subnets[0], securityGroups=[shut])
    answer = site.lab.run_ec2(taskDefinition="own", networkConfiguration=place)
    site.lab.clock.advance(minutes=2)
    assert site.lab.task(answer["tasks"][0]["taskArn"])["lastStatus"] == "RUNNING"


def test_an_agent_without_a_way_to_ecs_registers_when_there_is_one(site: Site) -> None:
    site.lab.launch()
    assert site.lab.instances() == []
    told = [one for one in site.lab.aws.timeline.entries if "does not register" in one.text]
    assert len(told) == 1 and told[0].why.startswith("no way to ECS: rtb-")
    site.lab.clock.advance(hours=6)
    assert [one for one in site.lab.aws.timeline.entries if "does not register" in one.text] == told
    site.mend()
    site.lab.clock.advance(minutes=11)
    assert len(site.lab.instances()) == 1


def test_endpoints_of_ecs_are_enough_to_register(site: Site) -> None:
    site.endpoint("ecs")
    site.lab.launch()
    assert site.lab.instances() == []
    site.endpoint("ecs-agent")
    site.lab.clock.advance(minutes=5)
    assert len(site.lab.instances()) == 1


def test_the_ways_of_a_pull_can_be_asked_for(site: Site) -> None:
    site.mend()
    arn = site.run()["taskArn"]
    (held,) = (one for one in site.lab.held_tasks() if one.task_arn == arn)
    ways = Ways(site.lab.aws.world, REGION)
    for image, count in ((f"{REPOSITORY}:1.0", 3), ("nginx", 1)):
        verdicts = to_registry(held, image, ways)
        assert [one.reached for one in verdicts] == [True] * count
    site.cut()
    verdicts = to_registry(held, f"{REPOSITORY}:1.0", ways)
    assert {one.element for one in verdicts} == {site.table}


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ("nginx", "https://registry-1.docker.io/v2/library/nginx/manifests/latest"),
        ("grafana/grafana:11.2", "https://registry-1.docker.io/v2/grafana/grafana/manifests/11.2"),
        ("docker.io/library/redis:7", "https://registry-1.docker.io/v2/library/redis/manifests/7"),
        ("quay.io/a/b:1", "https://quay.io/v2/a/b/manifests/1"),
        (
            "public.ecr.aws/docker/library/httpd:2.4",
            "https://public.ecr.aws/v2/docker/library/httpd/manifests/2.4",
        ),
        ("localhost:5000/app", "https://localhost:5000/v2/app/manifests/latest"),
        ("ghcr.io/a/b@sha256:00", "https://ghcr.io/v2/a/b/manifests/sha256:00"),
    ],
)
def test_where_a_manifest_is_asked_for(image: str, url: str) -> None:
    assert public_image(image).url == url
