"""What ECS refuses in container definitions, by tables."""

from typing import Any

import pytest

from course.sandbox.ecs.container_rules import check_containers, check_fargate_containers
from course.sandbox.ecs.errors import Refused

APP = {"name": "app", "image": "httpd"}
SIDE = {"name": "side", "image": "busybox", "essential": False}
HEALTH = {"command": ["CMD-SHELL", "exit 0"]}


def after(name: str, condition: str = "START") -> list[dict[str, str]]:
    return [{"containerName": name, "condition": condition}]


def refusal(*containers: dict[str, Any], **task: Any) -> str:
    given = {"networkMode": "awsvpc", "containerDefinitions": list(containers), **task}
    with pytest.raises(Refused) as refused:
        check_containers(given)
        check_fargate_containers(given)
    assert refused.value.code == "ClientException"
    return refused.value.message


@pytest.mark.parametrize(
    "containers",
    [
        [APP],
        [APP, SIDE],
        [APP | {"dependsOn": after("side", "SUCCESS")}, SIDE],
        [APP | {"dependsOn": after("side", "HEALTHY")}, SIDE | {"healthCheck": HEALTH}],
        [APP, SIDE | {"dependsOn": after("app")}],
        [APP | {"portMappings": [{"containerPort": 80, "hostPort": 80}]}],
        [APP | {"portMappings": [{"containerPort": 80}]}],
        [APP | {"name": f"app{number}"} for number in range(10)],
    ],
)
def test_what_is_accepted(containers: list[dict[str, Any]]) -> None:
    given = {"networkMode": "awsvpc", "containerDefinitions": containers, "pidMode": "task"}
    check_containers(given)
    check_fargate_containers(given)


@pytest.mark.parametrize(
    ("containers", "words"),
    [
        ([], "cannot be empty"),
        ([APP | {"name": f"app{number}"} for number in range(11)], "at most 10"),
        ([{"image": "httpd"}], "Container.name should not be null or empty."),
        ([{"name": "app"}], "Container.image should not be null or empty."),
        ([APP | {"name": "a b!"}], "'a b!'"),
        ([APP, APP], "'app' is used twice"),
        ([SIDE], "At least one container must be essential"),
        ([APP | {"dependsOn": after("sidecar")}, SIDE], "'sidecar', which is not in this"),
        ([APP | {"dependsOn": after("app")}], "in a circle"),
        (
            [APP | {"dependsOn": after("side")}, SIDE | {"dependsOn": after("app")}],
            "in a circle",
        ),
        ([APP, SIDE | {"dependsOn": after("app", "COMPLETE")}], "'app' is essential"),
        ([APP | {"dependsOn": after("side", "HEALTHY")}, SIDE], "has no health check"),
        (
            [APP | {"portMappings": [{"containerPort": 80, "hostPort": 8080}]}],
            "the host port is the container port, 80, not 8080",
        ),
        (
            [APP | {"hostname": "web"}],
            "hostname is not supported on container when networkMode=awsvpc.",
        ),
        ([APP | {"privileged": True}], "do not support privileged"),
        ([APP | {"links": ["side"]}, SIDE], "do not support links"),
        ([APP | {"linuxParameters": {"swappiness": 60}}], "linuxParameters.swappiness"),
    ],
)
def test_what_is_refused(containers: list[dict[str, Any]], words: str) -> None:
    assert words in refusal(*containers)


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ({"ipcMode": "host"}, "Tasks using the Fargate launch type do not support ipcMode."),
        (
            {"pidMode": "host"},
            (
                "Tasks using the Fargate launch type do not support pidMode 'host'. "
                "The supported value for pidMode is 'task'."
            ),
        ),
    ],
)
def test_what_fargate_refuses_in_aws_words(task: dict[str, Any], text: str) -> None:
    assert refusal(APP, **task) == text


def test_under_bridge_ports_and_hostnames_are_free() -> None:
    container = APP | {"hostname": "web", "portMappings": [{"containerPort": 80, "hostPort": 8080}]}
    check_containers({"networkMode": "bridge", "containerDefinitions": [container]})
