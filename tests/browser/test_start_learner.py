"""The start as somebody takes it who knows some Docker: mouse and keyboard alone, from top to end.

Seven of ten questions are answered right, one by the keyboard; then everything is
looked up that there is. With COURSE_SCREENSHOTS naming a folder, every table is
left there, light and dark, wide and narrow, to be looked at.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.curriculum.curriculum import find_lesson, lessons, precheck
from course.questions.bank import bank

START = find_lesson("start-here").notebook
PATH = Path(__file__).resolve().parents[2] / "notebooks" / START
IDS = [cell["id"] for cell in json.loads(PATH.read_text("utf-8"))["cells"]]
QUESTIONS = list(precheck().parts)
MISSED = QUESTIONS[7:]
TABLES = ("timeline", "ask", "docker", "advice", "outcomes", "tasks", "paths", "glossary")
TABLES += ("progress", "finish", "title", "sandbox", "odd")


@pytest.fixture
def jupyterlab(serve: Any, tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of this test's own, whose learner has never answered anything."""
    with serve(tmp_path, COURSE_DATA_DIR=str(tmp_path / "progress")) as address:
        yield address


class Newcomer:
    """Somebody who opened the first notebook."""

    def __init__(self, page: Any, expect: Any, idle: Any) -> None:
        self.page, self.expect, self._idle = page, expect, idle

    def cell(self, id: str) -> Any:
        place = IDS.index(id)
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{place}"]')

    def go_to(self, id: str) -> None:
        """Click beside the cell, where no editor is."""
        self.cell(id).locator(".jp-InputArea-prompt").click()

    def run_until(self, last: str) -> None:
        """Shift+Enter from the cell that is selected to this one."""
        for id in IDS[IDS.index(self._here()) : IDS.index(last) + 1]:
            self.expect(self.cell(id)).to_have_class(re.compile("jp-mod-active"))
            self.page.keyboard.press("Shift+Enter")
            self._idle(self.page)

    def _here(self) -> str:
        place = self.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
        return IDS[place]

    def question(self, cell: str, id: str) -> Any:
        stem = bank().question(id).stem[:50]
        return self.cell(cell).locator("form.course-checkpoint", has_text=stem)

    def answer(self, cell: str, id: str, *, wrongly: bool = False) -> None:
        """By mouse: the key, or as many options that are no part of it."""
        question, form = bank().question(id), self.question(cell, id)
        chosen = [one for one in question.options if one.right is not wrongly]
        for option in chosen[: len(question.key)]:
            form.locator("label", has_text=option.text).click()
        form.locator("button.main").click()
        said = "Not right." if wrongly else re.compile("^Right")
        self.expect(form.get_by_role("status")).to_have_text(said)

    def answer_by_keyboard(self, cell: str, id: str) -> None:
        """Arrows walk the options, Tab leads to Check, and no letter reaches the notebook."""
        question, form = bank().question(id), self.question(cell, id)
        radios = form.get_by_role("radio")
        radios.first.focus()
        self.page.keyboard.press("b")
        self.page.keyboard.press("Space")
        (key,) = (one.text for one in question.options if one.right)
        right = form.get_by_role("radio", name=key)
        for _ in range(len(question.options)):
            if right.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        self.expect(right).to_be_checked()
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        self.expect(form.get_by_role("status")).to_have_text(re.compile("^Right"))


@pytest.fixture
def newcomer(page: Any, notebook: Any, wait_until_idle: Any) -> Newcomer:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    notebook(START)
    return Newcomer(page, expect, wait_until_idle)


@pytest.mark.slow
def test_a_newcomer_is_told_where_to_begin(newcomer: Newcomer, tmp_path: Path) -> None:
    expect = newcomer.expect
    newcomer.go_to(IDS[0])
    newcomer.run_until("ask")
    expect(newcomer.cell("stop")).to_contain_text("clusters left: []")
    newcomer.answer("ask", "fargate-tasks-001", wrongly=True)

    newcomer.go_to("docker-why")
    newcomer.run_until("docker")
    _ten_questions(newcomer)
    newcomer.go_to("advice-why")
    newcomer.run_until("finish")
    _what_is_said(newcomer)
    assert newcomer.page.evaluate(FAILED) == []
    look_at_everything(newcomer, Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path)))


def _ten_questions(newcomer: Newcomer) -> None:
    first, *rest = QUESTIONS
    newcomer.answer_by_keyboard("docker", first)
    for id in rest:
        newcomer.cell("docker").get_by_role("button", name="Next").click()
        newcomer.answer("docker", id, wrongly=id in MISSED)


def _what_is_said(newcomer: Newcomer) -> None:
    expect, parts = newcomer.expect, precheck().parts
    advice = newcomer.cell("advice")
    expect(advice).to_contain_text("7 of 10 right at the first try.")
    expect(advice).to_contain_text("01-containers-in-brief")
    for id in MISSED:
        expect(advice).to_contain_text(re.compile(parts[id].about.replace(" ", r"\s+")))

    fargate = find_lesson("fargate-tutorial")
    outcomes = newcomer.cell("outcomes")
    outcome = outcomes.get_by_text(fargate.objectives["task-life"])
    expect(outcome).to_be_hidden()
    outcomes.get_by_text(f"05 {fargate.title}").click()
    expect(outcome).to_be_visible()
    expect(newcomer.cell("tasks").get_by_role("row").nth(1)).to_contain_text("1.1")
    for entry in lessons():
        row = newcomer.cell("paths").get_by_role("row", name=f"{entry.number:02} {entry.title}")
        expect(row).to_contain_text(f"{entry.minutes} min")
    expect(newcomer.cell("glossary").get_by_role("row").nth(1)).to_have_text(
        re.compile("^task04One")
    )
    expect(newcomer.cell("progress")).to_contain_text(re.compile(r"start-here\s+11\s+7"))
    expect(newcomer.cell("progress")).to_contain_text("Next: ")
    expect(newcomer.cell("finish")).to_contain_text("7 of 11 right.")
    expect(newcomer.cell("finish")).not_to_contain_text("Not attempted")
    expect(newcomer.cell("finish")).to_contain_text("Left in this account: nothing.")


FAILED = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .filter(cell => cell.model.outputs.toJSON().some(output => output.output_type === 'error'))
    .map(cell => cell.model.id)"""

WIDER = """cell => [...cell.querySelectorAll('.jp-OutputArea-output, .jp-RenderedMarkdown, table')]
    .filter(one => one.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1)
    .map(one => one.className || one.tagName)"""


def look_at_everything(newcomer: Newcomer, folder: Path) -> None:
    """Every table in both themes and widths: nothing is wider than its place; a file of each."""
    page = newcomer.page
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 1000})
        if width == 400:
            page.evaluate("jupyterapp.shell.collapseLeft()")
        for theme in ("Light", "Dark"):
            change = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
            page.evaluate(change, f"JupyterLab {theme}")
            page.wait_for_selector("#jupyterlab-splash", state="detached")
            for id in TABLES:
                scroll = "n => jupyterapp.shell.currentWidget.content.scrollToItem(n, 'start')"
                page.evaluate(scroll, IDS.index(id))
                cell = newcomer.cell(id)
                newcomer.expect(cell).to_be_visible()
                assert cell.evaluate(WIDER) == [], (id, width)
                cell.screenshot(path=folder / f"start-{id}-{theme.lower()}-{width}.png")
