"""A number of items that cannot be is told at once, by every call that takes one."""

import pytest

from course.exam import desk
from course.exam.how_many import how_many
from course.exam.practice import chosen, varied
from course.progress.summary import Summary


def test_a_whole_number_is_taken_as_it_is():
    assert (how_many(1), how_many(65), how_many(0, least=0)) == (1, 65, 0)


@pytest.mark.parametrize("items", ["x", 2.5, True, None])
def test_what_is_no_whole_number_is_told(items):
    with pytest.raises(TypeError, match="items is a whole number"):
        how_many(items)


@pytest.mark.parametrize("items", [0, -3])
def test_practice_and_variations_refuse_too_few(items):
    with pytest.raises(ValueError, match="items is 1 or more"):
        chosen({}, Summary(), items=items)
    with pytest.raises(ValueError, match="items is 1 or more"):
        varied(Summary(), items=items)


def test_a_mock_exam_of_fewer_than_no_items_is_refused_before_anything_is_read():
    with pytest.raises(ValueError, match="items is 0 or more"):
        desk.exam(None, {}, "C03", -3, None, False)


def test_a_report_that_is_no_text_is_told_and_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match="Say what is wrong with it"):
        desk.report_item(None, 5, tmp_path)
    assert not list(tmp_path.iterdir())
