"""Translate a Pod's template into a task definition: four blanks, all of them numbers with a unit."""

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

BOOTH = "booth"
LOOK = f"describe_task_definition(taskDefinition={BOOTH!r})"


def _nothing_to_set_up(session: Session) -> None:
    """A task definition needs nothing before it."""


def _attempted(session: Session) -> bool:
    return latest(session, BOOTH) is not None


def _size(session: Session) -> Finding:
    definition = latest(session, BOOTH)
    if definition is None:
        return missing(f"an ACTIVE task definition {BOOTH}", "none", LOOK)
    return sized(definition, cpu="512", memory="1024", look=LOOK)


def _container(session: Session) -> dict[str, Any]:
    containers = (latest(session, BOOTH) or {}).get("containerDefinitions", [{}])
    return dict(containers[0])


def _port(session: Session) -> Finding:
    ports = [one.get("containerPort") for one in _container(session).get("portMappings", [])]
    return MET if ports == [8080] else missing("containerPort 8080", f"ports {ports}", LOOK)


def _stop(session: Session) -> Finding:
    seconds = _container(session).get("stopTimeout")
    found = f"stopTimeout {seconds}"
    return MET if seconds == 45 else missing("stopTimeout 45", found, LOOK)


def _solve(session: Session) -> None:
    ecs = session.client("ecs")
    ecs.register_task_definition(
        family="booth",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="512",
        memory="1024",
        containerDefinitions=[
            {
                "name": "booth",
                "image": "registry.example.com/web:1",
                "portMappings": [{"containerPort": 8080}],
                "stopTimeout": 45,
            }
        ],
    )


def _cleanup(session: Session) -> None:
    deregister(session, BOOTH)


def _register(session: Session, cpu: str = "512", memory: str = "1024", **changes: Any) -> None:
    """The solution's task definition, with a change: material for wrong solutions."""
    held = {"name": BOOTH, "image": "web", "portMappings": [{"containerPort": 8080}]}
    session.client("ecs").register_task_definition(
        family=BOOTH,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu=cpu,
        memory=memory,
        containerDefinitions=[{**held, "stopTimeout": 45, **changes}],
    )


def _half_of_it(session: Session) -> None:
    _register(session, cpu="256")


def _twice_the_memory(session: Session) -> None:
    _register(session, memory="2048")


def _the_port_of_the_service(session: Session) -> None:
    _register(session, portMappings=[{"containerPort": 80}])


def _the_default(session: Session) -> None:
    _register(session, stopTimeout=30)


FROM_A_POD = Exercise(
    id="eks-definition-101",
    lesson="eks-compared",
    goal=(
        f"Translate the Pod's template into the task definition {BOOTH!r} for Fargate: as much CPU "
        "and memory, the same port, the same time to end."
    ),
    criteria=(
        Criterion("size", f"task definition {BOOTH}: CPU and memory of the Pod", _size),
        Criterion("port", "its container listens where the Pod's does", _port, after="size"),
        Criterion("stop", "it has as long to end", _stop, after="size"),
    ),
    hints=(
        "One vCPU is 1000m there, and 1024 here. A Gi is 1024 Mi.",
        "On which port does the container listen: the Service's port, or its targetPort?",
        'In this order: "512", "1024", 8080, 45.',
    ),
    setup=_nothing_to_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("half of the CPU", _half_of_it, "size", "256 CPU units"),
        WrongSolution("twice the memory", _twice_the_memory, "size", "2048 MiB"),
        WrongSolution("the Service's port", _the_port_of_the_service, "port", "ports [80]"),
        WrongSolution("the default", _the_default, "stop", "stopTimeout 30"),
    ),
    rationale=(
        "500m is half a vCPU, so 512 CPU units; 1Gi is 1024 MiB. A Service's port is a door inside the "
        "cluster, and targetPort the container's. stopTimeout is terminationGracePeriodSeconds."
    ),
    objective="eks-compared/translation",
    sources=(
        "Kubernetes API, Quantity and PodSpec (schemas of kubernetes-validate 1.37.0), checked 2026-11-27",
        "Amazon ECS Developer Guide, task definition parameters, checked 2026-11-27",
    ),
)
