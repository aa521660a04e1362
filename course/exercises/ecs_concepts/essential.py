"""Repair a service whose helper container, done with its work, takes the whole task with it."""

from typing import Any

from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    latest,
    public_network,
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

LIBRARY = "library"
CATALOG = "catalog"

THE_CATALOG = {"cluster": LIBRARY, "services": [CATALOG]}
LOOK = f"describe_services(cluster={LIBRARY!r}, services=[{CATALOG!r}])"
LOOK_AT_DEFINITION = "describe_task_definition of the service's taskDefinition"

FILL = ["sh", "-c", "echo catalog > /pages/index.html; sleep 5"]


def _containers() -> list[dict[str, Any]]:
    """A web server, and a helper that writes the page it serves and ends."""
    registry = "public.ecr.aws/docker/library"
    pages = {"sourceVolume": "pages", "containerPath": "/usr/local/apache2/htdocs"}
    return [
        {"name": "web", "image": f"{registry}/httpd:latest", "mountPoints": [pages]},
        {
            "name": "fill",
            "image": f"{registry}/busybox:latest",
            "command": FILL,
            "mountPoints": [{"sourceVolume": "pages", "containerPath": "/pages"}],
        },
    ]


def _register(session: Session, containers: list[dict[str, Any]]) -> None:
    session.client("ecs").register_task_definition(
        family=CATALOG,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        volumes=[{"name": "pages"}],
        containerDefinitions=containers,
    )


def _setup(session: Session) -> None:
    """A service whose first task has ended already; another is on its way."""
    ecs = session.client("ecs")
    there = ecs.describe_clusters(clusters=[LIBRARY])["clusters"]
    if any(one["status"] == "ACTIVE" for one in there):
        return
    ecs.create_cluster(clusterName=LIBRARY)
    _register(session, _containers())
    ecs.create_service(
        cluster=LIBRARY,
        serviceName=CATALOG,
        taskDefinition=CATALOG,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=public_network(session),
    )
    first = ecs.list_tasks(cluster=LIBRARY)["taskArns"]
    ecs.get_waiter("tasks_stopped").wait(cluster=LIBRARY, tasks=first)


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, LIBRARY, CATALOG)


def _used(session: Session) -> dict[str, dict[str, Any]]:
    """The containers of the revision that the service uses, by name."""
    used = (_service(session) or {})["taskDefinition"]
    definition = session.client("ecs").describe_task_definition(taskDefinition=used)
    return {one["name"]: one for one in definition["taskDefinition"]["containerDefinitions"]}


def _attempted(session: Session) -> bool:
    """Whether a revision, what is in it, or the count is another than at the start."""
    service, newest = _service(session), latest(session, CATALOG)
    if service is None or newest is None:
        return True
    used = newest["taskDefinitionArn"] == service["taskDefinition"]
    return not used or service["desiredCount"] != 1 or _jobs(newest) != JOBS


JOBS = [("web", None, True), ("fill", FILL, True)]


def _jobs(definition: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    """Name, command and essential of each container."""
    containers = definition["containerDefinitions"]
    return [(one["name"], one.get("command"), one["essential"]) for one in containers]


def _still_fills(session: Session) -> Finding:
    containers = sorted(_used(session))
    wanted = ["fill", "web"]
    if containers != wanted:
        return missing(f"containers {wanted}", containers, LOOK_AT_DEFINITION)
    return MET


def _only_web_is_essential(session: Session) -> Finding:
    service = _service(session)
    if service is None:
        return missing(f"an ACTIVE service {CATALOG}", "none", LOOK)
    essential = [name for name, one in _used(session).items() if one["essential"]]
    if essential == ["web"]:
        return MET
    newest = (latest(session, CATALOG) or {}).get("taskDefinitionArn")
    use = "in use" if service["taskDefinition"] == newest else "not in use"
    found = f"{essential}, desiredCount {service['desiredCount']}, the newest revision {use}"
    return missing("essential: web alone", found, LOOK_AT_DEFINITION)


def _rolled_out(session: Session) -> Finding:
    service = _service(session) or {}
    states = [one["rolloutState"] for one in service.get("deployments", [])]
    found = f"{', '.join(states)}; {service.get('runningCount')} RUNNING"
    wanted = "COMPLETED; 1 RUNNING"
    return MET if found == wanted else missing(wanted, found, f"{LOOK}, a minute later")


def _solve(session: Session) -> None:
    ecs = session.client("ecs")
    catalog = ecs.describe_task_definition(taskDefinition="catalog")["taskDefinition"]
    web, fill = catalog["containerDefinitions"]
    fill["essential"] = False
    ecs.register_task_definition(
        family="catalog",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        volumes=[{"name": "pages"}],
        containerDefinitions=[web, fill],
    )
    ecs.update_service(cluster="library", service="catalog", taskDefinition="catalog")
    wait = {"Delay": 90}  # seconds: a task counts as healthy 40 s after RUNNING
    stable = ecs.get_waiter("services_stable")
    stable.wait(cluster="library", services=["catalog"], WaiterConfig=wait)


def _cleanup(session: Session) -> None:
    deregister(session, CATALOG)
    delete_cluster(session, LIBRARY)


def _bring_out(session: Session, *containers: dict[str, Any], wait: bool = True) -> None:
    """Register these containers and update the service: material for wrong solutions."""
    ecs = session.client("ecs")
    _register(session, list(containers))
    ecs.update_service(cluster=LIBRARY, service=CATALOG, taskDefinition=CATALOG)
    if wait:
        stable = ecs.get_waiter("services_stable")
        stable.wait(**THE_CATALOG, WaiterConfig={"Delay": 90})


def _without_the_helper(session: Session) -> None:
    web, _ = _containers()
    _bring_out(session, web)


def _a_helper_that_never_ends(session: Session) -> None:
    web, fill = _containers()
    _bring_out(session, web, {**fill, "command": ["sh", "-c", "sleep 86400"]})


def _the_wrong_one(session: Session) -> None:
    web, fill = _containers()
    _bring_out(session, {**web, "essential": False}, fill, wait=False)


def _not_rolled_out(session: Session) -> None:
    web, fill = _containers()
    _register(session, [web, {**fill, "essential": False}])


def _not_waited(session: Session) -> None:
    web, fill = _containers()
    _bring_out(session, web, {**fill, "essential": False}, wait=False)


def _two_in_place_of_one(session: Session) -> None:
    """More of the same: each of them ends as the one did."""
    session.client("ecs").update_service(cluster=LIBRARY, service=CATALOG, desiredCount=2)


MEND_A_HELPER = Exercise(
    id="ecs-essential-101",
    lesson="ecs-concepts",
    goal=(
        f"The service {CATALOG!r} in the cluster {LIBRARY!r} answers for a few seconds, then for half "
        "a minute it does not, and so on. Each task has two containers: fill writes the page once "
        "and ends, web serves it. Both jobs are still needed. Have it answer all the time."
    ),
    criteria=(
        Criterion(
            "essential",
            "the end of fill does not end the task; that of web does",
            _only_web_is_essential,
        ),
        Criterion("helper", "both containers are still in it", _still_fills, after="essential"),
        Criterion("rolled-out", "it is rolled out, and 1 task runs", _rolled_out, "essential"),
    ),
    hints=(
        "Ask a stopped task for its stoppedReason, and its containers for their exitCode.",
        "An exit code of 0 is no failure. Which member of a container says that its end is the task's?",
        (
            'Register the two containers again, fill with "essential": False; then update_service, '
            "and a minute and a half of time."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("the helper left out", _without_the_helper, "helper", "['web']"),
        WrongSolution(
            "a helper without end",
            _a_helper_that_never_ends,
            "essential",
            "'web', 'fill'], desiredCount 1, the newest revision in use",
        ),
        WrongSolution("the wrong container", _the_wrong_one, "essential", "['fill']"),
        WrongSolution("registered alone", _not_rolled_out, "essential", "not in use"),
        WrongSolution("not waited for", _not_waited, "rolled-out", "IN_PROGRESS"),
        WrongSolution("more tasks", _two_in_place_of_one, "essential", "desiredCount 2"),
    ),
    rationale=(
        "A container is essential unless its definition says otherwise, and when an essential one "
        "ends, with 0 or not, the whole task stops. A helper that ends by itself must not be."
    ),
    objective="ecs-concepts/model",
    sources=("Amazon ECS API Reference, ContainerDefinition, essential, checked 2026-11-26",),
)
