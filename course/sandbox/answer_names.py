"""Under which names moto looks for a member of an answer, worked out once for each class.

moto writes an answer by asking each object for each member of the output shape under
up to ten names, and works those names out anew each time: nine tenths of what RunTask
took. They depend on the object's class, the shape and the member's name only. An
adapter: ``tests/contract`` states what of moto it stands on.
"""

from collections.abc import Generator
from typing import Any, ClassVar

from moto.core.serialize import AttributePickerContext, XFormedAttributePicker


class RememberingPicker(XFormedAttributePicker):
    """moto's own choice of names, remembered, each name once."""

    _known: ClassVar[dict[tuple[type, Any, str], tuple[str, ...]]] = {}

    def get_possible_keys(self, context: AttributePickerContext) -> Generator[str, None, None]:
        """The names to try, in moto's order."""
        place = type(context.obj), context.shape, context.key
        names = self._known.get(place)
        if names is None:
            names = self._known[place] = tuple(dict.fromkeys(super().get_possible_keys(context)))
        yield from names
