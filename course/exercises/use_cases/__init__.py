"""Exercises of the lesson on use cases, in the order of its notebook."""

from course.exercises.use_cases.place import PLACE_TWO_SERVICES
from course.exercises.use_cases.spot import MIX_IN_SPOT

EXERCISES = (MIX_IN_SPOT, PLACE_TWO_SERVICES)
