"""The blank ``____`` in a cell: a place to fill in, and no error while it is empty.

A call that is given a blank says "not attempted yet" in one line, so that Run
All runs on to the end of the notebook.
"""

from collections.abc import Iterator
from typing import Any


class NotAttempted(Exception):
    """A blank is still empty; shown as one line in a notebook, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """IPython prints these lines in place of a traceback."""
        return [str(self)]


class Blank:
    """What ``____`` is until the learner puts something in its place."""

    def __repr__(self) -> str:
        return "____"


BLANK = Blank()


def refuse_blanks(params: Any, model: Any, **kwargs: Any) -> None:
    """botocore's before-parameter-build hook: stop a call whose parameters hold a blank.

    Raises NotAttempted, which names the parameters to fill in.
    """
    places = list(_blanks(params))
    if places:
        count = f"{len(places)} blanks" if len(places) > 1 else "one blank"
        raise NotAttempted(f"Not attempted yet, {count} in {model.name}: {', '.join(places)}.")


def _blanks(value: Any, place: str = "") -> Iterator[str]:
    if isinstance(value, Blank):
        yield place.rpartition(".")[2]  # the name beside the blank in the cell
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _blanks(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _blanks(inner, f"{place}[{index}]")
