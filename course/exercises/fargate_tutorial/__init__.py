"""Exercises of the Fargate lesson, in the order of its notebook."""

from course.exercises.fargate_tutorial.definition import FILL_IN_A_DEFINITION
from course.exercises.fargate_tutorial.image import MEND_A_RELEASE
from course.exercises.fargate_tutorial.service import KEEP_TWO_RUNNING

EXERCISES = (FILL_IN_A_DEFINITION, KEEP_TWO_RUNNING, MEND_A_RELEASE)
