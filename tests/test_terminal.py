"""``python3 -m course sandbox`` before it serves: what it is asked, and what it says it costs."""

from __future__ import annotations

import socket

import pytest

from course import sandbox, terminal


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["--port", "70000"], "a port is a number from 0 to 65535, not '70000'"),
        (["--port", "-1"], "a port is a number from 0 to 65535, not '-1'"),
        (["--port", "http"], "a port is a number from 0 to 65535, not 'http'"),
        (["--speed", "-1"], "a speed is a number from 0.01 to 1000, not '-1'"),
        (["--speed", "0"], "a speed is a number from 0.01 to 1000, not '0'"),
        (["--speed", "nan"], "a speed is a number from 0.01 to 1000, not 'nan'"),
        (["--speed", "inf"], "a speed is a number from 0.01 to 1000, not 'inf'"),
        (["--speed", "fast"], "a speed is a number from 0.01 to 1000, not 'fast'"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["more"], "unrecognized arguments: more"),
    ],
)
def test_it_was_asked_wrongly(
    given: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        terminal.main(given)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert complaint in said.err and said.out == ""


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["--region", "eu-central-9"], "AWS has no Region 'eu-central-9'; try eu-central-"),
        (["--region", "mars"], "AWS has no Region 'mars'; try "),
        (["--profile", "fast"], "unknown profile 'fast'; choose one of typical, brisk"),
    ],
)
def test_it_cannot_start(
    given: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal.main([*given, "--port", "0"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(complaint) and said.out == ""
    assert sandbox.current() is None


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert terminal.main(["--port", str(port), "--json"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"Port {port} of 127.0.0.1 cannot be had") and said.out == ""
    assert sandbox.current() is None


@pytest.mark.parametrize(
    ("speed", "cost"),
    [(60, "timestamps get ahead of your watch"), (0.5, "timestamps get behind your watch")],
)
def test_a_speed_of_its_own_has_its_price(speed: float, cost: str) -> None:
    assert cost in " ".join(terminal._pace(speed))
    assert terminal._pace(1) == []


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        terminal.main(["--help"])
    assert ended.value.code == 0
    assert "sandbox --port 0 --json" in capsys.readouterr().out
