"""The glossary: the course's words, each in a line, with the lesson in which it is taught."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import msgspec

from course.curriculum.curriculum import outline
from course.curriculum.handout import Handout

HEAD = ("word", "lesson", "what it is")
LAST = "A lesson in brackets is planned."


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One word: what else it is called, what it means, and the name of its lesson."""

    word: str
    means: str
    lesson: str
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it goes by."""
        return (self.word, *self.also)


class _Glossary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    term: list[Term]


@cache
def terms() -> tuple[Term, ...]:
    """Every term, by alphabet."""
    text = (files("course.curriculum") / "glossary.toml").read_bytes()
    found = msgspec.toml.decode(text, type=_Glossary).term
    return tuple(sorted(found, key=lambda term: term.word.casefold()))


def glossary(asked: str = "") -> Handout:
    """The terms that *asked* may mean, the one of that very name first; all of them without it."""
    found = list(_found(str(asked).casefold().strip()))
    numbers = {entry.name: entry.short for entry in outline()}
    rows = [(term.word, numbers[term.lesson], _said(term)) for term in found]
    later = any(lesson.startswith("(") for _, lesson, _ in rows)
    return Handout("" if rows else _nothing(asked), HEAD, rows, LAST if later else "")


def _said(term: Term) -> str:
    return f"{term.means} Also: {', '.join(term.also)}." if term.also else term.means


def _found(asked: str) -> Iterator[Term]:
    """First whose name it is, then whose name holds it, then who is explained by it."""
    if not asked:
        yield from terms()
        return
    named = [one for one in terms() if asked in map(str.casefold, one.names)]
    holding = [one for one in terms() if any(asked in name.casefold() for name in one.names)]
    yield from dict.fromkeys([*named, *holding])
    if not holding:
        yield from (one for one in terms() if asked in one.means.casefold())


def _nothing(asked: str) -> str:
    names = {name.casefold(): name for term in terms() for name in term.names}
    near = get_close_matches(str(asked).casefold(), names, n=1, cutoff=0.5)
    meant = f" Did you mean {names[near[0]]!r}?" if near else ""
    return f"The glossary has no {asked!r}.{meant} lesson.glossary() shows all of it."
