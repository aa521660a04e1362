"""The ECS API: every operation the course answers itself, in one class.

What is not defined here falls through to moto by inheritance.
"""

from course.sandbox.ecs.api.clusters import ClusterOperations
from course.sandbox.ecs.api.services import ServiceOperations
from course.sandbox.ecs.api.tags import TagOperations
from course.sandbox.ecs.api.task_definitions import TaskDefinitionOperations
from course.sandbox.ecs.api.tasks import TaskOperations


class EcsApi(
    ClusterOperations,
    TaskDefinitionOperations,
    TaskOperations,
    ServiceOperations,
    TagOperations,
):
    """Answers for ``ecs`` in place of moto's class while a sandbox is open."""
