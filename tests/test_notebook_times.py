"""How long the notebooks take: measured apart from the learner's progress, told with the slowest three."""

import os
from pathlib import Path

import nbformat
import pytest

from course.notebook_times import lines, notebook_times

SECONDS = {"00-a": 1.0, "01-b": 4.0, "02-c": 2.0, "03-d": 3.0}


def test_the_whole_and_the_slowest_three() -> None:
    whole, *slowest = (line.split() for line in lines(SECONDS))
    assert (whole[0], whole[-1]) == ("4", "10.00")
    assert slowest == [["01-b", "4.00", "40%"], ["03-d", "3.00", "30%"], ["02-c", "2.00", "20%"]]


@pytest.mark.slow
def test_each_notebook_is_run_with_a_journal_that_is_thrown_away(tmp_path: Path) -> None:
    before = os.environ["COURSE_DATA_DIR"]
    kept = tmp_path / "where.txt"
    cell = f"import os; open({str(kept)!r}, 'w').write(os.environ['COURSE_DATA_DIR'])"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    nbformat.write(notebook, tmp_path / "00-a.ipynb")
    seconds = notebook_times(tmp_path)
    assert list(seconds) == ["00-a"]
    assert seconds["00-a"] > 0
    assert kept.read_text() != before
    assert not Path(kept.read_text()).exists()
    assert os.environ["COURSE_DATA_DIR"] == before
