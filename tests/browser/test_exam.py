"""A mock exam in a real JupyterLab: taken by keyboard, through a reload and a dead kernel, to its end."""

import json
import os
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOKEN = "browser-tests"
THEME = "jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {}'}})"

SETUP = """\
from pathlib import Path
from course.exam.beginning import latest
from course.exam.mock import MockExam
from course.progress.journal import Journal
from course.progress.record import Record, wall_clock
from course.questions.model import Option, Question, Source

STEM = ("A developer runs a service of {n} tasks on Fargate behind an Application Load Balancer. After a change "
        "of the health check's path every new task is replaced about a minute after it starts, and the service's "
        "events name the target group. What is the cause?")
TEXT = ("The {w} explanation names a real setting of the service, and says in one line of the usual length what "
        "the developer would change about it")

def made(n, domain):
    several = n % 5 == 0
    words = ("first", "second", "third", "fourth", "fifth")[:4 + several]
    options = tuple(Option(w, TEXT.format(w=w), f"About {w}.", right=i < 1 + several) for i, w in enumerate(words))
    return Question(id=f"made-{domain}-{n:03}", kind="multiple" if several else "single", options=options,
        stem=STEM.format(n=n) + (" Choose two." if several else ""), rationale="It is so.",
        objective="fargate-tutorial/services", sources=(Source("A page", "2026-11-27"),),
        exam=(f"C03:{domain}.1",), topic="objects", level="apply")

bank = {q.id: q for q in (made(n, d) for d in (1, 2, 3, 4) for n in range(1, 21))}
"""
EXAM = """\
record = Record({name!r}, Journal(Path({folder!r})))
exam = MockExam(record, bank, wall_clock, version="C03", items=10, attempt=latest(record))
exam"""


@pytest.fixture
def expect() -> Any:
    """Playwright's expect, which waits until what is expected shows."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    return expect


@pytest.fixture
def exam_file(jupyterlab: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A notebook on the server whose last cell is a mock exam; its journal is the test's own."""
    name = str(request.node.name)
    sources = [SETUP, EXAM.format(name=name, folder=str(tmp_path))]
    cells = [
        {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for number, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    content = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    put = urllib.request.Request(
        f"{jupyterlab}/api/contents/{name}.ipynb",
        json.dumps({"type": "notebook", "content": content}).encode(),
        {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(put, timeout=30).close()
    return f"{name}.ipynb"


Open = Callable[[], Any]


@pytest.fixture
def open_exam(page: Any, exam_file: str, notebook: Any, run_all: Any, expect: Any) -> Open:
    """Open the notebook and run it, as after a break; returns the exam on the page."""

    def opened() -> Any:
        notebook(exam_file)
        assert run_all() == []
        widget = page.locator("form.course-exam").first
        expect(widget).to_be_visible()
        return widget

    return opened


def snap(widget: Any, name: str) -> None:
    """Take a picture into the folder COURSE_SCREENSHOTS names, if it does."""
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        widget.screenshot(path=Path(folder) / f"{name}.png")


def press(page: Any, widget: Any, name: str) -> None:
    """Walk to a button with Tab alone, and press it."""
    for _ in range(40):
        focused = page.evaluate("document.activeElement.textContent")
        if re.match(name, focused or "") and page.evaluate(
            "document.activeElement.tagName === 'BUTTON'"
        ):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {name}")


def test_an_exam_by_keyboard_through_a_reload_to_its_end(
    page: Any, open_exam: Open, expect: Any
) -> None:
    widget = open_exam()
    expect(widget).to_contain_text("container mock exam")
    snap(widget, "exam-start")
    widget.get_by_role("button", name="Begin").focus()
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("Item 1 of 10")
    expect(widget.get_by_role("timer")).to_have_text(re.compile(r"0:(20:00|19:5\d)"))

    expect(widget.locator("input").first).to_be_focused()
    page.keyboard.press("Space")
    expect(widget).to_contain_text("1 answered")
    expect(widget.locator("input").first).to_be_checked()
    press(page, widget, "Flag")
    expect(widget).to_contain_text("1 flagged")
    snap(widget, "exam-item-light")
    press(page, widget, "Next")
    expect(widget).to_contain_text("Item 2 of 10")
    page.keyboard.press("Space")
    expect(widget).to_contain_text("2 answered")

    page.reload()
    widget = open_exam()
    expect(widget).to_contain_text("Item 3 of 10")
    expect(widget).to_contain_text("2 answered, 1 flagged")
    page.evaluate(THEME.format("Dark"))
    page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    page.wait_for_timeout(500)
    snap(widget, "exam-item-dark")
    widget.locator("input").first.focus()
    press(page, widget, "Review")
    expect(widget).to_contain_text("8 open")
    snap(widget, "exam-review-dark")
    page.evaluate(THEME.format("Light"))
    page.wait_for_selector("body[data-jp-theme-light=true]", state="attached")
    snap(widget, "exam-review-light")

    press(page, widget, "Submit")
    expect(widget.get_by_role("status")).to_contain_text("Press once more")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("not a scaled score")
    expect(widget).to_contain_text("Domain 1")
    snap(widget, "exam-over")


@pytest.mark.slow
def test_a_dead_kernel_loses_nothing_that_was_shown_as_given(
    page: Any, open_exam: Open, expect: Any
) -> None:
    widget = open_exam()
    widget.get_by_role("button", name="Begin").click()
    widget.locator("input").first.check()
    expect(widget).to_contain_text("1 answered")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    widget.locator("input").nth(1).check()
    expect(widget.get_by_role("status")).to_contain_text("was not kept")
    page.reload()
    expect(open_exam()).to_contain_text("1 answered")


@pytest.mark.slow
def test_letters_stay_in_the_exam(page: Any, open_exam: Open, expect: Any) -> None:
    widget = open_exam()
    widget.get_by_role("button", name="Begin").click()
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    widget.locator("input").first.focus()
    for key in ("b", "d", "d", "ArrowDown", "a"):
        page.keyboard.press(key)
    expect(widget).to_contain_text("Item 1 of 10")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
