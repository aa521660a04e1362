"""ECS Exec through boto3: when a session opens, when not, and what a command answers."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.ecs.task_roles import EXEC_ACTIONS

ROLE = "arn:aws:iam::123456789012:role/app"
NGINX = "public.ecr.aws/docker/library/nginx:1.29"
NOT_ENABLED = "The execute command failed because execute command was not enabled when the task"


@pytest.fixture(autouse=True)
def app_role(lab: Any) -> None:
    """The task role that ECS Exec needs."""
    lab.role("app", {"Effect": "Allow", "Action": list(EXEC_ACTIONS), "Resource": "*"})


def running(lab: Any, *names: str, role: str | None = ROLE, **changes: Any) -> str:
    containers = [{"name": name, "image": NGINX} for name in names or ["app"]]
    containers[0]["environment"] = [{"name": "MODE", "value": "test"}]
    lab.define("made", containerDefinitions=containers, taskRoleArn=role)
    given = {"enableExecuteCommand": True} | changes
    arn = lab.run(taskDefinition="made", **given)[0]
    lab.clock.advance(minutes=1)
    return str(arn)


def execute(lab: Any, arn: str, command: str = "ls", **more: Any) -> dict[str, Any]:
    given = {"cluster": "lab", "task": arn, "command": command, "interactive": True} | more
    return dict(lab.ecs.execute_command(**given))


def test_a_session_with_a_container(lab: Any) -> None:
    arn = running(lab)
    answer = execute(lab, arn)
    (container,) = lab.task(arn)["containers"]
    assert (answer["taskArn"], answer["containerArn"]) == (arn, container["containerArn"])
    assert (answer["containerName"], answer["interactive"]) == ("app", True)
    assert answer["session"]["sessionId"].startswith("ecs-execute-command-")
    assert answer["session"]["streamUrl"].startswith("wss://sandbox.invalid/")
    assert execute(lab, arn)["session"]["sessionId"] != answer["session"]["sessionId"]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("printenv MODE", "exit code 0; test"),
        ("curl localhost", "exit code 0; (the workload model answers 200)"),
        ("sh -c 'curl -f localhost/nothing || exit 3'", "exit code 3"),
        ("nothing", "exit code 127; sh: nothing: not found"),
        ("echo 'open", "exit code 2"),
    ],
)
def test_what_a_command_answers_is_on_the_timeline(lab: Any, command: str, shown: str) -> None:
    execute(lab, running(lab), command)
    entry = lab.aws.timeline.entries[-1]
    assert entry.actor == "you" and entry.text.endswith(f" app: {command}")
    assert entry.why.startswith(shown)


def test_the_agent_lives_with_its_container(lab: Any) -> None:
    lab.define("made", containerDefinitions=[{"name": "app", "image": NGINX}], taskRoleArn=ROLE)
    arn = lab.run(taskDefinition="made", enableExecuteCommand=True)[0]

    def agent() -> dict[str, Any]:
        (found,) = lab.task(arn)["containers"][0]["managedAgents"]
        return dict(found)

    assert agent() == {"name": "ExecuteCommandAgent", "lastStatus": "PENDING"}
    lab.clock.advance(minutes=1)
    assert agent()["lastStatus"] == "RUNNING"
    assert agent()["lastStartedAt"] == lab.task(arn)["startedAt"]
    lab.stop(arn)
    lab.clock.advance(minutes=1)
    assert agent()["lastStatus"] == "STOPPED"


def test_not_enabled_when_the_task_was_run(lab: Any, refused: Any) -> None:
    arn = running(lab, enableExecuteCommand=False)
    assert "managedAgents" not in lab.task(arn)["containers"][0]
    found = refused(execute, lab, arn)
    assert found.code == "InvalidParameterException"
    assert found.message.startswith(NOT_ENABLED)


def test_not_before_it_runs_and_not_after(lab: Any, refused: Any) -> None:
    arn = lab.run(enableExecuteCommand=True)[0]
    assert refused(execute, lab, arn).message.startswith(NOT_ENABLED)
    arn = running(lab)
    lab.stop(arn)
    lab.clock.advance(minutes=1)
    assert refused(execute, lab, arn).message.startswith(NOT_ENABLED)


def test_not_while_the_task_waits_for_its_containers(lab: Any, refused: Any) -> None:
    init = {"name": "init", "image": "busybox", "essential": False, "command": ["sleep", "600"]}
    waits = [{"containerName": "init", "condition": "SUCCESS"}]
    app = {"name": "app", "image": NGINX, "dependsOn": waits}
    lab.define("made", containerDefinitions=[app, init], taskRoleArn=ROLE)
    arn = lab.run(taskDefinition="made", enableExecuteCommand=True)[0]
    lab.clock.advance(minutes=1)
    assert lab.task(arn)["lastStatus"] == "PENDING"
    assert refused(execute, lab, arn, container="init").message.startswith(NOT_ENABLED)


def test_without_a_task_role_the_target_is_not_connected(lab: Any, refused: Any) -> None:
    assert refused(execute, lab, running(lab, role=None)).code == "TargetNotConnectedException"


def test_without_one_of_its_actions_the_target_is_not_connected(lab: Any, refused: Any) -> None:
    arn = running(lab)
    lab.grant("app", {"Effect": "Deny", "Action": EXEC_ACTIONS[3], "Resource": "*"}, "no")
    assert refused(execute, lab, arn).code == "TargetNotConnectedException"
    lab.aws.client("iam").delete_role_policy(RoleName="app", PolicyName="no")
    assert execute(lab, arn)["session"]


def test_a_task_role_by_override(lab: Any) -> None:
    assert execute(lab, running(lab, role=None, overrides={"taskRoleArn": ROLE}))["session"]


@pytest.mark.parametrize(
    "given",
    [{"interactive": False}, {"task": "0" * 32}, {"container": "nope"}, {"container": None}],
)
def test_what_else_is_refused(lab: Any, refused: Any, given: dict[str, Any]) -> None:
    arn = running(lab, "app", "side")
    assert execute(lab, arn, container="side")["containerName"] == "side"
    asked = {"container": "app"} | given
    asked = {name: value for name, value in asked.items() if value is not None}
    assert refused(execute, lab, arn, **asked).code == "InvalidParameterException"


def test_a_services_tasks_have_it_too(lab: Any) -> None:
    lab.define(taskRoleArn=ROLE)
    lab.steady(desired=1, enableExecuteCommand=True)
    assert execute(lab, lab.arns()[0])["session"]
