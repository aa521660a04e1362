"""Complete a policy: the trainee may start one task, and hand over its two roles. Three blanks."""

import json

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
    document,
    granted,
    has_user,
    may,
    passing,
    role_arn,
    surplus,
    user_arn,
)
from course.exercises.security_and_iam.clinic import (
    CLINIC,
    EXECUTION,
    INTAKE,
    TASK,
    TRAINEE,
    close_clinic,
    intake,
    open_clinic,
)

SERVICES = (TASKS, *NOT_TASKS)
NEEDS = ("ecs:RunTask", "iam:PassRole")
LOOK = f"get_user_policy(UserName={TRAINEE!r}, PolicyName='start'), and simulate_principal_policy"


def _attempted(session: Session) -> bool:
    iam, named = session.client("iam"), {"UserName": TRAINEE}
    if not has_user(session, TRAINEE):
        return True
    inline = iam.list_user_policies(**named)["PolicyNames"]
    return bool(inline or iam.list_attached_user_policies(**named)["AttachedPolicies"])


def _starts(session: Session) -> Finding:
    """Two revisions are asked about, since a pattern may fit the one that is there and no later one."""
    for revision in ("1", "12"):
        start = _start(session, f"{INTAKE}:{revision}")
        if not may(session, user_arn(session, TRAINEE), start):
            return missing(f"{start}: allowed", f"{start}: implicitDeny", LOOK)
    return MET


def _start(session: Session, definition: str, action: str = "ecs:RunTask") -> Probe:
    family = intake(session)
    cluster = f"{family.partition(':task-definition/')[0]}:cluster/{CLINIC}"
    return Probe(action, f"{family.rpartition('/')[0]}/{definition}", cluster=cluster)


def _hands_over(session: Session) -> Finding:
    trainee = user_arn(session, TRAINEE)
    for name in (EXECUTION, TASK):
        role = role_arn(session, name)
        for_whom = [
            service
            for service in SERVICES
            if may(session, trainee, Probe("iam:PassRole", role, service))
        ]
        if TASKS not in for_whom:
            found = f"{name}: allowed for {', '.join(for_whom) or 'no service'}"
            return missing(f"iam:PassRole on {name}, for {TASKS}", found, LOOK)
    return MET


def _nothing_more(session: Session) -> Finding:
    """Neighbours of what is asked for: other services, other roles, other things to do with these."""
    trainee = user_arn(session, TRAINEE)
    roles = [role_arn(session, one) for one in (EXECUTION, TASK)]
    all_roles = roles[0].rpartition("/")[0]
    probes = (
        *(Probe("iam:PassRole", one, service) for one in roles for service in NOT_TASKS),
        Probe("iam:PassRole", f"{all_roles}/payroll-execution", TASKS),
        Probe("iam:PassRole", f"{all_roles}/{INTAKE}-administrator", TASKS),
        Probe("iam:PutRolePolicy", roles[0]),
        Probe("iam:CreateUser", "*"),
        Probe("ecs:DeregisterTaskDefinition", "*"),
        _start(session, f"{INTAKE}:1", "ecs:StartTask"),
        _start(session, "payroll:1"),
        _start(session, f"{INTAKE}-archive:1"),
    )
    more = [str(one) for one in probes if may(session, trainee, one)]
    more.append(surplus(granted(session, TRAINEE), NEEDS))
    if not any(more):
        return MET
    return missing("nothing else allowed", f"also allowed: {more[0]}", LOOK)


def _solve(session: Session) -> None:
    iam, ecs = session.client("iam"), session.client("ecs")
    intake = ecs.describe_task_definition(taskDefinition="intake")["taskDefinition"]
    revisions = intake["taskDefinitionArn"].rpartition(":")[0] + ":*"
    start = {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": revisions}
    roles = [intake["executionRoleArn"], intake["taskRoleArn"]]
    to = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    give = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": roles, "Condition": to}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [start, give]})
    iam.put_user_policy(UserName="trainee", PolicyName="start", PolicyDocument=policy)


def _given(session: Session, *statements: dict[str, object]) -> None:
    session.client("iam").put_user_policy(
        UserName=TRAINEE, PolicyName="start", PolicyDocument=document(*statements)
    )


def _roles(session: Session) -> list[str]:
    return [role_arn(session, one) for one in (EXECUTION, TASK)]


def _only_started(session: Session) -> None:
    _given(session, allow("ecs:RunTask", intake(session)))


def _only_handed_over(session: Session) -> None:
    _given(session, passing(_roles(session)))


def _to_ecs_itself(session: Session) -> None:
    start = allow("ecs:RunTask", intake(session))
    _given(session, start, passing(_roles(session), "ecs.amazonaws.com"))


def _one_role(session: Session) -> None:
    start = allow("ecs:RunTask", intake(session))
    _given(session, start, passing(_roles(session)[:1]))


def _to_anybody(session: Session) -> None:
    start = allow("ecs:RunTask", intake(session))
    _given(session, start, allow("iam:PassRole", _roles(session)))


def _all_of_iam(session: Session) -> None:
    condition = {"StringEquals": {"iam:PassedToService": TASKS}}
    give = allow("iam:PassRole", "*", Condition=condition)
    _given(session, allow("ecs:RunTask", intake(session)), give)


def _families_that_begin_so(session: Session) -> None:
    start = allow("ecs:RunTask", f"{intake(session).rpartition(':')[0]}*")
    _given(session, start, passing(_roles(session)))


def _roles_that_begin_so(session: Session) -> None:
    roles = f"{_roles(session)[0].rpartition('-')[0]}-*"
    _given(session, allow("ecs:RunTask", intake(session)), passing(roles))


def _to_ecs_itself_too(session: Session) -> None:
    give = passing(_roles(session), [TASKS, "ecs.amazonaws.com"])
    _given(session, allow("ecs:RunTask", intake(session)), give)


def _one_of_them_to_anybody(session: Session) -> None:
    execution, task = _roles(session)
    start = allow("ecs:RunTask", intake(session))
    _given(session, start, passing(execution), allow("iam:PassRole", task))


def _buckets_too(session: Session) -> None:
    start = allow("ecs:RunTask", intake(session))
    _given(session, start, passing(_roles(session)), allow("s3:*", "*"))


def _all_but(session: Session) -> None:
    rest: dict[str, object] = {"Effect": "Allow", "NotAction": ["iam:*", "ecs:*"], "Resource": "*"}
    _given(session, allow("ecs:RunTask", intake(session)), passing(_roles(session)), rest)


def _revisions_of_one_digit(session: Session) -> None:
    start = allow("ecs:RunTask", f"{intake(session).removesuffix('*')}?")
    _given(session, start, passing(_roles(session)))


def _all_of_ecs(session: Session) -> None:
    _given(session, allow("ecs:*", "*"), passing(_roles(session)))


START_A_TASK = Exercise(
    id="iam-policy-101",
    lesson="security-and-iam",
    goal=(
        f"The user {TRAINEE!r} is to run the task definition {INTAKE!r}, in whatever revision, and to "
        f"hand its two roles, {EXECUTION!r} and {TASK!r}, to tasks of ECS. Nothing more: not another "
        "task definition, not another role, and these two to nobody else."
    ),
    criteria=(
        Criterion("start", f"{TRAINEE} may run {INTAKE}", _starts),
        Criterion("hand", "and hand both roles to tasks", _hands_over, after="start"),
        Criterion("only", "and nothing else", _nothing_more, after="hand"),
    ),
    hints=(
        "Two questions are asked at a RunTask: may you run this, and may you hand over these roles?",
        "The second is asked as iam:PassRole, on each role, with the service that will assume it.",
        'In this order: "ecs:RunTask", "iam:PassRole", "ecs-tasks.amazonaws.com".',
    ),
    setup=open_clinic,
    attempted=_attempted,
    solve=_solve,
    cleanup=close_clinic,
    wrong_solutions=(
        WrongSolution("only handed over", _only_handed_over, "start", "intake:1: implicitDeny"),
        WrongSolution("only started", _only_started, "hand", "execution: allowed for no service"),
        WrongSolution("to ECS itself", _to_ecs_itself, "hand", "allowed for ecs.amazonaws.com"),
        WrongSolution("one role", _one_role, "hand", "intake-task: allowed for no service"),
        WrongSolution("to anybody", _to_anybody, "only", "intake-execution for ec2.amazonaws.com"),
        WrongSolution("any role", _all_of_iam, "only", "role/payroll-execution for ecs-tasks"),
        WrongSolution("all of ECS", _all_of_ecs, "only", "ecs:DeregisterTaskDefinition"),
        WrongSolution("families of a name", _families_that_begin_so, "only", "intake-archive:1"),
        WrongSolution("roles of a name", _roles_that_begin_so, "only", "intake-administrator"),
        WrongSolution(
            "to ECS as well", _to_ecs_itself_too, "only", "execution for ecs.amazonaws.com"
        ),
        WrongSolution("one to anybody", _one_of_them_to_anybody, "only", "intake-task for ec2"),
        WrongSolution("buckets too", _buckets_too, "only", "the action s3:*"),
        WrongSolution("all but IAM and ECS", _all_but, "only", "NotAction"),
        WrongSolution("one digit", _revisions_of_one_digit, "start", "intake:12: implicitDeny"),
    ),
    rationale=(
        "Whoever may hand a role to a task may do, by way of the task, whatever the role may. So "
        "iam:PassRole names the roles, and iam:PassedToService the one service that gets them."
    ),
    objective="security-and-iam/policies",
    sources=(
        "Amazon ECS Developer Guide, task execution IAM role and task IAM role, checked 2026-11-27",
        "IAM User Guide, granting permissions to pass a role to a service, checked 2026-11-27",
    ),
)
