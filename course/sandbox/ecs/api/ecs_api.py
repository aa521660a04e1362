"""The ECS API: every operation the course answers itself, in one class.

What is not defined here is refused; nothing falls through to moto by chance.
"""

from typing import Any

from moto.core.utils import get_service_model

from course.sandbox.ecs.api.attributes import AttributeOperations
from course.sandbox.ecs.api.clusters import ClusterOperations
from course.sandbox.ecs.api.container_instances import ContainerInstanceOperations
from course.sandbox.ecs.api.deployments import DeploymentOperations
from course.sandbox.ecs.api.exec import ExecOperations
from course.sandbox.ecs.api.model_rules import check_values
from course.sandbox.ecs.api.protection import ProtectionOperations
from course.sandbox.ecs.api.services import ServiceOperations
from course.sandbox.ecs.api.settings import SettingOperations
from course.sandbox.ecs.api.tags import TagOperations
from course.sandbox.ecs.api.task_definitions import TaskDefinitionOperations
from course.sandbox.ecs.api.task_sets import TaskSetOperations
from course.sandbox.ecs.api.treatment import is_treated, refusal_of


class EcsApi(
    AttributeOperations,
    ClusterOperations,
    ContainerInstanceOperations,
    TaskDefinitionOperations,
    ExecOperations,
    ServiceOperations,
    SettingOperations,
    DeploymentOperations,
    ProtectionOperations,
    TaskSetOperations,
    TagOperations,
):
    """Answers for ``ecs`` in place of moto's class while a sandbox is open."""

    def call_action(self) -> Any:
        """Answer the operation of the call, when its values are such as the model has.

        Raises Refused, also for an operation that lies outside the sandbox.
        """
        operation = self._get_action()
        if not is_treated(type(self), operation):
            raise refusal_of(operation)
        check_values(get_service_model("ecs").operation_model(operation), self.params)
        return super().call_action()
