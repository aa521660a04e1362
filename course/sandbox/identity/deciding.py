"""One thing that a call asks, decided: by who calls and by what is asked for, with the keys that every call has."""

from dataclasses import replace

from course.sandbox.authorize.callers import Caller
from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.identity.asked import Asked, Call


def known(asked: Asked, call: Call) -> dict[str, object]:
    """The condition keys of a call, beside those of who makes it."""
    return {
        "aws:RequestedRegion": call.region,
        "aws:SecureTransport": True,
        "aws:ViaAWSService": asked.via_service,
        **asked.keys,
    }


def decided(caller: Caller, asked: Asked, call: Call) -> Decision:
    """What the caller's policies and the resource's own come to, in the service's words if denied."""
    guard = guard_of(asked.resource, call.account)
    made = caller.may(asked.action, guard.arn, guard=guard, given=known(asked, call))
    if made.allowed or not (asked.says or asked.shown):
        return made
    return replace(made, told=asked.says or made.denial_on(asked.shown))
