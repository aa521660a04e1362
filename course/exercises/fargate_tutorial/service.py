"""Build a service from a goal: two tasks, kept running, in two Availability Zones."""

from typing import Any

from course.exercises.ecs import (
    active_service,
    delete_cluster,
    deregister,
    latest,
    network,
    public_network,
    short,
    sized,
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
from course.exercises.way_out import way_out

CLUSTER = "practice"
SHOP = "shop"


def _setup(session: Session) -> None:
    session.client("ecs").create_cluster(clusterName=CLUSTER)


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, CLUSTER, SHOP)


def _attempted(session: Session) -> bool:
    running = session.client("ecs").list_tasks(cluster=CLUSTER)["taskArns"]
    return bool(running or latest(session, SHOP) or _service(session))


def _registered(session: Session) -> Finding:
    definition = latest(session, SHOP)
    look = f"describe_task_definition(taskDefinition={SHOP!r})"
    if definition is None:
        return missing(f"an ACTIVE task definition {SHOP}", "none", look)
    if "FARGATE" not in definition.get("requiresCompatibilities", []):
        wants = definition.get("requiresCompatibilities", [])
        return missing("requiresCompatibilities ['FARGATE']", wants, look)
    return sized(definition, cpu="256", memory="512", look=look)


def _kept_by_service(session: Session) -> Finding:
    service = _service(session)
    look = f"describe_services(cluster={CLUSTER!r}, services=[{SHOP!r}])"
    if service is None:
        tasks = len(session.client("ecs").list_tasks(cluster=CLUSTER)["taskArns"])
        alone = f"none, and {tasks} tasks that nobody would replace" if tasks else "none"
        return missing(f"an ACTIVE service {SHOP}", alone, look)
    if service.get("launchType") != "FARGATE" and not service.get("capacityProviderStrategy"):
        own = f"launchType {service.get('launchType')}, and no container instances in {CLUSTER}"
        return missing("launchType FARGATE", own, look)
    if service["desiredCount"] != 2:
        return missing("desiredCount 2", f"desiredCount {service['desiredCount']}", look)
    newest = (latest(session, SHOP) or {}).get("taskDefinitionArn")
    used = service["taskDefinition"]
    if used != newest:
        return missing(f"taskDefinition {short(newest)}", short(used), look)
    return MET


def _reaches_the_registry(session: Session) -> Finding:
    """By a NAT gateway, or by an internet gateway and a public address."""
    awsvpc = (_service(session) or {})["networkConfiguration"]["awsvpcConfiguration"]
    public = awsvpc.get("assignPublicIp", "DISABLED")
    for subnet in awsvpc["subnets"]:
        table, leads_to = way_out(session.client("ec2"), subnet)
        if not leads_to:
            look = f"describe_route_tables(RouteTableIds=[{table!r}])"
            return missing("a route to 0.0.0.0/0", f"none that leads out of {subnet}", look)
        if leads_to.startswith("igw-") and public != "ENABLED":
            look = (
                "assignPublicIp in the service's networkConfiguration: DISABLED unless you say "
                "otherwise"
            )
            found = f"{public}, and {table} leads to {leads_to}"
            return missing("assignPublicIp ENABLED", found, look)
    return MET


def _running(session: Session) -> Finding:
    service = _service(session) or {}
    count = len(service.get("deployments", []))
    found = f"{service.get('runningCount')} RUNNING, {service.get('pendingCount')} pending"
    if count > 1:
        found += f", in {count} deployments"
    look = "the service's counts and events; time passes when you wait (services_stable)"
    if service.get("runningCount") == 2 and count == 1:
        return MET
    return missing("2 RUNNING, in one deployment", found, look)


def _in_two_zones(session: Session) -> Finding:
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=CLUSTER, serviceName=SHOP)["taskArns"]
    tasks = ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"]
    zones = sorted({task["availabilityZone"] for task in tasks})
    look = "availabilityZone of the tasks: it is that of the subnet each was started in"
    return MET if len(zones) > 1 else missing("tasks in two Availability Zones", zones, look)


def _solve(session: Session) -> None:
    ecs, ec2 = session.client("ecs"), session.client("ec2")
    container = {"name": "web", "image": "public.ecr.aws/docker/library/httpd:latest"}
    ecs.register_task_definition(
        family="shop",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    ecs.create_service(
        cluster="practice",
        serviceName="shop",
        taskDefinition="shop",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}
        },
    )
    ecs.get_waiter("services_stable").wait(cluster="practice", services=["shop"])


def _cleanup(session: Session) -> None:
    """Remove what the exercise, or an attempt at it, has made; nothing there is no error."""
    deregister(session, SHOP)
    delete_cluster(session, CLUSTER)


def _register(session: Session, **changes: Any) -> None:
    """The solution's task definition, with a change: material for wrong solutions."""
    given = {
        "family": SHOP,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{"name": "web", "image": "httpd"}],
    }
    session.client("ecs").register_task_definition(**{**given, **changes})


def _create(
    session: Session,
    *,
    subnets: int = 2,
    wait: bool = True,
    public: str = "ENABLED",
    **changes: Any,
) -> None:
    ecs = session.client("ecs")
    place = network(session, subnets)
    place["awsvpcConfiguration"]["assignPublicIp"] = public
    given = {
        "cluster": CLUSTER,
        "serviceName": SHOP,
        "taskDefinition": SHOP,
        "desiredCount": 2,
        "launchType": "FARGATE",
        "networkConfiguration": place,
    }
    ecs.create_service(**{**given, **changes})
    if wait:
        ecs.get_waiter("services_stable").wait(cluster=CLUSTER, services=[SHOP])


def _only_tasks(session: Session) -> None:
    _register(session)
    session.client("ecs").run_task(
        cluster=CLUSTER,
        taskDefinition=SHOP,
        count=2,
        launchType="FARGATE",
        networkConfiguration=network(session),
    )


def _one_copy(session: Session) -> None:
    _register(session)
    _create(session, desiredCount=1)


def _one_zone(session: Session) -> None:
    _register(session)
    _create(session, subnets=1)


def _moved_and_did_not_wait(session: Session) -> None:
    """Both subnets are named now, and the tasks still run where they were started."""
    _one_zone(session)
    both = public_network(session)
    session.client("ecs").update_service(cluster=CLUSTER, service=SHOP, networkConfiguration=both)


def _no_way_out(session: Session) -> None:
    _register(session)
    _create(session, wait=False, public="DISABLED")


def _on_instances(session: Session) -> None:
    _register(session, requiresCompatibilities=["EC2", "FARGATE"])
    _create(session, wait=False, launchType="EC2", public="DISABLED")


def _did_not_wait(session: Session) -> None:
    _register(session)
    _create(session, wait=False)


def _too_large(session: Session) -> None:
    _register(session, memory="1024")
    _create(session)


def _not_rolled_out(session: Session) -> None:
    _too_large(session)
    _register(session)


KEEP_TWO_RUNNING = Exercise(
    id="fargate-service-101",
    lesson="fargate-tutorial",
    goal=(
        f"The cluster {CLUSTER!r} is there. Keep two copies of a container running in it, of the "
        "web server for example, whatever happens to one of them. If one Availability Zone fails, "
        "the copy in another one has to be left."
    ),
    criteria=(
        Criterion(
            "definition",
            f"task definition {SHOP}: for Fargate, 256 CPU units, 512 MiB",
            _registered,
        ),
        Criterion(
            "service",
            f"service {SHOP} keeps 2 tasks of it",
            _kept_by_service,
            after="definition",
        ),
        Criterion("public", "its tasks can reach the registry", _reaches_the_registry, "service"),
        Criterion("running", "both tasks are RUNNING", _running, after="service"),
        Criterion("zones", "they are in two Availability Zones", _in_two_zones, "running"),
    ),
    hints=(
        "Which of the two keeps a number of tasks running: RunTask or a service?",
        (
            "Three calls: register_task_definition, create_service with two subnets and a public "
            "address, and a waiter."
        ),
        (
            "describe_subnets lists the default VPC's subnets; the first two lie in different zones. "
            "get_waiter('services_stable') lets time pass until both tasks run."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution(
            "RunTask in place of a service", _only_tasks, "service", "nobody would replace"
        ),
        WrongSolution("one copy only", _one_copy, "service", "desiredCount 1"),
        WrongSolution("one subnet", _one_zone, "zones", "['us-east-1a']"),
        WrongSolution("launch type EC2", _on_instances, "service", "no container instances"),
        WrongSolution("no public address", _no_way_out, "public", "DISABLED"),
        WrongSolution("not waited for", _did_not_wait, "running", "0 RUNNING, 2 pending"),
        WrongSolution("moved, not waited", _moved_and_did_not_wait, "running", "in 2 deployments"),
        WrongSolution("too much memory", _too_large, "definition", "1024 MiB"),
        WrongSolution("mended, but not rolled out", _not_rolled_out, "service", "shop:1"),
    ),
    rationale=(
        "RunTask starts tasks and forgets them. A service compares desired with running and "
        "replaces what is lost; Fargate spreads its tasks over the subnets' Availability Zones."
    ),
    objective="fargate-tutorial/services",
    sources=("Amazon ECS Developer Guide, Amazon ECS services, checked 2026-11-23",),
)
