"""Traces of requests: an instrumented program tells the collector in its task, which sends them to X-Ray.

Without a collector beside it nobody hears. The collector calls with the task's
credentials, by the task's way; where that fails it says so in its log, and goes on.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data.html
     https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-ecs.html
"""

from collections.abc import Callable, Sequence

from course.sandbox.ecs.container_logs import ContainerLogs
from course.sandbox.ecs.program_calls import ProgramCalls
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.service_calls import ServiceCalls
from course.sandbox.observability.trace_store import TraceStore
from course.sandbox.observability.traces import segment_of
from course.sandbox.workloads.images import Action, Image, find_image
from course.sandbox.workloads.log_lines import Answers, complaint
from course.sandbox.world import World


class Tracing:
    """What becomes of the traces of all tasks of one world; *calls* makes a task's calls."""

    def __init__(
        self, world: World, calls: Callable[[Task], ServiceCalls], logs: ContainerLogs
    ) -> None:
        self._world = world
        self._calls = calls
        self._logs = logs

    def requests(self, task: Task, answers: Sequence[Answers]) -> None:
        """What a task has answered: its instrumented server tells the collector, if there is one."""
        server = _one_of(task, lambda image: image.instrumented)
        collector = _one_of(task, lambda image: bool(image.forwards))
        if server is None or collector is None or not self._sends(task, collector):
            return
        _, _, _, region, account, _ = task.task_arn.split(":", 5)
        store = TraceStore(account, region)
        for one in answers:
            store.put(
                segment_of(
                    one,
                    container_arn=server.container_arn,
                    name=server.name,
                    environment=server.environment,
                )
            )

    def _sends(self, task: Task, collector: Container) -> bool:
        """Whether the collector gets through to X-Ray; its log says what is new about that."""
        image, before = find_image(collector.image), collector.forwarded
        calls = ProgramCalls(self._world, self._calls(task).ways, task, collector)
        failed = calls.ask(Action(image.forwards), before=before)
        collector.forwarded = failed.error if failed else ""
        if failed and failed.error != before:
            self._logs.write(task, collector, complaint(image, failed.error))
        return failed is None


def _one_of(task: Task, is_one: Callable[[Image], bool]) -> Container | None:
    """The container that runs such an image's own program now."""
    running = (one for one in task.containers if one.last_status == "RUNNING" and one.program.own)
    return next((one for one in running if is_one(find_image(one.image))), None)
