"""LIVE as a learner meets it in JupyterLab: banner, confirmation, what is passed over, cleanup; light and dark.

The account is the course's sandbox in a process of its own, behind HTTP.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "05-fargate-tutorial.ipynb"
DIGITS, ACCOUNT = "9012", "123456789012"
SECRET = "planted/secret/planted/secret/planted/se"


@pytest.fixture(scope="module")
def jupyterlab(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab whose lessons are asked to open in LIVE, in an emulated account."""
    command = [sys.executable, "-m", "course", "sandbox", "--port", "0", "--json", "--speed", "60"]
    account = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert account.stdout
    live = {
        "AWS_ENDPOINT_URL": json.loads(account.stdout.readline())["endpoint"],
        "AWS_ACCESS_KEY_ID": "SANDBOX0ACCESS0KEY00",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "COURSE_AWS": "live",
        "COURSE_AWS_REGION": "us-east-1",
        "COURSE_AWS_USD": "1",
        "COURSE_AWS_MINUTES": "60",
    }
    try:
        with serve(tmp_path_factory.mktemp("lab"), **live) as address:
            yield address
    finally:
        account.terminate()
        account.communicate()


def cell(page: Any, id: str) -> Any:
    """A cell of the notebook, brought into view."""
    index = page.evaluate(
        "id => { const notebook = jupyterapp.shell.currentWidget.content;"
        " const at = notebook.widgets.findIndex(cell => cell.model.id === id);"
        " notebook.activeCellIndex = at; notebook.scrollToItem(at); return at; }",
        id,
    )
    return page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')


def run(page: Any, *ids: str) -> None:
    """Run cells to their end, one after the other."""
    for id in ids:
        cell(page, id)
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")


def photograph(page: Any, name: str, id: str) -> None:
    """What a cell says, in both themes, where COURSE_SCREENSHOTS names a folder."""
    if not (folder := os.environ.get("COURSE_SCREENSHOTS")):
        return
    for name_of, light in (("Dark", "false"), ("Light", "true")):
        theme = f"JupyterLab {name_of}"
        page.evaluate(
            "t => jupyterapp.commands.execute('apputils:change-theme', {theme: t})", theme
        )
        page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")
        cell(page, id).locator(".jp-OutputArea").first.scroll_into_view_if_needed()
        page.screenshot(path=Path(folder) / f"live-{name}-{name_of.lower()}.png")


@pytest.fixture
def opened(
    page: Any, notebook: Callable[[str], Any], wait_until_idle: Callable[[Any], None]
) -> Any:
    """The notebook of the Fargate lesson, its first cell asking for the confirmation."""
    notebook(NOTEBOOK)
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.restartKernel()")  # one mode each
    wait_until_idle(page)
    cell(page, "open")
    page.evaluate("void jupyterapp.commands.execute('notebook:run-cell')")  # it waits for us
    page.wait_for_selector(".jp-Stdin-input", timeout=120_000)
    return page


def text_of(page: Any, id: str) -> str:
    output: str = cell(page, id).locator(".jp-OutputArea").first.inner_text()
    return output


def test_confirmed_walked_passed_over_and_cleaned_up(
    opened: Any, wait_until_idle: Callable[[Any], None]
) -> None:
    page = opened
    asked = text_of(page, "open")
    for part in ("real AWS account", "ends in 9012", "us-east-1", "0.14 dollars", "2026-06-17"):
        assert part in asked
    photograph(page, "confirmation", "open")
    page.locator(".jp-Stdin-input").fill(DIGITS)
    page.locator(".jp-Stdin-input").press("Enter")
    wait_until_idle(page)
    badge = cell(page, "open").get_by_text("LIVE", exact=True).first
    assert badge.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(168, 32, 26)"
    photograph(page, "banner", "open")
    run(page, "cluster", "definition-wrong", "definition", "network", "steady", "complete")
    wait_until_idle(page)
    for id in ("steady", "complete"):
        assert "Passed over: this cell needs the sandbox" in text_of(page, id)
    assert "No Fargate configuration exists" in text_of(page, "definition-wrong")
    photograph(page, "passed-over", "complete")
    page.evaluate(
        "() => { const notebook = jupyterapp.shell.currentWidget.content;"
        " notebook.widgets.find(cell => cell.model.id === 'finish')"
        ".model.sharedModel.setSource('lesson.cleanup()'); }"
    )
    run(page, "finish")
    report = text_of(page, "finish")
    assert "removed" in report and "fargate-cluster" in report and "0 left." in report
    photograph(page, "cleanup", "finish")
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    saved = json.dumps(page.evaluate("jupyterapp.shell.currentWidget.context.model.toJSON()"))
    assert "fargate-cluster" in saved
    for planted in (ACCOUNT, SECRET):
        assert planted not in saved


def test_not_confirmed_is_the_sandbox_and_says_so(
    opened: Any, wait_until_idle: Callable[[Any], None]
) -> None:
    page = opened
    page.locator(".jp-Stdin-input").press("Enter")
    wait_until_idle(page)
    said = text_of(page, "open")
    assert "LIVE was asked for, and this is the SANDBOX. It was not confirmed." in said
    badge = cell(page, "open").get_by_text("SANDBOX", exact=True).first
    assert badge.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(27, 110, 60)"
    run(page, "live-page")
    wait_until_idle(page)
    assert "Passed over: this cell is for LIVE" in text_of(page, "live-page")
    photograph(page, "fallback", "open")
