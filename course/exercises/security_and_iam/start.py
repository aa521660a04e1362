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
    TASKS,
    Probe,
    allow,
    document,
    has_user,
    may,
    passing,
    role_arn,
    user_arn,
)
from course.exercises.security_and_iam.clinic import (
    EXECUTION,
    INTAKE,
    TASK,
    TRAINEE,
    close_clinic,
    intake,
    open_clinic,
)

SERVICES = (TASKS, "ecs.amazonaws.com", "ec2.amazonaws.com")
LOOK = f"get_user_policy(UserName={TRAINEE!r}, PolicyName='start'), and simulate_principal_policy"


def _attempted(session: Session) -> bool:
    iam, named = session.client("iam"), {"UserName": TRAINEE}
    if not has_user(session, TRAINEE):
        return True
    inline = iam.list_user_policies(**named)["PolicyNames"]
    return bool(inline or iam.list_attached_user_policies(**named)["AttachedPolicies"])


def _starts(session: Session) -> Finding:
    start = Probe("ecs:RunTask", intake(session))
    if may(session, user_arn(session, TRAINEE), start):
        return MET
    return missing(f"{start}: allowed", f"{start}: implicitDeny", LOOK)


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
    trainee, role = user_arn(session, TRAINEE), role_arn(session, EXECUTION)
    other = f"{role.rpartition('/')[0]}/payroll-execution"
    probes = (
        Probe("iam:PassRole", role, "ec2.amazonaws.com"),
        Probe("iam:PassRole", other, TASKS),
        Probe("iam:PutRolePolicy", role),
        Probe("iam:CreateUser", "*"),
        Probe("ecs:DeregisterTaskDefinition", "*"),
        Probe("ecs:StartTask", intake(session)),
        Probe("ecs:RunTask", intake(session).replace(INTAKE, "payroll")),
    )
    more = [str(one) for one in probes if may(session, trainee, one)]
    if not more:
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
        WrongSolution("only handed over", _only_handed_over, "start", "ecs:RunTask on"),
        WrongSolution("only started", _only_started, "hand", "execution: allowed for no service"),
        WrongSolution("to ECS itself", _to_ecs_itself, "hand", "allowed for ecs.amazonaws.com"),
        WrongSolution("one role", _one_role, "hand", "intake-task: allowed for no service"),
        WrongSolution("to anybody", _to_anybody, "only", "intake-execution for ec2.amazonaws.com"),
        WrongSolution("any role", _all_of_iam, "only", "role/payroll-execution for ecs-tasks"),
        WrongSolution("all of ECS", _all_of_ecs, "only", "ecs:DeregisterTaskDefinition"),
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
