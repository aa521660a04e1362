"""The blank ``____`` in a cell: a place to fill in, and no error while it is empty.

A call that is given a blank says "not attempted yet" in one line, so that Run
All runs on to the end of the notebook.
"""

import json
from collections.abc import Iterator
from typing import Any


class NotAttempted(Exception):
    """A blank is still empty; shown as one line in a notebook, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """IPython prints these lines in place of a traceback."""
        return [str(self)]


class Blank(str):
    """What ``____`` is until the learner puts something in its place.

    A text, so that it may stand in a document such as a policy, which
    ``json.dumps`` turns into a text before the call.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "____"


BLANK = Blank("____")


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
    elif isinstance(value, str):
        yield from _blanks(_document(value), place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _blanks(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _blanks(inner, f"{place}[{index}]")


def _document(text: str) -> Any:
    """A JSON text that holds a blank, taken apart, with the blank in it again; None for any other."""
    if f'"{BLANK}"' not in text:
        return None
    try:
        return json.loads(text, object_hook=_refilled)
    except ValueError:
        return None


def _refilled(document: dict[str, Any]) -> dict[str, Any]:
    return {name: _refilled_value(value) for name, value in document.items()}


def _refilled_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_refilled_value(one) for one in value]
    return BLANK if value == BLANK else value
