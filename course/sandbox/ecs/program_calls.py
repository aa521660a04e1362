"""What a container's program asks of AWS as it starts: with whose credentials, by which way, and may they?

Nothing is really called: the way through the network and the policies decide,
as they would for a call of boto3, and the call stands in the event history.
Where it fails the program's SDK says so, in botocore's words.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.sandbox.authorize.callers import Caller, Unusable
from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.roles import role_id
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.task_credentials import Found, caller_in
from course.sandbox.history import ApiCall, Identity
from course.sandbox.identity import denials
from course.sandbox.identity.asked import Asked, Call
from course.sandbox.identity.bad_keys import UnusableKey, key_refusal
from course.sandbox.identity.deciding import decided, known
from course.sandbox.identity.other_actions import asked_elsewhere
from course.sandbox.network.picture import Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.images import Action, find_image
from course.sandbox.workloads.script import expanded
from course.sandbox.world import World

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
NO_CREDENTIALS = "Unable to locate credentials"
TIMED_OUT = 'Connect timeout on endpoint URL: "{url}"'
UNRESOLVED = 'Could not connect to the endpoint URL: "{url}"'
"""These three are botocore's own, as the contract test compares them."""

AGENT = "Boto3"
"""How a program's calls name what made them; the version is left out, for it ages."""

CONNECTING = 3 * 60
"""Seconds until a connection that nobody answers is given up: botocore's three attempts of a minute each."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that came to nothing: what was asked, what the SDK says, and after how many seconds."""

    action: str
    error: str
    after: float = 0


class ProgramCalls:
    """The calls of one container's program, over the ways of its Region."""

    def __init__(self, world: World, ways: Ways, task: Task, container: Container) -> None:
        self._world = world
        self._ways = ways
        self._task = task
        self._container = container

    def make(self) -> Failed | None:
        """Ask for everything its image asks for, in order; the first that fails is the last."""
        for action in find_image(self._container.image).actions:
            failed = self.ask(action)
            if failed:
                return failed
        return None

    def ask(self, action: Action, *, before: str | None = None) -> Failed | None:
        """Ask for one action. *before* is how the same call ended last: "" or the error.

        A call that ends like the one before it is not put into the history again.
        """
        caller, call = caller_in(self._task, self._container, self._world), self._call(action)
        if caller is Found.NONE:
            return Failed(action.name, NO_CREDENTIALS)
        asked = list(asked_elsewhere(call, lambda _: None))
        held = caller if isinstance(caller, Caller) else None
        way = self._way(call, list(_requests(held, asked, call)))
        if way and not way.reached and not way.denial:
            return _unreached(action.name, call, way)
        decisions = list(_decisions(held, asked, call))
        code, text = _answer(caller, decisions, way.denial if way else "", call)
        error = f"An error occurred ({code}) when calling the {call.operation} operation: {text}"
        if before != (error if code else ""):
            self._note(call, held, code, text, decisions)
        return Failed(action.name, error) if code else None

    def _note(
        self, call: Call, held: Caller | None, code: str, text: str, decisions: list[Decision]
    ) -> None:
        """Take the call down as the history has it: by the session in which it was made."""
        history, now = self._world.history, self._world.clock.now()
        told = ApiCall(
            now,
            call.service,
            call.operation,
            code or None,
            tuple(decisions),
            message=text if code else "",
            region=call.region,
            who=_identity(held) if held else None,
            agent=AGENT,
            number=history.total,
        )
        history.note(told)

    def _call(self, action: Action) -> Call:
        """The call that asks for an action, with what the environment says filled in."""
        service, operation = action.name.split(":")
        _, _, _, home, account, _ = self._task.task_arn.split(":", 5)
        environment = self._container.variables
        given = {name: expanded(value, environment) for name, value in action.given}
        named = (environment.get(name) for name in REGION_VARIABLES)
        region = next((one for one in named if one), home)
        return Call(service, operation, given, account, region)

    def _way(self, call: Call, asks: list[Request]) -> Verdict | None:
        source = self._place()
        if source is None:
            return None
        return self._ways.to_service(source, call.service, asks, region=call.region)

    def _place(self) -> Place | None:
        """A task with a network interface of its own goes out by that, any other by its instance's."""
        own, instance = self._task.interface, self._task.instance
        if own:
            return self._ways.interface(own.detail("networkInterfaceId") or "")
        return self._ways.instance(instance.ec2_instance_id) if instance else None


def _identity(held: Caller) -> Identity:
    who, session = held.principal, held.principal.arn.rsplit("/", 1)[-1]
    user_id = f"{role_id(who.role, who.account)}:{session}" if who.role else ""
    return Identity(who.arn, who.account, user_id, "", who.role)


def _requests(caller: Caller | None, asked: list[Asked], call: Call) -> Iterator[Request]:
    """What an endpoint's policy has to allow, of a caller whom policies speak of."""
    if caller is None:
        return
    for one in asked:
        keys = {**caller.known, **context(known(one, call))}
        yield Request(caller.principal, one.action, one.resource, keys)


def _decisions(caller: Caller | None, asked: list[Asked], call: Call) -> Iterator[Decision]:
    """All that is decided on a caller with policies, up to the first denial."""
    if caller is None:
        return
    for one in asked:
        made = decided(caller, one, call)
        yield made
        if not made.allowed:
            return


def _answer(
    caller: Caller | Unusable | Found, decisions: list[Decision], denial: str, call: Call
) -> tuple[str, str]:
    """The error code and text of the answer; empty ones where the service does what was asked."""
    protocol = denials.protocol_of(call.service)
    if isinstance(caller, Unusable):
        refused = key_refusal(UnusableKey(expired=caller.expired), protocol)
        return refused.code, refused.message
    if decisions and not decisions[-1].allowed:
        return denials.code(decisions[-1], protocol), denials.text(decisions[-1], protocol)
    if denial and decisions:
        return denials.code(decisions[-1], protocol), denial
    return "", ""


def _unreached(action: str, call: Call, way: Verdict) -> Failed:
    """No connection: a name that does not resolve is known at once, silence only after a while."""
    url = f"https://{call.service}.{call.region}.amazonaws.com/"
    if way.kind == "VPC":
        return Failed(action, UNRESOLVED.format(url=url))
    return Failed(action, TIMED_OUT.format(url=url), CONNECTING)
