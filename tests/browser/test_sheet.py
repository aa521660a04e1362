"""The sheet in a browser: few pages of A4, a narrow window, and both themes."""

import re
from pathlib import Path
from typing import Any

import pytest

from course import sheet
from course.curriculum.closing import closings

A4 = "/MediaBox [0 0 594.95996 841.91998]"
PAGE = re.compile(rb"/Type /Page\b")
TABLES_A_PAGE = 8
COLOURS = """() => {
    const style = getComputedStyle(document.body);
    return [style.color, style.backgroundColor];
}"""
OVER_THE_EDGE = """() => {
    const columns = [...document.querySelectorAll('section')];
    return columns.flatMap(one => [...one.querySelectorAll('table, th, td, code')]
        .filter(inner => inner.getBoundingClientRect().right
            > one.getBoundingClientRect().right + 1).map(inner => inner.textContent));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    target: Path = tmp_path_factory.mktemp("sheet") / "sheet.html"
    assert sheet.main(["--output", str(target)]) == 0
    return target.as_uri()


def test_it_prints_on_few_pages_of_a4(page: Any, address: str) -> None:
    page.goto(address)
    printed = page.pdf(prefer_css_page_size=True)
    count = len(PAGE.findall(printed))
    assert 1 <= count <= -(-len(closings()) // TABLES_A_PAGE)
    assert printed.count(A4.encode()) == count


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_sticks_out(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVER_THE_EDGE) == []


def test_it_takes_the_readers_theme_and_paper_is_white(page: Any, address: str) -> None:
    page.goto(address)
    shown = {}
    for theme, media in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        page.emulate_media(color_scheme=theme, media=media)
        shown[theme, media] = page.evaluate(COLOURS)
    black, white = "rgb(0, 0, 0)", "rgb(255, 255, 255)"
    assert shown["light", "screen"] == shown["dark", "print"] == [black, white]
    text, ground = shown["dark", "screen"]
    assert text == white and max(map(int, re.findall(r"\d+", ground))) < 40


def test_a_long_name_is_broken_and_a_word_is_not(page: Any, address: str) -> None:
    """`describe_task_definition` may be divided in a narrow column; `factor` was, once."""
    page.set_viewport_size({"width": 400, "height": 900})
    page.goto(address)
    heads = page.evaluate(
        "[...document.querySelectorAll('thead th')].map(th => [th.textContent,"
        " th.getBoundingClientRect().height])"
    )
    tall = {text for text, height in heads if height > 30 and " " not in text}
    assert tall == set()
