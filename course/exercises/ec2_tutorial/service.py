"""Build a service that an instance may fail under: four copies on two instances, two on each."""

from collections import Counter
from typing import Any

from botocore.exceptions import WaiterError

from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    latest,
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
from course.exercises.instances import (
    container_instances,
    create_agent_role,
    delete_agent_role,
    launch,
)
from course.exercises.roles import role_names

STUDIO = "studio"
GALLERY = "gallery"
LIGHTS = "lights"
ROLE = "studio-agent"
COPIES = 4
THE_GALLERY = {"cluster": STUDIO, "services": [GALLERY]}
LOOK = f"describe_services(cluster={STUDIO!r}, services=[{GALLERY!r}])"


def _setup(session: Session) -> None:
    """Two instances in two Availability Zones; on one of them a service holds port 80."""
    if ROLE in role_names(session.client("iam")):
        return
    ecs = session.client("ecs")
    ecs.create_cluster(clusterName=STUDIO)
    create_agent_role(session, ROLE)
    for subnet in session.client("ec2").describe_subnets()["Subnets"][:2]:
        launch(session, STUDIO, ROLE, SubnetId=subnet["SubnetId"])
    _register(session, LIGHTS, host_port=80, mebibytes=128)
    lights = {"serviceName": LIGHTS, "taskDefinition": LIGHTS, "desiredCount": 1}
    ecs.create_service(cluster=STUDIO, launchType="EC2", **lights)
    # Two minutes: both instances have registered, and the first service is steady.
    given = {"cluster": STUDIO, "services": [LIGHTS], "WaiterConfig": {"Delay": 120}}
    ecs.get_waiter("services_stable").wait(**given)


def _register(
    session: Session,
    family: str = GALLERY,
    *,
    host_port: int = 0,
    mebibytes: int = 256,
    **more: Any,
) -> None:
    port = {"containerPort": 80, "hostPort": host_port}
    web = {
        "name": "web",
        "image": "public.ecr.aws/docker/library/nginx:latest",
        "memory": mebibytes,
    }
    given = {"networkMode": "bridge", "containerDefinitions": [{**web, "portMappings": [port]}]}
    session.client("ecs").register_task_definition(family=family, **{**given, **more})


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, STUDIO, GALLERY)


def _alone(session: Session) -> int:
    """How many tasks run in the cluster that no service keeps."""
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=STUDIO)["taskArns"]
    tasks = ecs.describe_tasks(cluster=STUDIO, tasks=arns)["tasks"] if arns else []
    return len([one for one in tasks if not one["group"].startswith("service:")])


def _attempted(session: Session) -> bool:
    return bool(latest(session, GALLERY) or _service(session) or _alone(session))


def _listens(session: Session) -> Finding:
    definition = latest(session, GALLERY)
    look = f"describe_task_definition(taskDefinition={GALLERY!r})"
    if definition is None:
        return missing(f"an ACTIVE task definition {GALLERY}", "none", look)
    containers = definition["containerDefinitions"]
    ports = [
        one.get("containerPort") for held in containers for one in held.get("portMappings", [])
    ]
    return MET if 80 in ports else missing("containerPort 80", ports or "no port mapping", look)


def _kept(session: Session) -> Finding:
    service = _service(session)
    if service is None:
        alone = _alone(session)
        found = f"none, and {alone} tasks that nobody would replace" if alone else "none"
        return missing(f"an ACTIVE service {GALLERY}", found, LOOK)
    if service.get("launchType") != "EC2":
        return missing("launchType EC2", f"launchType {service.get('launchType')}", LOOK)
    if service["desiredCount"] != COPIES:
        return missing(f"desiredCount {COPIES}", f"desiredCount {service['desiredCount']}", LOOK)
    newest, used = (
        (latest(session, GALLERY) or {}).get("taskDefinitionArn"),
        service["taskDefinition"],
    )
    return MET if used == newest else missing(f"taskDefinition {short(newest)}", short(used), LOOK)


def _running(session: Session) -> Finding:
    service = _service(session) or {}
    count = len(service.get("deployments", []))
    if service.get("runningCount") == COPIES and count == 1:
        return MET
    found = f"{service.get('runningCount')} RUNNING, {service.get('pendingCount')} pending"
    found += f", in {count} deployments" if count > 1 else ""
    events = [one["message"] for one in service.get("events", [])]
    unplaced = [one for one in events[:1] if "was unable to place" in one]
    found += "".join(f"; the newest event: {one.partition('. ')[2]}" for one in unplaced)
    look = "the service's counts and events; time passes when you wait (services_stable)"
    return missing(f"{COPIES} RUNNING, in one deployment", found.rstrip("."), look)


def _on_both(session: Session) -> Finding:
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=STUDIO, serviceName=GALLERY)["taskArns"]
    tasks = ecs.describe_tasks(cluster=STUDIO, tasks=arns)["tasks"]
    held = Counter(one["containerInstanceArn"] for one in tasks)
    instances = container_instances(session, STUDIO)
    counts = sorted(held[one["containerInstanceArn"]] for one in instances)
    look = "containerInstanceArn of each task"
    if counts == [2, 2]:
        return MET
    return missing("2 tasks on each of 2 instances", f"tasks on each: {counts}", look)


def _solve(session: Session) -> None:
    ecs = session.client("ecs")
    web = {"name": "web", "image": "public.ecr.aws/docker/library/nginx:latest", "memory": 256}
    web["portMappings"] = [{"containerPort": 80, "hostPort": 0}]
    ecs.register_task_definition(family="gallery", networkMode="bridge", containerDefinitions=[web])
    ecs.create_service(
        cluster="studio",
        serviceName="gallery",
        taskDefinition="gallery",
        desiredCount=4,
        launchType="EC2",
        placementStrategy=[{"type": "spread", "field": "instanceId"}],
    )
    ecs.get_waiter("services_stable").wait(cluster="studio", services=["gallery"])


def _cleanup(session: Session) -> None:
    for family in (GALLERY, LIGHTS):
        deregister(session, family)
    delete_cluster(session, STUDIO)
    delete_agent_role(session, ROLE)


def _create(session: Session, *, minutes: float = 3, **changes: Any) -> None:
    """The solution's service, with a change, and time for what can come to run."""
    ecs = session.client("ecs")
    given = {
        "cluster": STUDIO,
        "serviceName": GALLERY,
        "taskDefinition": GALLERY,
        "desiredCount": COPIES,
        "launchType": "EC2",
    }
    ecs.create_service(**{**given, **changes})
    if minutes:
        wait = {"Delay": 60, "MaxAttempts": round(minutes) + 1}
        _patiently(ecs, wait)


def _patiently(ecs: Any, wait: dict[str, int]) -> None:
    """What never becomes stable is given up, as a learner would."""
    try:
        ecs.get_waiter("services_stable").wait(**THE_GALLERY, WaiterConfig=wait)
    except WaiterError:
        return


def _fixed_port(session: Session) -> None:
    _register(session, host_port=80)
    _create(session)


def _packed(session: Session) -> None:
    _register(session)
    _create(session, placementStrategy=[{"type": "binpack", "field": "memory"}])


def _too_large(session: Session) -> None:
    _register(session, mebibytes=1024)
    _create(session)


def _two_copies(session: Session) -> None:
    _register(session)
    _create(session, desiredCount=2)


def _only_tasks(session: Session) -> None:
    _register(session)
    session.client("ecs").run_task(cluster=STUDIO, taskDefinition=GALLERY, count=COPIES)


def _on_fargate(session: Session) -> None:
    fargate: dict[str, Any] = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}
    _register(session, host_port=80, cpu="256", memory="512", **fargate)
    _create(session, launchType="FARGATE", networkConfiguration=public_network(session))


def _another_port(session: Session) -> None:
    web = {"name": "web", "image": "nginx", "memory": 256}
    mapped = {**web, "portMappings": [{"containerPort": 8080}]}
    _register(session, containerDefinitions=[mapped])
    _create(session)


def _not_waited(session: Session) -> None:
    _register(session)
    _create(session, minutes=0)


def _not_rolled_out(session: Session) -> None:
    _fixed_port(session)
    _register(session)


SURVIVE_AN_INSTANCE = Exercise(
    id="ec2-service-101",
    lesson="ec2-tutorial",
    goal=(
        f"The cluster {STUDIO!r} has two container instances in two Availability Zones; a service "
        f"of somebody else runs there, too. Keep four copies of a web server running in it, as the "
        f"service {GALLERY!r}, each on port 80 of its container. If one instance fails, two copies "
        "have to be left."
    ),
    criteria=(
        Criterion("definition", f"task definition {GALLERY}: its container's port is 80", _listens),
        Criterion("service", f"service {GALLERY} keeps 4 tasks of it", _kept, after="definition"),
        Criterion("running", "all four are RUNNING", _running, after="service"),
        Criterion("spread", "two are on each instance", _on_both, after="running"),
    ),
    hints=(
        "How many copies fit on an instance if each wants the same port of it?",
        (
            "Three calls: register_task_definition in bridge mode with host port 0, create_service "
            "with launch type EC2, and a waiter."
        ),
        (
            "A service without a placement strategy spreads already: over Availability Zones, then "
            "over instances. Why something is not placed, events say."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("a fixed host port", _fixed_port, "running", "already using a port"),
        WrongSolution("packed", _packed, "spread", "[0, 4]"),
        WrongSolution("too much memory", _too_large, "running", "insufficient memory"),
        WrongSolution("two copies", _two_copies, "service", "desiredCount 2"),
        WrongSolution("RunTask", _only_tasks, "service", "4 tasks that nobody would replace"),
        WrongSolution("on Fargate", _on_fargate, "service", "launchType FARGATE"),
        WrongSolution("another port", _another_port, "definition", "[8080]"),
        WrongSolution("not waited for", _not_waited, "running", "0 RUNNING, 4 pending"),
        WrongSolution("mended, not rolled out", _not_rolled_out, "service", "gallery:1"),
    ),
    rationale=(
        "Copies with host port 0 share an instance, each with a port of its own; spread keeps them "
        "apart, which binpack would not. With a load balancer, targets follow those ports."
    ),
    objective="ec2-tutorial/placement",
    sources=("Amazon ECS Developer Guide, task placement strategies, checked 2026-11-27",),
)
