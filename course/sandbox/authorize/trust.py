"""Trust: whether a service of AWS, a user or another role may assume a role. Pure.

A role's trust policy is a resource-based policy of the role itself; a service
has no other policies, so an Allow in it is both needed and enough. For a user
or a role it is needed too, and enough if it names them; one that names only
their account leaves it to their own policies.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
"""

from collections.abc import Mapping

from course.sandbox.authorize.decision import Decision, decide, named_by
from course.sandbox.authorize.patterns import Context, context
from course.sandbox.authorize.policy import Request, read_policy
from course.sandbox.authorize.principals import Named, Principal

ECS_TASKS = "ecs-tasks.amazonaws.com"
EC2 = "ec2.amazonaws.com"
ECS = "ecs.amazonaws.com"


def asked_by_ecs(region: str, account: str) -> dict[str, object]:
    """The condition keys with which ECS assumes a role: for whom, and for which resource."""
    return {
        "aws:SourceAccount": account,
        # AWS documents only patterns for all of an account's clusters: arn:aws:ecs:region:account:*
        "aws:SourceArn": f"arn:aws:ecs:{region}:{account}:task",  # our words
    }


def assuming(
    trust: str, service: str, given: Mapping[str, object] | None = None, *, role: str = ""
) -> Decision:
    """The decision whether a service may assume a role with this trust policy (JSON).

    *given* are condition keys, such as ``aws:SourceArn`` and ``aws:SourceAccount``; *role*
    is the role's ARN, which only the decision's words need.
    """
    asked = Request(Principal(service=service), "sts:AssumeRole", role, context(given or {}))
    return decide(asked, [], resource=read_policy("trust policy", trust))


def trusted(trust: str, who: Principal, known: Context) -> Named:
    """How closely a trust policy (JSON) names a user or a role; NOT if it does not trust them."""
    asked = Request(who, "sts:AssumeRole", "", known)
    return named_by(asked, read_policy("trust policy", trust))
