"""STS as the sandbox answers it: a role is assumed only by whom its trust policy lets.

AWS: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from typing import ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from course.sandbox.authorize.callers import Caller, Unusable, caller_of
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

    def get_session_token(self) -> ActionResult:
        """GetSessionToken of the learner; of others it would bring a key that nobody is held to."""
        self._for_the_learner_only()
        return super().get_session_token()

    def get_federation_token(self) -> ActionResult:
        """GetFederationToken, as ``get_session_token``."""
        self._for_the_learner_only()
        return super().get_federation_token()

    def assume_role_with_web_identity(self) -> ActionResult:
        """Outside the sandbox: there is no identity provider, and moto would ask for none."""
        raise NotImplementedError

    def assume_role_with_saml(self) -> ActionResult:
        """Outside the sandbox, as ``assume_role_with_web_identity``."""
        raise NotImplementedError

    def _for_the_learner_only(self) -> None:
        if self._caller() is not None:
            raise NotImplementedError

    def _caller(self) -> Caller | Unusable | None:
        now = self.plane.world.clock.now()
        return caller_of(self.access_key, self.current_account, now)

    def _may_assume(self, role: Role) -> bool:
        caller = self._caller()
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
