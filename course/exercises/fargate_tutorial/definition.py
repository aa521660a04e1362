"""Complete a task definition: four blanks, from what it shall be to how ECS says it."""

from typing import Any

from course.exercises.ecs import deregister, latest, sized
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

HELLO = "hello"


def _nothing_to_set_up(session: Session) -> None:
    """A task definition needs nothing before it: not even a cluster."""


def _hello_attempted(session: Session) -> bool:
    return latest(session, HELLO) is not None


LOOK_AT_HELLO = f"describe_task_definition(taskDefinition={HELLO!r})"


def _hello_for_fargate(session: Session) -> Finding:
    definition = latest(session, HELLO)
    if definition is None:
        return missing(f"an ACTIVE task definition {HELLO}", "none", LOOK_AT_HELLO)
    wants = definition.get("requiresCompatibilities", [])
    if "FARGATE" not in wants:
        return missing("requiresCompatibilities ['FARGATE']", wants, LOOK_AT_HELLO)
    return MET


def _hello_size(session: Session) -> Finding:
    definition = latest(session, HELLO) or {}
    return sized(definition, cpu="512", memory="1024", look=LOOK_AT_HELLO)


def _hello_port(session: Session) -> Finding:
    definition = latest(session, HELLO) or {}
    containers = definition.get("containerDefinitions", [])
    ports = [
        one.get("containerPort") for held in containers for one in held.get("portMappings", [])
    ]
    if ports != [80]:
        return missing("containerPort 80", f"containerPort {ports or 'none'}", LOOK_AT_HELLO)
    return MET


def _solve_hello(session: Session) -> None:
    ecs = session.client("ecs")
    port = {"containerPort": 80, "protocol": "tcp"}
    image = "public.ecr.aws/docker/library/httpd:latest"
    ecs.register_task_definition(
        family="hello",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="512",
        memory="1024",
        containerDefinitions=[{"name": "web", "image": image, "portMappings": [port]}],
    )


def _clean_up_hello(session: Session) -> None:
    deregister(session, HELLO)


def _register_hello(session: Session, *, port: int = 80, **changes: Any) -> None:
    """The solution's task definition, with a change: material for wrong solutions."""
    web = {"name": "web", "image": "httpd", "portMappings": [{"containerPort": port}]}
    given = {
        "family": HELLO,
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "512",
        "memory": "1024",
        "containerDefinitions": [web],
    }
    session.client("ecs").register_task_definition(**{**given, **changes})


def _hello_for_ec2(session: Session) -> None:
    _register_hello(session, requiresCompatibilities=["EC2"], networkMode="bridge")


def _hello_too_small(session: Session) -> None:
    _register_hello(session, cpu="256")


def _hello_on_8080(session: Session) -> None:
    _register_hello(session, port=8080)


FILL_IN_A_DEFINITION = Exercise(
    id="fargate-definition-101",
    lesson="fargate-tutorial",
    goal=(
        f"Complete the task definition {HELLO!r}: a web server on port 80, to run on Fargate, "
        "with half a vCPU and 1 GiB of memory."
    ),
    criteria=(
        Criterion("capacity", f"task definition {HELLO}: for Fargate", _hello_for_fargate),
        Criterion("size", "half a vCPU and 1 GiB", _hello_size, after="capacity"),
        Criterion("port", "its container listens on port 80", _hello_port, after="capacity"),
    ),
    hints=(
        "Every value you need is in the worked example above, or in the sentence that asks for it.",
        "1,024 CPU units are one vCPU. All values but the port are texts, in quotes.",
        'The capacity is "FARGATE", its network mode "awsvpc"; half a vCPU is "512".',
    ),
    setup=_nothing_to_set_up,
    attempted=_hello_attempted,
    solve=_solve_hello,
    cleanup=_clean_up_hello,
    wrong_solutions=(
        WrongSolution("for EC2, in bridge mode", _hello_for_ec2, "capacity", "['EC2']"),
        WrongSolution("a quarter of a vCPU", _hello_too_small, "size", "256 CPU units"),
        WrongSolution("another port", _hello_on_8080, "port", "8080"),
    ),
    rationale=(
        "On Fargate the size belongs to the task, and network mode awsvpc gives each task an "
        "interface of its own: the container's port is then simply a port of the task."
    ),
    objective="fargate-tutorial/task-definitions",
    sources=(
        "Amazon ECS Developer Guide, task definition parameters for Fargate, checked 2026-11-23",
    ),
)
