"""The first thing a learner sees: the first notebook, run from the top."""

from typing import Any

import pytest

FIRST = "00-start-here.ipynb"


def test_the_first_notebook_runs_from_the_top(page: Any, notebook: Any, run_all: Any) -> None:
    left_this_machine: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
            else left_this_machine.append(request.url)
        ),
    )
    notebook(FIRST)
    assert run_all() == []
    assert page.locator(".jp-OutputArea-output").count() > 0
    assert left_this_machine == []


@pytest.mark.slow
def test_no_question_about_news_and_no_user_kernel(page: Any, notebook: Any) -> None:
    notebook(FIRST)
    # JupyterLab asks about news in a notification some seconds after it is restored.
    page.evaluate("jupyterapp.restored")
    page.wait_for_timeout(3_000)
    assert page.locator(".Toastify__toast").all_inner_texts() == []
    kernel = page.evaluate("jupyterapp.shell.currentWidget.sessionContext.kernelDisplayName")
    assert kernel == "Python 3 (ipykernel)"


def test_lab_without_a_name_opens_the_first_notebook(page: Any, jupyterlab: str) -> None:
    page.goto(f"{jupyterlab}/?token=browser-tests")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    assert page.url.endswith(f"/lab/tree/{FIRST}")
