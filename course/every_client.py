"""A handler for every AWS client of this process: the sandbox's doors and LIVE's guard rails hang here.

botocore gives a session its handlers when it is made, so a handler is put in two
places: among those that new sessions begin with, and into sessions that are there
already, at the moment when they make a client. A client that is older keeps what it has.
"""

from collections.abc import Callable
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session

Undo = Callable[[], None]

_attached: list[tuple[str, Callable[..., Any]]] = []


def attach(event: str, handler: Callable[..., Any]) -> Undo:
    """Give ``handler`` for a botocore event to every client made until the undo is called.

    A client keeps it for good, and so does a session made meanwhile.
    """
    entry = (event, handler)
    BUILTIN_HANDLERS.insert(0, entry)  # before moto's own
    _attached.append(entry)
    Session.create_client = _create_client  # type: ignore[assignment, method-assign]

    def detach() -> None:
        BUILTIN_HANDLERS.remove(entry)
        _attached.remove(entry)
        if not _attached:
            Session.create_client = _real_create_client  # type: ignore[method-assign]

    return detach


_real_create_client = Session.create_client


def _create_client(session: Session, *args: Any, **kwargs: Any) -> Any:
    """Make a client which carries what is attached, from a session of any age.

    A session older than that does not keep it: its later clients are the user's own.
    """
    events = session.get_component("event_emitter")
    attached = list(_attached)
    for event, handler in attached:
        events.register_first(event, handler)
    try:
        return _real_create_client(session, *args, **kwargs)
    finally:
        for event, handler in attached:
            events.unregister(event, handler)
