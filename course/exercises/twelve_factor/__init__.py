"""Exercises of the twelve-factor lesson, in the order of its notebook."""

from course.exercises.twelve_factor.repair import REPAIR_THE_TWIN
from course.exercises.twelve_factor.start import START_WITH_CONFIG

EXERCISES = (START_WITH_CONFIG, REPAIR_THE_TWIN)
