"""What is confirmed before anything is created: whose account, where, what, and at most how much.

It is typed, and what is typed are the account's last four digits, so that whoever
confirms has looked at them. Where nobody can type there is no LIVE.
"""

import builtins
import sys
from dataclasses import dataclass
from html import escape
from typing import Any

from course.live.allowed import Plan
from course.live.errors import NoLive
from course.live.settings import Settings
from course.live.whose import Caller

HEAD = "LIVE, EXPERIMENTAL: cells of this lesson will create resources in a real AWS account."
CELL = "text-align:left;vertical-align:top"


@dataclass(frozen=True)
class Confirmation:
    """One plan in one account, to be shown and agreed to."""

    lesson: str
    caller: Caller
    settings: Settings
    plan: Plan
    endpoint: str = ""

    @property
    def cost(self) -> float:
        """Dollars, if all tasks of the plan ran for all of the minutes."""
        rate = self.plan.tasks * self.settings.prices.task(self.plan.cpu, self.plan.memory)
        return rate * self.settings.minutes / 60

    def rows(self) -> list[tuple[str, str]]:
        """What there is to know, by name."""
        prices = self.settings.prices
        rows = [
            ("account", f"ends in {self.caller.account}"),
            ("as", str(self.caller)),
            ("Region", self.settings.region),
            ("creates", "; ".join(self.plan.creates)),
            (
                "cost",
                (
                    f"at most about {self.cost:.2f} dollars in {self.settings.minutes:g} minutes, by prices "
                    f"of {prices.as_of:%Y-%m-%d} before tax and traffic"
                ),
            ),
            (
                "limits",
                (
                    f"nothing more is created after {self.settings.minutes:g} minutes or beyond "
                    f"{self.settings.usd:.2f} dollars; nothing is removed until you clean up: "
                    "lesson.cleanup(), or python3 -m course cleanup"
                ),
            ),
        ]
        return [*rows, ("endpoint", f"{self.endpoint}, not AWS's own")] if self.endpoint else rows

    def __repr__(self) -> str:
        return "\n".join([HEAD, *(f"  {name:9} {text}" for name, text in self.rows())])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": repr(self)}

    @property
    def html(self) -> str:
        """The same as a table."""
        body = "".join(
            f'<tr><th scope="row" style="{CELL}">{escape(name)}</th>'
            f'<td style="{CELL};overflow-wrap:anywhere">{escape(text)}</td></tr>'
            for name, text in self.rows()
        )
        return (
            f"<div><p><strong>{escape(HEAD)}</strong></p><table><tbody>{body}</tbody></table></div>"
        )

    def ask(self, show: Any) -> None:
        """Show it and wait for the four digits. Raises NoLive without them."""
        if self.cost > self.settings.usd:
            raise NoLive(
                f"The lesson could cost up to {self.cost:.2f} dollars in {self.settings.minutes:g} "
                f"minutes, and the ceiling is {self.settings.usd:.2f}. Raise it, or take fewer minutes."
            )
        show(self)
        typed = typed_in(f"Type {self.caller.account} to go on, anything else for the sandbox: ")
        if typed != self.caller.account:
            raise NoLive("It was not confirmed.")


def typed_in(prompt: str) -> str:
    """What is typed, where somebody can type. Raises NoLive where nobody can."""
    somebody_there()
    try:
        return builtins.input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        raise NoLive("It was not confirmed.") from None
    except Exception as error:
        # ipykernel's StdinNotImplementedError, without naming a kernel that need not be there
        if type(error).__name__ != "StdinNotImplementedError":
            raise
        raise NoLive("There is nobody to confirm it: this front end takes no input.") from None


def somebody_there() -> None:
    """Raises NoLive where nobody can type; asked before AWS is asked whose the credentials are."""
    if not (_in_a_kernel() or sys.stdin.isatty()):
        raise NoLive("There is nobody to confirm it: the standard input is no terminal.")


def _in_a_kernel() -> bool:
    return "ipykernel" in sys.modules and kernel() is not None


def kernel() -> Any:
    """The Jupyter kernel this runs in, or None."""
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
