"""Place two services where they cost least: one fills instances, the other is one small task."""

from typing import Any

from course.costs.model import Size, on_fargate, on_instances
from course.costs.prices import UnknownMachine, prices
from course.exercises.ecs import active_service, public_network
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.use_cases.harbour import (
    COPIES,
    FORMS,
    HARBOUR,
    IMAGE,
    MACHINE,
    SIZE,
    cleanup,
    machines,
    setup,
)

LEAST = on_instances(2, prices().machine(MACHINE), prices()) + on_fargate(SIZE, 1, prices())
"""Dollars an hour: six tasks fill two instances; a third for one more would cost more than Fargate."""

SERVICES = f"describe_services(cluster={HARBOUR!r}, services=['catalogue', 'kiosk'])"


def _service(session: Session, name: str) -> dict[str, Any] | None:
    return active_service(session, HARBOUR, name)


def _attempted(session: Session) -> bool:
    return bool(machines(session)) or any(_service(session, name) for name in COPIES)


def _size(session: Session, definition: str) -> Size:
    """What a task of this definition reserves: its task size, as both forms of the apps have one."""
    found = session.client("ecs").describe_task_definition(taskDefinition=definition)
    told = found["taskDefinition"]
    return Size(int(told.get("cpu") or 1), int(told.get("memory") or 1))


def _kept(session: Session, name: str) -> Finding:
    service = _service(session, name)
    if service is None:
        return missing(f"an ACTIVE service {name}", f"no {name}", SERVICES)
    own = f"{name}-"
    family = service["taskDefinition"].rpartition("/")[2].partition(":")[0]
    if not family.startswith(own):
        return missing(f"a task definition {own}fargate or {own}ec2", family, SERVICES)
    if (asked := _size(session, service["taskDefinition"])) != SIZE:
        found = f"{family}: {asked.cpu} and {asked.memory}"
        return missing(f"tasks of {SIZE.cpu} CPU units and {SIZE.memory} MiB", found, SERVICES)
    strategy = service.get("capacityProviderStrategy", [])
    if any(one["capacityProvider"] == "FARGATE_SPOT" for one in strategy):
        return missing("tasks that Spot never interrupts", f"{name}: FARGATE_SPOT", SERVICES)
    wanted, found = COPIES[name], service["desiredCount"]
    if found == wanted:
        return MET
    return missing(f"desiredCount {wanted}", f"{name}: desiredCount {found}", SERVICES)


def _catalogue(session: Session) -> Finding:
    return _kept(session, "catalogue")


def _kiosk(session: Session) -> Finding:
    return _kept(session, "kiosk")


def _running(session: Session) -> Finding:
    counts = {name: (_service(session, name) or {}).get("runningCount") for name in COPIES}
    if counts == COPIES:
        return MET
    found = ", ".join(f"{name}: {count} RUNNING" for name, count in counts.items())
    look = "the services' events; time passes when you wait (services_stable)"
    return missing("catalogue: 6 RUNNING, kiosk: 1 RUNNING", found, look)


def _cheapest(session: Session) -> Finding:
    """What is paid for now, by the lesson's prices: tasks on Fargate, and instances."""
    ecs = session.client("ecs")
    types = list(machines(session).values())
    tasks = len(ecs.list_tasks(cluster=HARBOUR, launchType="FARGATE")["taskArns"])
    paid = on_fargate(SIZE, tasks, prices())
    try:
        paid += sum(on_instances(1, prices().machine(one), prices()) for one in types)
    except UnknownMachine as error:
        return missing(
            "instances that the lesson has a price for", str(error), "describe_instances()"
        )
    if paid < LEAST + 0.00005:
        return MET
    found = f"{paid:.4f}: tasks on Fargate: {tasks}, instances: {len(types)}"
    return missing(f"{LEAST:.4f} dollars an hour", found, "lesson.costs(); what each instance has")


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    ec2.run_instances(LaunchTemplate={"LaunchTemplateName": "harbour"}, MinCount=2, MaxCount=2)
    ecs.create_service(
        cluster="harbour",
        serviceName="catalogue",
        taskDefinition="catalogue-ec2",
        desiredCount=6,
        launchType="EC2",
    )
    ecs.create_service(
        cluster="harbour",
        serviceName="kiosk",
        taskDefinition="kiosk-fargate",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}
        },
    )
    ecs.get_waiter("services_stable").wait(cluster="harbour", services=["catalogue", "kiosk"])


def _launch(session: Session, count: int, **changes: Any) -> None:
    given = {"LaunchTemplate": {"LaunchTemplateName": HARBOUR}} | changes
    session.client("ec2").run_instances(MinCount=count, MaxCount=count, **given)


def _create(session: Session, name: str, form: str, **changes: Any) -> None:
    """A service in one of the two forms: material for wrong solutions."""
    given = {"launchType": form.upper(), "desiredCount": COPIES[name]} | changes
    if form == "fargate":
        given["networkConfiguration"] = public_network(session)
    session.client("ecs").create_service(
        cluster=HARBOUR, serviceName=name, taskDefinition=f"{name}-{form}", **given
    )


def _wait(session: Session) -> None:
    waiter = session.client("ecs").get_waiter("services_stable")
    waiter.wait(cluster=HARBOUR, services=list(COPIES))


def _both(session: Session, catalogue: str, kiosk: str, launched: int, **changes: Any) -> None:
    if launched:
        _launch(session, launched, **changes)
    _create(session, "catalogue", catalogue)
    _create(session, "kiosk", kiosk)
    _wait(session)


def _all_on_fargate(session: Session) -> None:
    _both(session, "fargate", "fargate", 0)


def _all_on_ec2(session: Session) -> None:
    _both(session, "ec2", "ec2", 3)


def _swapped(session: Session) -> None:
    _both(session, "fargate", "ec2", 1)


def _one_to_spare(session: Session) -> None:
    _both(session, "ec2", "fargate", 3)


def _a_large_one(session: Session) -> None:
    _both(session, "ec2", "ec2", 1, InstanceType="m6i.large")


def _a_type_without_price(session: Session) -> None:
    _both(session, "ec2", "ec2", 1, InstanceType="m6i.xlarge")


def _smaller_tasks(session: Session) -> None:
    web = {"name": "web", "image": IMAGE, "memory": 128}
    small = {"cpu": "128", "memory": "128", "containerDefinitions": [web]}
    for app in COPIES:
        session.client("ecs").register_task_definition(family=f"{app}-ec2", **FORMS["ec2"], **small)
    _both(session, "ec2", "ec2", 1)


def _kiosk_on_spot(session: Session) -> None:
    ecs = session.client("ecs")
    both = ["FARGATE", "FARGATE_SPOT"]
    ecs.put_cluster_capacity_providers(
        cluster=HARBOUR, capacityProviders=both, defaultCapacityProviderStrategy=[]
    )
    _launch(session, 2)
    _create(session, "catalogue", "ec2")
    ecs.create_service(
        cluster=HARBOUR,
        serviceName="kiosk",
        taskDefinition="kiosk-fargate",
        desiredCount=1,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        networkConfiguration=public_network(session),
    )
    _wait(session)


def _five(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2", desiredCount=5)
    _create(session, "kiosk", "fargate")
    _wait(session)


def _two_kiosks(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2")
    _create(session, "kiosk", "fargate", desiredCount=2)
    _wait(session)


def _one_instance(session: Session) -> None:
    _launch(session, 1)
    _create(session, "catalogue", "ec2")
    _create(session, "kiosk", "fargate")
    given = {"services": ["kiosk"], "WaiterConfig": {"Delay": 180}}
    session.client("ecs").get_waiter("services_stable").wait(cluster=HARBOUR, **given)


def _only_instances(session: Session) -> None:
    _launch(session, 2)
    given = {"clusters": [HARBOUR]}
    session.client("ecs").describe_clusters(**given)
    _create(session, "kiosk", "fargate")


def _no_kiosk(session: Session) -> None:
    _launch(session, 2)
    _create(session, "catalogue", "ec2")


PLACE_TWO_SERVICES = Exercise(
    id="use-cost-101",
    lesson="use-cases",
    goal=(
        "In the cluster 'harbour' run two services at the least cost an hour by this lesson's "
        "prices: 'catalogue' with 6 tasks, and 'kiosk' with 1. Each task asks for 256 CPU units "
        "and 512 MiB, and each app is registered in two forms: 'catalogue-ec2' (bridge mode), "
        "'catalogue-fargate', 'kiosk-ec2', 'kiosk-fargate'. The cluster has no instance; the "
        "launch template 'harbour' makes a t3.small that joins it. No task may be interrupted: "
        "no Spot."
    ),
    criteria=(
        Criterion("catalogue", "service catalogue keeps 6 tasks", _catalogue),
        Criterion("kiosk", "service kiosk keeps 1 task", _kiosk, after="catalogue"),
        Criterion("running", "all seven are RUNNING", _running, after="kiosk"),
        Criterion("cost", "nothing cheaper runs the same", _cheapest, after="running"),
    ),
    hints=(
        "How many such tasks does a t3.small have room for? lesson.costs() says so.",
        (
            "Six tasks fill two instances. What costs less for the seventh: a third instance, or "
            "one task on Fargate?"
        ),
        (
            "run_instances with LaunchTemplate={'LaunchTemplateName': 'harbour'} and two of them; "
            "create_service twice, with launchType EC2 and FARGATE; then a waiter."
        ),
    ),
    setup=setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=cleanup,
    wrong_solutions=(
        WrongSolution("all on Fargate", _all_on_fargate, "cost", "Fargate: 7, instances: 0"),
        WrongSolution("all on EC2", _all_on_ec2, "cost", "Fargate: 0, instances: 3"),
        WrongSolution("swapped", _swapped, "cost", "Fargate: 6, instances: 1"),
        WrongSolution("one to spare", _one_to_spare, "cost", "Fargate: 1, instances: 3"),
        WrongSolution("a large one", _a_large_one, "cost", "Fargate: 0, instances: 1"),
        WrongSolution("no price", _a_type_without_price, "cost", "no 'm6i.xlarge'"),
        WrongSolution("smaller tasks", _smaller_tasks, "catalogue", "128 and 128"),
        WrongSolution("kiosk on Spot", _kiosk_on_spot, "kiosk", "kiosk: FARGATE_SPOT"),
        WrongSolution("five copies", _five, "catalogue", "catalogue: desiredCount 5"),
        WrongSolution("two kiosks", _two_kiosks, "kiosk", "kiosk: desiredCount 2"),
        WrongSolution("one instance", _one_instance, "running", "catalogue: 3 RUNNING"),
        WrongSolution("no catalogue", _only_instances, "catalogue", "no catalogue"),
        WrongSolution("no kiosk", _no_kiosk, "kiosk", "no kiosk"),
    ),
    rationale=(
        "Full instances are cheaper than Fargate, and one that is a third full is dearer. On AWS "
        "you would also ask who patches those two, and what is left when one of them fails."
    ),
    objective="use-cases/cost",
    sources=(
        "Prices of course/costs/prices.toml, us-east-1, checked 2026-11-27",
        "Amazon ECS Developer Guide, launch types and capacity providers, checked 2026-11-27",
    ),
)
