"""Exercises of the lesson on security and IAM, in the order of its notebook."""

from course.exercises.security_and_iam.harden import HARDEN_A_TASK
from course.exercises.security_and_iam.least import GIVE_LESS
from course.exercises.security_and_iam.secret import READ_THE_SECRET
from course.exercises.security_and_iam.start import START_A_TASK

EXERCISES = (START_A_TASK, READ_THE_SECRET, HARDEN_A_TASK, GIVE_LESS)
