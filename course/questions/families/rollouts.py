"""Families on deployments and on the life of a task: bounds, thresholds, seconds."""

from math import ceil
from random import Random

from course.questions.families.family import Choice, Made, family

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
ROLLING = {
    "topic": "deployments",
    "exam": "C02:3.4 C03:3.3",
    "objective": "fargate-tutorial/deployments",
    "section": "Two futures of one decision",
    "page": GUIDE + "deployment-type-ecs.html",
    "title": "Amazon ECS Developer Guide, rolling update",
}


@family("rolling-floor", **ROLLING)
def rolling_floor(chance: Random) -> Made:
    """How many tasks a rolling update keeps: desiredCount times minimumHealthyPercent, rounded up."""
    desired = chance.choice((3, 5, 6, 7, 9, 10, 11, 14))
    percent = chance.choice((25, 40, 50, 60, 75))
    floor = ceil(desired * percent / 100)
    return Made(
        f"A service with desiredCount {desired} is deployed with minimumHealthyPercent {percent} and "
        "maximumPercent 200. How many tasks must keep running at the least during the rolling update?",
        Choice(f"{floor} tasks", f"{percent} % of {desired}, rounded up."),
        (
            Choice(f"{desired} tasks", "That would be 100 percent.", "M076"),
            Choice(f"{desired * percent // 100} tasks", "The lower bound is rounded up."),
            Choice(f"{2 * desired} tasks", "That is the upper bound."),
            Choice(f"{desired - floor} tasks", "So many may be stopped; the others stay."),
            Choice(f"{floor + 1} tasks", "One fewer is enough."),
            Choice("0 tasks", "That would be 0 percent."),
        ),
        f"minimumHealthyPercent is a share of desiredCount, rounded up to whole tasks: {percent} % of "
        f"{desired} are {floor}.",
    )


@family("rolling-ceiling", **ROLLING)
def rolling_ceiling(chance: Random) -> Made:
    """How many new tasks start at first: what maximumPercent, rounded down, leaves above desiredCount."""
    desired = chance.choice((4, 5, 6, 7, 9, 10, 12))
    percent = chance.choice((125, 150, 175, 200))
    ceiling = desired * percent // 100
    return Made(
        f"All {desired} tasks of a service run when a rolling update begins, with minimumHealthyPercent "
        f"100 and maximumPercent {percent}. How many new tasks can ECS start before it stops an old one?",
        Choice(f"{ceiling - desired} tasks", f"Up to {ceiling} may be there, and {desired} are."),
        (
            Choice(f"{ceiling} tasks", "So many may be there in all, the old ones among them."),
            Choice(f"{desired} tasks", "That needs a maximumPercent of 200."),
            Choice("1 task", "ECS uses all the room that maximumPercent leaves."),
            Choice("0 tasks", "With maximumPercent 100 there would be no room.", "M077"),
            Choice(f"{ceiling - desired + 1} tasks", "The upper bound is rounded down."),
            Choice(f"{2 * desired} tasks", "That is more than the upper bound."),
        ),
        f"maximumPercent is a share of desiredCount, rounded down: {percent} % of {desired} are {ceiling}, "
        f"so there is room for {ceiling - desired} more.",
    )


@family(
    "breaker-threshold",
    **ROLLING
    | {
        "page": GUIDE + "deployment-circuit-breaker.html",
        "title": "Amazon ECS Developer Guide, deployment circuit breaker",
    },
)
def breaker_threshold(chance: Random) -> Made:
    """After how many failed tasks the circuit breaker fails a deployment: half of desiredCount, 3 to 200."""
    desired = chance.choice((2, 4, 10, 15, 25, 40, 120, 500, 1000))
    half = ceil(desired / 2)
    threshold = min(200, max(3, half))
    return Made(
        f"A service with desiredCount {desired} has its deployment circuit breaker on, with the default "
        "threshold. After how many failed tasks does a deployment count as failed?",
        Choice(f"{threshold} failed tasks", "Half of desiredCount, at least 3 and at most 200."),
        (
            Choice(f"{half} failed tasks", "Half, but the bounds of 3 and 200 are missing."),
            Choice(f"{desired} failed tasks", "Half of them are enough."),
            Choice("1 failed task", "A single failure may be chance."),
            Choice("10 failed tasks", "The number depends on desiredCount."),
            Choice(f"{2 * desired} failed tasks", "That is far too late."),
            Choice(f"{threshold + 3} failed tasks", "It ends earlier."),
        ),
        f"By default the threshold is 50 percent of desiredCount, rounded up, between 3 and 200: here {threshold}.",
    )


@family(
    "stop-seconds",
    topic="evidence",
    exam="C02:4.1 C03:4.1",
    objective="fargate-tutorial/task-life",
    section="Stop one",
    page=GUIDE + "task_definition_parameters.html",
    title="Amazon ECS Developer Guide, task definition parameters",
)
def stop_seconds(chance: Random) -> Made:
    """When a container that ignores SIGTERM is killed: after stopTimeout, 30 seconds by default."""
    given = chance.choice((None, 10, 45, 60, 90, 120))
    seconds = given or 30
    said = f"stopTimeout is {given}" if given else "stopTimeout is not set"
    return Made(
        f"A container on Fargate ignores SIGTERM; its {said}. Its task is stopped. How long after "
        "SIGTERM is the container killed?",
        Choice(f"after {seconds} seconds", "SIGKILL comes when stopTimeout is over."),
        (
            Choice("at once", "SIGKILL would come first; SIGTERM does.", "M095"),
            Choice("after 30 seconds", "That is the default, where stopTimeout is not set."),
            Choice("after 120 seconds", "That is the most that Fargate takes."),
            Choice("never: the task goes on", "SIGKILL cannot be ignored."),
            Choice(f"after {2 * seconds} seconds", "stopTimeout counts once."),
        ),
        f"ECS sends SIGTERM, waits stopTimeout (30 seconds unless it is set; 120 at most on Fargate) and then "
        f"sends SIGKILL: here after {seconds} seconds.",
    )


@family(
    "unhealthy-seconds",
    topic="balancing",
    exam="C02:4.2 C03:4.2",
    objective="load-balancing/health",
    section="Well, but not yet",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    title="Elastic Load Balancing, health checks for target groups",
)
def unhealthy_seconds(chance: Random) -> Made:
    """How long a target that fails is still healthy: interval times UnhealthyThresholdCount."""
    interval, threshold = chance.choice((5, 10, 15, 20, 30)), chance.choice((2, 3, 4, 5))
    healthy = chance.choice((6, 7, 8))
    return Made(
        f"A target group checks every {interval} seconds, with UnhealthyThresholdCount {threshold} and "
        f"HealthyThresholdCount {healthy}. A healthy target begins to answer each check with 500 at once. How many "
        "seconds does it take from the first failed check on until the target is unhealthy?",
        Choice(
            f"{interval * (threshold - 1)} seconds",
            f"The first failed check counts; {threshold - 1} more follow.",
        ),
        (
            Choice(f"{interval * (healthy - 1)} seconds", "That is the way back to healthy."),
            Choice(f"{interval * healthy} seconds", "HealthyThresholdCount is for the way back."),
            Choice("0 seconds: one failed check is enough", "UnhealthyThresholdCount are needed."),
            Choice(
                f"{interval * (threshold + healthy)} seconds", "The two thresholds do not add up."
            ),
            Choice("600 seconds", "Nothing here takes ten minutes."),
        ),
        f"{threshold} failed checks in a row make a target unhealthy. They lie {interval} seconds apart, so the last "
        f"comes {interval * (threshold - 1)} seconds after the first.",
    )


@family(
    "container-health",
    topic="objects",
    exam="C02:4.2 C03:4.2",
    objective="fargate-tutorial/task-definitions",
    section="A task definition",
    page="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
    title="Amazon ECS API Reference, HealthCheck",
)
def container_health(chance: Random) -> Made:
    """How many failed checks in a row a container survives: as many as retries, less one."""
    retries, interval = chance.choice((2, 3, 4, 5, 6)), chance.choice((5, 10, 20, 30))
    return Made(
        f"A container's healthCheck has interval {interval}, retries {retries} and no startPeriod. The container has been "
        "HEALTHY for an hour, and now its command fails each time. With which failure does it become UNHEALTHY?",
        Choice(
            f"with failure number {retries} in a row",
            "retries is how many failures in a row it takes.",
        ),
        (
            Choice("with the first failure", "One failure is forgiven if retries is above 1."),
            Choice(
                f"with failure number {retries + 1} in a row",
                "retries counts the first failure, too.",
            ),
            Choice(f"with failure number {retries * 2} in a row", "That is twice as many."),
            Choice(
                "never: ECS only looks at the image's HEALTHCHECK",
                "It is the other way round.",
                "M030",
            ),
        ),
        f"retries is the number of failures in a row after which a container is UNHEALTHY: {retries}, "
        f"which lie {interval} seconds apart.",
    )


@family(
    "drain-then-stop",
    topic="balancing",
    exam="C02:4.1 C03:3.3",
    objective="load-balancing/draining",
    section="Gone, but not too soon",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
    title="Elastic Load Balancing, target groups for Application Load Balancers",
)
def drain_then_stop(chance: Random) -> Made:
    """How long requests under way have at a deployment: the deregistration delay, then stopTimeout."""
    delay, stop = chance.choice((15, 20, 40, 60)), chance.choice((25, 35, 50, 90))
    return Made(
        f"A deployment stops an old task behind an ALB. The target group's deregistration delay is {delay} seconds, the "
        f"container's stopTimeout {stop}. The program ignores SIGTERM, and one request runs for an hour. How long after "
        "the task began to drain is the container killed, at the latest?",
        Choice(
            f"about {delay + stop} seconds",
            "First the target drains, then SIGTERM, then stopTimeout.",
        ),
        (
            Choice(f"about {delay} seconds", "SIGTERM comes then, and SIGKILL after stopTimeout."),
            Choice(f"about {stop} seconds", "The target drains before SIGTERM."),
            Choice(f"about {max(delay, stop)} seconds", "The two come one after the other."),
            Choice("about 3600 seconds", "Nobody waits for a request longer than the delay."),
            Choice(f"about {abs(delay - stop)} seconds", "The times add up."),
        ),
        f"A service's task is taken out of its target group and drains for up to {delay} seconds; then it gets "
        f"SIGTERM, and SIGKILL {stop} seconds later.",
    )
