"""When a deployment has failed, and where the service goes then: the circuit breaker's rules.

Pure: they look at a service and its deployments and change nothing. A task
counts as a failure when it never runs, as long as no task of its deployment
does (stage 1), and when the scheduler replaces it because its health checks
failed (stage 2). A container that runs and then exits is no failure in either.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

from collections.abc import Mapping
from typing import Any

from course.sandbox.ecs.resources import Deployment, Service, ServiceDeployment

FEWEST, MOST = 3, 200
"""The bounds of BOUNDED_PERCENT."""

PERCENT = 50

FAILED_TO_START = "ECS deployment circuit breaker: tasks failed to start."
"""Said of failed health checks too: wording of real output, 2021 to 2026."""

Breaker = Mapping[str, Any]


def breaker_of(service: Service) -> Breaker:
    """The service's circuit breaker as it is configured now; empty when there is none."""
    breaker: Breaker = service.deployment_configuration.get("deploymentCircuitBreaker") or {}
    return breaker if breaker.get("enable") else {}


def threshold(breaker: Breaker, desired: int) -> int:
    """How many failures end a deployment, by the latest desired count.

    Half of it by default, rounded up and kept between 3 and 200. An unbounded
    percentage of nothing would end a deployment that has not begun: 1 is our
    model's floor there.
    """
    configured = breaker.get("thresholdConfiguration") or {}
    kind, value = configured.get("type", "BOUNDED_PERCENT"), configured.get("value", PERCENT)
    if kind == "COUNT":
        return int(value)
    share = -(-desired * value // 100)
    return int(max(share, 1) if kind == "UNBOUNDED_PERCENT" else min(max(share, FEWEST), MOST))


def resets_on_healthy_task(breaker: Breaker) -> bool:
    """Whether one healthy task forgives the failures before it, which is the default."""
    reset: bool | None = breaker.get("resetOnHealthyTask")
    return reset is None or reset


def counts_failed_start(deployment: Deployment, breaker: Breaker) -> bool:
    """Whether a task that never ran is a failure: in stage 1, or where failures accumulate."""
    return deployment.running_count == 0 or not resets_on_healthy_task(breaker)


def has_tripped(service: Service) -> bool:
    """Whether the newest deployment has failed as often as the circuit breaker allows."""
    primary, breaker = service.primary, breaker_of(service)
    if not breaker or primary.rollout_state != "IN_PROGRESS":
        return False
    return primary.failure_count >= threshold(breaker, service.desired_count)


def rollback_target(service: Service) -> Deployment | None:
    """The newest deployment in COMPLETED, other than the one that failed."""
    completed = service.last_completed
    if completed is None or completed is service.primary:
        return None
    return completed if completed.rollout_state == "COMPLETED" else None


def ongoing(service: Service) -> ServiceDeployment | None:
    """The service deployment that has not ended, which can only be the newest."""
    newest = service.service_deployments[0] if service.service_deployments else None
    return newest if newest and newest.is_ongoing else None


def summary(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    """What a service deployment shows of its revisions, tasks and circuit breaker: live, or as it ended."""
    if record.ended is not None:
        return record.ended
    breaker = breaker_of(service)
    return {
        "sourceServiceRevisions": [_counted(one) for one in record.sources],
        "targetServiceRevision": _counted(record.target),
        "failureCount": record.target.failure_count,
        "threshold": threshold(breaker, service.desired_count) if breaker else 0,
        "tripped": record.target.rollout_state_reason == FAILED_TO_START,
        "deploymentConfiguration": dict(service.deployment_configuration),
    }


def _counted(deployment: Deployment) -> dict[str, Any]:
    assert deployment.revision is not None, "every deployment that was begun has its revision"
    return {
        "arn": deployment.revision.service_revision_arn,
        "requestedTaskCount": deployment.desired_count,
        "runningTaskCount": deployment.running_count,
        "pendingTaskCount": deployment.pending_count,
    }
