"""The folder of the repair: a learner's edits are never written over, and never lost."""

from pathlib import Path

import pytest

from course.checkpoints.exercise import part_of, source_of
from course.exercises.catalogue import find_exercise
from course.exercises.twelve_factor import kitchen


def test_setting_up_again_keeps_an_edit(tmp_path: Path) -> None:
    kitchen.make(tmp_path)
    assert not kitchen.is_edited(tmp_path)
    app = tmp_path / "kitchen" / "app.py"
    app.write_text("# mine\n", "utf-8")
    kitchen.make(tmp_path)
    assert kitchen.is_edited(tmp_path)
    assert app.read_text("utf-8") == "# mine\n"


def test_clearing_away_sets_edits_aside_each_under_a_name_of_its_own(tmp_path: Path) -> None:
    for number in (1, 2):
        kitchen.make(tmp_path)
        (tmp_path / "kitchen" / "app.py").write_text(f"# {number}\n", "utf-8")
        kitchen.clear(tmp_path)
    kept = sorted(tmp_path.glob("kitchen.mine-*/app.py"))
    assert [one.read_text("utf-8") for one in kept] == ["# 1\n", "# 2\n"]
    assert not (tmp_path / "kitchen").exists()


def test_an_unchanged_kitchen_is_removed_and_nothing_there_is_no_error(tmp_path: Path) -> None:
    kitchen.make(tmp_path)
    for _ in range(2):
        kitchen.clear(tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_the_solution_may_be_read_factor_by_factor() -> None:
    code = source_of(find_exercise("factors-repair-101"))
    assert code.startswith("folder = Path()\n")
    seven = part_of(code, "VII")
    assert seven.startswith("# VII ") and 'os.environ["PORT"]' in seven
    assert "# VIII" not in seven
    with pytest.raises(LookupError, match=r"no part 'XIII'; there are: I, II, III, IV, V"):
        part_of(code, "XIII")
