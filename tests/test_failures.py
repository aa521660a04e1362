"""docs/failures.md: every recipe is a row, what it links to is there, and the page says so today.

``--rewrite-failures`` writes the page anew; read the difference.
"""

import json
import re
from pathlib import Path

import pytest

from course import failures
from course.exercises.failures.recipe import EVIDENCE, STAGES, recipes
from course.failures import page


@pytest.fixture
def file(root: Path) -> Path:
    return root / "docs" / "failures.md"


def test_the_page_is_what_the_recipes_say_today(file: Path, rewrite_failures: bool) -> None:
    told = page(recipes()) + "\n"
    if rewrite_failures:
        file.write_text(told, "utf-8")
    assert file.exists(), "run pytest tests/test_failures.py --rewrite-failures"
    assert told == file.read_text("utf-8"), "stale: run it with --rewrite-failures"


def test_a_cause_leads_to_its_recipe(file: Path) -> None:
    links = re.findall(r"\]\((\S+)\)", file.read_text("utf-8"))
    assert len(links) == len(set(links)) == len(recipes())
    assert [one for one in links if not (file.parent / one).is_file()] == []


def test_a_table_has_as_many_cells_in_each_row(file: Path) -> None:
    rows = [line for line in file.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) == len(recipes()) + len(STAGES)
    assert {line.count(" | ") for line in rows} == {len(failures.COLUMNS) - 1}


def test_a_machine_reads_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.main(["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told] == [one.name for one in recipes()]
    assert {one["stage"] for one in told} == set(STAGES)
    assert all(one[key] for one in told for key in one if key != "exitCode")
    assert {one["evidence"] for one in told} <= set(EVIDENCE)


def test_people_read_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.main([]) == 0
    assert capsys.readouterr().out == page(recipes()) + "\n"
