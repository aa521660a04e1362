"""Why tasks stop, in AWS's words: stopCode and stoppedReason.

Wording from AWS's documentation and public outputs, 2019 to 2026.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A stopCode and the stoppedReason that goes with it."""

    code: str
    reason: str


ESSENTIAL_EXITED = Stop("EssentialContainerExited", "Essential container in task exited")
"""Any exit code, 0 included."""

SPOT_INTERRUPTION = Stop("SpotInterruption", "Your Spot Task was interrupted.")
"""AWS takes the capacity back."""

FAILED_HEALTH_CHECKS = Stop("ServiceSchedulerInitiated", "Task failed container health checks")
"""A service replaces a task that is UNHEALTHY; AWS's exact wording was not found again."""


DEPENDENCY_FAILED = Stop("TaskFailedToStart", "Task failed to start")
"""A container waits for what can never be; which one, and why, says the container's reason."""

STUCK = Stop("TaskFailedToStart", "Task failed to start: its containers wait for each other.")
"""Its containers kept it PENDING for three hours; the wording is our words."""


def by_user(reason: str | None) -> Stop:
    """StopTask, with the reason given in the call."""
    return Stop("UserInitiated", reason or "Task stopped by user")


def by_scheduler(deployment: str) -> Stop:
    """Scaling in, or making room for a newer deployment."""
    reason = f"Scaling activity initiated by (deployment {deployment})"
    return Stop("ServiceSchedulerInitiated", reason)


def cannot_pull(image: str) -> Stop:
    """The repository or the tag does not exist; the end of the sentence is our words."""
    return Stop(
        "TaskFailedToStart",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): "
        f"failed to resolve ref {image}: {image}: not found",
    )


def cannot_start(executable: str) -> Stop:
    """The command is not in the image, as Fargate's runtime says it (2022); its middle is left out."""
    return Stop(
        "TaskFailedToStart",
        "CannotStartContainerError: ResourceInitializationError: failed to create new container "
        "runtime task: failed to create shim: OCI runtime create failed: exec: "
        f'"{executable}": executable file not found in $PATH: unknown',
    )


def no_address(subnet: str | None) -> Stop:
    """The subnet has no address left for the task's network interface."""
    return Stop(
        "TaskFailedToStart",
        "Unexpected EC2 error while attempting to Create Network Interface with public IP "
        f"assignment enabled in subnet '{subnet}'",
    )
