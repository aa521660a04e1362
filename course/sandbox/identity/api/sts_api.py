"""STS as the sandbox answers it: a role is assumed only by whom its trust policy lets.

AWS: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from typing import ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from course.sandbox.authorize.callers import Caller, caller_of
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.principals import Named, Principal
from course.sandbox.authorize.roles import Role, find_role
from course.sandbox.authorize.trust import trusted
from course.sandbox.ecs.errors import Refused
from course.sandbox.world import World


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    world: World


class StsApi(TokenResponse):
    """moto's STS, which lets anybody assume any role, with trust."""

    plane: ClassVar[Plane]

    def assume_role(self) -> ActionResult:
        """AssumeRole. Raises Refused for a role that is not there, or does not trust the caller."""
        arn = str(self._get_param("RoleArn"))
        account = arn.split(":")[4] if arn.count(":") >= 5 else self.current_account
        role = find_role(arn, account)
        if role is None or not self._may_assume(role):
            who = self.backend.get_caller_identity(self.access_key, self.region)[1]
            raise Refused(
                "AccessDenied",
                f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            )
        return super().assume_role()

    def _may_assume(self, role: Role) -> bool:
        now = self.plane.world.clock.now()
        caller = caller_of(self.access_key, self.current_account, now)
        given = {"sts:ExternalId": self._get_param("ExternalId")}
        keys = context({name: value for name, value in given.items() if value})
        if not isinstance(
            caller, Caller
        ):  # the learner, who may do everything but what trust forbids
            root = Principal(f"arn:aws:iam::{self.current_account}:root", self.current_account)
            return bool(trusted(role.trust, root, keys))
        named = trusted(role.trust, caller.principal, {**caller.known, **keys})
        own = caller.may("sts:AssumeRole", role.arn, given=given)
        if own.explicit and not own.allowed:
            return False
        return named in (Named.ITSELF, Named.ROLE) or (named is Named.ACCOUNT and own.allowed)
