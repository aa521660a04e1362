"""Notebooks in real kernels: the same text every time, from the top twice, nothing left behind."""

import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

LEFT_BEHIND = """
print(ecs.list_clusters()["clusterArns"], ecs.list_task_definitions()["taskDefinitionArns"])
print(ec2.describe_network_interfaces()["NetworkInterfaces"])
print({group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]})
"""

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


class Run:
    """What one kernel printed, cell by cell; *times* it ran the notebook from the top."""

    def __init__(self, path: Path, *, times: int = 1, **env: str) -> None:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        once = notebook.cells
        notebook.cells = [_copy(cell, run) for run in range(times) for cell in once]
        notebook.cells.append(nbformat.v4.new_code_cell(LEFT_BEHIND))
        _execute(notebook, env)
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
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
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


@cache
def twice(path: Path) -> Run:
    """From the top twice in one kernel, on a machine in UTC."""
    return Run(path, times=2, TZ="UTC", PYTHONHASHSEED="1")


@every_notebook
def test_another_kernel_in_another_time_zone_prints_the_same(path: Path) -> None:
    elsewhere = Run(path, TZ="Pacific/Auckland", PYTHONHASHSEED="2")
    assert elsewhere.text() == twice(path).text()


@every_notebook
def test_a_second_run_from_the_top_prints_the_same(path: Path) -> None:
    first, second = (twice(path).text(run) for run in (0, 1))
    assert second[0] == first[0].rstrip() + " · fresh world, the one before is gone\n"
    assert second[1:] == first[1:]


@every_notebook
def test_nothing_is_left_behind(path: Path) -> None:
    assert twice(path).left_behind == "[] []\n[]\n{'default'}\n"


@every_notebook
def test_the_wanted_errors_are_awss_and_there_are_no_others(path: Path) -> None:
    for cell in twice(path).runs[0]:
        errors = [output.evalue for output in cell.outputs if output.output_type == "error"]
        wanted = "raises-exception" in cell.metadata.get("tags", [])
        assert len(errors) == wanted, f"{cell.id}: {errors}"
        assert all(error.startswith("An error occurred (") for error in errors)


@every_notebook
def test_outputs_are_short_and_clean(path: Path) -> None:
    for text in twice(path).text():
        assert len(text.splitlines()) <= 20
        assert "stderr: " not in text
        assert " at 0x" not in text
