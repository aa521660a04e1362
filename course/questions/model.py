"""A question as data: what is asked, what may be answered, and why each answer is right or wrong.

Pure: no Jupyter, no AWS. The keys (right answers) live in the options, and
every option says why.
"""

from typing import Literal

import msgspec

Kind = Literal["single", "multiple", "ordering"]

Level = Literal["recall", "apply", "analyse"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the facts of a question come from, and the day they were checked (YYYY-MM-DD)."""

    title: str
    checked: str
    url: str = ""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer on offer; *feedback* is shown to whoever chose it.

    In an ordering question the options stand in the right order, and the
    feedback says why a step comes where it does. In a prediction, *value* is
    what is observed when this option comes true. *misconception* is the wrong idea
    (its id in misconceptions.toml) that leads to this option.
    """

    id: str
    text: str
    feedback: str
    right: bool = False
    value: str | None = None
    misconception: str = ""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One checkpoint question, prediction or exam item.

    *single*: one option is right. *multiple*: all the right ones, and only
    those; the stem says how many. *ordering*: all options, in their order.
    An exam item has a *topic* of the blueprint and a *level*; *section* is the
    heading of its lesson that explains it. What proves it stands in ``course.proofs``.
    A lesson's question has three *hints*, an exam item none.
    """

    id: str
    kind: Kind
    stem: str
    options: tuple[Option, ...]
    rationale: str
    objective: str
    sources: tuple[Source, ...]
    hints: tuple[str, ...] = ()
    exam: tuple[str, ...] = ()
    keep_order: bool = False
    topic: str = ""
    level: Level | None = None
    section: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of the right answer: in order for ordering, sorted as written otherwise."""
        if self.kind == "ordering":
            return tuple(option.id for option in self.options)
        return tuple(option.id for option in self.options if option.right)

    @property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}


class Explanation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason asked for in the learner's own words, and a model answer to compare it with."""

    id: str
    stem: str
    model_answer: str
    objective: str
    sources: tuple[Source, ...]
