"""Exercises of the EC2 lesson, in the order of its notebook."""

from course.exercises.ec2_tutorial.cluster import MEND_AN_INSTANCE
from course.exercises.ec2_tutorial.definition import SHARE_AN_INSTANCE
from course.exercises.ec2_tutorial.service import SURVIVE_AN_INSTANCE

EXERCISES = (SHARE_AN_INSTANCE, SURVIVE_AN_INSTANCE, MEND_AN_INSTANCE)
