"""Service event messages in AWS's words, as DescribeServices lists them.

The spelling is that of real output, ``(service web) ...``; the documentation
prints ``service (web) ...``. Wording seen in public outputs between 2019 and
2026; AWS changes it now and then.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

from collections.abc import Sequence

_NO_PLACE = (
    "(service {}) was unable to place a task because no container instance met all of its "
    "requirements."
)

_LACKS = {
    "RESOURCE:CPU": "has insufficient CPU units available.",
    "RESOURCE:MEMORY": "has insufficient memory available.",
    "RESOURCE:PORTS": "is already using a port required by your task.",
    "ATTRIBUTE": "is missing an attribute required by your task.",
}
"""What the closest match lacks, by RunTask's reason; every other reason is quoted as an error."""

TRUST_CHANGED = (
    "IAM trust relationship has been misconfigured or changed, and ECS can no longer maintain your "
    "service"
)
"""Sent when ECS cannot assume a service's role any more: changed, or deleted (guide of 2026)."""

PERMISSIONS_CHANGED = (
    "IAM permissions policies have been misconfigured or changed, and ECS can no longer maintain "
    "your service"
)
"""Its twin: ECS can assume the role, and the role may not do what the service needs."""

BATCH = 10
"""ECS names at most this many tasks in one message."""


def started(service: str, task_ids: Sequence[str], *, unhealthy: bool = False) -> list[str]:
    """``has started N tasks``, one message for every ten; *unhealthy* ones were replaced by them."""
    return [
        f"(service {service}) has started {len(batch)} tasks: {_named(batch)}."
        + (f" Amazon ECS replaced {len(batch)} tasks due to an unhealthy status." * unhealthy)
        for batch in _batches(task_ids)
    ]


def stopped(service: str, task_ids: Sequence[str]) -> list[str]:
    """``has stopped N running tasks``, one message for every ten tasks."""
    return [
        f"(service {service}) has stopped {len(batch)} running tasks: {_named(batch)}."
        for batch in _batches(task_ids)
    ]


def stopped_pending(service: str, count: int) -> str:
    """Sent for tasks that had not run yet, which are not named."""
    return f"(service {service}) stopped {count} pending tasks."


def failed_health_checks(service: str, task_id: str) -> str:
    """Sent when a task is stopped because its container health checks failed."""
    return f"(service {service}) (task {task_id}) failed container health checks."


def registered(service: str, count: int, target_group: str) -> str:
    """Sent when tasks that are ACTIVATING become targets; so in output of 2023 (CivicTechJobs#436)."""
    return f"(service {service}) registered {count} targets in (target-group {target_group})"


def draining(service: str, deployment: str, count: int) -> str:
    """Sent when tasks are DEACTIVATING: their targets get no new requests from now on."""
    return f"(service {service}, taskSet {deployment}) has begun draining connections on {count} tasks."


def deregistered(service: str, count: int, target_group: str) -> str:
    """Sent together with it, for each target group."""
    return f"(service {service}) deregistered {count} targets in (target-group {target_group})"


def unhealthy_target(
    service: str, target_group: str, port: int, reason: str, instance: str | None = None
) -> str:
    """Sent before a task is stopped for its target; with the instance under bridge and host (2019, 2023)."""
    where = f"(instance {instance}) (port {port})" if instance else f"(port {port})"
    return (
        f"(service {service}) {where} is unhealthy in (target-group {target_group}) "
        f"due to (reason {reason})."
    )


def not_found(service: str, deployment: str, task_id: str, target_group: str, what: str) -> str:
    """Sent when a target, or the whole target group, was taken away under a task (guide of 2026)."""
    return (
        f"(service {service}) task set ({deployment}) (task {task_id}) is not healthy in "
        f"target-group ({target_group}) due to {what} IS NOT FOUND"
    )


def not_registered(service: str, task_id: str, why: str) -> str:
    """Sent when a task could not be registered with Cloud Map; our words."""
    return f"(service {service}) (task {task_id}) was not registered with service discovery: {why}."


def unhealthy_in_cloud_map(service: str, task_id: str, registry: str) -> str:
    """Sent before a task is stopped that Cloud Map says is unhealthy; our words.

    EventBridge names it SERVICE_DISCOVERY_INSTANCE_UNHEALTHY.
    """
    return f"(service {service}) (task {task_id}) is unhealthy in (service-registry {registry})."


def steady(service: str) -> str:
    """Sent when nothing is left to do, and again about every six hours while that lasts."""
    return f"(service {service}) has reached a steady state."


def deployment_completed(service: str, deployment: str) -> str:
    """Sent when the newest deployment has all its tasks and the older ones have none."""
    return f"(service {service}) (deployment {deployment}) deployment completed."


def deployment_failed(service: str, deployment: str) -> str:
    """Sent when the circuit breaker ends a deployment, in either of its stages."""
    return (
        f"(service {service}) (deployment {deployment}) deployment failed: tasks failed to start."
    )


def rolling_back(service: str, deployment: str) -> str:
    """Sent when the service goes back to a deployment that was COMPLETED."""
    return f"(service {service}) rolling back to deployment {deployment}."


def too_many_protected(service: str, deployment: str) -> str:
    """Sent when protected tasks are left where fewer tasks are wanted.

    The documentation's wording of 2026; in outputs of 2023 to 2026 one also finds
    ``was unable to scale in due to (reason 1 tasks under protection)``.
    """
    return (
        f"(service {service}) was unable to reach steady state because task set ({deployment}) "
        "was unable to scale in. Reason: The number of protected tasks are more than the desired "
        "count of tasks"
    )


def no_capacity(service: str) -> str:
    """Sent when Fargate, or Fargate Spot, has no room for a task just now."""
    return (
        f"(service {service}) was unable to place a task. Reason: Capacity is unavailable at this "
        "time. Please try again later or in a different availability zone."
    )


def blocked_by_percents(service: str) -> str:
    """Sent when minimumHealthyPercent and maximumPercent leave room for no move at all."""
    return (
        f"(service {service}) was unable to stop or start tasks during a deployment because of "
        "the service deployment configuration. Update the minimumHealthyPercent or "
        "maximumPercent value and try again."
    )


def no_instances(service: str, *, of_provider: bool = False) -> str:
    """Sent when an EC2 task finds no container instance at all, in the cluster or its capacity provider.

    The reason is that of events of 2019 to 2025 (cost-effective-aws-deployment-of-comfyui#39).
    """
    where = "capacity provider" if of_provider else "cluster"
    return f"{_NO_PLACE.format(service)} Reason: No Container Instances were found in your {where}."


def no_place(service: str, closest: str | None, reason: str | None) -> str:
    """Sent when no container instance takes a task: the closest match, and what it lacks."""
    if closest is None or reason is None:
        return _NO_PLACE.format(service)
    lacks = _LACKS.get(reason, f'encountered error "{reason}".')
    instance = closest.rsplit("/", 1)[-1]
    return (
        f"{_NO_PLACE.format(service)} The closest matching (container-instance {instance}) {lacks}"
    )


def too_many_waiting(service: str) -> str:
    """Sent when 500 tasks of the cluster wait in PROVISIONING already (guide of 2026)."""
    return (
        f"(service {service}) was unable to place tasks in your cluster because the tasks "
        "provisioning capacity limit was exceeded."
    )


def failed_to_launch(service: str, error: str) -> str:
    """Sent when RunTask's own error kept a task from being launched, such as a role ECS cannot assume."""
    return f"(service {service}) failed to launch a task with (error {error})."


def inconsistent_starts(service: str) -> str:
    """Sent when tasks keep stopping before they ever run."""
    return f"(service {service}) is unable to consistently start tasks successfully."


def _batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[i : i + BATCH] for i in range(0, len(ids), BATCH)]


def _named(ids: Sequence[str]) -> str:
    return " ".join(f"(task {one})" for one in ids)
