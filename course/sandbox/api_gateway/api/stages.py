"""Stages, and the deployments that they call.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
     https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-deployments.html
"""

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations, found_in
from course.sandbox.api_gateway.api_rules import bad_request, check_stage_name, conflict
from course.sandbox.api_gateway.deployments import deploy, deploy_by_itself, put_on
from course.sandbox.api_gateway.resources import Api, Deployment, Stage
from course.sandbox.ecs.api.treatment import behaves

TESTS = "tests/sandbox/api_gateway/api/test_stages.py::"
CHANGED = (
    ("AutoDeploy", "auto_deploy"),
    ("Description", "description"),
    ("StageVariables", "stage_variables"),
    ("DefaultRouteSettings", "default_route_settings"),
    ("RouteSettings", "route_settings"),
    ("AccessLogSettings", "access_log_settings"),
)
"""What UpdateStage may change: the parameter, and where it is kept."""


class Stages(ApiGatewayOperations):
    """The operations on stages and deployments."""

    @behaves(f"{TESTS}test_a_stage_deploys_by_itself_if_it_is_told_to")
    def create_stage(self) -> ActionResult:
        """CreateStage: with a deployment, or deploying by itself, or with nothing yet."""
        api, name = self.api(), self.given("StageName")
        check_stage_name(name, api.stages)
        made = Stage(name, self.now, self.now, tags=dict(self.given("Tags", {})))
        self._change(api, made)
        api.stages[name] = made
        self._told(api, f"CreateStage {name}")
        self._deploy(api, made)
        return ActionResult(made)

    @behaves(f"{TESTS}test_a_stage_deploys_by_itself_if_it_is_told_to")
    def get_stage(self) -> ActionResult:
        """GetStage."""
        return ActionResult(self.stage(self.api()))

    @behaves(f"{TESTS}test_stages_are_listed_changed_and_deleted")
    def get_stages(self) -> ActionResult:
        """GetStages: all of an API."""
        return self.page(self.api().stages.values())

    @behaves(f"{TESTS}test_stages_are_listed_changed_and_deleted")
    def update_stage(self) -> ActionResult:
        """UpdateStage: what is given changes; a stage that deploys by itself takes no deployment."""
        api = self.api()
        held = self.stage(api)
        self._change(api, held)
        held.last_updated_date = self.now
        self._told(api, f"UpdateStage {held.stage_name}")
        self._deploy(api, held)
        return ActionResult(held)

    @behaves(f"{TESTS}test_stages_are_listed_changed_and_deleted")
    def delete_stage(self) -> ActionResult:
        """DeleteStage: its name in a path is no stage's any more."""
        api = self.api()
        held = self.stage(api)
        del api.stages[held.stage_name]
        self._told(api, f"DeleteStage {held.stage_name}")
        return EmptyResult()

    @behaves(f"{TESTS}test_another_stage_keeps_its_deployment_until_it_is_given_one")
    def create_deployment(self) -> ActionResult:
        """CreateDeployment: the API as it is now, put on a stage where one is named."""
        api, name = self.api(), self.given("StageName")
        stage = found_in(api.stages, name, "stage") if name else None
        if stage and stage.auto_deploy:
            raise bad_request("A stage with autoDeploy takes no deployment by hand")  # our words
        made = deploy(api, self.new_id(6), self.now)
        made.description = self.given("Description")
        if stage:
            put_on(stage, made.deployment_id, self.now)
        self._told(api, f"CreateDeployment {made.deployment_id}")
        return ActionResult(made)

    @behaves(f"{TESTS}test_another_stage_keeps_its_deployment_until_it_is_given_one")
    def get_deployment(self) -> ActionResult:
        """GetDeployment."""
        return ActionResult(self._deployment(self.api()))

    @behaves(f"{TESTS}test_another_stage_keeps_its_deployment_until_it_is_given_one")
    def get_deployments(self) -> ActionResult:
        """GetDeployments: all of an API, the newest first."""
        return self.page(reversed(self.api().deployments.values()))

    @behaves(f"{TESTS}test_a_deployment_in_use_is_kept")
    def update_deployment(self) -> ActionResult:
        """UpdateDeployment: another description."""
        held = self._deployment(self.api())
        held.description = self.given("Description", held.description)
        return ActionResult(held)

    @behaves(f"{TESTS}test_a_deployment_in_use_is_kept")
    def delete_deployment(self) -> ActionResult:
        """DeleteDeployment: not while a stage calls it."""
        api = self.api()
        held = self._deployment(api)
        users = [
            one.stage_name for one in api.stages.values() if one.deployment_id == held.deployment_id
        ]
        if users:  # our words
            raise conflict(f"Deployment {held.deployment_id} is used by stage {', '.join(users)}")
        del api.deployments[held.deployment_id]
        return EmptyResult()

    def _deployment(self, api: Api) -> Deployment:
        return found_in(api.deployments, self.given("DeploymentId"), "Deployment")

    def _change(self, api: Api, stage: Stage) -> None:
        deployment = self.given("DeploymentId")
        if deployment:
            if self.given("AutoDeploy", stage.auto_deploy):
                raise bad_request(
                    "DeploymentId cannot be set on a stage with autoDeploy"
                )  # our words
            found_in(api.deployments, deployment, "Deployment")
            stage.deployment_id = deployment
        for name, attribute in CHANGED:
            value = self.given(name)
            if value is not None:
                setattr(stage, attribute, value)

    def _deploy(self, api: Api, stage: Stage) -> None:
        deploy_by_itself(api, [stage], lambda: self.new_id(6), self.now)

    def _told(self, api: Api, what: str) -> None:
        self.plane.world.record("you", f"{what} of API {api.name}")
