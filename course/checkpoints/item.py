"""An item: something in a notebook that is shown, answered, and shown anew when it changes."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from course.checkpoints.form import Form


class Item(ABC):
    """What the view shows. The repr is the same in plain text, for where there are no widgets."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    @abstractmethod
    def form(self) -> Form:
        """Where the item stands, as a front end shows it."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear of every change of state; the view draws itself anew then."""
        self._listeners.append(listener)

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        try:
            from course.checkpoints.view import bundle
        except ImportError:  # no widget packages here: the plain text is the whole of it
            return {"text/plain": repr(self)}
        return bundle(self, **kwargs)
