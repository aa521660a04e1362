"""What ECS refuses of a service: rules over the parameters of CreateService and UpdateService.

Pure: they look at parameters and at what is there, and raise Refused with AWS's
code and text, or with words of ours where none was found. What AWS has and the
sandbox does not is refused by name, so that nobody waits for what will not happen.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.ecs.resources import Service

Parameters = Mapping[str, Any]

PERCENTS = {
    "REPLICA": {"maximumPercent": 200, "minimumHealthyPercent": 100},
    "DAEMON": {"maximumPercent": 100, "minimumHealthyPercent": 0},
}
"""Defaults of deploymentConfiguration by scheduling strategy, for the API and the CLI."""

THRESHOLD_TYPES = ("COUNT", "BOUNDED_PERCENT", "UNBOUNDED_PERCENT")

FORCE = (
    "When switching from launch type to capacity provider strategy on an existing service, or "
    "making a change to a capacity provider strategy on a service that is already using one, you "
    "must force a new deployment."
)


def outside(what: str) -> Refused:
    """Something of a service that AWS has and the sandbox does not, so far."""
    return Refused("UnsupportedFeatureException", f"{what} is outside the sandbox so far.")  # ours


def controller_of(given: Parameters) -> str:
    """ECS, or EXTERNAL: then the service starts nothing, as its tasks come from task sets.

    Raises UnsupportedFeatureException for CODE_DEPLOY.
    """
    kind = (given.get("deploymentController") or {}).get("type") or "ECS"
    if kind == "CODE_DEPLOY":
        raise outside("The deployment controller CODE_DEPLOY")
    return str(kind)


def check_scheduling(given: Parameters, launch_type: str) -> None:
    """Refuse what the DAEMON strategy does not go with: Fargate, counts, placement, controllers."""
    if given.get("schedulingStrategy", "REPLICA") != "DAEMON":
        return
    strategy = "The daemon scheduling strategy does not support"
    if given.get("desiredCount") is not None:
        raise invalid_parameter(
            f"{strategy} a desired count for services. Remove the desired count value and try again"
        )
    if given.get("placementStrategy"):
        raise invalid_parameter(
            f"{strategy} placement strategies. Remove the placement strategy and try again"
        )
    if given.get("capacityProviderStrategy"):
        raise invalid_parameter(
            "Specifying a capacity provider strategy is not supported when you create a service "
            "using the DAEMON scheduling strategy."
        )
    if launch_type == "FARGATE":
        raise invalid_parameter(f"{strategy} the FARGATE launch type.")  # our words
    if controller_of(given) != "ECS":
        raise invalid_parameter(f"{strategy} the EXTERNAL deployment controller.")  # our words


def check_deployment_configuration(config: Parameters, controller: str) -> None:
    """Refuse percents and circuit breakers that make no sense, and what the sandbox does not have."""
    for member in ("minimumHealthyPercent", "maximumPercent"):
        if config.get(member) is not None and config[member] < 0:
            raise invalid_parameter(
                f"{member} cannot be negative, but it is {config[member]}."
            )  # ours
    strategy = config.get("strategy") or "ROLLING"
    if strategy != "ROLLING":
        raise outside(
            f"The deployment strategy {strategy}, which shifts a load balancer's traffic,"
        )
    if config.get("lifecycleHooks"):
        raise outside("A deployment with lifecycle hooks")
    if (config.get("earlySuccessCriteria") or {}).get("enable"):
        raise outside("A deployment with early success criteria")
    _check_breaker(config.get("deploymentCircuitBreaker") or {}, controller)


def _check_breaker(breaker: Parameters, controller: str) -> None:
    if breaker.get("enable") and controller != "ECS":
        raise invalid_parameter(  # our words
            "The deployment circuit breaker is for services with the ECS deployment controller."
        )
    configured = breaker.get("thresholdConfiguration") or {}
    kind, value = configured.get("type", "BOUNDED_PERCENT"), configured.get("value", 50)
    if kind not in THRESHOLD_TYPES:
        raise invalid_parameter(
            f"The threshold type is one of {', '.join(THRESHOLD_TYPES)}, not {kind}."
        )  # ours
    most = 100 if kind != "COUNT" else None
    if value < 1 or (most and value > most):
        allowed = "1 to 100" if most else "1 or more"
        raise invalid_parameter(
            f"The threshold value for {kind} is {allowed}, not {value}."
        )  # our words


def check_strategy_change(service: Service, given: Parameters) -> None:
    """A capacity provider strategy changes only together with a forced new deployment."""
    strategy = given.get("capacityProviderStrategy")
    if strategy is None or given.get("forceNewDeployment"):
        return
    if _plain(strategy) != _plain(service.capacity_provider_strategy):
        raise invalid_parameter(FORCE)


def _plain(strategy: Sequence[Parameters]) -> list[tuple[str, int, int]]:
    return [
        (item["capacityProvider"], item.get("base") or 0, item.get("weight") or 0)
        for item in strategy
    ]


def check_external(given: Parameters, members: Sequence[str]) -> None:
    """Refuse what belongs to task sets where the deployment controller is EXTERNAL."""
    for member in members:
        if given.get(member):
            if member == "taskDefinition":  # terraform-aws-ecs#278, 2025-04
                raise invalid_parameter("TaskDefinition must be blank")
            raise invalid_parameter(  # our words
                f"{member} belongs to the task sets of a service whose deployment controller is "
                "EXTERNAL, not to the service."
            )
