"""Where a lesson opens: in LIVE if it is asked for and all is there, else in the sandbox, and which it is.

A kernel has one mode, that of its first lesson: what a cell holds of one account
must never meet the other.
"""

import os
import sys
from collections.abc import Iterable
from typing import Any

from course import sandbox
from course.exercises.blank import refuse_blanks
from course.in_live import InLive
from course.live.banner import Banner
from course.live.errors import LiveError, NoLive
from course.live.ledger import Ledger
from course.live.session import Opening, interrupted
from course.live.settings import Asked
from course.progress.journal import data_folder
from course.sandbox.sandbox import Sandbox

HANDLERS = {"before-parameter-build": refuse_blanks}

EXPERIMENTAL = "EXPERIMENTAL: nobody has run this with an account yet."

_mode: list[str] = []
"""The mode of this kernel, once a lesson has been opened."""


def opened(lesson: str, asked: Asked) -> tuple[Sandbox | InLive, tuple[str, ...]]:
    """A place for the lesson, and what to say below its banner.

    Raises LiveError in a kernel of LIVE that cannot open it again, or is asked for the
    sandbox: there is no falling back beside clients of a real account.
    """
    live = asked.mode(os.environ) == "live"
    if _mode == ["live"] and not live:
        raise LiveError("This kernel is in LIVE; for the sandbox, restart it (Kernel > Restart).")
    if not live:
        return _in_the_sandbox(), _left_in_live()
    try:
        return _in_live(lesson, asked), (EXPERIMENTAL,)
    except NoLive as why:
        if _mode == ["live"]:
            raise LiveError(f"LIVE was not opened again. {why}") from None
        return _in_the_sandbox(), (
            f"LIVE was asked for, and this is the SANDBOX. {why}",
            *_left_in_live(),
        )


def _in_live(lesson: str, asked: Asked) -> InLive:
    if _mode == ["sandbox"]:
        raise NoLive("This kernel began in the sandbox; restart it (Kernel > Restart) for LIVE.")
    place = InLive(Opening(lesson, asked, data_folder(), show, HANDLERS).open())
    _mode[:] = ["live"]
    return place


def _in_the_sandbox() -> Sandbox:
    place = sandbox.open(handlers=HANDLERS)
    _mode[:] = ["sandbox"]
    return place


def _left_in_live() -> tuple[str, ...]:
    """A line for each attempt in LIVE that was not cleaned up; it goes on costing."""
    return tuple(interrupted(one) for one in Ledger(data_folder()).books().open_attempts())


def mode() -> str:
    """``sandbox`` or ``live``; empty before the first lesson of a kernel."""
    return _mode[0] if _mode else ""


def show(shown: Any) -> None:
    """Drawn in a notebook, and as text everywhere else."""
    kernel = getattr(_shell(), "kernel", None)
    if kernel is None or not isinstance(getattr(shown, "html", None), str):
        print(shown)
        return
    from IPython.display import display

    display(shown)  # type: ignore[no-untyped-call]


def _shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def banner(place: Sandbox | InLive, said: Iterable[str], more: tuple[str, ...]) -> Banner:
    """SANDBOX or LIVE, with the lesson's title, Region and time."""
    word = "LIVE" if isinstance(place, InLive) else "SANDBOX"
    return Banner(word, " · ".join(filter(None, said)), more)
