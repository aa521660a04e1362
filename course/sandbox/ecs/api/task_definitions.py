"""Task definitions: register, describe, list, deregister, delete.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definitions.html
"""

from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import client_exception, invalid_parameter
from course.sandbox.ecs.fargate_rules import ECR_IMAGE
from course.sandbox.ecs.fargate_sizes import amount, exists, is_windows
from course.sandbox.ecs.resources import TaskDefinition
from course.sandbox.ecs.validation import check_task_definition

AS_GIVEN = (
    "requiresCompatibilities",
    "taskRoleArn",
    "executionRoleArn",
    "runtimePlatform",
    "ephemeralStorage",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "enableFaultInjection",
)
"""Members that a revision keeps exactly as they were given."""

HEALTH_CHECK = {"interval": 30, "timeout": 5, "retries": 3}
"""What a health check comes back with that does not say, and no startPeriod (terraform-aws-ecs#148, 2023-12)."""


NO_IDENTIFIER = "The specified task definition identifier is invalid. Specify a valid name or ARN and try again."
NO_DEFINITION = (
    "The specified task definition does not exist. Specify a valid account, family, revision and "
    "try again."
)
STILL_ACTIVE = (
    "The specified task definition is still in ACTIVE status. Please deregister the target and try "
    "again."
)
"""Why a revision is not deleted, as moto 5.2.5 has it."""


class TaskDefinitionOperations(EcsOperations):
    """The operations on task definitions, one method each."""

    @behaves("api/test_task_definitions.py::test_every_member_given_comes_back")
    def register_task_definition(self) -> ActionResult:
        """RegisterTaskDefinition: the next revision of a family; revisions are never reused."""
        check_task_definition(self.params)
        family = self.given("family")
        revisions = self.ecs.task_definitions.setdefault(family, {})
        definition = self._new_revision(family, max(revisions, default=0) + 1)
        revisions[definition.revision] = definition
        self.plane.world.record("you", f"RegisterTaskDefinition {definition.name}")
        return ActionResult({"taskDefinition": definition, "tags": definition.tags})

    def _new_revision(self, family: str, revision: int) -> TaskDefinition:
        mode = self.given("networkMode", "bridge")
        definition = TaskDefinition(
            task_definition_arn=self.ecs.arn(f"task-definition/{family}:{revision}"),
            family=family,
            revision=revision,
            container_definitions=[
                _with_defaults(one, mode) for one in self.given("containerDefinitions")
            ],
            network_mode=mode,
            compatibilities=_compatibilities(self.params),
            requires_attributes=[{"name": name} for name in _attributes(self.params)],
            registered_at=self.plane.world.clock.now(),
            cpu=_units(self.given("cpu")),
            memory=_units(self.given("memory")),
            volumes=[_volume(one) for one in self.given("volumes", [])],
            placement_constraints=self.given("placementConstraints", []),
            tags=self.given("tags", []),
        )
        for member in AS_GIVEN:
            if self.given(member) is not None:
                setattr(definition, _snake(member), self.given(member))
        return definition

    @behaves("api/test_task_definitions.py::test_a_family_means_its_newest_active_revision")
    def describe_task_definition(self) -> ActionResult:
        """DescribeTaskDefinition, in any status; ClientException when there is none."""
        definition = self._existing_definition(self.given("taskDefinition"))
        answer: dict[str, Any] = {"taskDefinition": definition}
        if "TAGS" in self.given("include", []):
            answer["tags"] = definition.tags
        return ActionResult(answer)

    @behaves("api/test_task_definitions.py::test_lists_by_family_status_and_order")
    def list_task_definitions(self) -> ActionResult:
        """ListTaskDefinitions: ARNs by family and revision; only ACTIVE ones unless asked."""
        status, family = self.given("status", "ACTIVE"), self.given("familyPrefix")
        arns = [
            definition.task_definition_arn
            for name in sorted(self.ecs.task_definitions)
            for definition in self.ecs.task_definitions[name].values()
            if definition.status == status and family in (None, name)
        ]
        return self.page("taskDefinitionArns", arns[:: -1 if self.given("sort") == "DESC" else 1])

    @behaves("api/test_task_definitions.py::test_families_by_prefix_and_status")
    def list_task_definition_families(self) -> ActionResult:
        """ListTaskDefinitionFamilies: names that begin with ``familyPrefix``."""
        prefix, status = self.given("familyPrefix", ""), self.given("status", "ALL")
        names = [
            name
            for name, revisions in sorted(self.ecs.task_definitions.items())
            if name.startswith(prefix)
            and (status == "ALL" or (status == "ACTIVE") == _has_active(revisions))
        ]
        return self.page("families", names)

    @behaves("api/test_task_definitions.py::test_deregistered_it_is_inactive_and_starts_nothing")
    def deregister_task_definition(self) -> ActionResult:
        """DeregisterTaskDefinition: INACTIVE; running tasks and services keep using it."""
        name = self.given("taskDefinition")
        if ":" not in name.rsplit("/", 1)[-1]:
            raise client_exception("Revision is missing.")
        revision = name.rsplit(":", 1)[-1]
        if not revision.isdecimal():
            raise invalid_parameter(f"Invalid revision number. Number: {revision}")
        definition = self._existing_definition(name)
        if definition.status == "ACTIVE":
            definition.status = "INACTIVE"
            definition.deregistered_at = self.plane.world.clock.now()
            self.plane.world.record("you", f"DeregisterTaskDefinition {definition.name}")
        return ActionResult({"taskDefinition": definition})

    @behaves("api/test_task_definitions.py::test_revisions_count_up_and_are_never_used_again")
    def delete_task_definitions(self) -> ActionResult:
        """DeleteTaskDefinitions: only INACTIVE revisions; they show as DELETE_IN_PROGRESS."""
        deleted, failures = [], []
        for name in self.given("taskDefinitions"):
            definition = self.find_definition(name)
            if definition is None or definition.status == "ACTIVE":
                failures.append(_not_deletable(name, definition))
                continue
            definition.status = "DELETE_IN_PROGRESS"
            definition.delete_requested_at = self.plane.world.clock.now()
            deleted.append(definition)
        return ActionResult({"taskDefinitions": deleted, "failures": failures})

    def _existing_definition(self, name: str) -> TaskDefinition:
        found = self.find_definition(name)
        if found is None:
            raise client_exception("Unable to describe task definition.")
        return found


def _not_deletable(name: str, definition: TaskDefinition | None) -> dict[str, str]:
    if definition is None:
        return {"arn": name, "reason": NO_IDENTIFIER if _is_bare(name) else NO_DEFINITION}
    return {"arn": definition.task_definition_arn, "reason": STILL_ACTIVE}


def _is_bare(name: str) -> bool:
    """Whether a name says no revision, which is what is deleted."""
    return ":" not in name.rsplit("/", 1)[-1]


def _volume(given: dict[str, Any]) -> dict[str, Any]:
    """A volume as ECS returns it: of an EFS file system, the root unless it was said otherwise."""
    efs = given.get("efsVolumeConfiguration")
    return {**given, "efsVolumeConfiguration": {"rootDirectory": "/", **efs}} if efs else given


def _has_active(revisions: dict[int, TaskDefinition]) -> bool:
    return any(one.status == "ACTIVE" for one in revisions.values())


def _with_defaults(container: dict[str, Any], network_mode: str) -> dict[str, Any]:
    """A container definition as ECS returns it: with the members it fills in."""
    ports = [_port(one, network_mode) for one in container.get("portMappings") or []]
    check = container.get("healthCheck")
    filled = {
        "cpu": 0,
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
    }
    checked = {"healthCheck": {**HEALTH_CHECK, **check}} if check else {}
    return {**filled, **container, **checked, "portMappings": ports}


def _port(mapping: dict[str, Any], network_mode: str) -> dict[str, Any]:
    """Under awsvpc and host, the host's port is the container's."""
    same = network_mode in ("awsvpc", "host")
    host = mapping.get("hostPort", mapping.get("containerPort") if same else 0)
    return {"protocol": "tcp", **mapping, "hostPort": host}


def _compatibilities(given: dict[str, Any]) -> list[str]:
    """Where the definition could run, whatever it asks for."""
    awsvpc = given.get("networkMode") == "awsvpc"
    cpu, memory = amount(given.get("cpu") or ""), amount(given.get("memory") or "")
    windows = is_windows(given.get("runtimePlatform"))
    sized = cpu is not None and memory is not None and exists(cpu, memory, windows=windows)
    fargate = awsvpc and sized
    return ["EC2"] + ["FARGATE"] * fargate + ["EXTERNAL"] * (not awsvpc)


def _attributes(given: dict[str, Any]) -> list[str]:
    """Capabilities an agent must have to run it."""
    names = {"com.amazonaws.ecs.capability.docker-remote-api.1.18"}
    if given.get("networkMode") == "awsvpc":
        names.add("ecs.capability.task-eni")
    if given.get("taskRoleArn"):
        names.add("com.amazonaws.ecs.capability.task-iam-role")
    role = bool(given.get("executionRoleArn"))
    for container in given["containerDefinitions"]:
        driver = (container.get("logConfiguration") or {}).get("logDriver")
        if driver:
            names.add(f"com.amazonaws.ecs.capability.logging-driver.{driver}")
        if driver == "awslogs" and role:
            names.add("ecs.capability.execution-role-awslogs")
        names |= _for_secrets(container)
        if ECR_IMAGE.match(container["image"]):
            names.add("com.amazonaws.ecs.capability.ecr-auth")
            names |= {"ecs.capability.execution-role-ecr-pull"} if role else set()
    return sorted(names)


def _for_secrets(container: dict[str, Any]) -> set[str]:
    """What an agent needs to fetch a container's secrets, and those of its log driver."""
    logger = container.get("logConfiguration") or {}
    uses = {
        "environment-variables": container.get("secrets") or [],
        "bootstrap.log-driver": logger.get("secretOptions") or [],
    }
    return {
        f"ecs.capability.secrets.{'asm' if ':secretsmanager:' in one['valueFrom'] else 'ssm'}.{use}"
        for use, secrets in uses.items()
        for one in secrets
    }


def _units(text: str | None) -> str | None:
    """``"1 vCPU"`` and ``"3 GB"`` come back as CPU units and MiB."""
    value = amount(text) if text else None
    return text if value is None else str(value)


def _snake(member: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in member)
