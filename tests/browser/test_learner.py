"""Lessons from their first cell to their last, as a learner takes them: mouse and keyboard alone.

Cells are run with Shift+Enter one after the other, options clicked, blanks, calls and
reasons typed. What the page knows is only read. The journal is a fresh one. With
COURSE_SCREENSHOTS naming a folder, every picture is left there, light and dark, wide
and narrow, to be looked at.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.curriculum.minutes import calls, kinds
from course.exercises.twelve_factor import kitchen
from course.exercises.twelve_factor.solution import solve
from course.questions.bank import bank
from tests.browser.stories import STORIES, Story


def plain(text: str) -> str:
    """A question's text as the page has it: code is set apart there, and not by backticks."""
    return text.replace("`", "")


@pytest.fixture
def jupyterlab(serve: Any, tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of this test's own, whose learner has never answered anything."""
    with serve(tmp_path, COURSE_DATA_DIR=str(tmp_path / "progress")) as address:
        yield address


class Learner:
    """Somebody in front of the notebook: looks at the page, and has a mouse and a keyboard."""

    def __init__(self, story: Story, page: Any, expect: Any, idle: Any) -> None:
        self.story, self.page, self.expect, self._idle = story, page, expect, idle
        self.ids = [cell["id"] for cell in story.cells]

    def cell(self, id: str) -> Any:
        place = self.ids.index(id)
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{place}"]')

    def run(self, id: str) -> None:
        """Shift+Enter on the cell where the learner is."""
        self.expect(self.cell(id)).to_have_class(re.compile("jp-mod-active"))
        self.page.keyboard.press("Shift+Enter")
        self._idle(self.page)

    def go_to(self, id: str) -> None:
        """Click beside a cell's text: it is selected, and its editor is left alone."""
        self.cell(id).locator(".jp-InputArea-prompt").click()

    def type_after_the_first_line(self, id: str, lines: str) -> None:
        self.cell(id).locator(".cm-line").first.click()
        self.page.keyboard.press("End")
        for line in lines.splitlines():
            self.page.keyboard.press("Enter")
            self.page.keyboard.type(line)

    def fill_in(self, id: str, values: tuple[str, ...]) -> None:
        for value in values:
            self.cell(id).scroll_into_view_if_needed()
            x, y = self.cell(id).locator(".cm-content").evaluate(BLANK)
            self.page.mouse.dblclick(x, y)
            self.page.keyboard.type(value)

    def rewrite(self, folder: str, name: str, text: str) -> None:
        """A file found in the file browser, replaced in JupyterLab's editor, and saved there."""
        for item in (folder, name):
            exactly = re.compile(f"^{re.escape(item)}$")
            self.page.locator(".jp-DirListing-itemText", has_text=exactly).dblclick()
        self.page.locator(".jp-FileEditor .cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        tab = self.page.locator(".lm-DockPanel .lm-TabBar-tab", has_text=name)
        self.expect(tab).to_have_class(re.compile("jp-mod-dirty"))
        self.page.keyboard.press("Control+S")
        self.expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))
        self.page.locator(".jp-BreadCrumbs-home").click()  # the folder will be removed
        self.page.locator(".lm-DockPanel .lm-TabBar-tab", has_text=self.story.notebook).click()

    def answer(self, cell: str, id: str, *, wrongly: bool = False) -> None:
        """Answer a question in the output of a cell."""
        question = bank().question(id)
        widget = self.cell(cell).locator(
            "form.course-checkpoint", has_text=plain(question.stem)[:60]
        )
        if question.kind == "ordering":
            self._order(widget, [plain(option.text) for option in question.options])
        else:
            chosen = [one for one in question.options if one.right is not wrongly]
            for option in chosen[: len(question.key)]:
                widget.locator("label", has_text=plain(option.text)).click()
        widget.locator("button.main").click()
        said = "Not right." if wrongly else re.compile("^(Right|Committed)")
        self.expect(widget.get_by_role("status")).to_have_text(said)

    def _order(self, widget: Any, texts: list[str]) -> None:
        for place, text in enumerate(texts):
            step = widget.locator("li", has_text=text)
            for _ in range(step.evaluate("s => [...s.parentElement.children].indexOf(s)") - place):
                step.get_by_role("button", name=re.compile("^Up")).click()

    def next(self, cell: str, shows: str) -> None:
        """The next question of a row, by the keyboard: the button has the focus after it was asked."""
        button = self.cell(cell).get_by_role("button", name="Next")
        button.focus()
        self.page.keyboard.press("Enter")
        self.expect(self.cell(cell).locator("legend")).to_contain_text(shows)
        focus = "place => place.contains(document.activeElement)"
        assert self.cell(cell).locator("form.course-checkpoint").evaluate(focus), "focus was lost"

    def explain(self, id: str, words: str) -> None:
        widget = self.page.locator("form.course-checkpoint", has_text=bank().explanation(id).stem)
        widget.get_by_role("textbox").click()
        self.page.keyboard.type(words)
        widget.locator("button.main").click()
        self.expect(widget).to_contain_text("A model answer")


@pytest.fixture(params=STORIES, ids=lambda story: story.notebook)
def learner(
    request: pytest.FixtureRequest, page: Any, notebook: Any, wait_until_idle: Any
) -> Learner:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    notebook(request.param.notebook)
    return Learner(request.param, page, expect, wait_until_idle)


@pytest.fixture
def repaired(tmp_path: Path) -> str:
    """The twin's app.py as the solution leaves it."""
    kitchen.make(tmp_path)
    solve(tmp_path)
    return (tmp_path / "kitchen" / "app.py").read_text("utf-8")


def take(learner: Learner, cell: dict[str, Any], repaired: str) -> None:
    """One cell: fill it in, run it, and answer what it asks."""
    id, story = cell["id"], learner.story
    source = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
    if id in story.edits:
        learner.rewrite(*story.edits[id], repaired)
    learner.fill_in(id, story.blanks.get(id, ()))
    if id in story.calls:
        learner.type_after_the_first_line(id, story.calls[id])
    learner.run(id)
    asked = [one for one in calls(source) if one[0] in ("checkpoint", "predict", "explain")]
    in_a_row = "row" in kinds(source)
    for number, (name, one) in enumerate(asked):
        if name == "explain":
            learner.explain(one, story.reason)
            continue
        if in_a_row and number:
            learner.next(id, f"Question {number + 1} of {len(asked)}")
        learner.answer(id, one, wrongly=one == story.missed)
    if asked:
        learner.go_to(learner.ids[learner.ids.index(id) + 1])


@pytest.mark.slow
def test_a_learner_takes_the_whole_lesson(learner: Learner, repaired: str, tmp_path: Path) -> None:
    page, expect = learner.page, learner.expect
    learner.go_to(learner.ids[0])
    for cell in learner.story.cells:
        take(learner, cell, repaired)
        if said := learner.story.says.get(cell["id"]):
            expect(learner.cell(cell["id"])).to_contain_text(said)
    failed = page.evaluate(FAILED)
    assert tuple(failed) == learner.story.failed

    end = learner.cell("finish")
    expect(end).to_contain_text(f"These come back in the next warm-up: {learner.story.missed}.")
    expect(end).to_contain_text("Left in this account: nothing.")
    expect(end).not_to_contain_text("Not attempted")
    look_at_everything(learner, Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path)))

    page.keyboard.press("Escape")
    page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    learner.go_to("open")
    learner.run("open")
    learner.run("warmup")
    expect(learner.cell("warmup")).to_contain_text("From the table")
    learner.answer("warmup", learner.story.missed)


FAILED = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .filter(cell => cell.model.outputs.toJSON().some(output => output.output_type === 'error'))
    .map(cell => cell.model.id)"""

BLANK = """editor => {
    const texts = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.data.indexOf('____');
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + 4);
        const { x, y, width, height } = range.getBoundingClientRect();
        return [x + width / 2, y + height / 2];
    }
}"""
"""Where on the screen the first blank of an editor is."""

WIDER = """cell => [...cell.querySelectorAll('.jp-OutputArea-output, .jp-RenderedMarkdown, table')]
    .filter(one => one.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1)
    .filter(one => !one.closest('[style*="overflow-x:auto"]'))
    .map(one => one.className || one.tagName)"""
"""What is wider than its cell; a table in a box of its own may be, which scrolls: ARNs are not divided."""

BEYOND = """svg => [...svg.querySelectorAll('text')]
    .filter(one => one.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1)
    .map(one => one.textContent)"""


def look_at_everything(learner: Learner, folder: Path) -> None:
    """Every picture in both themes and widths: nothing is wider than its place; a file of each."""
    page, number = learner.page, learner.story.notebook[:2]
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 1000})
        if width == 400:
            page.evaluate("jupyterapp.shell.collapseLeft()")
        for theme in ("Light", "Dark"):
            change = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
            page.evaluate(change, f"JupyterLab {theme}")
            page.wait_for_selector("#jupyterlab-splash", state="detached")
            for id in learner.story.pictures:
                place = learner.ids.index(id)
                scroll = "n => jupyterapp.shell.currentWidget.content.scrollToItem(n, 'start')"
                page.evaluate(scroll, place)
                cell = learner.cell(id)
                learner.expect(cell).to_be_visible()
                assert cell.evaluate(WIDER) == [], (id, width)
                for svg in cell.locator("svg[role=img]:visible").all():
                    assert svg.evaluate(BEYOND) == [], (id, width)
                cell.screenshot(path=folder / f"{number}-{id}-{theme.lower()}-{width}.png")
