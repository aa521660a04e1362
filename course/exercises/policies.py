"""What several exercises write down as policies, and ask the policy simulator.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from course.exercises.exercise import Session
from course.exercises.roles import delete_role

TASKS = "ecs-tasks.amazonaws.com"
NOT_TASKS = ("ec2.amazonaws.com", "ecs.amazonaws.com", "lambda.amazonaws.com")
"""Other services that roles are handed to."""


class Probe(NamedTuple):
    """One action on one resource; for iam:PassRole the service that would get it, for ECS the cluster's ARN."""

    action: str
    resource: str
    service: str = ""
    cluster: str = ""

    def __str__(self) -> str:
        to = f" for {self.service}" if self.service else ""
        return f"{self.action} on {self.resource.split(':', 5)[-1]}{to}"


def document(*statements: dict[str, Any]) -> str:
    """A policy's JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def passing(roles: str | list[str], service: str | list[str] = TASKS) -> dict[str, Any]:
    """A statement that allows to hand roles to one service, or to some."""
    condition = {"StringEquals": {"iam:PassedToService": service}}
    return allow("iam:PassRole", roles, Condition=condition)


def trusting(service: str) -> str:
    """The text of a trust policy: which service may assume the role."""
    who = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document(who)


def may(session: Session, principal: str, probe: Probe) -> bool:
    """What the simulator says of a user or a role, by ARN."""
    known = {"iam:PassedToService": probe.service, "ecs:cluster": probe.cluster}
    entries = [
        {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
        for key, value in known.items()
        if value
    ]
    (found,) = session.client("iam").simulate_principal_policy(
        PolicySourceArn=principal,
        ActionNames=[probe.action],
        ResourceArns=[probe.resource],
        ContextEntries=entries,
    )["EvaluationResults"]
    return bool(found["EvalDecision"] == "allowed")


def granted(session: Session, user: str) -> Iterator[dict[str, Any]]:
    """The statements of all policies that a user has, inline and attached, of their own and of their groups."""
    iam = session.client("iam")
    yield from _held(iam, "user", user)
    for group in iam.list_groups_for_user(UserName=user)["Groups"]:
        yield from _held(iam, "group", group["GroupName"])


def granted_to_role(session: Session, role: str, *, but: str) -> Iterator[dict[str, Any]]:
    """The statements of all policies that a role has, *but* those of one managed policy, by its ARN."""
    yield from _held(session.client("iam"), "role", role, but)


def _held(iam: Any, kind: str, name: str, but: str = "") -> Iterator[dict[str, Any]]:
    who = {f"{kind.title()}Name": name}
    for policy in getattr(iam, f"list_{kind}_policies")(**who)["PolicyNames"]:
        yield from _statements(getattr(iam, f"get_{kind}_policy")(**who, PolicyName=policy))
    for one in getattr(iam, f"list_attached_{kind}_policies")(**who)["AttachedPolicies"]:
        arn = one["PolicyArn"]
        if arn == but:
            continue
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        held = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        yield from _statements({"PolicyDocument": held["Document"]})


def surplus(statements: Iterable[dict[str, Any]], needs: Collection[str]) -> str:
    """What an Allow names beyond the actions that are needed, by their names; "" where nothing.

    The text is read, since no list of neighbours for the simulator has all that a wildcard allows.
    """
    small = [one.lower() for one in needs]
    for statement in statements:
        if statement.get("Effect") != "Allow":
            continue
        if "Action" not in statement:
            return "NotAction, which allows all others"
        if "NotResource" in statement:
            return "NotResource, which allows all others"
        for action in listed(statement["Action"]):
            if action.lower() not in small:
                return f"the action {action}"
    return ""


def _statements(held: dict[str, Any]) -> list[dict[str, Any]]:
    return listed(held["PolicyDocument"].get("Statement"))


def listed(one_or_more: Any) -> list[Any]:
    """One, or a list of them, as policies have it."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def has_user(session: Session, name: str) -> bool:
    """Whether there is a user of this name."""
    return name in [one["UserName"] for one in session.client("iam").list_users()["Users"]]


def user_arn(session: Session, name: str) -> str:
    """The ARN of a user. Raises botocore's ClientError where there is none."""
    return str(session.client("iam").get_user(UserName=name)["User"]["Arn"])


def role_arn(session: Session, name: str) -> str:
    """The ARN of a role. Raises botocore's ClientError where there is none."""
    return str(session.client("iam").get_role(RoleName=name)["Role"]["Arn"])


def create_role(session: Session, name: str, service: str = TASKS) -> str:
    """Make a role that a service may assume, without any permission; returns its ARN."""
    made = session.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=trusting(service)
    )
    return str(made["Role"]["Arn"])


def delete_user(session: Session, name: str) -> None:
    """Delete a user with keys and policies; one that is not there is no error."""
    iam = session.client("iam")
    if not has_user(session, name):
        return
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    for one in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=one["PolicyArn"])
    iam.delete_user(UserName=name)


def delete_roles(session: Session, *names: str) -> None:
    """Delete roles with their policies; those that are not there are no error."""
    for name in names:
        delete_role(session, name)


def create_secret(session: Session, name: str, **keys: str) -> str:
    """Make a secret of these JSON keys; returns its ARN."""
    vault = session.client("secretsmanager")
    return str(vault.create_secret(Name=name, SecretString=json.dumps(keys))["ARN"])


def secret_arn(session: Session, name: str) -> str:
    """The ARN of a secret. Raises botocore's ClientError where there is none."""
    return str(session.client("secretsmanager").describe_secret(SecretId=name)["ARN"])


def delete_secret(session: Session, name: str) -> None:
    """Delete a secret at once; one that is not there is no error."""
    vault = session.client("secretsmanager")
    if name in [one["Name"] for one in vault.list_secrets()["SecretList"]]:
        vault.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
