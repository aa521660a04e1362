"""When a task counts as healthy for its service, and when its end has to wait for its targets. Pure.

With target groups it is healthy once its target is, in every one of them, and
its containers are, as far as they are checked; one that Cloud Map knows has to be
healthy there too (our model). Without either, the 40 seconds of ``stages.toml`` decide.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

from course.sandbox.ecs.container_health import passes_all
from course.sandbox.ecs.resources import Task

SCHEDULED = "ServiceSchedulerInitiated"


def is_checked(task: Task) -> bool:
    """Whether anything says how the task is: target groups or container health checks."""
    return bool(task.target_groups) or passes_all(task.containers) is not None


def is_healthy(task: Task) -> bool:
    """Whether a task that is checked is well by all its checks."""
    well = all(one.state == "healthy" for one in task.targets)
    everywhere = len(task.targets) == len(task.target_groups)
    found = all(one.health_status != "UNHEALTHY" for one in task.registrations)
    return (
        task.last_status == "RUNNING"
        and well
        and found
        and everywhere
        and passes_all(task.containers) is not False
    )


def drains(task: Task) -> bool:
    """Whether a task stays DEACTIVATING because a target of its has requests under way.

    Only when its service ends it, and while a container still answers: StopTask
    does not wait (containers-roadmap#576, open since 2019), neither does Spot.
    """
    under_way = any(one.state == "draining" for one in task.targets)
    serves = any(one.last_status == "RUNNING" for one in task.containers)
    return under_way and serves and task.stop_code == SCHEDULED
