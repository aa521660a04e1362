"""Notebooks in real kernels: the same text every time, from the top twice, nothing left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

Twice = Callable[[Path], Any]

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


@every_notebook
@pytest.mark.slow
def test_another_kernel_in_another_time_zone_prints_the_same(
    path: Path, run: Callable[..., Any], twice: Twice
) -> None:
    elsewhere = run(path, TZ="Pacific/Auckland", PYTHONHASHSEED="2")
    assert elsewhere.text() == twice(path).text()


@every_notebook
def test_a_second_run_from_the_top_prints_the_same(path: Path, twice: Twice) -> None:
    first, second = (twice(path).text(run) for run in (0, 1))
    opened, end, pictured = first[0].partition("\n")
    assert second[0] == f"{opened} · fresh world, the one before is gone{end}{pictured}"
    assert second[1:] == first[1:]


@every_notebook
def test_nothing_is_left_behind(path: Path, twice: Twice) -> None:
    assert twice(path).left_behind == "[] []\n[]\n{'default'}\n"


@every_notebook
def test_the_wanted_errors_are_awss_or_blanks_and_there_are_no_others(
    path: Path, twice: Twice
) -> None:
    for cell in twice(path).runs[0]:
        errors = [output.evalue for output in cell.outputs if output.output_type == "error"]
        blank = "____" in cell.source and "import ____" not in cell.source
        wanted = "raises-exception" in cell.metadata.get("tags", []) and not blank
        assert len(errors) == wanted, f"{cell.id}: {errors}"
        assert all(error.startswith("An error occurred (") for error in errors)
        printed = "".join(output.get("text", "") for output in cell.outputs)
        assert not blank or "Not attempted yet, " in printed


@every_notebook
def test_outputs_are_short_and_clean(path: Path, twice: Twice) -> None:
    for cell, text in zip(twice(path).runs[0], twice(path).text(), strict=True):
        folded = [
            one.data["text/plain"] for one in cell.outputs if "text/html" in one.get("data", {})
        ]
        lines = len(text.splitlines()) - sum(len(twin.splitlines()) for twin in folded)
        assert lines <= 20, cell.id
        assert "stderr: " not in text
        assert " at 0x" not in text
