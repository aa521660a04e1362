"""Build a second service behind a load balancer: a target group, a rule for its path, two tasks."""

from typing import Any

from botocore.exceptions import ClientError, WaiterError

from course.exercises.balancers import (
    balancers,
    create_balancer,
    create_group,
    create_service,
    create_targets,
    delete_balancer,
    delete_groups,
    delete_targets,
    health,
    leads_to,
    open_port,
    register,
    rules,
    security_group,
    target_groups,
)
from course.exercises.ecs import active_service, delete_cluster, deregister, latest
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

MUSEUM = "museum"
HALLS = "halls"
TICKETS = "tickets"
FRONT = "museum-front"
TASKS = "museum-tasks"
SERVICE = f"describe_services(cluster={MUSEUM!r}, services=[{TICKETS!r}])"
RULES = "describe_rules of the listener: conditions, actions, and their order by Priority"


def _setup(session: Session) -> None:
    """A load balancer with one service, ``halls``; the other's task definition is registered."""
    if latest(session, TICKETS):
        return
    front, tasks = create_group(session, FRONT), create_group(session, TASKS)
    open_port(session, front, 80, "0.0.0.0/0")
    open_port(session, tasks, 8080, front)
    targets = create_balancer(session, MUSEUM, front)
    session.client("ecs").create_cluster(clusterName=MUSEUM)
    register(session, HALLS, "registry.example.com/web:1")
    register(session, TICKETS, "registry.example.com/tickets:1")
    create_service(session, MUSEUM, HALLS, targets, tasks, desiredCount=1)
    session.client("elbv2").get_waiter("target_in_service").wait(TargetGroupArn=targets)


def _service(session: Session) -> dict[str, Any] | None:
    return active_service(session, MUSEUM, TICKETS)


def _attempted(session: Session) -> bool:
    """Whether there is a second rule, target group or service, or the first is not as it was."""
    return bool(
        len(rules(session, MUSEUM)) != 1
        or leads_to(session, MUSEUM, "/") != MUSEUM
        or _service(session)
        or [name for name, one in target_groups(session).items() if _ours(session, name, one)]
    )


def _ours(session: Session, name: str, group: dict[str, Any]) -> bool:
    """Whether a target group was made for the second service: by its name, or by who sends to it."""
    arns = [one["LoadBalancerArn"] for one in balancers(session, MUSEUM)]
    return name == TICKETS or (name != MUSEUM and bool(set(arns) & set(group["LoadBalancerArns"])))


def _own(session: Session) -> str:
    """The target group that gets the tickets' requests."""
    return leads_to(session, MUSEUM, "/tickets/7")


def _by_path(session: Session) -> Finding:
    for path in ("/tickets", "/tickets/7"):
        leads = leads_to(session, MUSEUM, path)
        if leads in (MUSEUM, "nobody") or leads not in target_groups(session):
            wanted = "/tickets and /tickets/7 to a target group of their own"
            return missing(wanted, f"{path} goes to {leads}", RULES)
    return MET


def _kept(session: Session) -> Finding:
    service, own = _service(session), _own(session)
    if service is None:
        kind = target_groups(session)[own]["TargetType"]
        return missing(
            f"an ACTIVE service {TICKETS}", f"none; {own} is for targets of type {kind}", SERVICE
        )
    behind = [one["targetGroupArn"].split("/")[1] for one in service["loadBalancers"]]
    if own not in behind:
        found = f"registers with {', '.join(behind) or 'no target group'}"
        return missing(f"a service that registers with {own}", found, SERVICE)
    if service["desiredCount"] != 2:
        return missing("desiredCount 2", f"desiredCount {service['desiredCount']}", SERVICE)
    return MET


def _healthy(session: Session) -> Finding:
    states = health(session, target_groups(session)[_own(session)]["TargetGroupArn"])
    if states == ["healthy", "healthy"]:
        return MET
    look = "describe_target_health; the tasks' security groups; time passes when you wait"
    return missing("2 targets, both healthy", ", ".join(states) or "no target", look)


def _the_rest(session: Session) -> Finding:
    for path in ("/", "/rooms/1"):
        leads = leads_to(session, MUSEUM, path)
        if leads != MUSEUM:
            return missing(f"{path} to {MUSEUM}", f"{path} goes to {leads}", RULES)
    return MET


def _solve(session: Session) -> None:
    ecs, elb = session.client("ecs"), session.client("elbv2")
    balancer = elb.describe_load_balancers(Names=["museum"])["LoadBalancers"][0]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    made = elb.create_target_group(
        Name="tickets",
        VpcId=balancer["VpcId"],
        Protocol="HTTP",
        Port=8080,
        TargetType="ip",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=2,
    )
    targets = made["TargetGroups"][0]["TargetGroupArn"]
    elb.create_rule(
        ListenerArn=listener["ListenerArn"],
        Priority=10,
        Conditions=[{"Field": "path-pattern", "Values": ["/tickets*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": targets}],
    )
    halls = ecs.describe_services(cluster="museum", services=["halls"])["services"][0]
    ecs.create_service(
        cluster="museum",
        serviceName="tickets",
        taskDefinition="tickets",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=halls["networkConfiguration"],
        loadBalancers=[{"targetGroupArn": targets, "containerName": "app", "containerPort": 8080}],
    )
    elb.get_waiter("target_in_service").wait(TargetGroupArn=targets)


def _cleanup(session: Session) -> None:
    own = [name for name, one in target_groups(session).items() if _ours(session, name, one)]
    delete_cluster(session, MUSEUM)
    delete_balancer(session, MUSEUM)
    delete_targets(session, MUSEUM, *own)
    delete_groups(session, TASKS, FRONT)
    for family in (HALLS, TICKETS):
        deregister(session, family)


def _ruled(session: Session, *paths: str, priority: int = 10, **changes: Any) -> str:
    """A target group and a rule for these paths: material for wrong solutions."""
    targets = create_targets(session, TICKETS, **changes)
    (default, *_) = (one for one in rules(session, MUSEUM) if one["IsDefault"])
    listener = default["RuleArn"].replace(":listener-rule/", ":listener/").rpartition("/")[0]
    session.client("elbv2").create_rule(
        ListenerArn=listener,
        Priority=priority,
        Conditions=[{"Field": "path-pattern", "Values": list(paths)}],
        Actions=[{"Type": "forward", "TargetGroupArn": targets}],
    )
    return targets


def _keep(session: Session, targets: str, *, group: str = TASKS, **changes: Any) -> None:
    """The second service; what AWS refuses is given up, as a learner would."""
    (found,) = filter(None, [security_group(session, group)])
    try:
        create_service(session, MUSEUM, TICKETS, targets, found["GroupId"], **changes)
        wait = {"Delay": 15, "MaxAttempts": 8}
        waiter = session.client("elbv2").get_waiter("target_in_service")
        waiter.wait(TargetGroupArn=targets, WaiterConfig=wait)
    except (ClientError, WaiterError):
        return


def _with_the_halls(session: Session) -> None:
    _keep(session, target_groups(session)[MUSEUM]["TargetGroupArn"])


def _exactly(session: Session) -> None:
    _keep(session, _ruled(session, "/tickets"))


def _of_instances(session: Session) -> None:
    _keep(session, _ruled(session, "/tickets*", TargetType="instance"))


def _elsewhere(session: Session) -> None:
    _ruled(session, "/tickets*")
    _with_the_halls(session)


def _one_copy(session: Session) -> None:
    _keep(session, _ruled(session, "/tickets*"), desiredCount=1)


def _behind_the_default_group(session: Session) -> None:
    targets = _ruled(session, "/tickets*")
    _keep(session, targets, group="default", healthCheckGracePeriodSeconds=600)


def _not_waited(session: Session) -> None:
    targets = _ruled(session, "/tickets*")
    (found,) = filter(None, [security_group(session, TASKS)])
    create_service(session, MUSEUM, TICKETS, targets, found["GroupId"])


def _everything(session: Session) -> None:
    _keep(session, _ruled(session, "/*"))


SEND_A_PATH = Exercise(
    id="load-rules-101",
    lesson="load-balancing",
    goal=(
        f"The load balancer {MUSEUM!r} sends everything to the service {HALLS!r}. Have it send "
        f"/tickets, and all that is below, to two tasks of the task definition {TICKETS!r} "
        f"(container 'app', port 8080): as the service {TICKETS!r} in the cluster {MUSEUM!r}. "
        f"Everything else goes on as before."
    ),
    criteria=(
        Criterion("path", "/tickets has a target group of its own", _by_path),
        Criterion("service", f"the service {TICKETS} registers 2 tasks in it", _kept, after="path"),
        Criterion("healthy", "both targets are healthy", _healthy, after="service"),
        Criterion("rest", "everything else goes where it went", _the_rest, after="path"),
    ),
    hints=(
        "Three things, in this order: a target group, a rule, a service. What would AWS say otherwise?",
        (
            "create_target_group with target type ip, create_rule with a path pattern that covers "
            "both, create_service with loadBalancers; then a waiter."
        ),
        (
            f"describe_services shows the networkConfiguration of {HALLS}: take it as it is. "
            "'/tickets*' covers both, and target_in_service lets time pass."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("with the halls", _with_the_halls, "path", "/tickets goes to museum"),
        WrongSolution("the path alone", _exactly, "path", "/tickets/7 goes to museum"),
        WrongSolution("for instances", _of_instances, "service", "targets of type instance"),
        WrongSolution("registered elsewhere", _elsewhere, "service", "registers with museum"),
        WrongSolution("one copy", _one_copy, "service", "desiredCount 1"),
        WrongSolution(
            "in the default group", _behind_the_default_group, "healthy", "Target.Timeout"
        ),
        WrongSolution("not waited for", _not_waited, "healthy", "no target"),
        WrongSolution("everything", _everything, "rest", "/ goes to tickets"),
    ),
    rationale=(
        "A rule's path pattern chooses the target group, the service registers its tasks there, and "
        "what no rule matches goes by the default. The group must have a rule before the service."
    ),
    objective="load-balancing/routing",
    sources=(
        "Elastic Load Balancing API Reference, CreateRule (botocore 1.44.5), checked 2026-11-27",
    ),
)
