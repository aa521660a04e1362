"""docs/coverage.md: every row has a place, every place is there, and the page says so today.

``--rewrite-coverage`` writes the page anew; read the difference.
"""

import json
from pathlib import Path

import pytest

from course import coverage
from course.coverage import Place, Row, page, rows
from course.curriculum.curriculum import demands, lessons, outline, planned

ROWS = 58


def test_the_guide_has_58_demands_and_each_is_put_into_words() -> None:
    assert list(demands()) == list(range(1, ROWS + 1))
    assert len(set(demands().values())) == ROWS


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"row-{row.number}")
def test_every_row_has_a_place_and_the_place_is_there(row: Row) -> None:
    assert row.places, "no lesson meets it and none will: give it a place in curriculum.toml"
    unknown = [place.id for place in row.places if place.id and not place.kind]
    assert not unknown, "no objective, cell, question or exercise of that notebook"


def test_no_lesson_claims_a_row_that_the_guide_does_not_have() -> None:
    claimed = {row for entry in (*lessons(), *planned()) for row in entry.meets}
    assert claimed <= set(demands())


def test_the_videos_are_answered_by_pictures() -> None:
    """Rows 6 and 32 ask for videos: a task's life drawn, and the timeline."""
    (fargate,) = (entry for entry in lessons() if entry.name == "fargate-tutorial")
    assert {6, 32} <= set(fargate.meets)


def test_numbers_and_names_are_given_once_in_the_whole_outline() -> None:
    assert len({entry.number for entry in outline()}) == len(outline())
    assert len({entry.name for entry in outline()}) == len(outline())


def test_a_lesson_that_is_there_is_no_longer_announced() -> None:
    """Take its [[planned]] entry out, and say in its `meets` where each of those rows is met."""
    assert not {entry.name for entry in lessons()} & {entry.name for entry in planned()}


def test_the_page_is_what_the_curriculum_says_today(root: Path, rewrite_coverage: bool) -> None:
    file = root / "docs" / "coverage.md"
    told = page(rows()) + "\n"
    if rewrite_coverage:
        file.write_text(told, "utf-8")
    assert file.exists(), "run pytest tests/test_coverage.py --rewrite-coverage"
    assert told == file.read_text("utf-8"), "stale: run it with --rewrite-coverage"


def test_an_id_that_is_not_there_is_of_no_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests above rely on: pointed at nothing, a row is met by nothing."""
    (first, *_) = lessons()
    monkeypatch.setitem(first.meets, 6, "no-such-cell")
    assert Place(first.notebook, "", "no-such-cell") in rows()[5].places


def test_a_row_without_a_lesson_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in lessons():
        monkeypatch.delitem(entry.meets, 6, raising=False)
    assert rows()[5].places == ()


def test_a_machine_reads_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.main(["--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert [row["number"] for row in table] == list(demands())
    assert {place["kind"] for row in table for place in row["places"]} >= {"cell", "objective"}


def test_people_read_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.main([]) == 0
    assert capsys.readouterr().out == page(rows()) + "\n"
