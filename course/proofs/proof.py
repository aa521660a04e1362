"""A proof: a snippet that derives the right option of an exam item, and the world in which it does not.

The snippet takes an account, and the facts of the stem as keyword parameters. It never
names the right option: either it returns what it observed, which is matched against
what each option foretells (``observed``), or it does what an option says and tells
whether that met the goal (``tried``, ``tried_together``). *mutated* gives one of the facts
another value: there the same snippet has to come out differently.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

Snippet = Callable[..., Any]

Way = Literal["observed", "tried", "tried together"]


@dataclass(frozen=True)
class Proof:
    """One proof: of which *item*, by which *snippet*, in which way, and what is *mutated*.

    *says* has what each option foretells, by option id, where something is observed.
    """

    item: str
    snippet: Snippet
    way: Way
    mutated: Mapping[str, Any]
    says: Mapping[str, Any]

    @property
    def does(self) -> str:
        """What the snippet does, in a sentence."""
        return " ".join((self.snippet.__doc__ or "").partition("\n\n")[0].split())


class UnknownProof(LookupError):
    """No proof of this item is written; the message says so."""


_found: dict[str, Proof] = {}


def observed(
    item: str, *, says: Mapping[str, Any], mutated: Mapping[str, Any]
) -> Callable[[Snippet], Snippet]:
    """Prove an item by one observation: ``snippet(aws, **facts)`` returns it, or several in a list.

    *says*: what is observed if an option is right, by option id.
    """
    return _kept(item, "observed", mutated, says)


def tried(item: str, *, mutated: Mapping[str, Any]) -> Callable[[Snippet], Snippet]:
    """Prove an item by trying each option: ``snippet(aws, option, **facts)`` says if it meets the goal."""
    return _kept(item, "tried", mutated, {})


def tried_together(item: str, *, mutated: Mapping[str, Any]) -> Callable[[Snippet], Snippet]:
    """Prove an item of several right options that are needed together.

    ``snippet(aws, options, **facts)`` gets a tuple of option ids, as many as are right.
    """
    return _kept(item, "tried together", mutated, {})


def _kept(
    item: str, way: Way, mutated: Mapping[str, Any], says: Mapping[str, Any]
) -> Callable[[Snippet], Snippet]:
    def keep(snippet: Snippet) -> Snippet:
        if item in _found and _found[item].snippet.__module__ != snippet.__module__:
            raise ValueError(f"{item} is proved twice: {_found[item].snippet} and {snippet}.")
        _found[item] = Proof(item, snippet, way, dict(mutated), dict(says))
        return snippet

    return keep


@cache
def proofs() -> dict[str, Proof]:
    """Every proof by the id of its item: all modules of this package are read."""
    package = import_module("course.proofs")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_found.items()))


def find_proof(item: str) -> Proof:
    """The proof of an item. Raises UnknownProof."""
    if item not in proofs():
        raise UnknownProof(
            f"There is no proof of {item!r}: `questions` lists those that there are."
        )
    return proofs()[item]
