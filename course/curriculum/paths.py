"""Two ways through the course: one evening, or all of it, with their minutes.

Only lessons that are written are counted; the others are named as planned.
"""

from collections.abc import Sequence

from course.curriculum.curriculum import LessonEntry, PlannedLesson, evening, outline
from course.curriculum.handout import Handout

Lessons = Sequence[LessonEntry | PlannedLesson]


def paths() -> Handout:
    """Every lesson in order, and what it takes on each of the two ways."""
    rows = [
        (f"{one.number:02} {one.title}", _takes(one) if one in evening() else "", _takes(one))
        for one in outline()
    ]
    together = ("together", counted(evening()), counted(outline()))
    return Handout("", ("lesson", "one evening", "all of it"), [*rows, together], _planned())


def _takes(entry: LessonEntry | PlannedLesson) -> str:
    return f"{entry.minutes} min" if isinstance(entry, LessonEntry) else "planned"


def counted(entries: Lessons) -> str:
    """The minutes of those that are written, in hours and minutes."""
    hours, minutes = divmod(sum(one.minutes for one in entries if isinstance(one, LessonEntry)), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _planned() -> str:
    count = len([one for one in outline() if isinstance(one, PlannedLesson)])
    return f"{count} lessons are planned and not counted." if count else ""
