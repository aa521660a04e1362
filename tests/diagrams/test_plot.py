"""Curves over one time axis: what the picture says in words, in numbers and in strokes."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from course.diagrams.picture import Picture
from course.diagrams.plot import COLOURS, Curve, Panel, Stretch, plot

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=24)
SVG = "{http://www.w3.org/2000/svg}"


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


SENT = Curve("sent", tuple((at(hour), 50.0 + 10 * hour) for hour in range(25)))
MISSED = Curve("missed", ((at(0), 0.0), (at(12), 7.5), (at(13), 0.0)), "failed")
RUNNING = Curve("running", ((at(0), 2), (at(9), 8), (at(18), 3)), "second", steps=True)
EMPTY = Curve("CPU", ())


def a_day() -> Picture:
    return plot(
        "A day",
        [
            Panel("requests a second", (SENT, MISSED)),
            Panel("tasks", (RUNNING,), (Stretch("alarm", at(9), at(10)),), ("maximum", 10)),
        ],
        START,
        END,
    )


def test_the_sentence_says_what_each_curve_did_and_when_the_alarm_rang() -> None:
    assert a_day().alt == (
        "A day, 00:00 to 00:00: sent (requests a second) from 50 to 290; missed (requests a second) from "
        "0 to 7.5; running (tasks) from 2 to 8; alarm 09:00 to 10:00."
    )


def test_a_curve_without_data_and_one_that_never_changes_are_said_so() -> None:
    flat = Curve("desired", ((at(0), 4), (at(5), 4)), steps=True)
    said = plot("One", [Panel("tasks", (flat, EMPTY))], START, END).alt
    assert "desired (tasks) always 4; CPU (tasks) without data." in said


def test_the_twin_has_the_last_value_known_at_each_hour() -> None:
    rows = repr(a_day()).splitlines()
    assert rows[1].split() == ["time", "sent", "missed", "running"]
    assert rows[2].split() == ["00:00", "50", "0", "2"]
    assert rows[11].split() == ["09:00", "140", "0", "8"]
    assert rows[14].split() == ["12:00", "170", "7.5", "8"]
    assert rows[-2:] == ["maximum: 10 (tasks)", "alarm: 09:00 to 10:00"]
    assert len(rows) == 2 + 25 + 2


def test_before_its_first_value_a_curve_has_none() -> None:
    assert RUNNING.at(at(-1)) is None
    late = Curve("late", ((at(12), 1),), steps=True)
    assert repr(plot("One", [Panel("tasks", (late,))], START, END)).splitlines()[2].split() == [
        "00:00",
        "-",
    ]


def drawn(svg: str | None) -> ElementTree.Element:
    assert svg
    return ElementTree.fromstring(svg)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_drawing_has_each_curve_its_words_and_only_colours_of_the_palette(narrow: bool) -> None:
    picture = a_day()
    svg = picture.narrow_svg if narrow else picture.svg
    root = drawn(svg)
    words = {"".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")}
    assert {"requests a second", "tasks", "sent", "missed", "running", "maximum", "alarm"} <= words
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt
    body = (svg or "").partition("</style>")[2]
    assert not [told for told in COLOURS if told in body]
    assert not set(re.findall(r"(?:fill|stroke): (#\w+)", body))
    assert "<style" not in body


def test_curves_of_a_panel_differ_by_their_dashes_too() -> None:
    pens = {
        re.sub(r"[^;]*stroke: [^;]*", "", path.get("style", ""))
        for path in drawn(a_day().svg).iter(f"{SVG}path")
        if "on-you" in path.get("style", "") or "on-failed" in path.get("style", "")
    }
    assert any("dasharray" in pen for pen in pens)
    assert any("dasharray" not in pen for pen in pens)


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert a_day().html == a_day().html


def test_counts_have_whole_ticks() -> None:
    two = Curve("running", ((at(0), 1), (at(9), 2)), steps=True)
    root = drawn(plot("One", [Panel("tasks", (two,))], START, END).svg)
    ticks = {"".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")}
    assert {"0", "1", "2"} <= ticks
    assert not {tick for tick in ticks if re.fullmatch(r"\d\.\d", tick)}


@pytest.mark.parametrize(
    ("panels", "end", "said"),
    [
        ([], END, "0 panels"),
        ([Panel("tasks", (RUNNING,))], START, "nothing to plot"),
        ([Panel("tasks", (Curve("x", (), "pink"),))], END, "unknown tone pink; there are first"),
    ],
)
def test_what_cannot_be_plotted_is_refused_in_words(
    panels: list[Panel], end: datetime, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        plot("One", panels, START, end)
