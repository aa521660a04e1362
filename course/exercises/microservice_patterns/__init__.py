"""Exercises of the lesson on patterns of microservices, in the order of its notebook."""

from course.exercises.microservice_patterns.delivery import LET_THE_TOPIC_IN
from course.exercises.microservice_patterns.gateway import PUT_AN_API_IN_FRONT
from course.exercises.microservice_patterns.queue import KEEP_PARCELS

EXERCISES = (PUT_AN_API_IN_FRONT, KEEP_PARCELS, LET_THE_TOPIC_IN)
