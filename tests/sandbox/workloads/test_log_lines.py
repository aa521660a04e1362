"""What programs write, by the kind of log that their image keeps."""

import json
from datetime import UTC, datetime

import pytest

from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.log_lines import (
    Answers,
    answered,
    asked_to_stop,
    last_word,
    written_from_start,
)
from course.sandbox.workloads.program import Program, configured, program_of

APP, HTTPD, ANY = (find_image(name) for name in ("registry.example.com/web", "httpd", "any/other"))
SICK, NEEDS = (find_image(f"registry.example.com/web-{twin}") for twin in ("sick", "needs"))
WORKER = find_image("registry.example.com/worker")
AT = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


def test_a_server_listens() -> None:
    assert written_from_start(APP, program_of(APP, []), ()) == [
        (3, '{"level": "INFO", "message": "listening", "port": 8080}')
    ]
    assert written_from_start(HTTPD, program_of(HTTPD, []), ()) == [(1, "listening on port 80")]
    assert written_from_start(ANY, program_of(ANY, []), (7000,)) == [(1, "listening on port 7000")]
    assert written_from_start(ANY, program_of(ANY, []), ()) == [(1, "listening")]


def test_one_that_is_not_well_says_so() -> None:
    _, (at, line) = written_from_start(SICK, program_of(SICK, []), ())
    assert (at, json.loads(line)["level"]) == (3, "ERROR")


def test_one_that_ends_before_it_listens_never_does() -> None:
    assert written_from_start(APP, Program(runs=1, server=program_of(APP, []).server), ()) == []


def test_last_words() -> None:
    assert last_word(NEEDS, configured(program_of(NEEDS, []), NEEDS, set())) == [
        "Traceback (most recent call last):",
        "KeyError: 'DATABASE_URL'",
    ]
    assert last_word(NEEDS, Program(runs=1)) == []
    gives_up = Program(runs=1, error="no credentials")
    assert last_word(WORKER, gives_up) == ['{"level": "ERROR", "message": "no credentials"}']
    assert last_word(HTTPD, gives_up) == ["no credentials"]


def test_one_that_works_says_so_and_hears_sigterm() -> None:
    program = program_of(WORKER, [])
    assert written_from_start(WORKER, program, ()) == [
        (2, '{"level": "INFO", "message": "waiting for work"}')
    ]
    assert len(asked_to_stop(WORKER, program)) == 1


@pytest.mark.parametrize(("twin", "lines"), [("", 1), ("-deaf", 0), ("-drops", 0)])
def test_who_hears_sigterm(twin: str, lines: int) -> None:
    image = find_image(f"registry.example.com/web{twin}")
    assert len(asked_to_stop(image, program_of(image, []))) == lines


def test_a_request() -> None:
    assert json.loads(answered(APP, Answers("/orders", 503, 0.25, AT))) == {
        "level": "ERROR", "message": "answered", "path": "/orders", "status": 503, "ms": 250
    }  # fmt: skip
    assert answered(HTTPD, Answers("/", 200, 0.002, AT)) == (
        '- - - [27/Nov/2026:08:30:00 +0000] "GET / HTTP/1.1" 200 9'
    )
    assert answered(ANY, Answers("/", 200, 0.1, AT)) == "answered path / status 200 ms 100"


def test_many_requests_are_one_line() -> None:
    assert json.loads(answered(APP, Answers("/", 200, 0.1, AT, 6000)))["requests"] == 6000
    assert answered(HTTPD, Answers("/", 200, 0.1, AT, 60)).endswith("(and 59 more like it)")
