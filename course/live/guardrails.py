"""The guard rails in every AWS client of the process: asked before a call is sent, told after it.

They hang in botocore's own events, so that ``lesson.client("ecs")``, ``boto3.client("ecs")``
and a session of the learner's own are held alike. A client that is older than LIVE has
none of them; what it sends is stopped at the last door, since no guard has seen it.

botocore neither wraps nor retries what is raised here.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from botocore.httpsession import URLLib3Session
from botocore.model import OperationModel

from course.every_client import attach
from course.live import limits, naming, tags
from course.live.allowed import Operation, operations
from course.live.books import Attempt
from course.live.errors import LiveError, NotAllowed
from course.live.ledger import Ledger
from course.live.prices import Prices
from course.live.reckoning import Reckoner

OURS = "course_live"
"""The name under which a call carries what the guard knows of it, in botocore's context."""

PASSED = "course_live_passed"
HALF = 0.5


class Guard:
    """The guard rails of one attempt, from ``install`` to ``remove``.

    *whose* is asked with a request's signer and raises when its credentials are another
    account's; *is_there* says whether a cluster has this name; *tell* shows a line.
    """

    def __init__(
        self,
        ledger: Ledger,
        attempt: Attempt,
        prices: Prices,
        *,
        whose: Callable[[Any], None],
        is_there: Callable[[str], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._ledger, self._id, self._prices = ledger, attempt.id, prices
        self._region, self._tags = attempt.region, tags.tags(attempt)
        self._whose, self._is_there, self._tell = whose, is_there, tell
        self._undo = ExitStack()
        self._cleaning = False

    def install(self) -> None:
        """Hold every client that is made from now on, and close the door to older ones."""
        global _guard
        _guard = self
        with ExitStack() as undo:
            for event, handler in _HANDLERS:
                undo.callback(attach(event, handler))
            undo.enter_context(patch.object(URLLib3Session, "send", _door(URLLib3Session.send)))
            self._undo = undo.pop_all()

    def remove(self) -> None:
        """Let clients that are made from now on be anybody's; those made before refuse from now on."""
        global _guard
        if _guard is self:
            _guard = None
        self._undo.close()

    @contextmanager
    def cleaning(self) -> Iterator[None]:
        """Let cleanup look and remove; it decides itself what is ours, and writes it down."""
        self._cleaning = True
        try:
            yield
        finally:
            self._cleaning = False

    def look(self, call: "_Call", params: dict[str, Any]) -> None:
        """Put the tags on what is about to be created."""
        operation = call.operation
        if operation.how == "creates":
            tags.put_on(operation.name, params, self._tags)

    def weigh(self, call: "_Call", region: str, request_signer: Any) -> None:
        """Decide on a call whose parameters botocore has found valid, and write it down first."""
        if call.operation.how == "credentials":
            return
        if region != self._region:
            raise NotAllowed(
                f"{call.operation.name} would go to {region}; this attempt is for {self._region}."
            )
        self._whose(request_signer)
        if call.operation.how in ("creates", "changes", "removes") and not self._cleaning:
            self._decide(call)
        self._warn()

    def _decide(self, call: "_Call") -> None:
        if beyond := limits.beyond(call.operation, call.given):
            raise NotAllowed(beyond)
        if call.operation.name == "CreateCluster":
            self._leave_alone(str(call.given.get("clusterName") or "default"))
        with self._ledger.locked() as books:
            attempt = books.attempts[self._id]
            reckoner = Reckoner(books, attempt, self._prices, datetime.now(UTC))
            match call.operation.how:
                case "creates":
                    line = reckoner.creation(call.operation, call.given)
                    call.things = [f"{self._id}-{len(attempt.things) + 1}-{_stamp()}"]
                    self._ledger.write(self._id, "intends", thing=call.things[0], **line)
                case "changes":
                    thing, call.tasks, call.rate = reckoner.change(call.operation, call.given)
                    call.things, call.before = [thing.id], (thing.tasks, thing.rate())
                    most = (max(call.tasks, thing.tasks), max(call.rate, thing.rate()))
                    self._changed(call, *most)
                case _:
                    found = reckoner.removal(call.operation, call.given)
                    call.things = [one.id for one in found]

    def _leave_alone(self, name: str) -> None:
        """A cluster that is there already would be given back as if it had just been created."""
        attempt = self._ledger.books().attempts[self._id]
        own = any(one.kind == "cluster" and one.name == name for one in attempt.there())
        if not own and self._is_there(name):
            raise NotAllowed(
                f"There is a cluster {name} in this Region already, and LIVE uses only what it created "
                "itself. Choose another name, or clean up the attempt that it is from."
            )

    def note(self, call: "_Call", status: int, parsed: dict[str, Any]) -> None:
        """Write down what became of a call. An answer that leaves it open leaves the line before it."""
        if self._cleaning or not call.things:
            return
        if status < 300:
            self._done(call, parsed)
        elif _nothing_happened(status, parsed):
            self._undone(call)

    def _done(self, call: "_Call", parsed: dict[str, Any]) -> None:
        match call.operation.how:
            case "creates":
                name = naming.answered(call.operation.name, parsed)
                event = "made" if name else "refused"  # RunTask may answer with failures alone
                self._write(event, call.things[0], name=name)
            case "changes":
                self._changed(call, call.tasks, call.rate)
            case _:
                for thing in call.things:
                    self._write("removed", thing)

    def _undone(self, call: "_Call") -> None:
        if call.operation.how == "creates":
            self._write("refused", call.things[0])
        elif call.operation.how == "changes":
            self._changed(call, *call.before)

    def _changed(self, call: "_Call", tasks: int, rate: float) -> None:
        if call.operation.kind == "service":
            self._write("changed", call.things[0], tasks=tasks, rate=rate)

    def _write(self, event: str, thing: str, **said: Any) -> None:
        self._ledger.write(self._id, event, thing=thing, **said)

    def _warn(self) -> None:
        """Say once that half of the ceiling is reached, or would be by the end of the time."""
        now = datetime.now(UTC)
        attempt = self._ledger.books().attempts[self._id]
        coming = attempt.cost_at_the_end(now)
        if attempt.warned or coming < HALF * attempt.usd:
            return
        self._ledger.write(self._id, "warned")
        self._tell(
            f"LIVE: about {attempt.cost(now):.3f} dollars so far, {coming:.3f} if all of it stays until "
            f"{attempt.until:%H:%M} UTC. That is more than half of your ceiling of {attempt.usd:.2f}."
        )


class _Call:
    """One call on its way: what was asked, and where it stands in the ledger."""

    def __init__(self, operation: Operation, given: dict[str, Any]) -> None:
        self.operation, self.given = operation, given
        self.things: list[str] = []
        self.tasks, self.rate = 0, 0.0
        self.before = (0, 0.0)
        self.weighed = self.noted = False


_guard: Guard | None = None


def current() -> Guard:
    """The guard of this process. Raises LiveError when LIVE is over."""
    if _guard is None:
        raise LiveError(
            "This client belongs to a lesson in LIVE that is closed; call course.lesson(...) again "
            "and make the client again."
        )
    return _guard


def _look(
    params: dict[str, Any], model: OperationModel, context: dict[str, Any], **kwargs: Any
) -> None:
    """Asked once a call, though a session's handlers and its client's may both come here."""
    if OURS not in context:
        guard = current()
        context[OURS] = _Call(_on_the_list(model), dict(params))
        guard.look(context[OURS], params)


def _weigh(context: dict[str, Any], request_signer: Any, **kwargs: Any) -> None:
    call: _Call = context[OURS]
    if not call.weighed:
        call.weighed = True
        current().weigh(call, context["client_region"], request_signer)


def _note(
    parsed: dict[str, Any], http_response: Any, context: dict[str, Any], **kwargs: Any
) -> None:
    call: _Call = context[OURS]
    if not call.noted:
        call.noted = True
        current().note(call, http_response.status_code, parsed)


def _on_the_list(model: OperationModel) -> Operation:
    service = model.service_model.service_id.hyphenize()
    found = operations().get((service, model.name))
    if found is None:
        raise NotAllowed(
            f"{service}:{model.name} is not on LIVE's list, so it was not sent. "
            "In the sandbox you may call it: course.lesson(..., aws='sandbox') in a fresh kernel."
        )
    return found


def _nothing_happened(status: int, parsed: dict[str, Any]) -> bool:
    """Whether an error says for sure that nothing was created or changed.

    After a retry it does not: "exists already" may be about what the first try created.
    """
    retried = parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return 400 <= status < 500 and not retried


def _stamp() -> str:
    return f"{datetime.now(UTC):%H%M%S%f}"


def _mark(request: Any, **kwargs: Any) -> None:
    """Let a request of a guarded client through the last door."""
    setattr(request, PASSED, True)


_HANDLERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("before-parameter-build", _look),
    ("before-call", _weigh),
    ("after-call", _note),
    ("before-send", _mark),
)


def _door(send: Callable[..., Any]) -> Callable[..., Any]:
    """The same sending; a signed request that no guard has seen stays here."""

    def guarded(session: URLLib3Session, request: Any) -> Any:
        if "Authorization" in request.headers and not getattr(request, PASSED, False):
            raise NotAllowed(
                "This client is older than LIVE and has no guard rails, so nothing was sent; make it "
                "again after course.lesson(...)."
            )
        return send(session, request)

    return guarded
