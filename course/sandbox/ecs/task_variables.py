"""The environment variables that ECS itself puts into a container. Pure.

They lead to the endpoints at 169.254.170.2, which a process finds by them alone. The address of
credentials is there only with a task role. Which there are: a published output of ``env`` on
Fargate, 2024-07, and AWS's pages on each.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from hashlib import sha256
from uuid import UUID

from course.sandbox.ecs.resources import Container, Task

HOST = "169.254.170.2"
METADATA = "ECS_CONTAINER_METADATA_URI_V4"
AGENT = "ECS_AGENT_URI"
CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"


def given_by_ecs(task: Task, container: Container) -> dict[str, str]:
    """What a container finds beside its own environment, from the moment it runs."""
    fargate, region = task.launch_type == "FARGATE", task.task_arn.split(":")[3]
    given = {
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE" if fargate else "AWS_ECS_EC2",
        AGENT: f"http://{HOST}/api/{container.runtime_id}",
        "ECS_CONTAINER_METADATA_URI": f"http://{HOST}/v3/{container.runtime_id}",
        METADATA: f"http://{HOST}/v4/{container.runtime_id}",
    }
    if fargate:
        given |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if task.task_role_arn:
        given[CREDENTIALS] = f"/v2/credentials/{credentials_id(task)}"
    return given


def credentials_id(task: Task) -> str:
    """The id under which a task's credentials are kept, which follows from its ARN."""
    return str(UUID(bytes=sha256(f"credentials of {task.task_arn}".encode()).digest()[:16]))
