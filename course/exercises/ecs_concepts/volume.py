"""Build a task of two containers that share a folder, with more room than the default."""

from typing import Any

from course.exercises.ecs import delete_cluster, deregister, latest, network
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

DESK = "desk"
DIARY = "diary"
PATHS = {"writer": "/notes", "reader": "/shelf"}

LOOK_AT_DIARY = f"describe_task_definition(taskDefinition={DIARY!r})"
LOOK_AT_TASKS = f"list_tasks(cluster={DESK!r}), also of the STOPPED, then describe_tasks"


def _setup(session: Session) -> None:
    session.client("ecs").create_cluster(clusterName=DESK)


def _tasks(session: Session, desired: str = "RUNNING") -> list[dict[str, Any]]:
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=DESK, desiredStatus=desired)["taskArns"]
    tasks: list[dict[str, Any]] = (
        ecs.describe_tasks(cluster=DESK, tasks=arns)["tasks"] if arns else []
    )
    return tasks


def _attempted(session: Session) -> bool:
    return bool(latest(session, DIARY) or _tasks(session))


def _two_containers(session: Session) -> Finding:
    definition = latest(session, DIARY)
    if definition is None:
        return missing(f"an ACTIVE task definition {DIARY}", "none", LOOK_AT_DIARY)
    names = sorted(one["name"] for one in definition["containerDefinitions"])
    wanted = sorted(PATHS)
    return (
        MET
        if names == wanted
        else missing(f"containers {wanted}", f"containers {names}", LOOK_AT_DIARY)
    )


def _shared(session: Session) -> Finding:
    """Each container mounts at its path, and both what they mount is one volume."""
    mounted: dict[str, set[str]] = {}
    for container in (latest(session, DIARY) or {}).get("containerDefinitions", []):
        for mount in container["mountPoints"]:
            if mount["containerPath"] == PATHS[container["name"]]:
                mounted.setdefault(mount["sourceVolume"], set()).add(container["name"])
    if set(PATHS) in mounted.values():
        return MET
    found = {volume: sorted(names) for volume, names in mounted.items()} or "no mountPoints there"
    wanted = f"one volume, mounted at {PATHS['writer']} and at {PATHS['reader']}"
    return missing(wanted, found, LOOK_AT_DIARY)


def _running_alone(session: Session) -> Finding:
    ours = [one for one in _tasks(session) if f"/{DIARY}:" in one["taskDefinitionArn"]]
    states = [one["lastStatus"] for one in ours]
    if states != ["RUNNING"]:
        found = ", ".join(states) or _why_none(session)
        return missing(f"one RUNNING task of {DIARY}", found, LOOK_AT_TASKS)
    group = ours[0]["group"]
    return MET if group == f"family:{DIARY}" else missing("no service", group, LOOK_AT_TASKS)


def _why_none(session: Session) -> str:
    """Where the only tasks have stopped, why the last one did."""
    stopped = sorted(_tasks(session, "STOPPED"), key=lambda one: one["createdAt"])
    return f"none; the last STOPPED: {stopped[-1]['stoppedReason']}" if stopped else "no task"


def _room(session: Session) -> Finding:
    storage = [one.get("ephemeralStorage", {}).get("sizeInGiB") for one in _tasks(session)]
    return MET if storage == [40] else missing("[40] GiB", storage, LOOK_AT_TASKS)


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    image = "public.ecr.aws/docker/library/busybox:latest"
    containers = [
        {
            "name": name,
            "image": image,
            "command": ["sleep", "3600"],
            "mountPoints": [{"sourceVolume": "pages", "containerPath": path}],
        }
        for name, path in (("writer", "/notes"), ("reader", "/shelf"))
    ]
    ecs.register_task_definition(
        family="diary",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        volumes=[{"name": "pages"}],
        ephemeralStorage={"sizeInGiB": 40},
        containerDefinitions=containers,
    )
    subnets = [ec2.describe_subnets()["Subnets"][0]["SubnetId"]]
    place = {"awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}}
    started = ecs.run_task(
        cluster="desk", taskDefinition="diary", launchType="FARGATE", networkConfiguration=place
    )
    task = started["tasks"][0]["taskArn"]
    ecs.get_waiter("tasks_running").wait(cluster="desk", tasks=[task])


def _cleanup(session: Session) -> None:
    deregister(session, DIARY)
    delete_cluster(session, DESK)


def _register(session: Session, *, volumes: tuple[str, str], **changes: Any) -> None:
    """The solution's task definition, with a change: material for wrong solutions."""
    containers = [
        {
            "name": name,
            "image": "busybox",
            "command": ["sleep", "3600"],
            "mountPoints": [{"sourceVolume": volume, "containerPath": PATHS[name]}],
        }
        for name, volume in zip(PATHS, volumes, strict=True)
    ]
    given = {
        "family": DIARY,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "volumes": [{"name": name} for name in sorted(set(volumes))],
        "ephemeralStorage": {"sizeInGiB": 40},
        "containerDefinitions": containers,
    }
    kept = {name: value for name, value in {**given, **changes}.items() if value is not None}
    session.client("ecs").register_task_definition(**kept)


def _run(session: Session, *, wait: bool = True) -> None:
    ecs, place = session.client("ecs"), network(session)
    place["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    where = {"cluster": DESK, "launchType": "FARGATE", "networkConfiguration": place}
    tasks = ecs.run_task(taskDefinition=DIARY, **where)["tasks"]
    if wait:
        arns = [one["taskArn"] for one in tasks]
        ecs.get_waiter("tasks_running").wait(cluster=DESK, tasks=arns)


def _a_volume_each(session: Session) -> None:
    _register(session, volumes=("notes", "shelf"))
    _run(session)


def _no_more_room(session: Session) -> None:
    _register(session, volumes=("pages", "pages"), ephemeralStorage=None)
    _run(session)


def _as_a_service(session: Session) -> None:
    _register(session, volumes=("pages", "pages"))
    ecs, place = session.client("ecs"), network(session)
    place["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    ecs.create_service(
        cluster=DESK,
        serviceName=DIARY,
        taskDefinition=DIARY,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=place,
    )
    ecs.get_waiter("services_stable").wait(cluster=DESK, services=[DIARY])


def _not_run(session: Session) -> None:
    _register(session, volumes=("pages", "pages"))


def _not_waited(session: Session) -> None:
    _register(session, volumes=("pages", "pages"))
    _run(session, wait=False)


def _volumes_never_mounted(session: Session) -> None:
    """Naming a volume is not mounting it."""
    containers = [
        {"name": name, "image": "busybox", "command": ["sleep", "3600"]} for name in PATHS
    ]
    _register(session, volumes=("pages", "pages"), containerDefinitions=containers)
    _run(session)


def _nothing_to_do(session: Session) -> None:
    """A busybox without a command has a shell without input, which ends at once."""
    mounts = {
        name: {"sourceVolume": "pages", "containerPath": path} for name, path in PATHS.items()
    }
    image = "public.ecr.aws/docker/library/busybox:latest"
    containers = [
        {"name": name, "image": image, "mountPoints": [mount]} for name, mount in mounts.items()
    ]
    _register(session, volumes=("pages", "pages"), containerDefinitions=containers)
    _run(session, wait=False)
    ecs = session.client("ecs")
    task = ecs.list_tasks(cluster=DESK)["taskArns"]
    ecs.get_waiter("tasks_stopped").wait(cluster=DESK, tasks=task)


def _one_container(session: Session) -> None:
    mount = {"sourceVolume": "pages", "containerPath": "/notes"}
    writer = {"name": "writer", "image": "busybox", "command": ["sleep", "3600"]}
    alone = [{**writer, "mountPoints": [mount]}]
    _register(session, volumes=("pages", "pages"), containerDefinitions=alone)
    _run(session)


SHARE_A_FOLDER = Exercise(
    id="ecs-volume-101",
    lesson="ecs-concepts",
    goal=(
        f"In the cluster {DESK!r}, run ONE task of a task definition {DIARY!r} on Fargate, without a "
        "service. Its containers, writer and reader, share a folder: the writer sees it at /notes, "
        "the reader at /shelf. The task has 40 GiB of ephemeral storage."
    ),
    criteria=(
        Criterion(
            "containers", f"task definition {DIARY}: containers writer, reader", _two_containers
        ),
        Criterion("shared", "one volume, at /notes and at /shelf", _shared, after="containers"),
        Criterion("running", "one task of it is RUNNING", _running_alone, after="containers"),
        Criterion("room", "it has 40 GiB of ephemeral storage", _room, after="running"),
    ),
    hints=(
        "What the containers share is named once in the task definition, and mounted in each.",
        (
            'volumes=[{"name": "pages"}] names it; in each container, mountPoints holds a '
            "sourceVolume and a containerPath. ephemeralStorage is the task definition's."
        ),
        (
            "run_task takes what the service of this lesson took, less its name. A busybox with the "
            'command ["sleep", "3600"] stays; the waiter tasks_running lets time pass.'
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("a volume for each", _a_volume_each, "shared", "'notes': ['writer']"),
        WrongSolution("never mounted", _volumes_never_mounted, "shared", "no mountPoints there"),
        WrongSolution("the default room", _no_more_room, "room", "20"),
        WrongSolution("a service", _as_a_service, "running", "service:diary"),
        WrongSolution("registered, not run", _not_run, "running", "no task"),
        WrongSolution("not waited for", _not_waited, "running", "PROVISIONING"),
        WrongSolution("nothing to do", _nothing_to_do, "running", "Essential container in task"),
        WrongSolution("one container", _one_container, "containers", "containers ['writer']"),
    ),
    rationale=(
        "A volume belongs to the task: containers of one task share it, and it ends with them. What "
        "has to outlive the task belongs elsewhere, in EFS, S3 or a database."
    ),
    objective="ecs-concepts/storage",
    sources=("Amazon ECS Developer Guide, Use bind mounts with Amazon ECS, checked 2026-11-26",),
)
