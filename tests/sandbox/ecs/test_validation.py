"""What ECS refuses: by the rules alone, with AWS's exact text where its evidence is a real output.

The fact sheet marks texts of which no output was found; of those only the code is held.
"""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.fargate_sizes import SIZES
from course.sandbox.ecs.overrides import check_overrides, check_size
from course.sandbox.ecs.resources import TaskDefinition
from course.sandbox.ecs.validation import (
    check_count,
    check_launch,
    check_network,
    check_tags,
    check_task_definition,
    launch_type_of,
)

PAIRS = [(cpu, memory) for cpu, sizes in SIZES.items() for memory in sizes]


def container(**more: Any) -> dict[str, Any]:
    return {"name": "app", "image": "nginx"} | more


def fargate(**changes: Any) -> dict[str, Any]:
    """A RegisterTaskDefinition call that AWS accepts, with changes; None leaves a member out."""
    given = {
        "family": "web",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [container()],
    } | changes
    return {name: value for name, value in given.items() if value is not None}


def refusal(given: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        check_task_definition(given)
    return refused.value


# --- Task definitions


def test_every_size_of_fargate_is_accepted() -> None:
    assert len(PAIRS) == 3 + 4 + 7 + 13 + 23 + 12 + 12 + 3
    for cpu, memory in PAIRS:
        check_task_definition(fargate(cpu=str(cpu), memory=str(memory)))


def test_the_neighbours_of_every_size_are_refused() -> None:
    for cpu, memory in PAIRS:
        for near in {memory - 512, memory + 512, memory - 1, memory + 1} - set(SIZES[cpu]):
            refused = refusal(fargate(cpu=str(cpu), memory=str(near)))
            assert refused.code == "ClientException"


@pytest.mark.parametrize(
    ("cpu", "memory", "said"),
    [
        ("512", "512", "512 CPU, 512 memory"),
        ("0.5 vCPU", "8 GB", "512 CPU, 8192 memory"),
        ("a lot", "512", "a lot CPU, 512 memory"),
        ("128", "512", "128 CPU, 512 memory"),
    ],
)
def test_a_size_that_fargate_does_not_have(cpu: str, memory: str, said: str) -> None:
    refused = refusal(fargate(cpu=cpu, memory=memory))
    assert refused.code == "ClientException"
    assert refused.message == (
        f"No Fargate configuration exists for given values: {said}. "
        "See the Amazon ECS documentation for the valid values."
    )


@pytest.mark.parametrize("mode", [None, "bridge", "host", "none"])
def test_fargate_wants_awsvpc(mode: str | None) -> None:
    refused = refusal(fargate(networkMode=mode))
    assert (refused.code, refused.message) == (
        "ClientException",
        "Fargate only supports network mode \u2018awsvpc\u2019.",
    )


@pytest.mark.parametrize("member", ["cpu", "memory"])
def test_fargate_wants_a_size_of_the_task(member: str) -> None:
    refused = refusal(fargate(**{member: None}))
    assert (refused.code, refused.message) == (
        "ClientException",
        f"Fargate requires that '{member}' be defined at the task level.",
    )


OPTIONS = {
    "awslogs-group": "/ecs/web",
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "web",
}
AWSLOGS = container(logConfiguration={"logDriver": "awslogs", "options": OPTIONS})
ECR = container(image="123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1")
ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"


def test_awslogs_needs_an_execution_role() -> None:
    refused = refusal(fargate(containerDefinitions=[container(name="a"), AWSLOGS]))
    assert (refused.code, refused.message) == (
        "ClientException",
        "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    )


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1",
        "123456789012.dkr.ecr-fips.us-west-2.amazonaws.com/team/web@sha256:0",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web",
    ],
)
def test_an_ecr_image_needs_an_execution_role(image: str) -> None:
    assert refusal(fargate(containerDefinitions=[container(image=image)])).code == "ClientException"


@pytest.mark.parametrize("one", [AWSLOGS, ECR])
def test_with_the_role_it_is_accepted(one: dict[str, Any]) -> None:
    check_task_definition(fargate(executionRoleArn=ROLE, containerDefinitions=[one]))


@pytest.mark.parametrize(
    "one",
    [
        container(image="public.ecr.aws/docker/library/httpd:2.4"),
        container(logConfiguration={"logDriver": "splunk"}),
        container(logConfiguration=None),
    ],
)
def test_what_needs_no_execution_role(one: dict[str, Any]) -> None:
    check_task_definition(fargate(containerDefinitions=[one]))


def test_on_ec2_the_instance_role_does_it() -> None:
    check_task_definition({"family": "web", "containerDefinitions": [AWSLOGS | {"memory": 128}]})


@pytest.mark.parametrize("family", [None, "", "two words", "a/b", "x" * 256])
def test_a_family_that_is_no_name(family: str | None) -> None:
    assert refusal(fargate(family=family)).code == "ClientException"


@pytest.mark.parametrize("family", ["a", "web-1_B", "x" * 255])
def test_a_family_that_is_a_name(family: str) -> None:
    check_task_definition(fargate(family=family))


@pytest.mark.parametrize("containers", [None, []])
def test_a_task_has_a_container(containers: Any) -> None:
    assert refusal(fargate(containerDefinitions=containers)).code == "ClientException"


@pytest.mark.parametrize("member", ["name", "image"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_container_has_a_name_and_an_image(member: str, value: str | None) -> None:
    refused = refusal(fargate(containerDefinitions=[container(**{member: value})]))
    assert refused.code == "ClientException" and member in refused.message


def test_one_container_is_essential() -> None:
    side = [container(name=name, essential=False) for name in "ab"]
    assert refusal(fargate(containerDefinitions=side)).code == "ClientException"
    check_task_definition(fargate(containerDefinitions=[*side, container()]))


def test_on_ec2_a_container_says_how_much_memory() -> None:
    given = {"family": "web", "containerDefinitions": [container()]}
    refused = refusal(given)
    assert (refused.code, refused.message) == (
        "ClientException",
        (
            "Invalid setting for container 'app'. "
            "At least one of 'memory' or 'memoryReservation' must be specified."
        ),
    )
    for enough in ({"memory": 128}, {"memoryReservation": 64}):
        check_task_definition(given | {"containerDefinitions": [container(**enough)]})
    check_task_definition(given | {"memory": "512"})


def test_a_container_is_no_larger_than_its_task() -> None:
    check_task_definition(fargate(containerDefinitions=[container(memory=512)]))
    refused = refusal(fargate(containerDefinitions=[container(memory=513)]))
    assert (refused.code, refused.message) == (
        "ClientException",
        "The 'memory' setting for container 'app' is greater than for the task.",
    )


@pytest.mark.parametrize(
    "containers",
    [
        [container(cpu=200), container(name="b", cpu=100)],
        [container(memory=300), container(name="b", memory=300)],
        [container(memoryReservation=300), container(name="b", memory=300)],
        [container(memory=100, memoryReservation=200)],
    ],
    ids=["cpu", "memory", "reserved memory", "a limit below what is reserved"],
)
def test_what_the_containers_reserve_fits_into_the_task(containers: list[dict[str, Any]]) -> None:
    assert refusal(fargate(containerDefinitions=containers)).code == "ClientException"


def test_limits_may_exceed_the_task_together_when_less_is_reserved() -> None:
    one = container(cpu=128, memory=512, memoryReservation=256)
    check_task_definition(fargate(containerDefinitions=[one, one | {"name": "b"}]))


@pytest.mark.parametrize("cpu", ["127", "196609", "some"])
def test_a_size_that_instances_do_not_have(cpu: str) -> None:
    given = {"family": "web", "cpu": cpu, "containerDefinitions": [container(memory=128)]}
    assert refusal(given).code == "ClientException"


@pytest.mark.parametrize(
    "tags",
    [
        [{"key": str(number), "value": ""} for number in range(51)],
        [{"key": "", "value": "x"}],
        [{"key": "x" * 129, "value": ""}],
        [{"key": "a", "value": "x" * 257}],
        [{"key": "aws:mine", "value": ""}],
        [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}],
        [{"key": "what?", "value": ""}],
    ],
    ids=["51", "no key", "a long key", "a long value", "aws:", "a key twice", "a strange sign"],
)
def test_tags_that_nothing_can_carry(tags: list[dict[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        check_tags(tags)
    assert refused.value.code == "InvalidParameterException"


def test_fifty_long_tags_are_fine() -> None:
    check_tags([{"key": f"{number}" + "ä" * 120, "value": "x y" * 85} for number in range(50)])


# --- Where it runs


def strategy(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"capacityProvider": name, "weight": 1} | more for name in names]


@pytest.mark.parametrize(
    ("given", "default", "launch_type"),
    [
        ({}, [], "EC2"),
        ({"launchType": "FARGATE"}, [], "FARGATE"),
        ({"launchType": "EC2"}, strategy("FARGATE"), "EC2"),
        ({}, strategy("FARGATE_SPOT"), "FARGATE"),
        ({"capacityProviderStrategy": strategy("FARGATE", "FARGATE_SPOT")}, [], "FARGATE"),
        ({"capacityProviderStrategy": strategy("my-instances")}, strategy("FARGATE"), "EC2"),
    ],
)
def test_where_a_call_wants_to_run(
    given: dict[str, Any], default: list[dict[str, Any]], launch_type: str
) -> None:
    assert launch_type_of(given, default) == launch_type


def refused_strategy(given: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        launch_type_of(given, [])
    return refused.value


def test_launch_type_and_strategy_exclude_each_other() -> None:
    refused = refused_strategy(
        {"launchType": "FARGATE", "capacityProviderStrategy": strategy("FARGATE")}
    )
    assert (refused.code, refused.message) == (
        "InvalidParameterException",
        "Specify either Launch Type or Capacity Provider Strategy, but not both.",
    )


@pytest.mark.parametrize(
    "items",
    [
        strategy("FARGATE", "my-instances"),
        strategy("FARGATE", "FARGATE_SPOT", base=1),
        strategy("FARGATE", "FARGATE_SPOT", weight=0),
    ],
    ids=["two kinds mixed", "two bases", "no weight"],
)
def test_a_strategy_that_makes_no_sense(items: list[dict[str, Any]]) -> None:
    refused = refused_strategy({"capacityProviderStrategy": items})
    assert refused.code == "InvalidParameterException"


def definition(mode: str = "awsvpc", *compatibilities: str) -> TaskDefinition:
    return TaskDefinition(
        task_definition_arn="arn",
        family="web",
        revision=1,
        container_definitions=[container()],
        network_mode=mode,
        compatibilities=list(compatibilities or ("EC2", "FARGATE")),
        registered_at=START,
    )


def test_a_definition_must_fit_where_it_runs() -> None:
    check_launch(definition(), "FARGATE", {})
    with pytest.raises(Refused) as refused:
        check_launch(definition("bridge", "EC2", "EXTERNAL"), "FARGATE", {})
    assert refused.value.code == "InvalidParameterException"


@pytest.mark.parametrize("version", [None, "LATEST", "1.4.0", "1.3.0"])
def test_platform_versions_that_exist(version: str | None) -> None:
    check_launch(definition(), "FARGATE", {"platformVersion": version})


def test_a_platform_version_that_does_not() -> None:
    with pytest.raises(Refused) as refused:
        check_launch(definition(), "FARGATE", {"platformVersion": "9.9.9"})
    assert (refused.value.code, refused.value.message) == (
        "PlatformUnknownException",
        "The specified platform version doesn't exist.",
    )


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        ("1.3.0", {"cpu": "8192"}),
        ("1.3.0", {"ephemeral_storage": {"sizeInGiB": 21}}),
        ("1.0.0", {}),
        ("1.4.0", {"runtime_platform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}),
    ],
)
def test_a_platform_version_that_does_not_fit(version: str, changes: dict[str, Any]) -> None:
    one = definition()
    for name, value in changes.items():
        setattr(one, name, value)
    check_launch(one, "FARGATE", {"platformVersion": "LATEST"})
    with pytest.raises(Refused) as refused:
        check_launch(one, "FARGATE", {"platformVersion": version})
    assert (refused.value.code, refused.value.message) == (
        "PlatformTaskDefinitionIncompatibilityException",
        "The specified platform version doesn't satisfy the required capabilities of the task definition.",
    )


def test_instances_have_no_platform_version() -> None:
    with pytest.raises(Refused) as refused:
        check_launch(definition(), "EC2", {"platformVersion": "LATEST"})
    assert (refused.value.code, refused.value.message) == (
        "InvalidParameterException",
        "The platform version must be null when specifying an EC2 launch type.",
    )


def test_overrides_are_for_containers_that_are_there() -> None:
    check_overrides(definition(), None)
    check_overrides(definition(), {"containerOverrides": [{"name": "app"}]})
    with pytest.raises(Refused) as refused:
        check_overrides(definition(), {"containerOverrides": [{"name": "django"}]})
    assert (refused.value.code, refused.value.message) == (
        "InvalidParameterException",
        "Override for container named django is not a container in the TaskDefinition.",
    )


@pytest.mark.parametrize(
    ("size", "launch_type", "said"),
    [
        ({}, "FARGATE", None),
        ({"memory": "1024"}, "FARGATE", None),
        ({"cpu": "1 vCPU", "memory": "2 GB"}, "FARGATE", None),
        ({"cpu": "512"}, "FARGATE", "512 CPU, 512 memory"),
        ({"memory": "4096"}, "FARGATE", "256 CPU, 4096 memory"),
        ({"cpu": "much"}, "FARGATE", "much CPU, 512 memory"),
        ({"memory": "4096"}, "EC2", None),
        ({"containerOverrides": [{"name": "app", "memory": 512}]}, "FARGATE", None),
        (
            {"containerOverrides": [{"name": "app", "memory": 513}]},
            "FARGATE",
            "'memory' setting for container 'app' is greater than for task.",
        ),
        (
            {"memory": "256", "containerOverrides": [{"name": "app", "memory": 300}]},
            "EC2",
            "'memory' setting for container 'app' is greater than for task.",
        ),
    ],
)
def test_a_size_by_override_is_one_that_a_task_can_have(
    size: dict[str, Any], launch_type: str, said: str | None
) -> None:
    one = definition()
    one.cpu, one.memory = "256", "512"
    if said is None:
        check_size(one, size, launch_type)
        return
    with pytest.raises(Refused) as refused:
        check_size(one, size, launch_type)
    assert refused.value.code == "InvalidParameterException" and said in refused.value.message


def test_windows_has_its_own_sizes_by_override_too() -> None:
    one = definition()
    one.cpu, one.memory = "1024", "2048"
    one.runtime_platform = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    check_size(one, {"memory": "4096"}, "FARGATE")
    with pytest.raises(Refused):
        check_size(one, {"cpu": "512", "memory": "1024"}, "FARGATE")


class Network:
    """Two VPCs with a subnet and a security group each."""

    def availability_zone(self, subnet_id: str) -> str | None:
        return "us-east-1a" if subnet_id in ("subnet-1", "subnet-far") else None

    def security_group_exists(self, group_id: str) -> bool:
        return group_id in ("sg-1", "sg-far")

    def vpc_of_subnet(self, subnet_id: str) -> str | None:
        return {"subnet-1": "vpc-1", "subnet-far": "vpc-2"}.get(subnet_id)

    def vpc_of_security_group(self, group_id: str) -> str | None:
        return {"sg-1": "vpc-1", "sg-far": "vpc-2"}.get(group_id)


def network(*subnets: str, **more: Any) -> dict[str, Any]:
    return {"awsvpcConfiguration": {"subnets": list(subnets)} | more}


@pytest.mark.parametrize(
    ("mode", "given", "message"),
    [
        (
            "awsvpc",
            None,
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            "awsvpc",
            {},
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            "bridge",
            network("subnet-1"),
            "Network Configuration is not valid for the given networkMode of this task definition.",
        ),
        ("awsvpc", network(), "subnets can not be empty."),
        (
            "awsvpc",
            network("subnet-1", securityGroups=["sg-1", "sg-9"]),
            (
                "Error retrieving security group information for [sg-9]: The security group 'sg-9' "
                "does not exist (ErrorCode: InvalidGroup.NotFound)"
            ),
        ),
        ("awsvpc", network(*["subnet-1"] * 17), "subnets can have at most 16 items."),
        (
            "awsvpc",
            network("subnet-1", securityGroups=["sg-1", "sg-far"]),
            "Security group sg-far does not appear to belong to the same VPC as the input subnets.",
        ),
    ],
)
def test_a_network_configuration_that_does_not_fit(
    mode: str, given: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_network(definition(mode), given, Network())
    assert (refused.value.code, refused.value.message) == ("InvalidParameterException", message)


def test_a_subnet_that_is_not_there() -> None:
    with pytest.raises(Refused) as refused:
        check_network(definition(), network("subnet-1", "subnet-9"), Network())
    said = refused.value.message
    assert said.startswith("Error retrieving subnet information for [subnet-9]: ")
    assert said.endswith("(ErrorCode: InvalidSubnetID.NotFound)")


@pytest.mark.parametrize(
    "given",
    [network("subnet-1", "subnet-far"), network("subnet-1", securityGroups=["sg-1"] * 6)],
    ids=["two VPCs", "six security groups"],
)
def test_a_network_that_cannot_be(given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        check_network(definition(), given, Network())
    assert refused.value.code == "InvalidParameterException"


@pytest.mark.parametrize(
    ("mode", "given"),
    [
        ("awsvpc", network("subnet-1")),
        ("awsvpc", network("subnet-1", securityGroups=["sg-1"], assignPublicIp="ENABLED")),
        ("bridge", None),
        ("host", {}),
    ],
)
def test_a_network_configuration_that_fits(mode: str, given: dict[str, Any] | None) -> None:
    check_network(definition(mode), given, Network())


@pytest.mark.parametrize("count", [1, 10])
def test_one_to_ten_tasks_a_call(count: int) -> None:
    check_count(count)


@pytest.mark.parametrize("count", [-1, 0, 11])
def test_not_fewer_and_not_more(count: int) -> None:
    with pytest.raises(Refused) as refused:
        check_count(count)
    assert refused.value.code == "InvalidParameterException"
