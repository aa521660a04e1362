"""Wrong ideas about containers on AWS by id, each with what is true: what wrong options are made of."""

from functools import cache
from importlib.resources import files

import msgspec


class Misconception(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wrong idea: its area, what is believed, and the fact."""

    area: str
    belief: str
    fact: str


@cache
def misconceptions() -> dict[str, Misconception]:
    """All of them by id, such as ``M001``."""
    text = (files("course.questions") / "misconceptions.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Misconception])
