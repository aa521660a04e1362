"""Complete a task definition: where ECS has a place for config, a secret, a port and the logs."""

from typing import Any

from course.exercises.ecs import deregister, latest
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

FAMILY = "orders"
SECRET = "arn:aws:ssm:us-east-1:123456789012:parameter/orders/database-url"
ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
OPTIONS = {"awslogs-group": "orders", "awslogs-region": "us-east-1"}
LOOK = f"describe_task_definition(taskDefinition={FAMILY!r})"


def _nothing_to_set_up(session: Session) -> None:
    """A task definition needs nothing before it."""


def _attempted(session: Session) -> bool:
    return latest(session, FAMILY) is not None


def _web(session: Session) -> dict[str, Any]:
    containers = (latest(session, FAMILY) or {}).get("containerDefinitions", [{}])
    return dict(containers[0])


def _port(session: Session) -> Finding:
    ports = [one.get("containerPort") for one in _web(session).get("portMappings", [])]
    return MET if ports == [8000] else missing("containerPort 8000", f"port {ports}", LOOK)


def _config(session: Session) -> Finding:
    web = _web(session)
    plain = {one["name"]: one["value"] for one in web.get("environment", [])}
    if plain.get("PORT") != "8000":
        return missing("PORT 8000 in environment", f"environment {plain}", LOOK)
    hidden = {one["name"]: one["valueFrom"] for one in web.get("secrets", [])}
    if list(hidden) != ["DATABASE_URL"]:
        return missing("DATABASE_URL among secrets", f"secrets {list(hidden)}", LOOK)
    return MET


def _logs(session: Session) -> Finding:
    driver = (_web(session).get("logConfiguration") or {}).get("logDriver")
    return MET if driver == "awslogs" else missing("logDriver awslogs", f"driver {driver}", LOOK)


def _solve(session: Session) -> None:
    ecs = session.client("ecs")
    parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/orders/database-url"
    role = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
    options = {"awslogs-group": "orders", "awslogs-region": "us-east-1"}
    web = {
        "name": "web",
        "image": "public.ecr.aws/docker/library/python:3.13-slim",
        "memory": 128,
        "portMappings": [{"containerPort": 8000}],
        "environment": [{"name": "PORT", "value": "8000"}],
        "secrets": [{"name": "DATABASE_URL", "valueFrom": parameter}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    }
    ecs.register_task_definition(family="orders", executionRoleArn=role, containerDefinitions=[web])


def _clean_up(session: Session) -> None:
    deregister(session, FAMILY)


def _register(session: Session, **changes: Any) -> None:
    """The solution's container, with a change: material for wrong solutions."""
    web = {
        "name": "web",
        "image": "python",
        "memory": 128,
        "portMappings": [{"containerPort": 8000}],
        "environment": [{"name": "PORT", "value": "8000"}],
        "secrets": [{"name": "DATABASE_URL", "valueFrom": SECRET}],
        "logConfiguration": {"logDriver": "awslogs", "options": OPTIONS},
    }
    held = [{**web, **changes}]
    session.client("ecs").register_task_definition(
        family=FAMILY, executionRoleArn=ROLE, containerDefinitions=held
    )


def _on_port_80(session: Session) -> None:
    _register(session, portMappings=[{"containerPort": 80}])


def _port_not_told(session: Session) -> None:
    _register(session, environment=[{"name": "KITCHEN", "value": "Harbour"}])


def _secret_in_the_open(session: Session) -> None:
    plain = [{"name": "PORT", "value": "8000"}, {"name": "DATABASE_URL", "value": "..."}]
    _register(session, environment=plain, secrets=[])


def _no_driver(session: Session) -> None:
    _register(session, logConfiguration={"logDriver": "json-file"})


FILL_IN_THE_PLACES = Exercise(
    id="factors-definition-101",
    lesson="twelve-factor",
    goal=(
        f"Complete the task definition {FAMILY!r}: it listens on port 8000, is told so, gets "
        "DATABASE_URL from Parameter Store, and its log stream goes to CloudWatch Logs."
    ),
    criteria=(
        Criterion("port", "VII: its container's port is 8000", _port),
        Criterion("config", "III: PORT is plain config, DATABASE_URL a secret", _config),
        Criterion("logs", "XI: its stream goes to CloudWatch Logs", _logs),
    ),
    hints=(
        "Three blanks have their factor beside them; the port is a number. The fourth is the role.",
        "A value in environment is a text as well; the role is named above, as `role`.",
        'Port 8000, value "8000", log driver "awslogs", and executionRoleArn=role.',
    ),
    setup=_nothing_to_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_clean_up,
    wrong_solutions=(
        WrongSolution("another port", _on_port_80, "port", "port [80]"),
        WrongSolution("the port not told", _port_not_told, "config", "{'KITCHEN': 'Harbour'}"),
        WrongSolution("a secret in the open", _secret_in_the_open, "config", "secrets []"),
        WrongSolution("another driver", _no_driver, "logs", "json-file"),
    ),
    rationale=(
        "The image stays the same in every stage; what differs is said in the task definition. "
        "A secret is named there, and fetched with the execution role when the container starts."
    ),
    objective="twelve-factor/services",
    sources=("API model of Amazon ECS in botocore 1.44.5, checked 2026-11-26",),
)
