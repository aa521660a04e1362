"""Give less: a pipeline's user may do everything; what it did, and nothing more, is to be left."""

import json
from collections.abc import Iterator
from typing import Any

from course.exercises.ecs import delete_cluster, deregister, public_network
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.policies import (
    NOT_TASKS,
    TASKS,
    Probe,
    allow,
    create_role,
    delete_roles,
    delete_user,
    document,
    granted,
    has_user,
    may,
    passing,
    role_arn,
    surplus,
    user_arn,
)

PRESS = "press"
JOURNAL = "journal"
ROLE = "journal-execution"
DEPLOYER = "deployer"
POLICY = "deploy"
DID = (
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "ecs:RegisterTaskDefinition",
    "ecs:UpdateService",
)
"""What the pipeline calls at each release; that is all it has ever done."""

NEEDS = (*DID, "iam:PassRole")
FAMILY = {
    "family": JOURNAL,
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
}
LOOK = f"get_user_policy(UserName={DEPLOYER!r}, PolicyName={POLICY!r})"
TRY = "simulate_principal_policy, with that action and that resource"


def _setup(session: Session) -> None:
    """A service, its role, and a user with every permission there is, who has made one release."""
    if has_user(session, DEPLOYER):
        return
    ecs, iam = session.client("ecs"), session.client("iam")
    role = create_role(session, ROLE)
    ecs.create_cluster(clusterName=PRESS)
    _register(ecs, role, "registry.example.com/web:1")
    ecs.create_service(
        cluster=PRESS,
        serviceName=JOURNAL,
        taskDefinition=JOURNAL,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=public_network(session),
    )
    iam.create_user(UserName=DEPLOYER)
    _give(session, allow("*", "*"))
    key = iam.create_access_key(UserName=DEPLOYER)["AccessKey"]
    signed = {"aws_access_key_id": key["AccessKeyId"]}
    signed["aws_secret_access_key"] = key["SecretAccessKey"]
    _release(session.client("ecs", **signed), role)
    iam.delete_access_key(UserName=DEPLOYER, AccessKeyId=key["AccessKeyId"])


def _register(ecs: Any, role: str, image: str) -> None:
    container = {"name": "app", "image": image}
    ecs.register_task_definition(**FAMILY, executionRoleArn=role, containerDefinitions=[container])


def _release(ecs: Any, role: str) -> None:
    """What the pipeline does: look, register a revision, update the service."""
    ecs.describe_services(cluster=PRESS, services=[JOURNAL])
    ecs.describe_task_definition(taskDefinition=JOURNAL)
    _register(ecs, role, "registry.example.com/web:2")
    ecs.update_service(cluster=PRESS, service=JOURNAL, taskDefinition=JOURNAL)


def _give(session: Session, *statements: dict[str, Any]) -> None:
    session.client("iam").put_user_policy(
        UserName=DEPLOYER, PolicyName=POLICY, PolicyDocument=document(*statements)
    )


def _attempted(session: Session) -> bool:
    if not has_user(session, DEPLOYER):
        return True
    return list(granted(session, DEPLOYER)) != [allow("*", "*")]


def _arn(session: Session, kind: str, name: str) -> str:
    """The ARN of something of ECS in this account and Region, whether it is there or not."""
    region = session.client("ecs").meta.region_name
    account = user_arn(session, DEPLOYER).split(":")[4]
    return f"arn:aws:ecs:{region}:{account}:{kind}/{name}"


def _used(session: Session) -> Iterator[Probe]:
    """Each action with the resource it was asked on, and the role that was handed over."""
    service = _arn(session, "service", f"{PRESS}/{JOURNAL}")
    resources = {
        "ecs:DescribeServices": service,
        "ecs:DescribeTaskDefinition": "*",
        "ecs:RegisterTaskDefinition": _arn(session, "task-definition", f"{JOURNAL}:*"),
        "ecs:UpdateService": service,
    }
    press = _arn(session, "cluster", PRESS)
    yield from (Probe(action, resources[action], cluster=press) for action in DID)


def _actions(session: Session) -> Finding:
    """No statement names an action that the pipeline has no use for, and none has a wildcard."""
    more = surplus(granted(session, DEPLOYER), NEEDS)
    return missing("only actions that are needed, by their names", more, LOOK) if more else MET


def _resources(session: Session) -> Finding:
    """The same actions on neighbours: another service, another family, another role, another service of AWS."""
    deployer, role = user_arn(session, DEPLOYER), role_arn(session, ROLE)
    press, bank = (_arn(session, "cluster", one) for one in (PRESS, "bank"))
    others = ("archive", f"{JOURNAL}-archive")
    neighbours = (
        *(_at(session, "ecs:UpdateService", f"{PRESS}/{one}", press) for one in others),
        *(_at(session, "ecs:DescribeServices", f"{PRESS}/{one}", press) for one in others),
        _at(session, "ecs:UpdateService", f"bank/{JOURNAL}", bank),
        _at(session, "ecs:DescribeServices", f"bank/{JOURNAL}", bank),
        *(
            Probe("ecs:RegisterTaskDefinition", _arn(session, "task-definition", f"{one}:1"))
            for one in ("payroll", f"{JOURNAL}-archive")
        ),
        *(
            Probe("iam:PassRole", f"{role.rpartition('/')[0]}/{one}", TASKS)
            for one in ("administrator", f"{JOURNAL}-administrator")
        ),
        *(Probe("iam:PassRole", role, one) for one in NOT_TASKS),
    )
    more = [str(one) for one in neighbours if may(session, deployer, one)]
    return missing("only its own resources", f"also allowed: {more[0]}", TRY) if more else MET


def _at(session: Session, action: str, service: str, cluster: str) -> Probe:
    return Probe(action, _arn(session, "service", service), cluster=cluster)


def _still_allowed(session: Session) -> Finding:
    deployer = user_arn(session, DEPLOYER)
    denied = [str(one) for one in _used(session) if not may(session, deployer, one)]
    return missing("all that was used", f"denied now: {denied[0]}", TRY) if denied else MET


def _still_passed(session: Session) -> Finding:
    give = Probe("iam:PassRole", role_arn(session, ROLE), TASKS)
    if may(session, user_arn(session, DEPLOYER), give):
        return MET
    return missing("the role handed over", f"denied now: {give}", TRY)


def _solve(session: Session) -> None:
    iam, ecs = session.client("iam"), session.client("ecs")
    (journal,) = ecs.describe_services(cluster="press", services=["journal"])["services"]
    definition = ecs.describe_task_definition(taskDefinition="journal")["taskDefinition"]
    family = definition["taskDefinitionArn"].rpartition(":")[0] + ":*"
    release = {"Effect": "Allow", "Action": ["ecs:DescribeServices", "ecs:UpdateService"]}
    release["Resource"] = journal["serviceArn"]
    register = {"Effect": "Allow", "Action": "ecs:RegisterTaskDefinition", "Resource": family}
    look = {"Effect": "Allow", "Action": "ecs:DescribeTaskDefinition", "Resource": "*"}
    role = definition["executionRoleArn"]
    to = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    give = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": to}
    less = {"Version": "2012-10-17", "Statement": [release, register, look, give]}
    policy = {"UserName": "deployer", "PolicyName": "deploy"}
    iam.put_user_policy(**policy, PolicyDocument=json.dumps(less))


def _cleanup(session: Session) -> None:
    delete_cluster(session, PRESS)
    deregister(session, JOURNAL)
    delete_user(session, DEPLOYER)
    delete_roles(session, ROLE)


def _least(session: Session, *left_out: str, **instead: Any) -> list[dict[str, Any]]:
    """The solution's statements by action, less some, or with another resource."""
    rows = {one.action: one.resource for one in _used(session)}
    kept = {action: instead.get(action.partition(":")[2], on) for action, on in rows.items()}
    statements = [allow(action, on) for action, on in kept.items() if action not in left_out]
    roles = instead.get("PassRole", role_arn(session, ROLE))
    return [*statements, *([] if "iam:PassRole" in left_out else [passing(roles)])]


def _whole_ecs(session: Session) -> None:
    _give(session, allow("ecs:*", "*"), passing(role_arn(session, ROLE)))


def _one_verb_too_many(session: Session) -> None:
    _give(session, *_least(session), allow("ecs:Describe*", "*"))


def _all_but(session: Session) -> None:
    _give(session, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})


def _every_service(session: Session) -> None:
    _give(session, *_least(session, UpdateService="*"))


def _every_family(session: Session) -> None:
    _give(session, *_least(session, RegisterTaskDefinition="*"))


def _every_role(session: Session) -> None:
    _give(session, *_least(session, PassRole="*"))


def _to_everybody(session: Session) -> None:
    give = allow("iam:PassRole", role_arn(session, ROLE))
    _give(session, *_least(session, "iam:PassRole"), give)


def _names_that_begin_so(session: Session) -> None:
    _give(session, *_least(session, PassRole=f"{role_arn(session, ROLE).rpartition('-')[0]}-*"))


def _families_that_begin_so(session: Session) -> None:
    arn = _arn(session, "task-definition", f"{JOURNAL}*")
    _give(session, *_least(session, RegisterTaskDefinition=arn))


def _to_ecs_itself_too(session: Session) -> None:
    give = passing(role_arn(session, ROLE), [TASKS, "ecs.amazonaws.com"])
    _give(session, *_least(session, "iam:PassRole"), give)


def _all_but_one(session: Session) -> None:
    other = _arn(session, "service", f"{PRESS}/archive")
    wide = {"Effect": "Allow", "Action": "ecs:UpdateService", "NotResource": other}
    _give(session, *_least(session), wide)


def _nothing_at_all(session: Session) -> None:
    session.client("iam").delete_user_policy(UserName=DEPLOYER, PolicyName=POLICY)


def _no_looking(session: Session) -> None:
    _give(session, *_least(session, "ecs:DescribeTaskDefinition"))


def _only_this_revision(session: Session) -> None:
    arn = _arn(session, "task-definition", f"{JOURNAL}:2")
    _give(session, *_least(session, RegisterTaskDefinition=arn))


def _as_the_history_says(session: Session) -> None:
    _give(session, *_least(session, "iam:PassRole"))


GIVE_LESS = Exercise(
    id="iam-least-101",
    lesson="security-and-iam",
    goal=(
        f"The pipeline of the service {JOURNAL!r}, in the cluster {PRESS!r}, releases as the user "
        f"{DEPLOYER!r}, who may do everything. Replace the policy {POLICY!r} by one that leaves the "
        "user what a release needs, by the names of actions, on the resources of this service, and "
        "nothing else."
    ),
    criteria=(
        Criterion("actions", "it names only actions that a release needs", _actions),
        Criterion("resources", "on this service's resources only", _resources, after="actions"),
        Criterion("used", "everything that was called is still allowed", _still_allowed, "actions"),
        Criterion("pass", "and the role may still be handed over", _still_passed, after="used"),
    ),
    hints=(
        "What was called is in the history. One thing that is asked of IAM is no call: which?",
        (
            "Four actions of ECS and iam:PassRole. DescribeTaskDefinition is asked on *, services on "
            "their ARN, RegisterTaskDefinition on the family's ARN with :* for the revision."
        ),
        (
            "DescribeServices and UpdateService on journal['serviceArn']; RegisterTaskDefinition on "
            "the family; DescribeTaskDefinition on *; iam:PassRole on the execution role, with the "
            "condition iam:PassedToService ecs-tasks.amazonaws.com."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("all of ECS", _whole_ecs, "actions", "the action ecs:*"),
        WrongSolution("a verb too many", _one_verb_too_many, "actions", "ecs:Describe*"),
        WrongSolution("all but IAM", _all_but, "actions", "NotAction"),
        WrongSolution("every service", _every_service, "resources", "press/archive"),
        WrongSolution("every family", _every_family, "resources", "payroll"),
        WrongSolution("every role", _every_role, "resources", "role/administrator"),
        WrongSolution("to everybody", _to_everybody, "resources", "for ec2.amazonaws.com"),
        WrongSolution(
            "roles of a name", _names_that_begin_so, "resources", "journal-administrator"
        ),
        WrongSolution(
            "families of a name", _families_that_begin_so, "resources", "journal-archive:1"
        ),
        WrongSolution("to ECS as well", _to_ecs_itself_too, "resources", "for ecs.amazonaws.com"),
        WrongSolution("all but one", _all_but_one, "actions", "NotResource"),
        WrongSolution("nothing at all", _nothing_at_all, "used", "ecs:DescribeServices"),
        WrongSolution("no looking", _no_looking, "used", "ecs:DescribeTaskDefinition"),
        WrongSolution(
            "this revision", _only_this_revision, "used", "now: ecs:RegisterTaskDefinition"
        ),
        WrongSolution("the calls alone", _as_the_history_says, "pass", "now: iam:PassRole"),
    ),
    rationale=(
        "A policy from history names what was called, on what. iam:PassRole is a permission and no "
        "call, so no history has it: without it the next release fails."
    ),
    objective="security-and-iam/least-privilege",
    sources=(
        "IAM User Guide, security best practices and passing roles, checked 2026-11-27",
        "Service Authorization Reference, Amazon ECS, checked 2026-11-27",
    ),
)
