"""Exercises of the twelve-factor lesson, in the order of its notebook."""

from course.exercises.twelve_factor.definition import FILL_IN_THE_PLACES
from course.exercises.twelve_factor.repair import REPAIR_THE_TWIN

EXERCISES = (FILL_IN_THE_PLACES, REPAIR_THE_TWIN)
