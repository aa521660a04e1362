"""How an item looks in a notebook: one anywidget component for every kind of question.

The Python side sends the item's form and does what the front end asks for;
``checkpoint.js`` draws it. Everything is package data: no network, no bundler.
Front ends without widgets show the item's own repr.
"""

import logging
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import traitlets
from anywidget import AnyWidget
from IPython.core.getipython import get_ipython

if TYPE_CHECKING:
    from course.checkpoints.item import Item

log = logging.getLogger(__name__)

_folder = files("course.checkpoints")


class View(AnyWidget):
    """One item's widget. *form* is what is drawn; *heard* counts messages, so that each is answered."""

    _esm = "".join((_folder / name).read_text("utf-8") for name in ("parts.js", "checkpoint.js"))
    _css = (_folder / "checkpoint.css").read_text("utf-8")

    form = traitlets.Dict().tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)

    def __init__(self, item: "Item") -> None:
        self._item: Any = item
        super().__init__(form=asdict(item.form()))
        item.listen(self.draw)
        self.on_msg(lambda _widget, message, _buffers: self.hear(message))

    def draw(self) -> None:
        """Send the item's present form to the front end."""
        self.form = asdict(self._item.form())

    def hear(self, message: Any) -> None:
        """Do what the learner asks for. What goes wrong is told in the status line, and logged.

        Without this an exception in a widget's handler would be seen by nobody.
        """
        self._item.state.notice = ""
        try:
            self._do(message)
        except Exception as error:
            log.exception("A checkpoint could not do %r", message)
            self._item.state.notice = f"That did not work ({type(error).__name__}: {error})."
        self.draw()
        self.heard += 1

    def _do(self, message: Any) -> None:
        match message:
            case {"do": "answer", "response": list(ids)}:
                self._item.respond(ids)
            case {"do": "text", "text": str(words)}:
                self._item.answer(words)
            case {"do": "hint"}:
                self._item.hint()
            case {"do": "solution"}:
                self._item.solution()
            case {"do": "move", "by": int(by)}:
                self._item.move(by)
            case {"do": "rate", "rating": str(rating)}:
                self._item.rate(rating)
            case _:
                raise ValueError(
                    f"expected an answer, text, hint, solution, move or rate, got {message!r}"
                )


_views: dict["Item", View] = {}


def view_of(item: "Item") -> View:
    """The one view of an item: displayed twice, both places show the same state."""
    if item not in _views:
        _views[item] = View(item)
    return _views[item]


def bundle(item: "Item", **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An item's mime bundle: its view, and its repr as ``text/plain``.

    Outside a kernel nobody would answer the view, so there it is the text alone.
    """
    plain = {"text/plain": repr(item)}
    if not hasattr(get_ipython(), "kernel"):
        return plain, {}
    data, metadata = view_of(item)._repr_mimebundle_(**kwargs) or ({}, {})
    return {**data, **plain}, metadata
