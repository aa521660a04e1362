"""Account ids and secrets do not show: in outputs, in errors, and so in whatever is saved or exported.

All that a kernel tells its front end goes through one method of its session: what is
printed, displayed, raised, completed, and the state of widgets. Texts are masked
there; in Python every value is what AWS answered. Without a kernel it is what is
written to the terminal.
"""

import re
import sys
from collections.abc import Callable
from typing import Any, TextIO

SHORTEST = 8
"""Of a secret that is masked: a shorter text would be found in ordinary words."""

KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{12,}\b")
IN_ARN = re.compile(r"(arn:aws[\w-]*:[\w-]+:[\w-]*:)\d{8}(?=\d{4}:)")


class Masks:
    """What must not show, learnt as it comes up. Kept in memory alone."""

    def __init__(self) -> None:
        self._hidden: dict[str, str] = {}

    def account(self, number: str) -> None:
        """Show an account by its last four digits."""
        self._hidden[number] = f"{'*' * 8}{number[-4:]}"

    def hide(self, *secrets: str | None) -> None:
        """Show nothing of these texts."""
        for one in secrets:
            if one and len(one) >= SHORTEST:
                self._hidden[one] = "(masked)"

    def text(self, text: str) -> str:
        """The same text, fit to be shown."""
        for hidden, shown in self._hidden.items():
            text = text.replace(hidden, shown)
        return KEY_ID.sub("(masked)", IN_ARN.sub(r"\1********", text))

    def value(self, value: Any) -> Any:
        """The same message, with every text in it fit to be shown."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.value, value))
        return value


def put_on(masks: Masks, kernel: Any = None) -> Callable[[], None]:
    """Mask what this process shows from now on; returns the way back."""
    return _on_kernel(masks, kernel.session) if kernel else _on_terminal(masks)


def _on_kernel(masks: Masks, session: Any) -> Callable[[], None]:
    send = session.send

    def masked(stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **how: Any) -> Any:
        if isinstance(msg_or_type, dict):
            msg_or_type = {**msg_or_type, "content": masks.value(msg_or_type.get("content"))}
        return send(stream, msg_or_type, masks.value(content), *args, **how)

    session.send = masked
    return lambda: setattr(session, "send", send)


class _Masked:
    """A stream that masks what is written to it, and is its original in all else."""

    def __init__(self, stream: TextIO, masks: Masks) -> None:
        self._stream, self._masks = stream, masks

    def write(self, text: str) -> int:
        self._stream.write(self._masks.text(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _on_terminal(masks: Masks) -> Callable[[], None]:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_Masked(one, masks) for one in before)

    def undo() -> None:
        sys.stdout, sys.stderr = before

    return undo
