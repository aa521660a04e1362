"""What a front end shows of a mock exam, as plain data. Pure: the view draws exactly this."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """One option of the item shown. There is no mark: an exam tells nothing until the end."""

    id: str
    letter: str
    text: str


@dataclass(frozen=True)
class Mark:
    """One item in the review, by its number: answered or open, flagged or not."""

    place: int
    answered: bool
    flagged: bool


@dataclass(frozen=True)
class ExamForm:
    """One mock exam as it stands.

    *phase* is start, item, review or over. *seconds_left* is the time when this was
    made: the front end counts on from there.
    """

    phase: str
    lines: tuple[str, ...] = ()
    place: int = 0
    places: int = 0
    kind: str = ""
    stem: str = ""
    asks: str = ""
    offers: tuple[Offer, ...] = ()
    response: tuple[str, ...] = ()
    confidence: str = ""
    flagged: bool = False
    seconds_left: int = 0
    counted: str = ""
    marks: tuple[Mark, ...] = ()
    notice: str = ""
