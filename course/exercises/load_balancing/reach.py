"""Repair a service that nobody reaches: its tasks let in the load balancer that was there before."""

from botocore.exceptions import WaiterError

from course.exercises.balancers import (
    PORT,
    balancers,
    create_balancer,
    create_group,
    create_service,
    delete_balancer,
    delete_groups,
    delete_targets,
    health,
    lets_in,
    open_port,
    register,
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

STATION = "station"
TIMETABLE = "timetable"
FRONT = "station-front"
OLD = "station-old"
TASKS = "station-tasks"
A_DAY = 86_400
LOOK = "describe_target_health; describe_security_groups of the tasks and of the load balancer"
THE_TIMETABLE = {"cluster": STATION, "service": TIMETABLE}


def _setup(session: Session) -> None:
    """Tasks that run and are well, behind a balancer which their security group does not know."""
    if latest(session, TIMETABLE):
        return
    front, old, tasks = (create_group(session, one) for one in (FRONT, OLD, TASKS))
    open_port(session, front, 80, "0.0.0.0/0")
    open_port(session, tasks, PORT, old)
    targets = create_balancer(session, STATION, front)
    session.client("ecs").create_cluster(clusterName=STATION)
    register(session, TIMETABLE, "registry.example.com/web:1")
    grace = {"healthCheckGracePeriodSeconds": A_DAY}  # or the service would go on replacing them
    create_service(session, STATION, TIMETABLE, targets, tasks, **grace)
    _wait(session, targets)


def _wait(session: Session, targets: str) -> None:
    """Three minutes pass, or fewer, if the targets are healthy before."""
    wait = {"Delay": 15, "MaxAttempts": 12}
    waiter = session.client("elbv2").get_waiter("target_in_service")
    try:
        waiter.wait(TargetGroupArn=targets, WaiterConfig=wait)
    except WaiterError:
        return


def _targets(session: Session) -> str:
    found = target_groups(session).get(STATION, {})
    return str(found.get("TargetGroupArn", ""))


def _names(session: Session) -> list[str]:
    """The names of the balancer's security groups."""
    ids = [one for found in balancers(session, STATION) for one in found["SecurityGroups"]]
    names = {
        group["GroupId"]: group["GroupName"]
        for group in session.client("ec2").describe_security_groups()["SecurityGroups"]
    }
    return [names.get(one, "?") for one in ids]


def _attempted(session: Session) -> bool:
    """Whether a rule, the balancer's groups or the service are not as they were."""
    service = active_service(session, STATION, TIMETABLE)
    if service is None:
        return True
    first = service["deployments"][0]
    return bool(
        lets_in(session, TASKS) != [f"{PORT} from {OLD}"]
        or _names(session) != [FRONT]
        or first["createdAt"] != service["createdAt"]
        or service["desiredCount"] != 2
    )


def _reached(session: Session) -> Finding:
    targets = _targets(session)
    states = health(session, targets) if targets else []
    if states.count("healthy") >= 2:
        return MET
    rules = ", ".join(lets_in(session, TASKS))
    found = f"{', '.join(states) or 'no target'}; {TASKS} lets in [{rules}]"
    return missing("2 targets, both healthy", found, LOOK)


def _closed(session: Session) -> Finding:
    """Only what the load balancer has may come to the tasks: another group of its own would do."""
    fronts = _names(session)
    others = [
        one
        for one in lets_in(session, TASKS)
        if one not in [f"{PORT} from {name}" for name in (*fronts, OLD)]
    ]
    if not others:
        return MET
    wanted = f"{PORT}, from the load balancer's group, and nothing more"
    return missing(wanted, f"{TASKS} also lets in {', '.join(others)}", LOOK)


def _visited(session: Session) -> Finding:
    """The way in front is still open."""
    names = _names(session)
    if any("80 from 0.0.0.0/0" in lets_in(session, one) for one in names):
        return MET
    found = f"its groups: {', '.join(names)}, which let in nobody"
    return missing("a load balancer that lets in everybody on port 80", found, LOOK)


def _solve(session: Session) -> None:
    ec2, elb = session.client("ec2"), session.client("elbv2")
    named = {"Name": "group-name", "Values": ["station-tasks"]}
    (tasks,) = ec2.describe_security_groups(Filters=[named])["SecurityGroups"]
    (balancer,) = elb.describe_load_balancers(Names=["station"])["LoadBalancers"]
    allowed = {"GroupId": balancer["SecurityGroups"][0]}
    rule = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [allowed]}
    ec2.authorize_security_group_ingress(GroupId=tasks["GroupId"], IpPermissions=[rule])
    (found,) = elb.describe_target_groups(Names=["station"])["TargetGroups"]
    elb.get_waiter("target_in_service").wait(TargetGroupArn=found["TargetGroupArn"])


def _cleanup(session: Session) -> None:
    delete_cluster(session, STATION)
    delete_balancer(session, STATION)
    delete_targets(session, STATION)
    delete_groups(session, TASKS, OLD, FRONT)
    deregister(session, TIMETABLE)


def _id(session: Session, name: str) -> str:
    return str((security_group(session, name) or {})["GroupId"])


def _open(session: Session, port: int, source: str, *, wait: bool = True) -> None:
    """Let something in to the tasks: material for wrong solutions."""
    open_port(session, _id(session, TASKS), port, source)
    if wait:
        _wait(session, _targets(session))


def _to_the_world(session: Session) -> None:
    _open(session, PORT, "0.0.0.0/0")


def _the_listeners_port(session: Session) -> None:
    _open(session, 80, _id(session, FRONT))


def _from_themselves(session: Session) -> None:
    _open(session, PORT, _id(session, TASKS))


def _not_waited(session: Session) -> None:
    _open(session, PORT, _id(session, FRONT), wait=False)


def _only_tried_again(session: Session) -> None:
    session.client("ecs").update_service(**THE_TIMETABLE, forceNewDeployment=True)
    _wait(session, _targets(session))


def _made_empty(session: Session) -> None:
    session.client("ecs").update_service(**THE_TIMETABLE, desiredCount=0)
    session.client("ecs").get_waiter("services_stable").wait(
        cluster=STATION, services=[TIMETABLE], WaiterConfig={"Delay": 600}
    )


def _another_front(session: Session) -> None:
    (balancer,) = balancers(session, STATION)
    given = {"LoadBalancerArn": balancer["LoadBalancerArn"]}
    session.client("elbv2").set_security_groups(**given, SecurityGroups=[_id(session, OLD)])
    _wait(session, _targets(session))


REACH_THE_TASKS = Exercise(
    id="load-reach-101",
    lesson="load-balancing",
    goal=(
        f"The service {TIMETABLE!r} in the cluster {STATION!r} has its two tasks, and they are well; "
        f"but who asks the load balancer {STATION!r} gets no page. Find out what stands between, and "
        "have both targets healthy. Nobody but the load balancer may come to the tasks, and everybody "
        "to the load balancer."
    ),
    criteria=(
        Criterion("reached", "both targets are healthy", _reached),
        Criterion(
            "closed", "nobody but the load balancer comes to the tasks", _closed, after="reached"
        ),
        Criterion("visited", "everybody comes to the load balancer", _visited, after="reached"),
    ),
    hints=(
        "What do the health checks say: a wrong answer, or none at all?",
        "No answer at all: compare whom the tasks' security group lets in with the balancer's group.",
        (
            "authorize_security_group_ingress on station-tasks: port 8080, with the balancer's group in "
            "UserIdGroupPairs. Then wait for target_in_service."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("open to the world", _to_the_world, "closed", "also lets in 8080 from 0.0"),
        WrongSolution(
            "the listener's port", _the_listeners_port, "reached", "old, 80 from station-front]"
        ),
        WrongSolution(
            "from themselves", _from_themselves, "reached", "old, 8080 from station-tasks]"
        ),
        WrongSolution("not waited for", _not_waited, "reached", "old, 8080 from station-front]"),
        WrongSolution(
            "only tried again",
            _only_tried_again,
            "reached",
            "Timeout; station-tasks lets in [8080 from station-old]",
        ),
        WrongSolution("no tasks at all", _made_empty, "reached", "no target"),
        WrongSolution("another front", _another_front, "visited", "which let in nobody"),
    ),
    rationale=(
        "The tasks' security group names the groups it lets in, and the balancer that is there now has "
        "another one. Where a packet is dropped nobody answers: Request timed out, and 504."
    ),
    objective="load-balancing/troubleshooting",
    sources=(
        "Elastic Load Balancing, troubleshooting an Application Load Balancer, checked 2026-11-27",
    ),
)
