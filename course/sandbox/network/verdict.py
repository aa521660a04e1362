"""A verdict on a way through the network: reached or not, and the element that decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One element on the way, by *kind* and id, and what it says to this traffic.

    *denial* is AWS's text where an endpoint's policy refuses.
    """

    kind: str
    element: str
    passes: bool
    says: str
    denial: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether traffic gets there, the id of the deciding element, why, and every step up to it."""

    reached: bool
    element: str
    why: str
    path: tuple[Step, ...]

    @property
    def denial(self) -> str:
        """What a service answers where an endpoint's policy is what decides; else empty."""
        return self.path[-1].denial

    @property
    def kind(self) -> str:
        """What the deciding element is: route table, security group ..."""
        return self.path[-1].kind


def walk(steps: Iterator[Step]) -> Verdict:
    """Follow a way to its end, or to the first element that stops it."""
    path: list[Step] = []
    for step in steps:
        path.append(step)
        if not step.passes:
            break
    last = path[-1]
    return Verdict(last.passes, last.element, last.says, tuple(path))
