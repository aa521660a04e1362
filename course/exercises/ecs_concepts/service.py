"""Complete a service: three blanks, one for each thing a service knows."""

from typing import Any

from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    network,
    public_network,
    short,
)
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

CORNER = "corner"
KIOSK = "kiosk"

THE_KIOSK = {"cluster": CORNER, "services": [KIOSK]}
LOOK = f"describe_services(cluster={CORNER!r}, services=[{KIOSK!r}])"


def _setup(session: Session) -> None:
    """A cluster, and the task definition kiosk."""
    session.client("ecs").create_cluster(clusterName=CORNER)
    _register(session, KIOSK)


def _register(session: Session, family: str) -> None:
    image = "public.ecr.aws/docker/library/httpd:latest"
    session.client("ecs").register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": image}],
    )


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, CORNER, KIOSK)


def _attempted(session: Session) -> bool:
    return _service(session) is not None


def _on_fargate(session: Session) -> Finding:
    service = _service(session)
    if service is None:
        return missing(f"an ACTIVE service {KIOSK}", "none", LOOK)
    if service.get("launchType") != "FARGATE":
        return missing("launchType FARGATE", f"launchType {service.get('launchType')}", LOOK)
    return MET


def _of_the_family(session: Session) -> Finding:
    used = short((_service(session) or {}).get("taskDefinition"))
    return MET if used.startswith(f"{KIOSK}:") else missing(f"a revision of {KIOSK}", used, LOOK)


def _three_running(session: Session) -> Finding:
    service = _service(session) or {}
    counts = f"desiredCount {service.get('desiredCount')}, runningCount {service['runningCount']}"
    wanted = "desiredCount 3, runningCount 3"
    return MET if counts == wanted else missing(wanted, counts, LOOK)


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    place = {"awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}}
    ecs.create_service(
        cluster="corner",
        serviceName="kiosk",
        taskDefinition="kiosk",
        desiredCount=3,
        launchType="FARGATE",
        networkConfiguration=place,
    )
    ecs.get_waiter("services_stable").wait(cluster="corner", services=["kiosk"])


def _cleanup(session: Session) -> None:
    deregister(session, KIOSK)
    delete_cluster(session, CORNER)


def _create(session: Session, *, wait: bool = True, **changes: Any) -> None:
    """The solution's service, with a change: material for wrong solutions."""
    ecs, place = session.client("ecs"), public_network(session)
    given = {
        "cluster": CORNER,
        "serviceName": KIOSK,
        "taskDefinition": KIOSK,
        "desiredCount": 3,
        "launchType": "FARGATE",
        "networkConfiguration": place,
    }
    ecs.create_service(**{**given, **changes})
    if wait:
        ecs.get_waiter("services_stable").wait(**THE_KIOSK)


def _another_definition(session: Session) -> None:
    """One that is at hand; deregistered, it goes on running where it runs."""
    _register(session, "web")
    _create(session, taskDefinition="web")
    deregister(session, "web")


def _one(session: Session) -> None:
    _create(session, desiredCount=1)


def _not_waited(session: Session) -> None:
    _create(session, wait=False)


def _on_instances(session: Session) -> None:
    """Taken from the docs for EC2: no instance is there, so nothing is ever placed."""
    session.client("ecs").register_task_definition(
        family=KIOSK,
        networkMode="awsvpc",
        containerDefinitions=[{"name": "web", "image": "httpd", "memory": 512}],
    )
    _create(session, wait=False, launchType="EC2", networkConfiguration=network(session))


KEEP_THREE = Exercise(
    id="ecs-service-101",
    lesson="ecs-concepts",
    goal=(
        f"The task definition {KIOSK!r} and the cluster {CORNER!r} are there. Complete the service "
        f"{KIOSK!r} that keeps three tasks of it running on Fargate."
    ),
    criteria=(
        Criterion("service", f"service {KIOSK}, on Fargate", _on_fargate),
        Criterion("definition", f"its tasks are runs of {KIOSK}", _of_the_family, after="service"),
        Criterion("count", "three tasks are desired, three run", _three_running, after="service"),
    ),
    hints=(
        "A service knows what its tasks are runs of, how many there shall be, and what they run on.",
        "A family's name alone means its newest revision. The launch type is in capitals.",
        'In this order: "kiosk", 3, "FARGATE".',
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("another definition", _another_definition, "definition", "web:1"),
        WrongSolution("one task", _one, "count", "desiredCount 1"),
        WrongSolution("not waited for", _not_waited, "count", "runningCount 0"),
        WrongSolution("launch type EC2", _on_instances, "service", "launchType EC2"),
    ),
    rationale=(
        "A service holds a revision and a number. Which image that is stands in the revision; "
        "which tasks they are changes whenever one is replaced."
    ),
    objective="ecs-concepts/model",
    sources=("Amazon ECS Developer Guide, Amazon ECS services, checked 2026-11-26",),
)
