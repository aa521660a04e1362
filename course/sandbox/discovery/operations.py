"""Cloud Map's operations: what a call submits is done some seconds later, on the clock.

How long each takes is our model; AWS's samples have 4 s (2018) and 41 s (2025) for a namespace.

AWS: https://docs.aws.amazon.com/cloud-map/latest/api/API_GetOperation.html
"""

from collections.abc import Callable
from typing import Any

from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.world import World

Operation = Any
"""moto's operation; typed loosely, as moto is."""


class Failed(Exception):
    """An operation has failed: *code* is its ErrorCode, *message* its ErrorMessage."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Operations:
    """Carries operations from SUBMITTED over PENDING to SUCCESS or FAIL, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def submit(self, operation: Operation, what: str, effect: Callable[..., None], *of: Any) -> str:
        """Begin an operation of moto's, and return its id; its *effect* comes with its success.

        *what* names the row of ``stages.toml`` that says how long it takes.
        """
        operation.status = "SUBMITTED"
        self._after("submitted", self._pend, operation, what, effect, of)
        return str(operation.id)

    def _after(self, what: str, function: Callable[..., None], *of: Any) -> None:
        wait = seconds(what, profile=self.world.profile, launch_type="CLOUD_MAP")
        self.world.clock.after(wait, function, *of)

    def _pend(
        self, operation: Operation, what: str, effect: Callable[..., None], of: tuple[Any, ...]
    ) -> None:
        self._set(operation, "PENDING")
        self._after(what, self._finish, operation, effect, of)

    def _finish(
        self, operation: Operation, effect: Callable[..., None], of: tuple[Any, ...]
    ) -> None:
        try:
            effect(*of)
        except Failed as failed:
            operation.error_code, operation.error_message = failed.code, failed.message
            self._set(operation, "FAIL")
            self._say(operation, failed.message)
        else:
            self._set(operation, "SUCCESS")
            self._say(operation)

    def _set(self, operation: Operation, status: str) -> None:
        operation.status, operation.updated = status, self.world.clock.now().timestamp()

    def _say(self, operation: Operation, why: str = "") -> None:
        if operation.operation_type.endswith("_NAMESPACE"):
            target = next(iter(operation.targets.values()))
            said = f"{operation.operation_type} {target} {operation.status}"
            self.world.record("cloudmap", said, why=why)
