"""The lesson on containers from its first cell to its last: mouse and keyboard alone.

With COURSE_SCREENSHOTS naming a folder, every picture is left there, light and dark,
wide and narrow, to be looked at.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_learner import BEYOND, FAILED, WIDER, Learner

LESSON = "01-containers-in-brief.ipynb"
CELLS = json.loads((Path(__file__).resolve().parents[2] / "notebooks" / LESSON).read_text("utf-8"))[
    "cells"
]
LIFECYCLE = """\
dev = {"tagStatus": "tagged", "tagPatternList": ["dev-*"], "countNumber": 3}
bare = {**old, "countNumber": 1}
rules = [
{**rule, "selection": {**dev, "countType": "imageCountMoreThan"}},
{**rule, "rulePriority": 2, "selection": bare}]
text = json.dumps({"rules": rules})
ecr.put_lifecycle_policy(repositoryName="builds", lifecyclePolicyText=text)
lesson.clock.advance(days=2)
"""
REPAIR = """\
stopped = ecs.list_tasks(cluster="shop", desiredStatus="STOPPED")["taskArns"]
print(ecs.describe_tasks(cluster="shop", tasks=stopped)["tasks"][-1]["stoppedReason"][-30:])
shop = ecs.describe_task_definition(taskDefinition="shop")["taskDefinition"]
image = shop["containerDefinitions"][0]
image["image"] = image["image"].replace("release-1", "release-2")
keep = ["family", "networkMode", "cpu", "memory", "executionRoleArn", "containerDefinitions"]
ecs.register_task_definition(**{one: shop[one] for one in keep})
ecs.update_service(cluster="shop", service="shop", taskDefinition="shop")
builds = {**dev, "tagPatternList": ["build-*"], "countType": "imageCountMoreThan"}
text = json.dumps({"rules": [{**rule, "selection": builds}]})
ecr.put_lifecycle_policy(repositoryName="shop", lifecyclePolicyText=text)
ecs.get_waiter("services_stable").wait(cluster="shop", services=["shop"])
"""
SAYS = {
    "cache": "As predicted.",
    "change": "As predicted.",
    "stop": "As predicted.",
    "refused": "LayersNotFoundException",
    "tag": "As predicted.",
    "immutable": "cannot be overwritten because the tag is immutable",
    "complete": "ecr-repository-101: 2 of 2 met",
    "build-here": "ecr-lifecycle-101: 4 of 4 met",
    "repair-here": "ecr-pull-101: 3 of 3 met",
    "clean": "cluster: INACTIVE",
    "finish": "10 of 10 right.",
}
PICTURES = ("dockerfile", "layers", "cache", "order", "explain", "scan", "complete", "build")
PICTURES += ("exam", "apart", "container-why", "codes", "closing", "predict-signal")


@pytest.fixture
def jupyterlab(serve: Any, tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of this test's own, whose learner has never answered anything."""
    with serve(tmp_path, COURSE_DATA_DIR=str(tmp_path / "progress")) as address:
        yield address


@pytest.fixture
def learner(page: Any, notebook: Any, wait_until_idle: Any) -> Learner:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    notebook(LESSON)
    somebody = Learner(page, expect, wait_until_idle)
    somebody.ids = [cell["id"] for cell in CELLS]
    return somebody


def take(learner: Learner, cell: dict[str, Any]) -> None:
    """One cell: fill it in, run it, and answer what it asks."""
    id, source = cell["id"], "".join(cell["source"])
    if id == "complete":
        learner.cell(id).scroll_into_view_if_needed()
        learner.fill_in(id, ('"IMMUTABLE"', "True"))
    if id in ("build-here", "repair-here"):
        calls = {"build-here": LIFECYCLE, "repair-here": REPAIR}
        learner.type_after_the_first_line(id, calls[id])
    learner.run(id)
    if id == "explain":
        learner.explain("containers-explain-001", "Because pip install stands above the change.")
    asked = re.findall(r'"((?:containers|ecr)-[a-z]+-0\d\d)"', source) if id != "explain" else []
    for place, one in enumerate(asked):
        if place and id == "order":
            learner.cell(id).get_by_role("button", name="Next").click()
        learner.answer(id, one)
    if asked or id == "explain":
        learner.go_to(learner.ids[learner.ids.index(id) + 1])


@pytest.mark.slow
def test_a_learner_takes_the_whole_lesson(learner: Learner, tmp_path: Path) -> None:
    learner.go_to(learner.ids[0])
    for cell in CELLS:
        take(learner, cell)
        if said := SAYS.get(cell["id"]):
            learner.expect(learner.cell(cell["id"])).to_contain_text(said)
    assert learner.page.evaluate(FAILED) == ["refused", "immutable"]
    end = learner.cell("finish")
    learner.expect(end).to_contain_text("Left in this account: nothing.")
    learner.expect(end).not_to_contain_text("Not attempted")
    look_at_everything(learner, Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path)))


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
                scroll = "n => jupyterapp.shell.currentWidget.content.scrollToItem(n, 'start')"
                page.evaluate(scroll, learner.ids.index(id))
                cell = learner.cell(id)
                learner.expect(cell).to_be_visible()
                cell.screenshot(path=folder / f"{id}-{theme.lower()}-{width}.png")
                assert cell.evaluate(WIDER) == [], (id, width)
                for svg in cell.locator("svg[role=img]:visible").all():
                    assert svg.evaluate(BEYOND) == [], (id, width)
