"""Repair a role: whoever fetches a task's secrets may read this one. Three blanks."""

import json
from typing import Any

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
    Probe,
    allow,
    document,
    granted_to_role,
    has_user,
    may,
    role_arn,
    secret_arn,
    surplus,
)
from course.exercises.security_and_iam.clinic import (
    EXECUTION,
    MANAGED,
    SECRET,
    TASK,
    TRAINEE,
    close_clinic,
    open_for_the_trainee,
)

READ = "secretsmanager:GetSecretValue"
LOOK = "simulate_principal_policy for each role; list_role_policies, get_role_policy"


def _attempted(session: Session) -> bool:
    """Whether a role has a policy that it had not: inline, or attached beside AWS's own."""
    if not has_user(session, TRAINEE):
        return True
    iam = session.client("iam")
    for role in (EXECUTION, TASK):
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        others = [one for one in attached if one["PolicyArn"] != MANAGED]
        if others or iam.list_role_policies(RoleName=role)["PolicyNames"]:
            return True
    return False


def _reads(session: Session) -> Finding:
    secret = Probe(READ, secret_arn(session, SECRET))
    can = [one for one in (EXECUTION, TASK) if may(session, role_arn(session, one), secret)]
    if EXECUTION in can:
        return MET
    found = f"allowed for {', '.join(can) or 'neither role'}"
    return missing(f"{READ} allowed for {EXECUTION}", found, LOOK)


def _only_this(session: Session) -> Finding:
    arn = secret_arn(session, SECRET)
    others = ("payroll/salaries", "clinic/letters", f"{SECRET}-archive")
    probes = (
        *(Probe(READ, arn.replace(SECRET, one)) for one in others),
        Probe("secretsmanager:PutSecretValue", arn),
    )
    role = role_arn(session, EXECUTION)
    more = [str(one) for one in probes if may(session, role, one)]
    more.append(surplus(granted_to_role(session, EXECUTION, but=MANAGED), (READ,)))
    return missing("nothing else allowed", f"also allowed: {more[0]}", LOOK) if any(more) else MET


def _not_the_app(session: Session) -> Finding:
    """The value comes in the environment; the program itself need not ask."""
    if may(session, role_arn(session, TASK), Probe(READ, secret_arn(session, SECRET))):
        return missing(f"{TASK} without this permission", f"{TASK} may read it as well", LOOK)
    return MET


def _solve(session: Session) -> None:
    iam, vault = session.client("iam"), session.client("secretsmanager")
    secret = vault.describe_secret(SecretId="clinic/records")["ARN"]
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [read]})
    iam.put_role_policy(RoleName="intake-execution", PolicyName="secret", PolicyDocument=policy)


def _give(session: Session, *roles: str, **changes: Any) -> None:
    """The solution's statement with a change, in a policy of these roles."""
    statement = {**allow(READ, secret_arn(session, SECRET)), **changes}
    for role in roles:
        session.client("iam").put_role_policy(
            RoleName=role, PolicyName="secret", PolicyDocument=document(statement)
        )


def _to_the_task_role(session: Session) -> None:
    _give(session, TASK)


def _listed_only(session: Session) -> None:
    _give(session, EXECUTION, Action="secretsmanager:DescribeSecret")


def _every_secret(session: Session) -> None:
    _give(session, EXECUTION, Resource="*")


def _everything_with_it(session: Session) -> None:
    _give(session, EXECUTION, Action="secretsmanager:*")


def _secrets_that_begin_so(session: Session) -> None:
    arn = secret_arn(session, SECRET)
    _give(session, EXECUTION, Resource=f"{arn.rpartition('-')[0]}-*")


def _the_clinics_secrets(session: Session) -> None:
    arn = secret_arn(session, SECRET)
    _give(session, EXECUTION, Resource=f"{arn.partition('clinic/')[0]}clinic/*")


def _described_as_well(session: Session) -> None:
    _give(session, EXECUTION, Action=[READ, "secretsmanager:DescribeSecret"])


def _all_but(session: Session) -> None:
    _give(session, EXECUTION)
    rest = {"Effect": "Allow", "NotAction": "secretsmanager:*", "Resource": "*"}
    session.client("iam").put_role_policy(
        RoleName=EXECUTION, PolicyName="rest", PolicyDocument=document(rest)
    )


def _to_both(session: Session) -> None:
    _give(session, EXECUTION, TASK)


READ_THE_SECRET = Exercise(
    id="iam-secret-101",
    lesson="security-and-iam",
    goal=(
        f"Tasks of the clinic do not start, since nobody may fetch the secret {SECRET!r} for them. Give "
        "this one permission, on this one secret, to the one role that needs it."
    ),
    criteria=(
        Criterion("reads", "the role that fetches secrets may read this one", _reads),
        Criterion("only", "and only that", _only_this, after="reads"),
        Criterion("app", "the app's own role may not", _not_the_app, after="reads"),
    ),
    hints=(
        "The denial names a role session: assumed-role, then whose name?",
        "It names the action and the resource, too: copy them, and do not widen them.",
        'In this order: "secretsmanager:GetSecretValue", secret, "intake-execution".',
    ),
    setup=open_for_the_trainee,
    attempted=_attempted,
    solve=_solve,
    cleanup=close_clinic,
    wrong_solutions=(
        WrongSolution("to the task role", _to_the_task_role, "reads", f"allowed for {TASK}"),
        WrongSolution("only described", _listed_only, "reads", "allowed for neither role"),
        WrongSolution("every secret", _every_secret, "only", "payroll/salaries"),
        WrongSolution("everything with it", _everything_with_it, "only", "PutSecretValue"),
        WrongSolution("of this name", _secrets_that_begin_so, "only", "clinic/records-archive"),
        WrongSolution("of the clinic", _the_clinics_secrets, "only", "clinic/letters"),
        WrongSolution("described too", _described_as_well, "only", "DescribeSecret"),
        WrongSolution("all but secrets", _all_but, "only", "NotAction"),
        WrongSolution("to both roles", _to_both, "app", "may read it as well"),
    ),
    rationale=(
        "What stands under secrets is fetched before a container starts, by the execution role. The "
        "task role is for what the program itself asks of AWS, later."
    ),
    objective="security-and-iam/denials",
    sources=(
        "Amazon ECS Developer Guide, specifying sensitive data, checked 2026-11-27",
        "Amazon ECS Developer Guide, task execution IAM role, checked 2026-11-27",
    ),
)
