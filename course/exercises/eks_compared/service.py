"""Translate a Deployment, a Service and an Ingress into one ECS service: how many, how replaced, behind what."""

from typing import Any

from botocore.exceptions import ClientError, WaiterError

from course.exercises.balancers import (
    create_balancer,
    create_group,
    create_service,
    delete_balancer,
    delete_groups,
    delete_targets,
    health,
    open_port,
    register,
    security_group,
    target_groups,
)
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

HARBOUR = "harbour"
FERRY = "ferry"
FRONT = "harbour-front"
TASKS = "harbour-tasks"
LOOK = f"describe_services(cluster={HARBOUR!r}, services=[{FERRY!r}])"


def _setup(session: Session) -> None:
    """What the controller makes of an Ingress is there: a load balancer, its listener, a target group."""
    if latest(session, FERRY):
        return
    front, tasks = create_group(session, FRONT), create_group(session, TASKS)
    open_port(session, front, 80, "0.0.0.0/0")
    open_port(session, tasks, 8080, front)
    create_balancer(session, HARBOUR, front)
    session.client("ecs").create_cluster(clusterName=HARBOUR)
    register(session, FERRY, "registry.example.com/web:1")


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, HARBOUR, FERRY)


def _tasks(session: Session) -> list[str]:
    ecs = session.client("ecs")
    if not _is_there(ecs):
        return []
    return list(ecs.list_tasks(cluster=HARBOUR)["taskArns"])


def _is_there(ecs: Any) -> bool:
    found = ecs.describe_clusters(clusters=[HARBOUR])["clusters"]
    return any(one["status"] == "ACTIVE" for one in found)


def _attempted(session: Session) -> bool:
    return bool(_tasks(session) or _service(session))


def _kept(session: Session) -> Finding:
    service = _service(session)
    if service is None:
        alone = len(_tasks(session))
        found = f"{alone} tasks, and no service that would replace them" if alone else "none"
        return missing(f"an ACTIVE service {FERRY} in {HARBOUR}", found, LOOK)
    if service["desiredCount"] != 4:
        return missing("desiredCount 4", f"desiredCount {service['desiredCount']}", LOOK)
    return MET


def _replaced(session: Session) -> Finding:
    rules = (_service(session) or {}).get("deploymentConfiguration", {})
    found = f"{rules.get('minimumHealthyPercent')}/{rules.get('maximumPercent')}"
    look = "deploymentConfiguration of the service: minimumHealthyPercent/maximumPercent"
    return MET if found == "75/150" else missing("3 of 4 at least, 6 at most", found, look)


def _behind(session: Session) -> Finding:
    behind = (_service(session) or {}).get("loadBalancers", [])
    names = [one["targetGroupArn"].split("/")[1] for one in behind if one.get("targetGroupArn")]
    if names == [HARBOUR]:
        return MET
    found = f"registers with {', '.join(names)}" if names else "registers nowhere"
    return missing(
        f"a service that registers with {HARBOUR}", found, "loadBalancers of the service"
    )


def _healthy(session: Session) -> Finding:
    group = target_groups(session).get(HARBOUR)
    states = health(session, group["TargetGroupArn"]) if group else []
    if states == ["healthy"] * 4:
        return MET
    look = "describe_target_health; the service's events; time passes when you wait"
    return missing("4 targets, all healthy", ", ".join(states) or "no target", look)


def _solve(session: Session) -> None:
    ecs, ec2, elb = session.client("ecs"), session.client("ec2"), session.client("elbv2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    named = {"Name": "group-name", "Values": ["harbour-tasks"]}
    (group,) = ec2.describe_security_groups(Filters=[named])["SecurityGroups"]
    (targets,) = elb.describe_target_groups(Names=["harbour"])["TargetGroups"]
    arn = targets["TargetGroupArn"]
    place = {
        "subnets": subnets,
        "securityGroups": [group["GroupId"]],
        "assignPublicIp": "ENABLED",
    }
    ecs.create_service(
        cluster="harbour",
        serviceName="ferry",
        taskDefinition="ferry",
        desiredCount=4,
        launchType="FARGATE",
        deploymentConfiguration={"minimumHealthyPercent": 75, "maximumPercent": 150},
        networkConfiguration={"awsvpcConfiguration": place},
        loadBalancers=[{"targetGroupArn": arn, "containerName": "app", "containerPort": 8080}],
    )
    elb.get_waiter("target_in_service").wait(TargetGroupArn=arn)


def _cleanup(session: Session) -> None:
    delete_cluster(session, HARBOUR)
    delete_balancer(session, HARBOUR)
    delete_targets(session, HARBOUR)
    delete_groups(session, TASKS, FRONT)
    deregister(session, FERRY)


def _create(session: Session, group: str = TASKS, *, wait: bool = True, **changes: Any) -> None:
    """The solution's service, with a change: material for wrong solutions."""
    rules = {"minimumHealthyPercent": 75, "maximumPercent": 150}
    given = {"desiredCount": 4, "deploymentConfiguration": rules, **changes}
    (found,) = filter(None, [security_group(session, group)])
    targets = target_groups(session)[HARBOUR]["TargetGroupArn"]
    try:
        create_service(session, HARBOUR, FERRY, targets, found["GroupId"], **given)
        if wait:
            _wait(session, targets)
    except (ClientError, WaiterError):
        return


def _wait(session: Session, targets: str) -> None:
    stable = session.client("ecs").get_waiter("services_stable")
    stable.wait(cluster=HARBOUR, services=[FERRY], WaiterConfig={"Delay": 15, "MaxAttempts": 12})
    in_service = session.client("elbv2").get_waiter("target_in_service")
    in_service.wait(TargetGroupArn=targets, WaiterConfig={"Delay": 15, "MaxAttempts": 12})


def _only_tasks(session: Session) -> None:
    place = public_network(session)
    given = {"cluster": HARBOUR, "taskDefinition": FERRY, "launchType": "FARGATE"}
    session.client("ecs").run_task(**given, networkConfiguration=place, count=4)


def _two(session: Session) -> None:
    _create(session, desiredCount=2)


def _as_by_default(session: Session) -> None:
    _create(session, deploymentConfiguration={})


def _unconverted(session: Session) -> None:
    rules = {"minimumHealthyPercent": 25, "maximumPercent": 150}
    _create(session, deploymentConfiguration=rules)


def _nothing_on_top(session: Session) -> None:
    rules = {"minimumHealthyPercent": 75, "maximumPercent": 100}
    _create(session, deploymentConfiguration=rules)


def _without_a_door(session: Session) -> None:
    _create(session, loadBalancers=[])


def _in_the_default_group(session: Session) -> None:
    _create(session, "default", healthCheckGracePeriodSeconds=3600)


def _not_waited(session: Session) -> None:
    _create(session, wait=False)


FROM_A_DEPLOYMENT = Exercise(
    id="eks-service-101",
    lesson="eks-compared",
    goal=(
        f"Translate the manifests of {FERRY!r} into one ECS service in the cluster {HARBOUR!r}. What the "
        f"controller would make of the Ingress is there already: the load balancer {HARBOUR!r}, its "
        f"listener, and a target group of that name. So is the task definition {FERRY!r} (container "
        f"'app', port 8080), and the security group {TASKS!r} for its tasks."
    ),
    criteria=(
        Criterion("copies", f"the service {FERRY} keeps enough tasks", _kept),
        Criterion(
            "update", "an update takes away and adds no more than there", _replaced, "copies"
        ),
        Criterion("behind", f"it registers its tasks with {HARBOUR}", _behind, after="copies"),
        Criterion("healthy", "all of its targets are healthy", _healthy, after="behind"),
    ),
    hints=(
        "Which number of the Deployment becomes desiredCount? And which two become percentages?",
        (
            "maxUnavailable says what may be missing, minimumHealthyPercent what has to stay; maxSurge "
            "what comes on top, maximumPercent all there may be."
        ),
        (
            "75 and 150. create_service with loadBalancers as in the lesson on load balancing, two "
            "subnets, a public address; then the waiter target_in_service."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("tasks alone", _only_tasks, "copies", "no service that would replace them"),
        WrongSolution("two copies", _two, "copies", "desiredCount 2"),
        WrongSolution("the defaults", _as_by_default, "update", "100/200"),
        WrongSolution("taken over as it is", _unconverted, "update", "25/150"),
        WrongSolution("nothing on top", _nothing_on_top, "update", "75/100"),
        WrongSolution("without a door", _without_a_door, "behind", "registers nowhere"),
        WrongSolution("in the default group", _in_the_default_group, "healthy", "Target.Timeout"),
        WrongSolution("not waited for", _not_waited, "healthy", "no target"),
    ),
    rationale=(
        "One ECS service keeps the tasks, as a Deployment does, and registers them, as Service and Ingress "
        "do together. Where Kubernetes counts what may be missing (25%) and come on top (50%), ECS counts "
        "what has to stay (75) and all there may be (150)."
    ),
    objective="eks-compared/translation",
    sources=(
        "Amazon ECS Developer Guide, service definition parameters, checked 2026-11-27",
        "Kubernetes API, RollingUpdateDeployment (schemas of kubernetes-validate 1.37.0), checked 2026-11-27",
    ),
)
