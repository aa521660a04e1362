"""Account ids and secrets do not show, wherever in a message they stand."""

import sys
from typing import Any

import pytest

from course.live import masking
from course.live.masking import Masks

SECRET = "planted/secret/planted/secret"


@pytest.fixture
def masks() -> Masks:
    found = Masks()
    found.account("123456789012")
    found.hide(SECRET, "short", None)
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account 123456789012", "account ********9012"),
        (
            "arn:aws:ecs:us-east-1:123456789012:cluster/c",
            "arn:aws:ecs:us-east-1:********9012:cluster/c",
        ),
        ("arn:aws:iam::210987654321:role/r", "arn:aws:iam::********4321:role/r"),  # another's, too
        ("arn:aws-cn:sns:cn-north-1:210987654321:t", "arn:aws-cn:sns:cn-north-1:********4321:t"),
        (f"key={SECRET}!", "key=(masked)!"),
        ("AKIAPLANTEDPLANTED22 and ASIAPLANTEDPLANTED22", "(masked) and (masked)"),
        ("too short a secret to be looked for", "too short a secret to be looked for"),
        ("2026-11-27 16:00, 210987654321", "2026-11-27 16:00, 210987654321"),  # nobody's we know of
    ],
)
def test_a_text(masks: Masks, text: str, shown: str) -> None:
    assert masks.text(text) == shown


def test_every_text_in_a_message(masks: Masks) -> None:
    message = {"data": {"text/html": f"<b>{SECRET}</b>", "n": 1}, "traceback": ["123456789012"]}
    assert masks.value(message) == {
        "data": {"text/html": "<b>(masked)</b>", "n": 1},
        "traceback": ["********9012"],
    }


class Session:
    """As much of a kernel's session as is used."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, **how: Any) -> None:
        self.sent.append((msg_or_type, content))


class Kernel:
    def __init__(self) -> None:
        self.session = Session()


def test_a_kernels_messages_are_masked_and_no_longer_after_the_undo(masks: Masks) -> None:
    kernel = Kernel()
    undo = masking.put_on(masks, kernel)
    kernel.session.send(None, "stream", {"text": SECRET})
    kernel.session.send(None, {"content": {"text": SECRET}})
    undo()
    kernel.session.send(None, "stream", {"text": "123456789012"})
    assert kernel.session.sent == [
        ("stream", {"text": "(masked)"}),
        ({"content": {"text": "(masked)"}}, None),
        ("stream", {"text": "123456789012"}),
    ]


def test_a_terminal_is_masked(masks: Masks, capsys: pytest.CaptureFixture[str]) -> None:
    undo = masking.put_on(masks)
    try:
        print("123456789012", SECRET)
        print(SECRET, file=sys.stderr)
    finally:
        undo()
    assert capsys.readouterr() == ("********9012 (masked)\n", "(masked)\n")
