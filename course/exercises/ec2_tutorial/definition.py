"""Complete a task definition of which several copies can share an instance: four blanks."""

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

BADGE = "badge"
LOOK = f"describe_task_definition(taskDefinition={BADGE!r})"


def _nothing_to_set_up(session: Session) -> None:
    """A task definition needs nothing before it."""


def _attempted(session: Session) -> bool:
    return latest(session, BADGE) is not None


def _container(session: Session) -> dict[str, Any]:
    containers = (latest(session, BADGE) or {}).get("containerDefinitions") or [{}]
    first: dict[str, Any] = containers[0]
    return first


def _for_ec2(session: Session) -> Finding:
    definition = latest(session, BADGE)
    if definition is None:
        return missing(f"an ACTIVE task definition {BADGE}", "none", LOOK)
    wants = definition.get("requiresCompatibilities", [])
    return MET if wants == ["EC2"] else missing("requiresCompatibilities ['EC2']", wants, LOOK)


def _bridge(session: Session) -> Finding:
    mode = (latest(session, BADGE) or {}).get("networkMode")
    return MET if mode == "bridge" else missing("networkMode bridge", f"networkMode {mode}", LOOK)


def _any_host_port(session: Session) -> Finding:
    wanted = "containerPort 80, and a host port that Docker chooses"
    ports = _container(session).get("portMappings", [])
    found = [
        f"containerPort {one.get('containerPort')}, hostPort {one.get('hostPort')}" for one in ports
    ]
    if found == ["containerPort 80, hostPort 0"]:
        return MET
    return missing(wanted, "; ".join(found) or "no port mapping", f"portMappings in {LOOK}")


def _memory(session: Session) -> Finding:
    memory = _container(session).get("memory")
    if memory == 256:
        return MET
    return missing("256 MiB for the container", f"{memory} MiB", f"memory in {LOOK}")


def _solve(session: Session) -> None:
    ecs = session.client("ecs")
    port = {"containerPort": 80, "hostPort": 0}
    image = "public.ecr.aws/docker/library/nginx:latest"
    ecs.register_task_definition(
        family="badge",
        requiresCompatibilities=["EC2"],
        networkMode="bridge",
        containerDefinitions=[
            {"name": "web", "image": image, "memory": 256, "portMappings": [port]}
        ],
    )


def _cleanup(session: Session) -> None:
    deregister(session, BADGE)


def _register(session: Session, *, port: int = 0, mebibytes: int = 256, **changes: Any) -> None:
    """The solution's task definition, with a change: material for wrong solutions."""
    mapping = {"containerPort": 80, "hostPort": port}
    web = {"name": "web", "image": "nginx", "memory": mebibytes, "portMappings": [mapping]}
    given = {
        "family": BADGE,
        "requiresCompatibilities": ["EC2"],
        "networkMode": "bridge",
        "containerDefinitions": [web],
    }
    session.client("ecs").register_task_definition(**{**given, **changes})


def _for_fargate(session: Session) -> None:
    fargate: dict[str, Any] = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}
    _register(session, port=80, cpu="256", memory="512", **fargate)


def _host_mode(session: Session) -> None:
    _register(session, port=80, networkMode="host")


def _fixed(session: Session) -> None:
    _register(session, port=80)


def _too_much(session: Session) -> None:
    _register(session, mebibytes=1024)


SHARE_AN_INSTANCE = Exercise(
    id="ec2-definition-101",
    lesson="ec2-tutorial",
    goal=(
        f"Complete the task definition {BADGE!r}: a web server on port 80 of its container, with "
        "256 MiB, to run on EC2, any number of copies on one instance."
    ),
    criteria=(
        Criterion("capacity", f"task definition {BADGE}: for EC2", _for_ec2),
        Criterion("mode", "its network mode can map ports", _bridge, after="capacity"),
        Criterion("port", "its host port is any that is free", _any_host_port, after="mode"),
        Criterion("memory", "its container has 256 MiB", _memory, after="capacity"),
    ),
    hints=(
        "Every value is in the definition that was mended above, or in the sentence that asks.",
        "Only one network mode maps a port of the instance to a port of the container.",
        'In this order: 256, 0, "EC2", "bridge".',
    ),
    setup=_nothing_to_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("for Fargate", _for_fargate, "capacity", "['FARGATE']"),
        WrongSolution("in host mode", _host_mode, "mode", "networkMode host"),
        WrongSolution("a fixed host port", _fixed, "port", "hostPort 80"),
        WrongSolution("four times the memory", _too_much, "memory", "1024 MiB"),
    ),
    rationale=(
        "In bridge mode host port 0 lets Docker choose a free one for each copy; which, networkBindings "
        "say. On EC2 a task needs no size of its own, and its container needs a memory limit."
    ),
    objective="ec2-tutorial/networking",
    sources=("Amazon ECS API Reference, PortMapping (botocore 1.44.5), checked 2026-11-27",),
)
