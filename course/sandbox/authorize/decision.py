"""Allowed or not, by which statement of which policy, and AWS's words for a denial. Pure.

An explicit deny wins over everything; then something has to allow it. Within
one account an identity-based or a resource-based policy is enough; across
accounts it takes both. A permissions boundary and a session policy allow nothing
by themselves, and what they do not allow, identity-based policies cannot. A KMS
key is closed: its own policy has to let somebody in, themselves or their account.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
Denials: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
(as of November 2026; both phrases also in users' outputs of 2021 to 2026; for a key
whose policy is silent "no resource-based policy": jbrt/ec2cryptomatic#26, 2021-10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from course.sandbox.authorize.policy import Policy, Request, Statement
from course.sandbox.authorize.principals import Named

IDENTITY = "identity-based policy"
RESOURCE = "resource-based policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and by what: a statement of a policy, or the lack of one in a kind of policy."""

    request: Request
    allowed: bool
    kind: str
    policy: str = ""
    statement: Statement | None = None
    told: str = ""
    """What the service says to a denial in place of AWS's usual text, if it says something else."""
    looked_at: tuple[tuple[str, Policy], ...] = ()
    """Every policy that had a say, by its kind."""

    @property
    def explicit(self) -> bool:
        """Whether a statement decided it; an implicit deny is one that nothing allows."""
        return self.statement is not None

    @property
    def denial(self) -> str:
        """AWS's text for a denial: who may not do what on what, and why."""
        return self.told or self.denial_on(self.request.resource)

    def denial_on(self, resource: str, action: str = "") -> str:
        """The same, with what a service calls the resource, and the action if otherwise than usual."""
        action, who = action or self.request.action, self.request.principal
        because = (
            f"with an explicit deny in {_article(self.kind)} {self.kind}"
            if self.explicit
            else f"because no {self.kind} allows the {action} action"
        )
        return (
            f"User: {who.arn or who.service} is not authorized to perform: {action} "
            f"on resource: {resource} {because}"
        )


def decide(
    request: Request,
    identity: Sequence[Policy],
    *,
    resource: Policy | None = None,
    boundary: Policy | None = None,
    session: Policy | None = None,
    owner: str | None = None,
    closed: bool = False,
) -> Decision:
    """Decide a request by the policies of who asks, of what is asked for, and what narrows them.

    *owner* is the account that the resource belongs to; by default it is the
    account of who asks. What is *closed* lets nobody in whom its policy does not name.
    """
    limits = [(kind, one) for kind, one in ((BOUNDARY, boundary), (SESSION, session)) if one]
    made = _decided(request, identity, resource, limits, owner, closed=closed)
    others = [(RESOURCE, resource)] if resource else []
    looked_at = (*((IDENTITY, one) for one in identity), *others, *limits)
    return replace(made, looked_at=looked_at)


def _decided(
    request: Request,
    identity: Sequence[Policy],
    resource: Policy | None,
    limits: Sequence[tuple[str, Policy]],
    owner: str | None,
    *,
    closed: bool,
) -> Decision:
    denied = _by(identity, request, IDENTITY, allows=False) or _denied_by_resource(
        request, resource
    )
    for kind, limit in limits:
        denied = denied or _by([limit], request, kind, allows=False)
    if denied:
        return denied
    allowed = _by(identity, request, IDENTITY, allows=True)
    short = next((kind for kind, one in limits if not one.first(request, allows=True)), None)
    granted, named = _granted(request, resource)
    if owner and owner != request.principal.account:
        return _across(request, allowed, granted, short)
    if closed and not granted:
        return Decision(request, False, RESOURCE)
    if granted and (named is Named.ITSELF or (named is Named.ROLE and short is None)):
        return granted
    if allowed and short:
        return Decision(request, False, short)
    return allowed or Decision(request, False, IDENTITY)


def named_by(request: Request, resource: Policy) -> Named:
    """How closely what a resource-based policy allows names who asks; NOT too where it denies them."""
    if _denied_by_resource(request, resource):
        return Named.NOT
    return _granted(request, resource)[1]


def _across(
    request: Request, allowed: Decision | None, granted: Decision | None, short: str | None
) -> Decision:
    """Across accounts: both sides have to say yes; *short* is the limit that does not."""
    if allowed is None:
        return Decision(request, False, IDENTITY)
    if short:
        return Decision(request, False, short)
    return allowed if granted else Decision(request, False, RESOURCE)


def _by(
    policies: Iterable[Policy], request: Request, kind: str, *, allows: bool
) -> Decision | None:
    for policy in policies:
        statement = policy.first(request, allows=allows)
        if statement:
            return Decision(request, allows, kind, policy.name, statement)
    return None


def _denied_by_resource(request: Request, resource: Policy | None) -> Decision | None:
    for one in resource.statements if resource else ():
        if not one.allows and one.names(request.principal) and one.speaks_of(request):
            return Decision(request, False, RESOURCE, resource.name if resource else "", one)
    return None


def _granted(request: Request, resource: Policy | None) -> tuple[Decision | None, Named]:
    """What a resource-based policy allows, by the statement that names who asks most closely."""
    found = [
        (one.names(request.principal), one)
        for one in (resource.statements if resource else ())
        if one.allows and one.names(request.principal) and one.speaks_of(request)
    ]
    if not found or resource is None:
        return None, Named.NOT
    named, statement = max(found, key=lambda pair: pair[0])
    return Decision(request, True, RESOURCE, resource.name, statement), named


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"
