"""Exercises of the lesson on containers, in the order of its notebook."""

from course.exercises.containers_in_brief.lifecycle import CLEAR_AWAY_BUILDS
from course.exercises.containers_in_brief.pull import BRING_THE_SHOP_BACK
from course.exercises.containers_in_brief.repository import FILL_IN_A_REPOSITORY

EXERCISES = (FILL_IN_A_REPOSITORY, CLEAR_AWAY_BUILDS, BRING_THE_SHOP_BACK)
