"""Notebooks as they are shipped: no stored outputs, and only the course's front names."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TAGS = {"live", "live-only", "sandbox-only", "raises-exception"}

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text("utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_there_are_notebooks_and_no_code_files_beside_them() -> None:
    assert "00-start-here.ipynb" in {path.name for path in NOTEBOOKS}
    assert all(re.fullmatch(r"[0-9]{2}-[a-z0-9-]+\.ipynb", path.name) for path in NOTEBOOKS)
    beside = {path.name for path in (ROOT / "notebooks").iterdir() if path not in NOTEBOOKS}
    assert beside <= {".ipynb_checkpoints", "cards.apkg"}  # what 16 exports where it is run


@every_notebook
def test_no_outputs_are_stored(path: Path) -> None:
    clear = f"jupyter nbconvert --clear-output --inplace notebooks/{path.name}"
    stored = [cell["id"] for cell in cells(path) if cell["outputs"] or cell["execution_count"]]
    assert not stored, f"outputs are stored; run: {clear}"


@every_notebook
def test_the_kernel_is_python3_and_no_version_of_it(path: Path) -> None:
    metadata = json.loads(path.read_text("utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert "version" not in metadata.get("language_info", {})


@every_notebook
def test_cells_import_course_and_nothing_inside_it(path: Path) -> None:
    for cell in cells(path):
        source = "".join(line for line in cell["source"] if not line.startswith(("%", "!")))
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("course.")]


@every_notebook
def test_tags_are_known(path: Path) -> None:
    assert {tag for cell in cells(path) for tag in cell["metadata"].get("tags", [])} <= TAGS
