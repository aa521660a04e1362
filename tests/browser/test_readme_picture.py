"""README's picture: a rolling update in the Fargate lesson, from the real notebook in a real browser.

    python3 -m course test --all -- tests/browser/test_readme_picture.py --rewrite-picture

runs the lesson and writes ``docs/rolling-update-*.png`` anew; then look at them. Without
the option the same is done and thrown away, so that it can be done at any time.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = "05-fargate-tutorial.ipynb"
SHOWN = "look"
"""The id of the cell that is seen: two deployments at once, and who serves meanwhile."""

LARGEST = 250_000
"""Bytes of a picture that is still light enough for a README."""


def ids() -> list[str]:
    cells = json.loads((ROOT / "notebooks" / LESSON).read_text("utf-8"))["cells"]
    return [cell["id"] for cell in cells]


def test_the_cell_it_shows_is_in_the_notebook() -> None:
    assert SHOWN in ids()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Just as wide as the picture needs, and sharp enough when a README makes it smaller."""
    context = browser.new_context(
        viewport={"width": 1060, "height": 1300}, device_scale_factor=1.25
    )
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_it_is_taken_from_the_notebook(
    page: Any, notebook: Any, run_all: Any, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    folder = (
        ROOT / "docs" if pytestconfig.getoption("--rewrite-picture", default=False) else tmp_path
    )
    notebook(LESSON)
    page.evaluate("jupyterapp.shell.collapseLeft()")
    assert run_all() == []
    for theme in ("Light", "Dark"):
        change = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
        page.evaluate(change, f"JupyterLab {theme}")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        file = folder / f"rolling-update-{theme.lower()}.png"
        _shown(page).screenshot(path=file)
        assert file.stat().st_size < LARGEST


def _shown(page: Any) -> Any:
    """The cell, scrolled to: cells out of sight are not in the document."""
    place = ids().index(SHOWN)
    page.evaluate("n => jupyterapp.shell.currentWidget.content.scrollToItem(n, 'start')", place)
    cell = page.locator(f'.jp-Cell[data-windowed-list-index="{place}"]')
    picture = cell.locator("svg[role=img]:visible")
    picture.wait_for()
    assert "PRIMARY deployment" in picture.text_content()
    box = picture.locator("..")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth"), "it is cut off at the right"
    return cell
