"""What cleanup says: a table in a notebook, the same as text everywhere else."""

from collections.abc import Sequence
from html import escape
from typing import Any

from course.live.teardown import Outcome

AGAIN = "python3 -m course cleanup"
CELL = "text-align:left;vertical-align:top;overflow-wrap:anywhere"


class CleanupReport:
    """What was removed and what is left, of each attempt. *dry* when nothing was to be done."""

    def __init__(self, outcomes: Sequence[Outcome], *, dry: bool = False) -> None:
        self.outcomes, self.dry = tuple(outcomes), dry

    @property
    def clean(self) -> bool:
        """Whether every attempt was looked at again and nothing is left of any."""
        return all(one.clean for one in self.outcomes)

    def __repr__(self) -> str:
        lines = [line for outcome in self.outcomes for line in self._lines(outcome)]
        return "\n".join([*lines, self.verdict])

    @property
    def end(self) -> str:
        """What is left, and the verdict: for whoever has seen each thing go."""
        rows = [row for outcome in self.outcomes for row in self.rows(outcome)]
        left = [" ".join(row) for row in rows if row[0] == "left"]
        return "\n".join([*left, self.verdict])

    @property
    def verdict(self) -> str:
        """The last line: "0 left", or how many, or that it is not known."""
        left = sum(len(one.left) for one in self.outcomes)
        unknown = [one for one in self.outcomes if one.unknown]
        if not self.outcomes:
            return "0 left: the ledger has no attempt that was not cleaned up."
        if unknown:
            return (
                f"Not known what is left, since AWS could not be asked: {unknown[0].unknown}. "
                f"The ledger keeps what it knows. Next: {AGAIN}."
            )
        if self.dry:
            return f"{left} to remove. Nothing was done. Next: {AGAIN}." if left else "0 left."
        return f"{left} left. Next: {AGAIN}." if left else "0 left."

    def _lines(self, outcome: Outcome) -> list[str]:
        return [
            head(outcome),
            *(f"  {what:14}{which}  {more}".rstrip() for what, which, more in self.rows(outcome)),
        ]

    def rows(self, outcome: Outcome) -> list[tuple[str, str, str]]:
        """What became of each thing: a word, the thing, and of what is left why and how it goes."""
        if self.dry:
            return [("would remove", str(one), "") for one in outcome.left]
        removed = [("removed", str(one), "") for one in outcome.removed if one not in outcome.left]
        left = [("left", str(one), _how(outcome, one)) for one in outcome.left]
        return [*removed, *left]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": repr(self)}

    @property
    def html(self) -> str:
        """A table an attempt, and the verdict in bold."""
        tables = "".join(self._table(outcome) for outcome in self.outcomes)
        return f"<div>{tables}<p><strong>{escape(self.verdict)}</strong></p></div>"

    def _table(self, outcome: Outcome) -> str:
        """The column of reasons is there when there are some."""
        rows = self.rows(outcome)
        columns = ("", "what", "why, and how to remove it")[
            : 3 if any(row[2] for row in rows) else 2
        ]
        top = "".join(f'<th scope="col" style="{CELL}">{name}</th>' for name in columns)
        body = "".join(f"<tr>{_cells(row[: len(columns)])}</tr>" for row in rows)
        table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
        box = f'<div style="overflow-x:auto" tabindex="0">{table}</div>'
        return f"<p>{escape(head(outcome))}</p>{box}"


def _cells(row: Sequence[str]) -> str:
    return "".join(f'<td style="{CELL}">{escape(text)}</td>' for text in row)


def head(outcome: Outcome) -> str:
    """Of which attempt it is."""
    one = outcome.attempt
    return (
        f"{one.lesson}, attempt {one.id} of {one.began:%Y-%m-%d %H:%M} UTC, in {one.region}, account "
        f"ending in {one.account}:"
    )


def _how(outcome: Outcome, one: Any) -> str:
    why = outcome.why.get(one, "it is still listed")
    return f"({why}; by hand: {one.by_hand} --region {outcome.attempt.region})"
