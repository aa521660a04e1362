"""How a mock exam looks in a notebook: one anywidget component beside the checkpoints' own.

Front ends without widgets, and no kernel to answer, show the exam's repr.
"""

import logging
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import traitlets
from anywidget import AnyWidget
from IPython.core.getipython import get_ipython

if TYPE_CHECKING:
    from course.exam.mock import MockExam

log = logging.getLogger(__name__)


def _text(package: str, name: str) -> str:
    return (files(package) / name).read_text("utf-8")


class ExamView(AnyWidget):
    """One mock exam's widget. *heard* counts messages, so that each is answered."""

    _esm = _text("course.checkpoints", "parts.js") + _text("course.exam", "exam.js")
    _css = _text("course.checkpoints", "checkpoint.css") + _text("course.exam", "exam.css")

    form = traitlets.Dict().tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)

    def __init__(self, exam: "MockExam") -> None:
        self._exam = exam
        super().__init__(form=asdict(exam.form()))
        exam.listen(self.draw)
        self.on_msg(lambda _widget, message, _buffers: self.hear(message))

    def draw(self) -> None:
        """Send the exam's present form to the front end."""
        self.form = asdict(self._exam.form())

    def hear(self, message: Any) -> None:
        """Do what the learner asks for. What goes wrong is told in the status line, and logged."""
        self._exam.notice = ""
        try:
            self._do(message)
        except Exception as error:
            log.exception("The mock exam could not do %r", message)
            self._exam.notice = f"That did not work ({type(error).__name__}: {error})."
        self.draw()
        self.heard += 1

    def _do(self, message: Any) -> None:
        match message:
            case {"do": "begin"}:
                self._exam.begin()
            case {"do": "answer", "response": list(ids), "confidence": str(confidence)}:
                self._exam.respond(ids, confidence)
            case {"do": "flag"}:
                self._exam.flag()
            case {"do": "go", "to": int(number)}:
                self._exam.go(number)
            case {"do": "next"}:
                self._exam.next()
            case {"do": "back"}:
                self._exam.back()
            case {"do": "review"}:
                self._exam.review()
            case {"do": "submit"}:
                self._exam.submit()
            case {"do": "look"}:
                self._exam.look()
            case _:
                raise ValueError(f"expected a step of the exam, got {message!r}")


_views: dict[int, ExamView] = {}


def view_of(exam: "MockExam") -> ExamView:
    """The one view of an exam: displayed twice, both places show the same state."""
    if id(exam) not in _views:
        _views[id(exam)] = ExamView(exam)
    return _views[id(exam)]


def bundle(exam: "MockExam", **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An exam's mime bundle: its view, and its repr as ``text/plain``."""
    plain = {"text/plain": repr(exam)}
    if not hasattr(get_ipython(), "kernel"):
        return plain, {}
    data, metadata = view_of(exam)._repr_mimebundle_(**kwargs) or ({}, {})
    return {**data, **plain}, metadata
