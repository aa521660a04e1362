"""Task definitions through boto3."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition"


def test_a_revision_as_it_is_registered(lab: Any) -> None:
    made = lab.define("api", cpu="0.5 vCPU", memory="1 GB", tags=[{"key": "a", "value": "1"}])
    assert made["taskDefinitionArn"] == f"{ARN}/api:1"
    assert (made["family"], made["revision"], made["status"]) == ("api", 1, "ACTIVE")
    assert (made["cpu"], made["memory"]) == ("512", "1024")
    assert made["compatibilities"] == ["EC2", "FARGATE"]
    assert made["requiresCompatibilities"] == ["FARGATE"]
    assert made["registeredAt"] == lab.aws.now()
    assert made["containerDefinitions"][0] == {
        "name": "app",
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "cpu": 0,
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "portMappings": [],
        "systemControls": [],
    }


def test_revisions_count_up_and_are_never_used_again(lab: Any) -> None:
    assert [lab.define("api")["revision"] for _ in range(3)] == [1, 2, 3]
    lab.ecs.deregister_task_definition(taskDefinition="api:3")
    lab.ecs.delete_task_definitions(taskDefinitions=["api:3"])
    assert lab.define("api")["revision"] == 4


def test_a_family_means_its_newest_active_revision(lab: Any) -> None:
    for _ in range(2):
        lab.define("api")
    describe = lab.ecs.describe_task_definition
    assert describe(taskDefinition="api")["taskDefinition"]["revision"] == 2
    lab.ecs.deregister_task_definition(taskDefinition="api:2")
    assert describe(taskDefinition="api")["taskDefinition"]["revision"] == 1
    by_name = describe(taskDefinition="api:2")
    by_arn = describe(taskDefinition=f"{ARN}/api:2")
    assert by_name["taskDefinition"] == by_arn["taskDefinition"]
    assert by_name["taskDefinition"]["status"] == "INACTIVE"


@pytest.mark.parametrize("name", ["nope", "web:9", "web:x", f"{ARN}/nope:1"])
def test_an_unknown_one(lab: Any, refused: Any, name: str) -> None:
    found = refused(lab.ecs.describe_task_definition, taskDefinition=name)
    assert (found.code, found.message) == (
        "ClientException",
        "Unable to describe task definition.",
    )


def test_a_refused_one_leaves_nothing_behind(lab: Any, refused: Any) -> None:
    found = refused(lab.define, "api", memory="9999")
    assert found.code == "ClientException"
    assert lab.ecs.list_task_definition_families()["families"] == ["web"]
    assert lab.define("api")["revision"] == 1


def test_under_awsvpc_the_hosts_port_is_the_containers(lab: Any) -> None:
    one = {"name": "app", "image": "nginx", "portMappings": [{"containerPort": 80}]}
    made = lab.define(containerDefinitions=[one])
    assert made["containerDefinitions"][0]["portMappings"] == [
        {"containerPort": 80, "hostPort": 80, "protocol": "tcp"}
    ]


def test_without_a_network_mode_it_is_bridge_and_for_instances(lab: Any) -> None:
    one = {"name": "app", "image": "nginx", "memory": 128}
    made = lab.define(
        "old",
        requiresCompatibilities=None,
        networkMode=None,
        cpu=None,
        memory=None,
        containerDefinitions=[one],
    )
    assert made["networkMode"] == "bridge"
    assert made["compatibilities"] == ["EC2", "EXTERNAL"]
    assert "requiresCompatibilities" not in made


def test_every_member_given_comes_back(lab: Any) -> None:
    given = {
        "taskRoleArn": "arn:aws:iam::123456789012:role/task",
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "ephemeralStorage": {"sizeInGiB": 50},
        "volumes": [{"name": "data"}],
        "pidMode": "task",
    }
    made = lab.define("api", **given)
    described = lab.ecs.describe_task_definition(taskDefinition="api")["taskDefinition"]
    assert {name: described[name] for name in given} == given
    assert described == made


def test_a_health_check_comes_back_with_what_it_does_not_say(lab: Any) -> None:
    checks = {"command": ["CMD-SHELL", "exit 0"], "retries": 5}
    one = {"name": "app", "image": "httpd", "healthCheck": checks}
    (shown,) = lab.define(containerDefinitions=[one])["containerDefinitions"]
    assert shown["healthCheck"] == checks | {"interval": 30, "timeout": 5}


def test_tags_come_beside_it_when_asked_for(lab: Any) -> None:
    tags = [{"key": "a", "value": "1"}]
    lab.define("api", tags=tags)
    describe = lab.ecs.describe_task_definition
    assert "tags" not in describe(taskDefinition="api")
    assert describe(taskDefinition="api", include=["TAGS"])["tags"] == tags


def test_deregistered_it_is_inactive_and_starts_nothing(lab: Any, refused: Any) -> None:
    gone = lab.ecs.deregister_task_definition(taskDefinition="web:1")["taskDefinition"]
    assert (gone["status"], gone["deregisteredAt"]) == ("INACTIVE", lab.aws.now())
    assert refused(lab.run, taskDefinition="web:1").code == "ClientException"
    assert refused(lab.service, taskDefinition="web:1").code == "ClientException"
    assert refused(lab.run, taskDefinition="web").code == "ClientException"


def test_a_service_goes_on_with_a_deregistered_revision(lab: Any) -> None:
    lab.steady()
    lab.ecs.deregister_task_definition(taskDefinition="web:1")
    lab.stop(lab.arns()[0])
    lab.clock.advance(minutes=2)
    assert lab.describe()["runningCount"] == 2


def test_deregister_wants_a_revision(lab: Any, refused: Any) -> None:
    assert (
        refused(lab.ecs.deregister_task_definition, taskDefinition="web").code == "ClientException"
    )


def test_only_inactive_ones_are_deleted(lab: Any) -> None:
    for _ in range(2):
        lab.define()
    lab.ecs.deregister_task_definition(taskDefinition="web:2")
    answer = lab.ecs.delete_task_definitions(taskDefinitions=["web:1", "web:2", "nope:1"])
    assert [one["status"] for one in answer["taskDefinitions"]] == ["DELETE_IN_PROGRESS"]
    assert [one["arn"] for one in answer["failures"]] == [f"{ARN}/web:1", "nope:1"]


def test_lists_by_family_status_and_order(lab: Any) -> None:
    for family in ("api", "api", "worker"):
        lab.define(family)
    lab.ecs.deregister_task_definition(taskDefinition="api:1")

    def names(**filters: Any) -> list[str]:
        arns = lab.ecs.list_task_definitions(**filters)["taskDefinitionArns"]
        return [arn.rsplit("/", 1)[-1] for arn in arns]

    assert names() == ["api:2", "web:1", "worker:1"]
    assert names(sort="DESC") == ["worker:1", "web:1", "api:2"]
    assert names(familyPrefix="api") == ["api:2"]
    assert names(status="INACTIVE") == ["api:1"]


def test_families_by_prefix_and_status(lab: Any) -> None:
    for family in ("api", "api-v2"):
        lab.define(family)
    lab.ecs.deregister_task_definition(taskDefinition="api:1")

    def families(**filters: Any) -> list[str]:
        return list(lab.ecs.list_task_definition_families(**filters)["families"])

    assert families() == ["api", "api-v2", "web"]
    assert families(familyPrefix="api") == ["api", "api-v2"]
    assert families(status="ACTIVE") == ["api-v2", "web"]
    assert families(status="INACTIVE") == ["api"]
