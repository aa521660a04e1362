"""Pictures in a real JupyterLab: seen, said, readable in a narrow window and in both themes.

With COURSE_SCREENSHOTS naming a folder, every picture is left there in both
themes and widths, to be looked at.
"""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest

TOKEN = "browser-tests"
SETUP = """\
import boto3, course, json
lesson = course.lesson("fargate-tutorial")
ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
ecs.create_cluster(clusterName="fargate-cluster")
sample = {"family": "sample-fargate", "requiresCompatibilities": ["FARGATE"], "cpu": "256"}
sample |= {"networkMode": "awsvpc", "memory": "512"}
trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = boto3.client("iam").create_role(RoleName="ecsTaskExecutionRole",
    AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))["Role"]
sample |= {"executionRoleArn": role["Arn"]}
web = {"name": "fargate-app", "image": "public.ecr.aws/docker/library/httpd:latest"}
ecs.register_task_definition(**sample, containerDefinitions=[web])
subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]]
group = ec2.create_security_group(GroupName="ecs-fargate-sg", Description="web")["GroupId"]
awsvpc = {"subnets": subnets[:3], "securityGroups": [group], "assignPublicIp": "ENABLED"}
ecs.create_service(cluster="fargate-cluster", serviceName="fargate-service", desiredCount=3,
    taskDefinition="sample-fargate", launchType="FARGATE",
    networkConfiguration={"awsvpcConfiguration": awsvpc})
lesson.clock.advance(minutes=2)
arn = ecs.list_tasks(cluster="fargate-cluster")["taskArns"][0]
stopped_at = lesson.now()
ecs.stop_task(cluster="fargate-cluster", task=arn, reason="Trying it out")
lesson.clock.advance(seconds=12);
"""
DRAWN = (
    ("architecture", "lesson.diagram()"),
    ("task", "lesson.diagram(task=arn)"),
    ("timeline", "lesson.timeline(since=stopped_at)"),
    ("whole-timeline", "lesson.timeline()"),
)


@pytest.fixture
def pictures(page: Any, jupyterlab: str, notebook: Any, run_all: Any) -> Any:
    """A notebook with every picture, run; the locator of the pictures."""
    cells = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for i, source in enumerate((SETUP, *(source for _, source in DRAWN)))
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    content = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    put = urllib.request.Request(
        f"{jupyterlab}/api/contents/pictures.ipynb",
        json.dumps({"type": "notebook", "content": content}).encode(),
        {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(put, timeout=30).close()
    notebook("pictures.ipynb")
    assert run_all() == []
    return page.locator(".course-figure")


def narrow(page: Any) -> None:
    """A phone's width, with the panels at the side closed as one would."""
    page.evaluate("jupyterapp.shell.collapseLeft()")
    page.set_viewport_size({"width": 400, "height": 1000})


def theme(page: Any, name: str) -> None:
    command = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
    page.evaluate(command, f"JupyterLab {name}")
    light = "true" if name == "Light" else "false"
    page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")
    page.wait_for_selector("#jupyterlab-splash", state="detached")


def reached(pictures: Any, number: int) -> Any:
    """One picture, scrolled to: cells out of sight are not in the document."""
    page = pictures.page
    page.evaluate(
        "n => { const book = jupyterapp.shell.currentWidget.content;"
        " return book.scrollToItem(n, 'start') }",
        number + 1,
    )
    cell = page.locator(".jp-Notebook .jp-Cell").nth(number + 1)
    found = cell.locator(".course-figure")
    found.scroll_into_view_if_needed()
    return found


def test_every_picture_is_seen_and_has_its_alt_text_and_its_text(pictures: Any) -> None:
    starts = (
        "Architecture of us-east-1",
        "Life of task",
        "Timeline from +2:00",
        "Timeline from +0",
    )
    for number, start in enumerate(starts):
        found = reached(pictures, number)
        svg = found.locator("svg[role=img]").first
        assert svg.is_visible()
        assert str(svg.get_attribute("aria-label")).startswith(start)
        assert svg.bounding_box()["width"] > 250
        twin = found.locator("details pre")
        assert not twin.is_visible()
        found.locator("summary").click()
        assert twin.is_visible()
        assert twin.inner_text().strip()


@pytest.mark.slow
def test_words_in_a_picture_can_be_found_and_copied(pictures: Any) -> None:
    svg = reached(pictures, 0).locator(".course-wide svg")
    assert svg.locator("text", has_text="fargate-service").count() == 1


@pytest.mark.parametrize("name", ["Light", "Dark"])
@pytest.mark.slow
def test_a_picture_takes_the_colours_of_the_theme(page: Any, pictures: Any, name: str) -> None:
    theme(page, name)
    ground = reached(pictures, 0).locator("svg .ground").first
    colour = ground.evaluate("one => getComputedStyle(one).fill")
    assert colour == {"Light": "rgb(255, 255, 255)", "Dark": "rgb(25, 28, 32)"}[name]


@pytest.mark.slow
def test_in_a_narrow_window_pictures_can_be_read_and_the_page_does_not_scroll_sideways(
    page: Any, pictures: Any
) -> None:
    narrow(page)
    scale = "one => one.getBoundingClientRect().width / one.viewBox.baseVal.width"
    for number in range(len(DRAWN)):
        found = reached(pictures, number)
        svg = found.locator("svg[role=img]:visible")
        assert svg.count() == 1  # of two drawings only the one that fits, also for a screen reader
        assert svg.evaluate(scale) > 0.8
        box = found.locator("div:visible").first
        assert box.evaluate("one => one.clientWidth <= document.documentElement.clientWidth")
        assert box.evaluate("one => getComputedStyle(one).overflowX") == "auto"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    notebook = page.locator(".jp-NotebookPanel-notebook")
    assert notebook.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.slow
def test_the_architecture_needs_no_scrolling_sideways_in_a_narrow_window(
    page: Any, pictures: Any
) -> None:
    narrow(page)
    box = reached(pictures, 0).locator(".course-narrow")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.slow
def test_every_picture_is_in_sight_in_both_themes_and_widths(
    page: Any, pictures: Any, tmp_path: Path
) -> None:
    """What a person sees no test says: this takes what there is to look at."""
    folder = os.environ.get("COURSE_SCREENSHOTS", tmp_path)
    for width in (1280, 400):
        if width == 400:
            narrow(page)
        for name in ("Light", "Dark"):
            theme(page, name)
            for number, (what, _) in enumerate(DRAWN):
                assert reached(pictures, number).is_visible()
                page.screenshot(path=Path(folder) / f"{what}-{name.lower()}-{width}.png")
