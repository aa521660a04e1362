"""Complete a capacity provider strategy: two tasks that stay, the others on Fargate Spot."""

from collections import Counter
from typing import Any

from course.exercises.ecs import active_service, delete_cluster, deregister, latest, public_network
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

DARKROOM = "darkroom"
THUMBS = "thumbs"
COPIES = 8
LOOK = f"describe_services(cluster={DARKROOM!r}, services=[{THUMBS!r}])"
TASKS = "capacityProviderName of each task"
IMAGE = "public.ecr.aws/docker/library/nginx:latest"


def _setup(session: Session) -> None:
    """A cluster that knows both of Fargate's capacity providers, and a task definition."""
    ecs = session.client("ecs")
    if latest(session, THUMBS):
        return
    ecs.create_cluster(clusterName=DARKROOM, capacityProviders=["FARGATE", "FARGATE_SPOT"])
    size = {"cpu": "256", "memory": "512", "networkMode": "awsvpc"}
    ecs.register_task_definition(
        family=THUMBS,
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": THUMBS, "image": IMAGE}],
        **size,
    )


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, DARKROOM, THUMBS)


def _attempted(session: Session) -> bool:
    return _service(session) is not None


def _kept(session: Session) -> Finding:
    service = _service(session)
    if service is None:
        return missing(f"an ACTIVE service {THUMBS}", "none", LOOK)
    if service["desiredCount"] != COPIES:
        return missing(f"desiredCount {COPIES}", f"desiredCount {service['desiredCount']}", LOOK)
    if not service.get("capacityProviderStrategy"):
        return missing("a capacity provider strategy", f"launchType {service['launchType']}", LOOK)
    return MET


def _held(session: Session) -> Counter[str]:
    """How many RUNNING tasks each capacity provider has."""
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=DARKROOM, serviceName=THUMBS)["taskArns"]
    tasks = ecs.describe_tasks(cluster=DARKROOM, tasks=arns)["tasks"] if arns else []
    running = [one for one in tasks if one["lastStatus"] == "RUNNING"]
    return Counter(one.get("capacityProviderName", "no provider") for one in running)


def _running(session: Session) -> Finding:
    count = sum(_held(session).values())
    look = "runningCount; time passes when you wait (services_stable)"
    return MET if count == COPIES else missing(f"{COPIES} RUNNING", f"{count} RUNNING", look)


def _two_that_stay(session: Session) -> Finding:
    held = _held(session)
    found = f"FARGATE {held['FARGATE']}, FARGATE_SPOT {held['FARGATE_SPOT']}"
    wanted = f"FARGATE 2, FARGATE_SPOT {COPIES - 2}"
    return MET if found == wanted else missing(wanted, found, TASKS)


def _at_any_count(session: Session) -> Finding:
    """Weights alone can give 2 of 8; of 16 they give 4. A base stays what it is."""
    strategy = (_service(session) or {}).get("capacityProviderStrategy", [])
    given = {one["capacityProvider"]: one for one in strategy}
    stays = given.get("FARGATE", {})
    base, weight = stays.get("base", 0), stays.get("weight", 0)
    if (base, weight) == (2, 0):
        return MET
    return missing(
        "FARGATE with base 2 and weight 0",
        f"FARGATE with base {base} and weight {weight}: right for 8 tasks, not for 16",
        "capacityProviderStrategy of the service",
    )


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    ecs.create_service(
        cluster="darkroom",
        serviceName="thumbs",
        taskDefinition="thumbs",
        desiredCount=8,
        capacityProviderStrategy=[
            {"capacityProvider": "FARGATE", "base": 2, "weight": 0},
            {"capacityProvider": "FARGATE_SPOT", "weight": 1},
        ],
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}
        },
    )
    ecs.get_waiter("services_stable").wait(cluster="darkroom", services=["thumbs"])


def _cleanup(session: Session) -> None:
    deregister(session, THUMBS)
    delete_cluster(session, DARKROOM)


def _create(session: Session, *, wait: bool = True, **changes: Any) -> None:
    """The solution's service, with a change: material for wrong solutions."""
    ecs = session.client("ecs")
    given: dict[str, Any] = {"taskDefinition": THUMBS, "desiredCount": COPIES}
    given["capacityProviderStrategy"] = _strategy(2, 0, 1)
    given |= changes
    given = {name: value for name, value in given.items() if value}
    network = public_network(session)
    ecs.create_service(cluster=DARKROOM, serviceName=THUMBS, networkConfiguration=network, **given)
    if wait:
        ecs.get_waiter("services_stable").wait(cluster=DARKROOM, services=[THUMBS])


def _strategy(base: int, weight: int, spot: int) -> list[dict[str, Any]]:
    return [
        {"capacityProvider": "FARGATE", "base": base, "weight": weight},
        {"capacityProvider": "FARGATE_SPOT", "weight": spot},
    ]


def _by_weight(session: Session) -> None:
    _create(session, capacityProviderStrategy=_strategy(2, 1, 1))


def _one_in_four(session: Session) -> None:
    _create(session, capacityProviderStrategy=_strategy(0, 1, 3))


def _half_a_base(session: Session) -> None:
    _create(session, capacityProviderStrategy=_strategy(1, 1, 6))


def _base_on_spot(session: Session) -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "weight": 5},
        {"capacityProvider": "FARGATE_SPOT", "base": 6},
    ]
    _create(session, capacityProviderStrategy=strategy)


def _no_base(session: Session) -> None:
    _create(session, capacityProviderStrategy=_strategy(0, 0, 1))


def _launch_type(session: Session) -> None:
    _create(session, capacityProviderStrategy=[], launchType="FARGATE")


def _two_copies(session: Session) -> None:
    _create(session, desiredCount=2)


def _not_waited(session: Session) -> None:
    _create(session, wait=False)


MIX_IN_SPOT = Exercise(
    id="use-spot-101",
    lesson="use-cases",
    goal=(
        f"Thumbnails are made of pictures from a queue; whoever is interrupted puts its picture "
        f"back. In the cluster {DARKROOM!r} the service {THUMBS!r} keeps 8 tasks of the task "
        "definition of that name: 2 that Spot never interrupts, and all others on Fargate Spot. "
        "It will be scaled: of 16 tasks, too, 2 are to stay and 14 to be on Spot."
    ),
    criteria=(
        Criterion("service", f"service {THUMBS} keeps 8 tasks by a strategy", _kept),
        Criterion("running", "all eight are RUNNING", _running, after="service"),
        Criterion("mix", "2 on Fargate, 6 on Fargate Spot", _two_that_stay, after="running"),
        Criterion("base", "2 stay at any number of tasks", _at_any_count, after="mix"),
    ),
    hints=(
        "base is met first; what is left is shared by the weights.",
        "A provider of weight 0 gets nothing beyond its base.",
        'In this order: 2, 0, "FARGATE_SPOT", 1.',
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("shared by weights", _by_weight, "mix", "FARGATE 5, FARGATE_SPOT 3"),
        WrongSolution("one in four", _one_in_four, "base", "base 0 and weight 1"),
        WrongSolution("half a base", _half_a_base, "base", "base 1 and weight 1"),
        WrongSolution("base on Spot", _base_on_spot, "base", "base 0 and weight 5"),
        WrongSolution("all on Spot", _no_base, "mix", "FARGATE 0, FARGATE_SPOT 8"),
        WrongSolution("by launch type", _launch_type, "service", "launchType FARGATE"),
        WrongSolution("two copies", _two_copies, "service", "desiredCount 2"),
        WrongSolution("not waited for", _not_waited, "running", "0 RUNNING"),
    ),
    rationale=(
        "The base of 2 is met on FARGATE; with weight 0 it gets no more, so the other six go to "
        "FARGATE_SPOT, which may interrupt them with two minutes' notice. Weights of 1 and 3 "
        "give the same mix of 8 tasks, and another of 16."
    ),
    objective="use-cases/spot",
    sources=("Amazon ECS Developer Guide, Fargate capacity providers, checked 2026-11-27",),
)
