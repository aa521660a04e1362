"""ECS Exec: ExecuteCommand.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
"""

from moto.core.responses import ActionResult

from course.sandbox.ecs.agent_endpoint import AgentEndpoint
from course.sandbox.ecs.api.tasks import TaskOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.exec_session import answered, check_session
from course.sandbox.ecs.resources import Container, Task


class ExecOperations(TaskOperations):
    """The one operation of ECS Exec."""

    @behaves("api/test_exec.py::test_a_session_with_a_container")
    def execute_command(self) -> ActionResult:
        """ExecuteCommand: a session's ids, and on the timeline what the command answers.

        The address lies under ``.invalid`` and the token is none: nothing of it reaches AWS.
        """
        cluster, task = self.cluster(), self._named_task()
        container = self._named_container(task)
        if not self.given("interactive"):
            raise invalid_parameter(
                "Interactive is the only mode supported currently."
            )  # our words
        check_session(task, container)
        self._tell(task, container)
        session = f"ecs-execute-command-{self.plane.world.hexadecimal(17)}"
        return ActionResult(
            {
                "clusterArn": cluster.cluster_arn,
                "containerArn": container.container_arn,
                "containerName": container.name,
                "interactive": True,
                "session": {
                    "sessionId": session,
                    "streamUrl": f"wss://sandbox.invalid/v1/data-channel/{session}",
                    "tokenValue": "no-token-in-a-sandbox",
                },
                "taskArn": task.task_arn,
            }
        )

    def _tell(self, task: Task, container: Container) -> None:
        world, command = self.plane.world, self.given("command")
        interfaces = self.plane.tasks.interfaces(task.task_arn.split(":")[3])
        agent = AgentEndpoint(world, interfaces, task)
        elsewhere = self.plane.tasks.neighbours.of(task)
        done = answered(task, container, command, world.clock.now(), agent.text, elsewhere)
        said = f"ExecuteCommand {task.id[:8]} {container.name}: {command}"
        world.record("you", said, why=f"exit code {done.code}; {done.output.strip()}".rstrip("; "))

    def _named_task(self) -> Task:
        task = self._find_task(self.cluster(), self.given("task"))
        if task is None:
            raise invalid_parameter("The referenced task was not found")
        return task

    def _named_container(self, task: Task) -> Container:
        """The container the call names; the only one, where it names none."""
        name, names = self.given("container"), [one.name for one in task.containers]
        if name is None and len(names) > 1:
            raise invalid_parameter(f"Name one of the containers: {', '.join(names)}.")  # our words
        if name not in (None, *names):
            raise invalid_parameter(  # our words
                f"The task has no container {name}; it has {', '.join(names)}."
            )
        return task.containers[names.index(name) if name else 0]
