"""ECS Exec: whether a session with a container can be opened, and what a command in it answers.

The session itself is the Session Manager plugin's, which speaks to AWS and
cannot run here; what a few commands would print there comes from the workload
model, and from nowhere else.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
"""

import shlex
from datetime import datetime

from course.sandbox.ecs.container_health import inside
from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.task_roles import exec_problem
from course.sandbox.workloads.shell import Agent, Answer, Elsewhere, answer


def check_session(task: Task, container: Container) -> None:
    """Refuse a session that AWS refuses, in the words users copied from 2021 to 2026. Raises Refused."""
    agents = [agent["lastStatus"] for agent in container.managed_agents or []]
    if task.last_status != "RUNNING" or "RUNNING" not in agents:
        raise invalid_parameter(
            "The execute command failed because execute command was not enabled when the task "
            "was run or the execute command agent isn\u2019t running. Wait and try again or run a "
            "new task with execute command enabled and try again."
        )
    if exec_problem(task):
        raise Refused(
            "TargetNotConnectedException",
            "The execute command failed due to an internal error. Try again later.",
        )


def answered(
    task: Task,
    container: Container,
    command: str,
    now: datetime,
    agent: Agent | None = None,
    elsewhere: Elsewhere | None = None,
) -> Answer:
    """What a command prints inside a container, and its exit code, by the workload model.

    *agent* answers at ECS's own address, *elsewhere* are the other hosts.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return Answer(2, "sh: an open quote\n")
    return answer(inside(container, task.containers, now, agent, elsewhere), words)
