"""What ECS refuses in container definitions, by tables."""

from typing import Any

import pytest

from course.sandbox.ecs.container_rules import check_containers
from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.fargate_rules import check_fargate

APP = {"name": "app", "image": "httpd"}
SIDE = {"name": "side", "image": "busybox", "essential": False}
HEALTH = {"command": ["CMD-SHELL", "exit 0"]}
FARGATE = {"networkMode": "awsvpc", "cpu": "256", "memory": "512"}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}


def after(name: str, condition: str = "START") -> list[dict[str, str]]:
    return [{"containerName": name, "condition": condition}]


def refusal(*containers: dict[str, Any], **task: Any) -> str:
    given = FARGATE | {"containerDefinitions": list(containers), **task}
    with pytest.raises(Refused) as refused:
        check_containers(given)
        check_fargate(given)
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
        [APP | {"portMappings": [{"containerPort": 53}, {"containerPort": 53, "protocol": "udp"}]}],
        [APP | {"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}],
        [APP, SIDE | {"volumesFrom": [{"sourceContainer": "app"}]}],
        [APP | {"stopTimeout": 120, "healthCheck": HEALTH | {"interval": 5, "timeout": 60}}],
        [APP | {"restartPolicy": {"enabled": True, "restartAttemptPeriod": 60}}],
        [APP | {"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"]}}}],
        [APP | {"environment": [{"name": "A", "value": ""}]}],
    ],
)
def test_what_is_accepted(containers: list[dict[str, Any]]) -> None:
    given = FARGATE | {"containerDefinitions": containers, "pidMode": "task"}
    check_containers(given | {"volumes": [{"name": "data"}]})
    check_fargate(given)


@pytest.mark.parametrize(
    ("containers", "words"),
    [
        ([], "cannot be empty"),
        ([APP | {"name": f"app{number}"} for number in range(11)], "Too many containers."),
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
        (
            [APP, SIDE | {"dependsOn": after("app", "COMPLETE")}],
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
        ),
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
        ([APP | {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN"]}}}], "NET_ADMIN"),
        ([APP | {"resourceRequirements": [{"type": "GPU", "value": "1"}]}], "GPUs"),
        ([APP | {"logConfiguration": {"logDriver": "json-file"}}], "json-file"),
        ([APP | {"stopTimeout": 121}], "stopTimeout"),
        ([APP | {"stopTimeout": -1}], "stopTimeout"),
        ([APP | {"healthCheck": HEALTH | {"interval": 4}}], "healthCheck.interval"),
        ([APP | {"healthCheck": HEALTH | {"timeout": 61}}], "healthCheck.timeout"),
        ([APP | {"healthCheck": HEALTH | {"retries": 0}}], "healthCheck.retries"),
        ([APP | {"healthCheck": HEALTH | {"startPeriod": 301}}], "healthCheck.startPeriod"),
        ([APP | {"healthCheck": {"command": ["curl", "localhost"]}}], "healthCheck.command"),
        ([APP | {"healthCheck": {"command": []}}], "healthCheck.command"),
        (
            [APP | {"restartPolicy": {"enabled": True, "restartAttemptPeriod": 59}}],
            "restartPolicy.restartAttemptPeriod",
        ),
        (
            [APP | {"restartPolicy": {"enabled": True, "ignoredExitCodes": list(range(51))}}],
            "at most 50 exit codes",
        ),
        ([APP | {"environment": [{"value": "x"}]}], "needs a name"),
        ([APP | {"secrets": [{"name": "A", "valueFrom": ""}]}], "needs valueFrom"),
        (
            [
                APP
                | {
                    "secrets": [{"name": "A", "valueFrom": "arn"}],
                    "environment": [{"name": "A", "value": "x"}],
                }
            ],
            "'A' is used more than once",
        ),
        (
            [APP | {"secrets": [{"name": "A", "valueFrom": "arn"}]}],
            "When you are specifying container secrets, you must also specify a value for 'executi",
        ),
        (
            [APP | {"mountPoints": [{"sourceVolume": "data", "containerPath": "/"}]}],
            "Unknown volume 'data'.",
        ),
        ([APP | {"volumesFrom": [{"sourceContainer": "app"}]}], "volumesFrom"),
        ([APP | {"portMappings": [{"containerPort": 70000}]}], "no port 70000"),
        (
            [
                APP | {"portMappings": [{"containerPort": 80}]},
                SIDE | {"portMappings": [{"containerPort": 80}]},
            ],
            "port 80 is container 'app'",
        ),
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


@pytest.mark.parametrize(
    "task",
    [
        {"ephemeralStorage": {"sizeInGiB": 20}},
        {"ephemeralStorage": {"sizeInGiB": 201}},
        {"placementConstraints": [{"type": "memberOf"}]},
        {"volumes": [{"name": "a", "host": {"sourcePath": "/"}}]},
        {"volumes": [{"name": "a", "dockerVolumeConfiguration": {"scope": "task"}}]},
        {"runtimePlatform": WINDOWS},
        {
            "runtimePlatform": WINDOWS | {"cpuArchitecture": "ARM64"},
            "cpu": "1024",
            "memory": "2048",
        },
        {"runtimePlatform": WINDOWS, "cpu": "8192", "memory": "16384"},
    ],
)
def test_what_a_task_cannot_have_on_fargate(task: dict[str, Any]) -> None:
    assert refusal(APP, **task)


@pytest.mark.parametrize(
    "task",
    [
        {"ephemeralStorage": {"sizeInGiB": 21}},
        {"ephemeralStorage": {"sizeInGiB": 200}},
        {"volumes": [{"name": "a"}, {"name": "b", "host": {}}]},
        {"runtimePlatform": WINDOWS, "cpu": "1 vCPU", "memory": "2 GB"},
        {"runtimePlatform": {"cpuArchitecture": "ARM64"}},
    ],
)
def test_what_a_task_can_have_on_fargate(task: dict[str, Any]) -> None:
    check_fargate(FARGATE | {"containerDefinitions": [APP]} | task)


def test_one_port_twice_in_aws_words() -> None:
    container = APP | {"portMappings": [{"containerPort": 80}, {"containerPort": 80}]}
    with pytest.raises(Refused) as refused:
        check_containers({"networkMode": "awsvpc", "containerDefinitions": [container]})
    assert (refused.value.code, refused.value.message) == (
        "InvalidParameterException",
        "Container port 80 is used in more than one port mapping for container app",
    )
