"""Containers on AWS, hands on: the names a notebook uses.

Importing this package imports nothing but the standard library, so that the
front door (``python3 -m course``) works before anything is installed.
"""

__version__ = "0.1.0"
__all__ = ["____", "described", "lesson", "pages", "spike", "validate", "wave"]


def __getattr__(name: str) -> object:  # PEP 562; this file must parse on Python 3.8
    if name == "lesson":
        from course.lessons import open_lesson

        return open_lesson
    if name == "____":
        from course.exercises.blank import BLANK

        return BLANK
    if name == "described":
        from course.portable.described import described

        return described
    if name == "pages":
        from course.portable.pages import pages

        return pages
    if name == "validate":
        from course.portable.schema import validate

        return validate
    if name in ("spike", "wave"):
        from course.sandbox.traffic import shapes

        return getattr(shapes, name)
    raise AttributeError("module 'course' has no attribute {!r}".format(name))
