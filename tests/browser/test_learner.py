"""The Fargate lesson from its first cell to its last, as a learner takes it: mouse and keyboard alone.

Cells are run with Shift+Enter one after the other, options clicked, blanks, calls and
reasons typed. What the page knows is only read. The journal is a fresh one. With
COURSE_SCREENSHOTS naming a folder, every picture is left there, light and dark, wide
and narrow, to be looked at.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.questions.bank import bank

LESSON = "05-fargate-tutorial.ipynb"
CELLS = json.loads((Path(__file__).resolve().parents[2] / "notebooks" / LESSON).read_text("utf-8"))

BLANKS = ("80", '"FARGATE"', '"awsvpc"', '"512"')
BUILD = """\
size = {"cpu": "256", "memory": "512"}
fargate = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
ecs.register_task_definition(family="shop", **fargate, **size, containerDefinitions=[web])
place = {"awsvpcConfiguration": {"subnets": subnets[:3], "assignPublicIp": "ENABLED"}}
what = {"taskDefinition": "shop", "desiredCount": 2, "launchType": "FARGATE"}
shop = {"cluster": "practice", "serviceName": "shop", "networkConfiguration": place}
ecs.create_service(**shop, **what)
ecs.get_waiter("services_stable").wait(cluster="practice", services=["shop"])
"""
REPAIR = """\
stopped = ecs.list_tasks(cluster="kitchen", desiredStatus="STOPPED")["taskArns"]
print(ecs.describe_tasks(cluster="kitchen", tasks=stopped)["tasks"][0]["stoppedReason"][-20:])
print([one["imageTags"] for one in ecr.describe_images(repositoryName="menu")["imageDetails"]])
menu = ecs.describe_task_definition(taskDefinition="menu")["taskDefinition"]
menu["containerDefinitions"][0]["image"] += "-rc1"
keep = ["family", "networkMode", "cpu", "memory", "executionRoleArn", "containerDefinitions"]
ecs.register_task_definition(**{one: menu[one] for one in keep})
ecs.update_service(cluster="kitchen", service="menu", taskDefinition="menu")
ecs.get_waiter("services_stable").wait(cluster="kitchen", services=["menu"])
"""
MISSED = "fargate-clusters-001"
SAYS = {
    "definition-wrong": "No Fargate configuration exists for given values",
    "complete": "fargate-definition-101: 3 of 3 met",
    "service": "As predicted.",
    "stop": "As predicted.",
    "futures": "As predicted.",
    "build-here": "fargate-service-101: 5 of 5 met",
    "look": "PRIMARY menu:2  IN_PROGRESS 0 running, 2 failed",
    "repair-here": "fargate-image-101: 3 of 3 met",
    "clean": "cluster: INACTIVE",
    "finish": "7 of 8 right.",
}
PICTURES = ("predict-service", "picture", "order", "stop", "life", "explain", "scale", "futures")
PICTURES += ("rolled", "look", "complete", "build-here", "repair-here", "exam", "points", "console")


@pytest.fixture
def jupyterlab(serve: Any, tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of this test's own, whose learner has never answered anything."""
    with serve(tmp_path, COURSE_DATA_DIR=str(tmp_path / "progress")) as address:
        yield address


class Learner:
    """Somebody in front of the notebook: looks at the page, and has a mouse and a keyboard."""

    def __init__(self, page: Any, expect: Any, idle: Any) -> None:
        self.page, self.expect, self._idle = page, expect, idle
        self.ids = [cell["id"] for cell in CELLS["cells"]]

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
            x, y = self.cell(id).locator(".cm-content").evaluate(BLANK)
            self.page.mouse.dblclick(x, y)
            self.page.keyboard.type(value)

    def answer(self, cell: str, id: str, *, wrongly: bool = False) -> None:
        """Answer a question in the output of a cell."""
        question = bank().question(id)
        widget = self.cell(cell).locator("form.course-checkpoint", has_text=question.stem[:60])
        if question.kind == "ordering":
            self._order(widget, [option.text for option in question.options])
        else:
            chosen = [one for one in question.options if one.right is not wrongly]
            for option in chosen[: len(question.key)]:
                widget.locator("label", has_text=option.text).click()
        widget.locator("button.main").click()
        said = "Not right." if wrongly else re.compile("^(Right|Committed)")
        self.expect(widget.get_by_role("status")).to_have_text(said)

    def _order(self, widget: Any, texts: list[str]) -> None:
        for place, text in enumerate(texts):
            step = widget.locator("li", has_text=text)
            for _ in range(step.evaluate("s => [...s.parentElement.children].indexOf(s)") - place):
                step.get_by_role("button", name=re.compile("^Up")).click()

    def explain(self, id: str, words: str) -> None:
        widget = self.page.locator("form.course-checkpoint", has_text=bank().explanation(id).stem)
        widget.get_by_role("textbox").click()
        self.page.keyboard.type(words)
        widget.locator("button.main").click()
        self.expect(widget).to_contain_text("A model answer")


@pytest.fixture
def learner(page: Any, notebook: Any, wait_until_idle: Any) -> Learner:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    notebook(LESSON)
    return Learner(page, expect, wait_until_idle)


def take(learner: Learner, cell: dict[str, Any]) -> None:
    """One cell: fill it in, run it, and answer what it asks."""
    id, source = cell["id"], "".join(cell["source"])
    if id == "complete":
        learner.fill_in(id, BLANKS)
    if id == "build-here":
        learner.type_after_the_first_line(id, BUILD)
    if id == "repair-here":
        learner.type_after_the_first_line(id, REPAIR)
    learner.run(id)
    asked = re.findall(r'lesson\.(checkpoint|predict|explain)\("(.*?)"\)', source)
    for name, one in asked:
        if name == "explain":
            learner.explain(one, "Because the service still desires two of them.")
        else:
            learner.answer(id, one, wrongly=one == MISSED)
    if asked:
        learner.go_to(learner.ids[learner.ids.index(id) + 1])


@pytest.mark.slow
def test_a_learner_takes_the_whole_lesson(learner: Learner, tmp_path: Path) -> None:
    page, expect = learner.page, learner.expect
    learner.go_to(learner.ids[0])
    for cell in CELLS["cells"]:
        take(learner, cell)
        if said := SAYS.get(cell["id"]):
            expect(learner.cell(cell["id"])).to_contain_text(said)
    failed = page.evaluate(FAILED)
    assert failed == ["definition-wrong"]

    end = learner.cell("finish")
    expect(end).to_contain_text(f"These come back in the next warm-up: {MISSED}.")
    expect(end).to_contain_text("Left in this account: nothing.")
    expect(end).not_to_contain_text("Not attempted")
    look_at_everything(learner, Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path)))

    page.keyboard.press("Escape")
    page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    learner.go_to("open")
    learner.run("open")
    learner.run("warmup")
    learner.answer("warmup", MISSED)


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

WIDER = """cell => [...cell.querySelectorAll('.jp-OutputArea-output, .jp-RenderedMarkdown')]
    .filter(one => one.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1)
    .map(one => one.className)"""

BEYOND = """svg => [...svg.querySelectorAll('text')]
    .filter(one => one.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1)
    .map(one => one.textContent)"""


def look_at_everything(learner: Learner, folder: Path) -> None:
    """Every picture in both themes and widths: nothing is wider than its place; a file of each."""
    page = learner.page
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 1000})
        if width == 400:
            page.evaluate("jupyterapp.shell.collapseLeft()")
        for theme in ("Light", "Dark"):
            change = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
            page.evaluate(change, f"JupyterLab {theme}")
            page.wait_for_selector("#jupyterlab-splash", state="detached")
            for id in PICTURES:
                place = learner.ids.index(id)
                scroll = "n => jupyterapp.shell.currentWidget.content.scrollToItem(n, 'start')"
                page.evaluate(scroll, place)
                cell = learner.cell(id)
                learner.expect(cell).to_be_visible()
                assert cell.evaluate(WIDER) == [], (id, width)
                for svg in cell.locator("svg[role=img]:visible").all():
                    assert svg.evaluate(BEYOND) == [], (id, width)
                cell.screenshot(path=folder / f"{id}-{theme.lower()}-{width}.png")
