"""What is asked of AWS's services on behalf of a task: is there a way, and may the role?

On Fargate a task's calls leave by its own network interface, on a container
instance by the instance's. The role is the execution role, or on an instance
without one the instance's own.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.authorize.roles import Role, find_role
from course.sandbox.ecs.pulls import place_of
from course.sandbox.ecs.resources import Task
from course.sandbox.history import Note, unnoted
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways


@dataclass(frozen=True, slots=True)
class ServiceCalls:
    """Whoever calls for one task, over the ways of its Region; *note* takes down what was asked."""

    task: Task
    ways: Ways
    note: Note = unnoted

    def way(self, service: str, region: str, action: str, resource: str) -> Verdict | None:
        """The way to a service, with what an endpoint's policy says; None where nobody knows the place."""
        source = place_of(self.task, self.ways)
        if source is None:
            return None
        return self.ways.to_service(source, service, self._asks(action, resource), region=region)

    @property
    def on_instance(self) -> bool:
        """Whether the agent of a container instance calls, and not Fargate."""
        return self.task.instance is not None

    def denied(
        self, action: str, resource: str, given: Mapping[str, object] | None = None
    ) -> Decision | None:
        """The decision against the role, if it may not; *given* are condition keys of the call."""
        role = self._role
        if role is None:
            return None
        guard = guard_of(resource, role.account)
        decision = role.may(self._session, action, guard.arn, guard=guard, given=given)
        self.note(decision)
        return None if decision.allowed else decision

    @property
    def _role(self) -> Role | None:
        task = self.task
        arn = task.execution_role_arn or (task.instance.role_arn if task.instance else None)
        return find_role(arn, task.task_arn.split(":", 5)[4]) if arn else None

    @property
    def _session(self) -> str:
        """A session of the execution role is named after the task, one of an instance's after the instance."""
        task = self.task
        if task.instance and not task.execution_role_arn:
            return task.instance.ec2_instance_id
        return task.id

    def _asks(self, action: str, resource: str) -> list[Request]:
        role = self._role
        if role is None:
            return []
        session = role.session(self._session)
        return [Request(session, action, resource, role.known_of(session))]
