"""Whether whoever calls may: their policies in front of every operation of every service.

The learner's own key is an administrator's, and nothing is asked of it. Users and
sessions of roles that the learner made are held to their policies, always: what
is not allowed is refused in AWS's words, in each protocol's own code (``denials``, ``bad_keys``).

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Iterator
from typing import Any

from course.sandbox.authorize.callers import Caller, Unusable, caller_of, has_its_token
from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.roles import role_of_instance_profile
from course.sandbox.ecs.errors import Refused
from course.sandbox.identity import denials
from course.sandbox.identity.asked import Asked, Call
from course.sandbox.identity.bad_keys import UnusableKey
from course.sandbox.identity.deciding import decided
from course.sandbox.identity.ecs_actions import asked_of_ecs
from course.sandbox.identity.other_actions import asked_elsewhere
from course.sandbox.identity.reading import access_key_of, account_of, read_call, token_of
from course.sandbox.world import World


class Enforcement:
    """Decides calls in one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def decide(self, request: Any, service: str, caller: Caller | None) -> list[Decision]:
        """The decisions of all that a call asks; they end with the first that denies.

        None are made for the learner's own calls.
        """
        if caller is None:
            return []
        call, made = read_call(request, service, caller.principal.account), []
        for asked in self._asked(call):
            made.append(decided(caller, asked, call))
            if not made[-1].allowed:
                break
        return made

    def caller(self, request: Any) -> Caller | None:
        """Whose key it is; None for the learner's own. Raises UnusableKey for a bad one."""
        found: Caller | Unusable | None
        access_key = access_key_of(request)
        account = account_of(access_key)
        if access_key in self._world.deleted_keys or not has_its_token(
            access_key, token_of(request), account
        ):
            found = Unusable()
        else:
            found = caller_of(access_key, account, self._world.clock.now())
        if isinstance(found, Unusable):
            raise UnusableKey(expired=found.expired)
        return found

    def _asked(self, call: Call) -> Iterator[Asked]:
        if call.service == "ecs":
            return asked_of_ecs(call, self._world.ecs(call.region))
        return asked_elsewhere(call, lambda profile: _role_in(profile, call.account))


def refusal(decision: Decision, protocol: str) -> Refused:
    """A denial as the service writes it."""
    return Refused(denials.code(decision, protocol), denials.text(decision, protocol))


def _role_in(profile: str, account: str) -> str | None:
    found = role_of_instance_profile(profile, account)
    return found.arn if found else None
