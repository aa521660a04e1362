"""The page on Service Auto Scaling says what the model says."""

from __future__ import annotations

from pathlib import Path

from course.sandbox.scaling.application import service_scaling, target_tracking

PAGE = Path(__file__).resolve().parents[1] / "docs" / "service-auto-scaling.md"


def test_its_table_is_what_the_formula_gives() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| ") and line[2].isdecimal()
    ]
    assert len(rows) == 5
    for current, metric, target, wanted in rows:
        found = target_tracking.capacity_for(int(current), float(metric), float(target))
        assert found == int(wanted)


def test_its_numbers_are_those_of_the_code() -> None:
    text = " ".join(PAGE.read_text("utf-8").split())
    for told in (
        f"below {target_tracking.LOW_PART:.0%}".replace("%", " %"),
        f"{target_tracking.DATAPOINTS_OUT} of {target_tracking.DATAPOINTS_OUT}",
        f"{target_tracking.DATAPOINTS_IN} of {target_tracking.DATAPOINTS_IN}",
        f"{target_tracking.COOLDOWN} seconds unless",
        f"every {service_scaling.LOOK} seconds",
    ):
        assert told in text
    assert service_scaling.PATIENCE.total_seconds() == 600 and "After ten minutes" in text
