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
    assert second[0] == first[0].rstrip() + " · fresh world, the one before is gone\n"
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
        wanted = "raises-exception" in cell.metadata.get("tags", [])
        assert len(errors) == wanted, f"{cell.id}: {errors}"
        assert all(
            error.startswith(("An error occurred (", "Not attempted yet: ")) for error in errors
        )


@every_notebook
def test_outputs_are_short_and_clean(path: Path, twice: Twice) -> None:
    for text in twice(path).text():
        assert len(text.splitlines()) <= 20
        assert "stderr: " not in text
        assert " at 0x" not in text
