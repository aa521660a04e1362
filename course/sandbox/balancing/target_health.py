"""The health of a target: from what it is and what a check found to what it is next. Pure.

A new target is ``initial`` until one check passes, which makes it healthy, or so
many in a row fail, which makes it unhealthy; from there, so many have to pass in
a row. (One check for a new target, whatever the threshold: both guides, of Elastic
Load Balancing and of ECS, as seen in November 2026.) Reason codes are the API's. Of the descriptions, "Request timed out" and "Health checks failed" were
seen in events of 2019 and 2023, "Target is in the stopped state" in moto; the
others are only remembered.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
and https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
and https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Health:
    """A target's state, its reason code and description, and what counts towards the next state."""

    state: str
    reason: str | None = None
    description: str | None = None
    passes: int = 0
    failures: int = 0


REGISTERING = Health("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
CHECKING = Health("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
DRAINING = Health(
    "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"
)
NOT_REGISTERED = Health(
    "unused", "Target.NotRegistered", "Target is not registered to the target group"
)
NOT_IN_USE = Health(
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
ZONE_NOT_ENABLED = Health(
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load balancer",
)
STOPPED = Health("unused", "Target.InvalidState", "Target is in the stopped state")
NOT_CHECKED = Health("unavailable", "Target.HealthCheckDisabled", "Health checks are disabled")


@dataclass(frozen=True, slots=True)
class Check:
    """A target group's health check; durations are seconds, *codes* as in its matcher."""

    protocol: str = "HTTP"
    port: int | None = None
    path: str = "/"
    interval: int = 30
    timeout: int = 6
    healthy: int = 5
    unhealthy: int = 2
    codes: str = "200"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a target: an HTTP status; *silent*, nothing at all; neither, a refused connection."""

    status: int | None = None
    silent: bool = False


def judge(before: Health, check: Check, answer: Answer) -> Health:
    """The health after one more check."""
    failed = failure(check, answer)
    if failed is None:
        passes = min(before.passes + 1, check.healthy)
        if passes >= check.healthy or before.state != "unhealthy":
            return Health("healthy", passes=passes)
        return replace(_pending(before), passes=passes, failures=0)
    failures = min(before.failures + 1, check.unhealthy)
    if failures >= check.unhealthy or before.state == "unhealthy":
        return replace(failed, failures=failures)
    return replace(_pending(before), passes=0, failures=failures)


def _pending(before: Health) -> Health:
    """What a single check leaves as it is; the first one of all ends the registration."""
    return CHECKING if before.state in ("initial", "unused") else before


def failure(check: Check, answer: Answer) -> Health | None:
    """Why an answer fails the check, as the health that comes of it; None when it passes."""
    if answer.silent and check.protocol != "TCP":
        return Health("unhealthy", "Target.Timeout", "Request timed out")
    if answer.status is None:
        return Health("unhealthy", "Target.FailedHealthChecks", "Health checks failed")
    if check.protocol == "TCP" or in_codes(answer.status, check.codes):
        return None
    described = f"Health checks failed with these codes: [{answer.status}]"
    return Health("unhealthy", "Target.ResponseCodeMismatch", described)


def in_codes(status: int, codes: str) -> bool:
    """Whether an HTTP status is one of a matcher's: ``200``, ``200,202`` or ``200-299``."""
    for part in codes.split(","):
        low, _, high = part.partition("-")
        if int(low) <= status <= int(high or low):
            return True
    return False
