"""Two ways through the course: only what is written is counted, the rest is named."""

from course.curriculum.curriculum import LessonEntry, evening, lessons, outline
from course.curriculum.paths import counted, paths


def test_both_ways_begin_at_the_start_and_go_in_order() -> None:
    for way in (evening(), outline()):
        assert way[0].name == "start-here"
        assert [one.number for one in way] == sorted(one.number for one in way)
    assert {one.name for one in evening()} < {one.name for one in outline()}


def test_an_evening_is_an_evening() -> None:
    """What is written of it fits between seven and half past ten."""
    assert sum(one.minutes for one in evening() if isinstance(one, LessonEntry)) <= 210


def test_the_minutes_are_the_curriculums() -> None:
    *rows, together = paths().rows
    assert len(rows) == len(outline())
    for entry, (_, tonight, in_all) in zip(outline(), rows, strict=True):
        takes = f"{entry.minutes} min" if isinstance(entry, LessonEntry) else "planned"
        assert in_all.text == takes
        assert tonight.text == (takes if entry in evening() else "")
    assert together[1].text == counted(evening())
    assert together[2].text == counted(lessons())


def test_hours_are_said_from_one_hour_on() -> None:
    (first, *_) = lessons()
    assert counted([first]) == f"{first.minutes} min"
    minutes = sum(one.minutes for one in lessons())
    assert counted(lessons()) == f"{minutes // 60} h {minutes % 60:02} min"


def test_how_many_are_planned_is_said() -> None:
    later = len(outline()) - len(lessons())
    assert f"{later} lessons are planned and not counted." in repr(paths())
