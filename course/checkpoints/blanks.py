"""How an empty blank shows in a notebook: as a line of text, not on the red of an error.

The cell stops all the same. IPython hands an exception it was told of to a
handler in place of drawing its traceback; the kernel still reports that the
cell did not run to its end, which the tag ``raises-exception`` lets pass.
"""

import sys
from types import TracebackType
from typing import Any

from course.exercises.blank import NotAttempted


def show_blanks_as_text() -> None:
    """Ask the kernel, if this is one, to print what a blank has to say."""
    if "IPython" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython

    if shell := get_ipython():
        shell.set_custom_exc((NotAttempted,), _say)  # type: ignore[no-untyped-call]


def _say(
    shell: Any,
    kind: type[BaseException],
    value: BaseException,
    traceback: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    """IPython's form of a handler; it keeps what is returned as the last traceback."""
    print(value)
    return [str(value)]
