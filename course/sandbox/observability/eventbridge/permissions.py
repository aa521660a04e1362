"""Whether EventBridge may call a target: by the target's own policy, or by the role it was given. Pure but for the role.

A queue, a topic, a log group and a function say in a policy of their own that
``events.amazonaws.com`` may; a task is run with a role, which has to trust the
service that calls.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
"""

from collections.abc import Mapping

from course.sandbox.authorize.decision import Decision, decide
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request, read_policy
from course.sandbox.authorize.principals import Principal
from course.sandbox.authorize.roles import Role, find_role
from course.sandbox.authorize.trust import assuming

EVENTS, SCHEDULER = "events.amazonaws.com", "scheduler.amazonaws.com"


def policy_allows(
    service: str, action: str, resource: str, policy: str | None, source: str
) -> bool:
    """Whether a resource's own policy lets a service of AWS do this for *source*, a rule's ARN."""
    if policy is None:
        return False
    known = {
        "aws:SourceArn": source,
        "aws:SourceAccount": source.split(":")[4],
        "aws:SecureTransport": True,
    }
    asked = Request(Principal(service=service), action, resource, context(known))
    return decide(asked, [], resource=read_policy(resource, policy)).allowed


def role_for(service: str, role_arn: str | None, source: str) -> Role | None:
    """The role a target is called with; None if it is not there, or does not trust the service."""
    account = source.split(":")[4]
    role = find_role(role_arn, account) if role_arn else None
    given = {"aws:SourceArn": _asking(source), "aws:SourceAccount": account}
    return role if role and assuming(role.trust, service, given).allowed else None


def _asking(source: str) -> str:
    """Whom a trust policy hears of: a rule, but of a schedule its group (Scheduler's user guide, 2026)."""
    head, of_schedule, rest = source.partition(":schedule/")
    return f"{head}:schedule-group/{rest.partition('/')[0]}" if of_schedule else source


def role_may(
    role: Role, session: str, action: str, resource: str, keys: Mapping[str, object] | None = None
) -> Decision:
    """What a session of the role is allowed; *keys* are more condition keys."""
    return role.may(session, action, resource, given=dict(keys or {}))
