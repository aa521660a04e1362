"""Exercises of the lesson on logging and monitoring, in the order of its notebook."""

from course.exercises.logging_and_monitoring.alert import TELL_OF_CRASHES
from course.exercises.logging_and_monitoring.incident import SOLVE_FROM_LOGS

EXERCISES = (TELL_OF_CRASHES, SOLVE_FROM_LOGS)
