"""Exercises of the lesson that compares ECS with EKS, in the order of its notebook."""

from course.exercises.eks_compared.definition import FROM_A_POD
from course.exercises.eks_compared.manifests import TO_MANIFESTS
from course.exercises.eks_compared.service import FROM_A_DEPLOYMENT

EXERCISES = (FROM_A_POD, FROM_A_DEPLOYMENT, TO_MANIFESTS)
