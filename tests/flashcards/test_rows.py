"""Cards as a CSV file: what is written is read back, and what is wrong is named by its line."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.flashcards.rows import NotRead, Row, read, written

SIDES = [
    "plain",
    'a "quote" and, a comma; and a\ttab',
    "two\nlines",
    "windows\r\nlines",
    "für 日本 🐋 \u200b \u202e",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "'quoted'",
    "\uff1d1",
    "'",
    "back\\slash, 'it''s'",
    "<b>x</b>",
]
side = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)


@pytest.mark.parametrize("text", SIDES)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    rows = [Row(text, f"{text} back", "ecs-concepts"), Row("other", text)]
    assert read(written(rows)) == rows


@given(st.dictionaries(side, st.tuples(side, side)))
def test_any_text_comes_back_as_it_was(cards: dict[str, tuple[str, str]]) -> None:
    rows = [Row(front, *others) for front, others in cards.items()] or [Row("a", "b")]
    assert read(written(rows)) == rows


@given(side)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    _, row = csv.reader(StringIO(written([Row(text, text)]).decode("utf-8-sig"), newline=""))
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    "raw",
    [
        b"front,back\na,b\n",
        b"front,back\r\na,b",
        b"\xef\xbb\xbfFront, Back \na,b\n",
        b"front;back\na;b\n",
        b"front\tback\na\tb\n",
        b"tags,back,front\nx,b,a\n",
        b"front,back,lesson\na,b\n",
        b"front,back\n\n,\na,b\n\n",
        b'"front","back"\n"a","b"\n',
    ],
)
def test_files_of_other_programs_are_read(raw: bytes) -> None:
    assert read(raw) == [Row("a", "b")]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "columns front and back; it has nothing"),
        (b"a,b\nc,d\n", "columns front and back; it has a, b"),
        (b"front,back\n", "There is no card in it"),
        (b"front,back\na,b\nc,\n", "line 3: the back is empty"),
        (b"front,back\n,b\n", "line 2: the front is empty"),
        (b"front,back\na,b\nc\n", "line 3: the back is empty"),
        (b"front,back\na,b,c\n", "line 2: 3 columns where the first line has 2"),
        (b"front,back\na,1\nb,2\na,3\n", "line 4: its front is that of line 2"),
        (b'front,back\n"x\ny",1\nb,\n', "line 4: the back is empty"),
        (b'front,back\na,"b\n', "unexpected end of data"),
        (b"front,back\na,b\n\xff,c\n", "Line 3 is not UTF-8"),
        (b"front,back\n" + b",x\n" * 12, "... and 2 more"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(raw: bytes, says: str) -> None:
    with pytest.raises(NotRead) as told:
        read(raw)
    assert says in str(told.value)


def test_every_bad_row_is_named_and_the_good_ones_are_not_taken_alone() -> None:
    with pytest.raises(NotRead) as told:
        read(b"front,back\n,b\ngood,one\nc,\n")
    assert str(told.value).splitlines() == [
        "Nothing was taken; mend these and import again:",
        "line 2: the front is empty",
        "line 4: the back is empty",
    ]


def test_the_same_card_twice_is_no_mistake() -> None:
    assert read(b"front,back\na,b\na,b\n") == [Row("a", "b"), Row("a", "b")]
