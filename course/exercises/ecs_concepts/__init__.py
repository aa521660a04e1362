"""Exercises of the lesson on ECS's concepts, in the order of its notebook."""

from course.exercises.ecs_concepts.essential import MEND_A_HELPER
from course.exercises.ecs_concepts.service import KEEP_THREE
from course.exercises.ecs_concepts.volume import SHARE_A_FOLDER

EXERCISES = (KEEP_THREE, SHARE_A_FOLDER, MEND_A_HELPER)
