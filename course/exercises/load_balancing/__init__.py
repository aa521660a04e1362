"""Exercises of the lesson on load balancing, in the order of its notebook."""

from course.exercises.load_balancing.group import CHECK_TASKS
from course.exercises.load_balancing.reach import REACH_THE_TASKS
from course.exercises.load_balancing.rule import SEND_A_PATH

EXERCISES = (CHECK_TASKS, SEND_A_PATH, REACH_THE_TASKS)
