"""Solve an incident from logs alone: a service whose tasks end, since a permission was taken away."""

import json
from typing import Any

from botocore.exceptions import ClientError, WaiterError

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
from course.exercises.logging_and_monitoring.cinema import MANAGED, delete_log_group, log_to
from course.exercises.policies import (
    Probe,
    allow,
    create_role,
    delete_roles,
    delete_user,
    document,
    may,
    role_arn,
)
from course.exercises.queues import attributes, create_queue, delete_queues, url

DEPOT, PACKER, PARCELS = "depot", "packer", "parcels"
LOGS = "/ecs/packer"
EXECUTION, TASK = "packer-execution", "packer-task"
POLICY = "queue"
AUDITOR = "auditor"
RECEIVE = "sqs:ReceiveMessage"
LEFT = ["sqs:DeleteMessage", "sqs:GetQueueAttributes"]
"""What the auditor left of the policy; receiving was in it before."""

IMAGE = "registry.example.com/worker:1"
THE_PACKER = {"cluster": DEPOT, "service": PACKER}
LOOK = f"the lines in {LOGS}; get_role_policy of {TASK}"


def _setup(session: Session) -> None:
    """A service that was well until somebody narrowed a policy and stopped its tasks."""
    if latest(session, PACKER):
        return
    create_queue(session, PARCELS)
    session.client("logs").create_log_group(logGroupName=LOGS)
    session.client("ecs").create_cluster(clusterName=DEPOT)
    roles = {
        "executionRoleArn": create_role(session, EXECUTION),
        "taskRoleArn": create_role(session, TASK),
    }
    session.client("iam").attach_role_policy(RoleName=EXECUTION, PolicyArn=MANAGED)
    _give(session, allow([RECEIVE, *LEFT], _queue(session)))
    _register(session, **roles)
    session.client("ecs").create_service(
        cluster=DEPOT,
        serviceName=PACKER,
        taskDefinition=PACKER,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=public_network(session),
    )
    _steady(session)
    _narrowed(session)
    _let_minutes_pass(session)


def _register(session: Session, image: str = IMAGE, **roles: str) -> None:
    container = {
        "name": "app",
        "image": image,
        "environment": [{"name": "QUEUE_URL", "value": url(session, PARCELS)}],
        "logConfiguration": log_to(LOGS, PACKER),
    }
    session.client("ecs").register_task_definition(
        family=PACKER,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[container],
        **roles,
    )


def _narrowed(session: Session) -> None:
    """What the auditor did: a smaller policy, and a restart so that nobody keeps the old one."""
    iam = session.client("iam")
    iam.create_user(UserName=AUDITOR)
    given = {"UserName": AUDITOR, "PolicyName": "audit"}
    iam.put_user_policy(**given, PolicyDocument=document(allow(["iam:*", "ecs:*"], "*")))
    key = iam.create_access_key(UserName=AUDITOR)["AccessKey"]
    signed = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    _give(session, allow(LEFT, _queue(session)), **signed)
    ecs = session.client("ecs", **signed)
    for task in ecs.list_tasks(cluster=DEPOT)["taskArns"]:
        ecs.stop_task(cluster=DEPOT, task=task, reason="restart after audit")
    iam.delete_access_key(UserName=AUDITOR, AccessKeyId=key["AccessKeyId"])


def _steady(session: Session) -> None:
    """Until the service is steady; seven minutes at most, in which its tasks go on failing."""
    wait = {"Delay": 30, "MaxAttempts": 14}
    waiter = session.client("ecs").get_waiter("services_stable")
    try:
        waiter.wait(cluster=DEPOT, services=[PACKER], WaiterConfig=wait)
    except WaiterError:
        return


def _let_minutes_pass(session: Session) -> None:
    """Six, as CloudTrail needs some: a waiter for the end of a service that does not end."""
    wait = {"Delay": 60, "MaxAttempts": 7}
    waiter = session.client("ecs").get_waiter("services_inactive")
    try:
        waiter.wait(cluster=DEPOT, services=[PACKER], WaiterConfig=wait)
    except WaiterError:
        return


def _queue(session: Session) -> str:
    """The queue's ARN, or what it would be: a learner may have deleted it."""
    found = attributes(session, PARCELS).get("QueueArn")
    return found or f"arn:aws:sqs:us-east-1:123456789012:{PARCELS}"


def _give(session: Session, *statements: dict[str, Any], **signed: str) -> None:
    session.client("iam", **signed).put_role_policy(
        RoleName=TASK, PolicyName=POLICY, PolicyDocument=document(*statements)
    )


def _attempted(session: Session) -> bool:
    """Whether a policy, the definition or the service are not as the auditor left them."""
    iam = session.client("iam")
    try:
        held = iam.get_role_policy(RoleName=TASK, PolicyName=POLICY)["PolicyDocument"]
        inline = iam.list_role_policies(RoleName=TASK)["PolicyNames"]
        inline += iam.list_role_policies(RoleName=EXECUTION)["PolicyNames"]
        attached = iam.list_attached_role_policies(RoleName=TASK)["AttachedPolicies"]
    except ClientError:
        return True
    service = active_service(session, DEPOT, PACKER)
    if service is None:
        return True
    first = service["deployments"][0]
    return bool(
        held["Statement"] != [allow(LEFT, _queue(session))]
        or inline != [POLICY]
        or attached
        or first["createdAt"] != service["createdAt"]
        or service["desiredCount"] != 2
        or _image(session) != IMAGE
    )


def _image(session: Session) -> str:
    """What the newest revision runs."""
    found = latest(session, PACKER) or {"containerDefinitions": [{"image": "nothing"}]}
    return str(found["containerDefinitions"][0]["image"])


def _receives(session: Session) -> Finding:
    receive = Probe(RECEIVE, _queue(session))
    can = [one for one in (TASK, EXECUTION) if may(session, role_arn(session, one), receive)]
    if TASK in can:
        return _keeps_the_rest(session)
    found = f"allowed for {', '.join(can) or 'neither role'}; the image is {short(_image(session))}"
    return missing(f"{receive}: allowed for {TASK}", found, LOOK)


def _keeps_the_rest(session: Session) -> Finding:
    """What the auditor left is still allowed: a repair takes nothing away."""
    role, queue = role_arn(session, TASK), _queue(session)
    lost = [one for one in LEFT if not may(session, role, Probe(one, queue))]
    found = f"{lost[0]} is allowed no more" if lost else ""
    return missing(f"all that {TASK} could do before", found, LOOK) if lost else MET


def _nothing_more(session: Session) -> Finding:
    queue = _queue(session)
    probes = (
        Probe("s3:GetObject", "*"),
        Probe(RECEIVE, queue.replace(PARCELS, "payroll")),
        Probe("sqs:DeleteQueue", queue),
        Probe("sqs:SendMessage", queue),
    )
    role = role_arn(session, TASK)
    more = [str(one) for one in probes if may(session, role, one)]
    return missing("nothing else allowed", f"also allowed: {more[0]}", LOOK) if more else MET


def _runs(session: Session) -> Finding:
    service = active_service(session, DEPOT, PACKER)
    if service is None:
        return missing(f"the service {PACKER!r}", "there is none that is ACTIVE", "list_services")
    running, wanted = service["runningCount"], service["desiredCount"]
    rollout = service["deployments"][0].get("rolloutState")
    if (running, wanted, rollout) == (2, 2, "COMPLETED"):
        return MET
    found = f"{running} running of {wanted} desired, {rollout}"
    return missing("2 running of 2 desired, COMPLETED", found, "describe_services; give it time")


def _solve(session: Session) -> None:
    iam, ecs = session.client("iam"), session.client("ecs")
    held = {"RoleName": "packer-task", "PolicyName": "queue"}
    policy = iam.get_role_policy(**held)["PolicyDocument"]
    policy["Statement"][0]["Action"].append("sqs:ReceiveMessage")
    iam.put_role_policy(**held, PolicyDocument=json.dumps(policy))
    ecs.update_service(cluster="depot", service="packer", forceNewDeployment=True)
    packer = {"cluster": "depot", "services": ["packer"]}
    ecs.get_waiter("services_stable").wait(**packer, WaiterConfig={"Delay": 120})


def _cleanup(session: Session) -> None:
    delete_cluster(session, DEPOT)
    deregister(session, PACKER)
    delete_user(session, AUDITOR)
    delete_roles(session, EXECUTION, TASK)
    delete_queues(session, PARCELS)
    delete_log_group(session, LOGS)


def _again(session: Session) -> None:
    session.client("ecs").update_service(**THE_PACKER, forceNewDeployment=True)
    _steady(session)


def _to_the_other_role(session: Session) -> None:
    given = {"RoleName": EXECUTION, "PolicyName": POLICY}
    text = document(allow(RECEIVE, _queue(session)))
    session.client("iam").put_role_policy(**given, PolicyDocument=text)
    _again(session)


def _receiving_alone(session: Session) -> None:
    _give(session, allow(RECEIVE, _queue(session)))
    _again(session)


def _all_of_it(session: Session) -> None:
    _give(session, allow("sqs:*", "*"))
    _again(session)


def _all_of_the_queue(session: Session) -> None:
    _give(session, allow("sqs:*", _queue(session)))
    _again(session)


def _both_ways(session: Session) -> None:
    _give(session, allow([*LEFT, RECEIVE, "sqs:SendMessage"], _queue(session)))
    _again(session)


def _administrator(session: Session) -> None:
    given = {"RoleName": TASK, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    session.client("iam").attach_role_policy(**given)
    _again(session)


def _silenced(session: Session) -> None:
    """A program that swallows the denial: it runs, and packs nothing."""
    found = latest(session, PACKER) or {}
    roles = {name: found[name] for name in ("executionRoleArn", "taskRoleArn")}
    _register(session, "registry.example.com/worker-stuck:1", **roles)
    session.client("ecs").update_service(**THE_PACKER, taskDefinition=PACKER)
    _steady(session)


def _not_waited(session: Session) -> None:
    _give(session, allow([*LEFT, RECEIVE], _queue(session)))


def _made_smaller(session: Session) -> None:
    _not_waited(session)
    session.client("ecs").update_service(**THE_PACKER, desiredCount=1)
    _steady(session)


SOLVE_FROM_LOGS = Exercise(
    id="logs-incident-101",
    lesson="logging-and-monitoring",
    goal=(
        f"Nobody packs: the service {PACKER!r} in the cluster {DEPOT!r} worked until a few minutes "
        "ago, and its image, its definition and its queue are as they were. Find out from events, "
        "stopped reason, log lines and history what was changed, repair that and no more, and have "
        "both tasks run again."
    ),
    criteria=(
        Criterion("receives", "the program may do what its log asks for", _receives),
        Criterion(
            "only", "and nothing that it could not do before", _nothing_more, after="receives"
        ),
        Criterion("runs", "both tasks run, and go on running", _runs, after="receives"),
    ),
    hints=(
        "Which exit code has the container of a stopped task, and what did it write last?",
        (
            "The line in /ecs/packer names a role's session, an action and a queue. lookup_events "
            "with the EventName PutRolePolicy says who changed that role."
        ),
        (
            "get_role_policy of packer-task, add sqs:ReceiveMessage to its actions, put_role_policy; "
            "then update_service with forceNewDeployment, and two minutes for the tasks."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution(
            "only tried again", _again, "receives", "neither role; the image is worker:1"
        ),
        WrongSolution(
            "a program that does not mind", _silenced, "receives", "the image is worker-stuck:1"
        ),
        WrongSolution(
            "the other role", _to_the_other_role, "receives", "allowed for packer-execution"
        ),
        WrongSolution(
            "receiving alone", _receiving_alone, "receives", "DeleteMessage is allowed no more"
        ),
        WrongSolution("all queues", _all_of_it, "only", "ReceiveMessage on payroll"),
        WrongSolution("all of the queue", _all_of_the_queue, "only", "DeleteQueue on parcels"),
        WrongSolution("sends as well", _both_ways, "only", "SendMessage on parcels"),
        WrongSolution("administrator", _administrator, "only", "s3:GetObject"),
        WrongSolution("not waited for", _not_waited, "runs", "2 desired, IN_PROGRESS"),
        WrongSolution("one is enough", _made_smaller, "runs", "1 running of 1 desired"),
    ),
    rationale=(
        "Service events: tasks start and stop. Stopped reason: the program ended, with 77. Its log: "
        "who may not do what. History: who took it away, and when. Each source leads to the next, "
        "and the repair is one action in one policy."
    ),
    objective="logging-and-monitoring/troubleshooting",
    sources=(
        "Amazon ECS Developer Guide, viewing stopped task errors, checked 2026-11-27",
        "AWS CloudTrail User Guide, viewing recent management events, checked 2026-11-27",
    ),
)
