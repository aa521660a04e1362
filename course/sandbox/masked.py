"""A text that works and does not show: what a secret is, wherever a learner may look at it."""

SHOWN = "****"


class Masked(str):
    """A secret's text. It is passed on whole, and printed, formatted or shown as ``****``.

    What is made of it, a piece, a longer text or JSON, is a plain text and shows.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(SHOWN)

    def __str__(self) -> str:
        return SHOWN

    def __format__(self, how: str) -> str:
        return format(SHOWN, how)
