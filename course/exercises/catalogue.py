"""All exercises by id; a lesson's exercises are in the module that bears its name."""

from difflib import get_close_matches
from functools import cache

from course.exercises import (
    containers_in_brief,
    ec2_tutorial,
    ecs_concepts,
    eks_compared,
    fargate_tutorial,
    load_balancing,
    logging_and_monitoring,
    microservice_patterns,
    security_and_iam,
    twelve_factor,
    use_cases,
)
from course.exercises.exercise import Exercise

MODULES = (
    containers_in_brief,
    twelve_factor,
    microservice_patterns,
    ecs_concepts,
    fargate_tutorial,
    ec2_tutorial,
    security_and_iam,
    logging_and_monitoring,
    load_balancing,
    eks_compared,
    use_cases,
)


class UnknownExercise(LookupError):
    """No exercise has this id; the message names the nearest."""


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise of the course, by id."""
    return {one.id: one for module in MODULES for one in module.EXERCISES}


def find_exercise(id: str) -> Exercise:
    """The exercise of this id. Raises UnknownExercise."""
    if id in exercises():
        return exercises()[id]
    near = get_close_matches(id, exercises(), n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise UnknownExercise(f"There is no exercise {id!r}{hint}")
