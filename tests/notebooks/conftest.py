"""Notebooks in real kernels, each with a journal of its own."""

import os
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

OFTEN = {"00-start-here.ipynb", "05-fargate-tutorial.ipynb"}
"""Notebooks run a second time, and solved, whenever the tests run; the others with --all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A notebook's second and its solved run take their time: slow, but for those run often."""
    for item in items:
        if item.path in (HERE / "test_runs.py", HERE / "test_solved.py"):
            given = item.callspec.params  # type: ignore[attr-defined]
            name = given["path"].name if "path" in given else given["entry"].notebook
            if name not in OFTEN:
                item.add_marker(pytest.mark.slow)


LEFT_BEHIND = """
import boto3
ecs, ec2 = map(boto3.client, ("ecs", "ec2"))
print(ecs.list_clusters()["clusterArns"], ecs.list_task_definitions()["taskDefinitionArns"])
print(ec2.describe_network_interfaces()["NetworkInterfaces"])
print({group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]})
"""


class Run:
    """What one kernel printed, cell by cell; *times* it ran the notebook from the top."""

    def __init__(self, notebook: Any, *, times: int = 1, **env: str) -> None:
        nbformat.validate(notebook)
        once = notebook.cells
        notebook.cells = [_copy(cell, run) for run in range(times) for cell in once]
        notebook.cells.append(nbformat.v4.new_code_cell(LEFT_BEHIND))
        with TemporaryDirectory(prefix="course-progress-") as progress:
            _execute(notebook, {"COURSE_DATA_DIR": progress, **env})
        *cells, last = [cell for cell in notebook.cells if cell.cell_type == "code"]
        size = len(cells) // times
        self.runs = [cells[start : start + size] for start in range(0, len(cells), size)]
        self.left_behind = _text(last)

    def text(self, run: int = 0) -> list[str]:
        return [_text(cell) for cell in self.runs[run]]


def _copy(cell: Any, run: int) -> Any:
    again = deepcopy(cell)
    again.id = f"{cell.id}-{run}"
    return again


def _execute(notebook: Any, env: dict[str, str]) -> None:
    """In a folder of its own, as a learner's is: what a lesson writes there is not the checkout's."""
    with TemporaryDirectory(prefix="course-notebook-") as folder:
        where = {"metadata": {"path": folder}}
        client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where)
        _run(client, {"PYTHONPATH": str(ROOT), **env})
        left = [one.name for one in Path(folder).iterdir() if ".mine-" not in one.name]
        assert not left, f"left in the learner's folder: {left}"


def _run(client: NotebookClient, env: dict[str, str]) -> None:
    kernel = client.create_kernel_manager()
    assert kernel.kernel_spec
    kernel.kernel_spec.argv[0] = sys.executable  # whatever other python3 kernel the user has
    client.execute(env={**os.environ, **env})


def _text(cell: Any) -> str:
    return "".join(_texts(cell))


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "stream":
            yield f"stderr: {output.text}" if output.name == "stderr" else output.text
        elif output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"
        else:
            yield output.data["text/plain"]


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    """``run(notebook)`` in a kernel of its own; *notebook* is a path or a notebook as read."""

    def read_and_run(notebook: Any, **how: Any) -> Run:
        if isinstance(notebook, Path):
            notebook = nbformat.read(notebook, as_version=4)
        return Run(notebook, **how)

    return read_and_run


@pytest.fixture(scope="session")
def twice(run: Callable[..., Run]) -> Callable[[Path], Run]:
    """``twice(path)``: from the top twice in one kernel, on a machine in UTC."""
    return cache(lambda path: run(path, times=2, TZ="UTC", PYTHONHASHSEED="1"))
