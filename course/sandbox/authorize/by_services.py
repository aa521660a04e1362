"""What a service of AWS may: with a role it assumes, or by a resource's own policy.

EventBridge runs a task with the role of a rule's target, and sends to a queue because the
queue's policy names ``events.amazonaws.com``. Both are asked here, in one line each.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html (roles)
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
     https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (aws:SourceArn, aws:SourceAccount)
"""

from collections.abc import Mapping

from course.sandbox.authorize.decision import IDENTITY, Decision, decide
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.principals import Principal
from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.authorize.roles import find_role
from course.sandbox.authorize.trust import assuming

Given = Mapping[str, object]


def may_with_role(
    role: str,
    service: str,
    action: str,
    resource: str,
    *,
    account: str,
    session: str,
    given: Given | None = None,
    source: Given | None = None,
) -> Decision:
    """Whether *role* (ARN or name), assumed by *service*, may do *action* on *resource*.

    *given* are condition keys of the action, such as ``ecs:cluster`` or
    ``iam:PassedToService``; *source* those of the assuming, ``aws:SourceArn`` and
    ``aws:SourceAccount``; *session* is the name that denials print behind the role's. The
    decision is that on ``sts:AssumeRole`` where the role is not there, or does not trust
    the service; ``request.action`` tells which.
    """
    found = find_role(role, account)
    if found is None:
        asked = Request(Principal(service=service), "sts:AssumeRole", role, context(source or {}))
        return Decision(asked, False, IDENTITY)
    trusted = assuming(found.trust, service, source, role=found.arn)
    if not trusted.allowed:
        return trusted
    guard = guard_of(resource, account)
    return found.may(session, action, guard.arn, guard=guard, given=given)


def may_by_resource(
    service: str, action: str, resource: str, *, account: str, given: Given | None = None
) -> Decision:
    """Whether *resource*'s own policy lets a service do *action*, which is all that a service has.

    *given* are condition keys, as a rule ``aws:SourceArn`` and ``aws:SourceAccount``.
    """
    guard = guard_of(resource, account)
    asked = Request(Principal(service=service), action, guard.arn, context(given or {}))
    return decide(asked, [], resource=guard.policy)
