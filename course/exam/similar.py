"""Items that ask the same: near-duplicates by the words of stem and options. Pure.

difflib of the standard library compares word by word. A faster library would be one more
compiled dependency, for a few hundred items that are compared in a second: pairs that
share few of their words are passed over before.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from course.questions.model import Question

ALIKE = 0.6
"""From this share of common words in common order on, two items are near-duplicates."""

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text, in small letters; names such as ecs:RunTask and 10.0.0.0/16 stay whole."""
    return tuple(one.strip(".:") for one in re.findall(r"[\w:./*-]+", text.casefold()))


def near_duplicates(items: Sequence[Question]) -> Iterator[tuple[Question, Question, float]]:
    """Each two items that ask nearly the same, with how alike they are, from 0 to 1."""
    texts = {one.id: (words(one.stem), words(_whole(one))) for one in items}
    for one, other in combinations(items, 2):
        alike = max(
            likeness(mine, theirs)
            for mine, theirs in zip(texts[one.id], texts[other.id], strict=True)
        )
        if alike >= ALIKE:
            yield one, other, alike


def _whole(question: Question) -> str:
    options = sorted(option.text for option in question.options)
    return " ".join((question.stem, *options))


def likeness(one: Words, other: Words) -> float:
    """How much of two texts is the same words in the same order: 1 for the same text."""
    bound = 2 * _shared(one, other) / (len(one) + len(other)) if one and other else 0.0
    if bound < ALIKE:
        return bound
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _shared(one: Words, other: Words) -> int:
    """How many words two texts could share at the most, whatever their order."""
    mine = sorted(one)
    return sum(min(mine.count(word), other.count(word)) for word in set(mine) & set(other))
