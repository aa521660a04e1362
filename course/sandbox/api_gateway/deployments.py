"""Deployments of an API: its routes and integrations as they are now, put under a stage's name.

A stage with automatic deployment gets a new one whenever something of its API
changes; another keeps what it has until it is given a deployment. Pure.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
     The messages are seen in outputs of 2020 to 2026.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime

from course.sandbox.api_gateway.api_rules import bad_request
from course.sandbox.api_gateway.resources import Api, Deployment, Stage

NO_ROUTE = "At least one route is required before deploying the Api."


def deploy(api: Api, deployment_id: str, now: datetime) -> Deployment:
    """Keep an API as it is now. Raises Refused for one without a route."""
    if not api.routes:
        raise bad_request(NO_ROUTE)
    made = Deployment(
        deployment_id,
        now,
        tuple(deepcopy(one) for one in api.routes.values()),
        deepcopy(api.integrations),
        closed=api.disable_execute_api_endpoint,
    )
    api.deployments[deployment_id] = made
    return made


def put_on(stage: Stage, deployment_id: str, now: datetime) -> None:
    """From now on the stage calls this deployment."""
    stage.deployment_id, stage.last_updated_date = deployment_id, now
    if stage.auto_deploy:
        stage.last_deployment_status_message = (
            f"Successfully deployed stage with deployment ID '{deployment_id}'"
        )


def deploy_by_itself(
    api: Api, stages: list[Stage], new_id: Callable[[], str], now: datetime
) -> None:
    """Something of an API has changed: a new deployment for each of the stages that want one."""
    for stage in stages:
        if not stage.auto_deploy:
            continue
        if not api.routes:
            stage.last_deployment_status_message = f"Deployment attempt failed: {NO_ROUTE}"
            continue
        made = deploy(api, new_id(), now)
        made.auto_deployed = True
        made.description = "Automatic deployment triggered by changes to the Api configuration"
        put_on(stage, made.deployment_id, now)
