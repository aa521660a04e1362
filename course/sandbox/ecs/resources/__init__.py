"""ECS's resources as they are: clusters, container instances, tasks, services.

Plain dataclasses. Their attributes carry the API's member names in snake_case,
which is how answers are made from them without rendering code; attributes the
API does not know (``turn``, ``stage`` ...) never show. Counts are kept, not
recounted, so a thousand tasks cost no more each than ten.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
"""

from course.sandbox.ecs.resources.capacity_provider import CapacityProvider
from course.sandbox.ecs.resources.cluster import Cluster
from course.sandbox.ecs.resources.connection import Connection, Endpoint
from course.sandbox.ecs.resources.container import (
    SERVER,
    AwsLogs,
    Container,
    Dependency,
    HealthCheck,
    PortMapping,
    RestartPolicy,
    Secret,
)
from course.sandbox.ecs.resources.container_instance import DYNAMIC_PORTS, ContainerInstance
from course.sandbox.ecs.resources.deployment import Deployment
from course.sandbox.ecs.resources.region import Region
from course.sandbox.ecs.resources.service import EVENTS_SHOWN, Service
from course.sandbox.ecs.resources.service_deployment import ServiceDeployment, ServiceRevision
from course.sandbox.ecs.resources.task import (
    PENDING_STATUSES,
    Attachment,
    Share,
    Task,
)
from course.sandbox.ecs.resources.task_definition import TaskDefinition
from course.sandbox.ecs.resources.task_set import TaskSet

__all__ = [
    "DYNAMIC_PORTS",
    "EVENTS_SHOWN",
    "PENDING_STATUSES",
    "SERVER",
    "Attachment",
    "AwsLogs",
    "CapacityProvider",
    "Cluster",
    "Connection",
    "Container",
    "ContainerInstance",
    "Dependency",
    "Deployment",
    "Endpoint",
    "HealthCheck",
    "PortMapping",
    "Region",
    "RestartPolicy",
    "Secret",
    "Service",
    "ServiceDeployment",
    "ServiceRevision",
    "Share",
    "Task",
    "TaskDefinition",
    "TaskSet",
]
