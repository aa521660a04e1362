"""The twelve factors, and what was found of them in one project. The factors: https://12factor.net"""

from dataclasses import dataclass
from textwrap import fill

WIDTH = 96
"""Characters of a line that a notebook shows whole."""

NAMES = {
    "I": "Codebase",
    "II": "Dependencies",
    "III": "Config",
    "IV": "Backing services",
    "V": "Build, release, run",
    "VI": "Processes",
    "VII": "Port binding",
    "VIII": "Concurrency",
    "IX": "Disposability",
    "X": "Dev/prod parity",
    "XI": "Logs",
    "XII": "Admin processes",
}


@dataclass(frozen=True)
class Finding:
    """What was found of one factor: *holds* is True, False, or None where it cannot be told yet."""

    factor: str
    holds: bool | None
    found: str

    def __str__(self) -> str:
        mark = {True: "holds", False: "fails", None: "?"}[self.holds]
        head = f"{self.factor:>4}  {NAMES[self.factor]:<20}{mark:<7}"
        return fill(self.found, WIDTH, initial_indent=head, subsequent_indent=" " * 6)


@dataclass(frozen=True)
class Findings:
    """The twelve findings of one project; ``print`` shows a line each."""

    each: tuple[Finding, ...]

    def __repr__(self) -> str:
        held = sum(bool(one.holds) for one in self.each)
        return "\n".join([*map(str, self.each), f"{held} of {len(self.each)} factors hold"])

    def __getitem__(self, factor: str) -> Finding:
        return next(one for one in self.each if one.factor == factor)

    @property
    def failing(self) -> list[str]:
        """The factors that fail, in their order."""
        return [one.factor for one in self.each if one.holds is False]


def finding(factor: str, holds: bool, good: str, wrong: str) -> Finding:
    """A finding that holds and says *good*, or fails and says what is *wrong*."""
    return Finding(factor, holds, good if holds else wrong)
