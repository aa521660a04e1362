"""A real JupyterLab, started by the course's own front door, in a real Chromium.

The server runs on a copy of the checkout, with Jupyter folders of its own: the
learner's working copy and settings are never touched. Without Chromium these
tests skip and say so; in CI a skip is a failure.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from course.doctor import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "browser-tests"
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# A kernel of the user's own that calls itself python3 and cannot start.
HIJACKER = {"argv": ["no-such-python", "{connection_file}"], "display_name": "Python 3 (mine)"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-picture",
        action="store_true",
        help="write README's picture anew (tests/browser/test_readme_picture.py); look at it",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.skipped and os.environ.get("CI") and Path(__file__).parent in item.path.parents:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return found or pytest.skip("no Chromium on this machine")


def _cloned(copy: Path) -> Path:
    """A copy of what a learner clones."""
    for folder in ("course", "notebooks"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("*.lock"), ROOT / "pyproject.toml"):
        shutil.copy(path, copy)
    return copy


@pytest.fixture(scope="session")
def jupyter_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables that keep Jupyter away from the user's folders."""
    home = tmp_path_factory.mktemp("jupyter")
    hijacker = home / "JUPYTER_DATA_DIR" / "kernels" / "python3" / "kernel.json"
    hijacker.parent.mkdir(parents=True)
    hijacker.write_text(json.dumps(HIJACKER), "utf-8")
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    folders = {name: str(home / name) for name in (f"JUPYTER_{end}" for end in names)}
    folders["JUPYTERLAB_SETTINGS_DIR"] = folders.pop("JUPYTER_LAB_SETTINGS_DIR")
    folders["JUPYTERLAB_WORKSPACES_DIR"] = folders.pop("JUPYTER_LAB_WORKSPACES_DIR")
    return {**folders, "IPYTHONDIR": str(home / "ipython")}


Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def serve(chromium: str, jupyter_folders: dict[str, str]) -> Serve:
    """``with serve(folder, NAME="value") as address:`` runs JupyterLab on a fresh clone in there."""

    @contextmanager
    def serving(folder: Path, **env: str) -> Iterator[str]:
        (checkout := folder / "checkout").mkdir()
        port = _free_port()
        command = [sys.executable, "-m", "course", "lab", "--no-browser", "--port", str(port), "--"]
        command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
        environ = {name: value for name, value in os.environ.items() if name != "COURSE_VENV"}
        log = folder / "jupyterlab.log"
        with log.open("w") as output:
            server = subprocess.Popen(
                command,
                cwd=_cloned(checkout),
                env={**environ, **jupyter_folders, **env},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait_until_it_answers(server, port, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                _stop(server)

    return serving


@pytest.fixture(scope="session")
def jupyterlab(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running JupyterLab; a module may have one of its own."""
    with serve(tmp_path_factory.mktemp("lab")) as address:
        yield address


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:  # a kernel that never started can hold it up
        server.kill()
        server.wait()


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 180  # a busy machine takes its time
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET.split())
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page; its screenshot goes to the folder COURSE_SCREENSHOTS names, if it does."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    opened = context.new_page()
    yield opened
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        opened.screenshot(path=Path(folder) / f"{request.node.name}.png")
    context.close()


Idle = Callable[[Any], None]


@pytest.fixture
def wait_until_idle() -> Idle:
    """Wait until the kernel of the notebook that is open has nothing to do."""

    def wait(page: Any) -> None:
        page.wait_for_function(IDLE, timeout=300_000)

    return wait


@pytest.fixture
def notebook(page: Any, jupyterlab: str, wait_until_idle: Idle) -> Any:
    """Open a notebook of the working copy by file name and wait until its kernel is idle."""

    def open_notebook(name: str) -> Any:
        page.goto(f"{jupyterlab}/lab/tree/{name}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=180_000)
        page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=180_000)
        # The toolbar calls itself idle before there is a kernel: the application knows better.
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
        wait_until_idle(page)
        return page

    return open_notebook


@pytest.fixture
def run_all(page: Any, wait_until_idle: Idle) -> Any:
    """Run All Cells by the menu; return the errors of cells that do not announce one."""

    def run() -> list[str]:
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(f"{CELLS}; return every_ran || errors.length}}", timeout=300_000)
        wait_until_idle(page)
        errors: list[str] = page.evaluate(f"{CELLS}; return errors}}")
        return errors

    return run


# Asked of the model: cells out of sight are not in the document.
CELLS = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim());
    const every_ran = cells.every(cell => cell.model.executionCount !== null);
    const errors = cells
        .filter(cell => !(cell.model.getMetadata('tags') ?? []).includes('raises-exception'))
        .flatMap(cell => cell.model.outputs.toJSON())
        .filter(output => output.output_type === 'error')
        .map(output => `${output.ename}: ${output.evalue}`)"""
IDLE = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
