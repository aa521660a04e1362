"""One event is one line of JSON, and what is no event is known for what it is."""

from datetime import UTC, datetime

import pytest

from course.progress.events import VERSION, Newer, Unreadable, decode, encode, new_event

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)

RUBBISH = {
    "binary": b"\xff\xfe\x00\x80",
    "nothing but zeros": b"\x00" * 40,
    "a torn line": b'{"v":1,"uid":"a","at":"2026-11-0',
    "another program's line": b'{"time": 1, "level": "info"}',
    "a list": b"[1, 2]",
    "half a character": b'{"v":1,"uid":"\xff"}',
    "a number beyond all numbers": b'{"v":1e400,"uid":"a"}',
    "nested without end": b'{"uid":"a","x":' + b"[" * 100_000,
    "no time zone": b'{"v":1,"uid":"a","at":"2026-11-02T09:00:00","kind":"x","lesson":"l"}',
    "a text for a list": (
        b'{"v":1,"uid":"a","at":"2026-11-02T09:00:00Z","kind":"x","lesson":"l","response":"b"}'
    ),
}


def test_an_event_survives_the_way_to_disk_and_back() -> None:
    event = new_event(AT, "answered", "fargate", "fargate-a-001", response=("b",), outcome="right")
    line = encode(event)
    assert decode(line) == event
    assert line.count(b"\n") == 1
    assert line.startswith(b'{"v":%d,' % VERSION)


def test_every_event_has_an_id_of_its_own_and_names_nobody() -> None:
    one, two = new_event(AT, "finished", "a"), new_event(AT, "finished", "a")
    assert one.uid != two.uid
    members = {"version", "uid", "at", "kind", "lesson", "id", "response", "outcome", "detail"}
    assert set(one.__struct_fields__) == members


@pytest.mark.parametrize("words", ["two\nlines\r\n", "<b>\x00</b>", '"', "\u2028", "日本語 é 🐋"])
def test_any_words_are_one_line(words: str) -> None:
    line = encode(new_event(AT, "explained", "a", detail=words))
    assert line.count(b"\n") == 1
    assert decode(line).detail == words


def test_half_a_character_is_replaced_because_no_file_takes_it() -> None:
    half = "a \ud800 b"
    event = decode(encode(new_event(AT, "explained", "a", detail=half, response=(half,))))
    assert (event.detail, event.response) == ("a ? b", ("a ? b",))


def test_members_of_a_later_course_are_passed_over() -> None:
    line = encode(new_event(AT, "answered", "a", "b"))[:-2] + b',"confidence":3}\n'
    assert decode(line).id == "b"


@pytest.mark.parametrize("line", RUBBISH.values(), ids=RUBBISH)
def test_what_is_no_event_is_unreadable(line: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(line)


def test_a_newer_version_is_known_even_where_its_members_have_other_types() -> None:
    with pytest.raises(Newer):
        decode(b'{"v":2,"uid":"a","at":5,"kind":["answered"],"response":{"b":1}}')
