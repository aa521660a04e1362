"""IAM where moto falls short: the policy simulator, service-linked roles, keys that are taken back.

AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from course.sandbox.authorize.attached import boundary_of, iam_of, policies_of
from course.sandbox.authorize.patterns import Context, context
from course.sandbox.authorize.policy import Policy, names_a_principal, read_policy
from course.sandbox.authorize.principals import Principal
from course.sandbox.ecs.errors import Refused
from course.sandbox.identity import service_linked
from course.sandbox.identity.simulation import Simulation
from course.sandbox.world import World

PAGE = 100
"""Results in one answer, unless MaxItems says otherwise."""


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    world: World


class IamApi(IamResponse):
    """moto's IAM with what it lacks, one method per operation."""

    plane: ClassVar[Plane]

    def simulate_custom_policy(self) -> ActionResult:
        """SimulateCustomPolicy: try policies out that are attached to nobody."""
        who = Principal(str(self._get_param("CallerArn") or ""), self.current_account)
        policies = list(self._given("PolicyInputList"))
        return self._simulated(who, policies, {})

    def simulate_principal_policy(self) -> ActionResult:
        """SimulatePrincipalPolicy: what a user, a group or a role may, with more policies if given.

        Raises Refused for a principal that is not there.
        """
        arn = str(self._get_param("PolicySourceArn"))
        sources = self._sources(arn)
        kinds = {
            one.name: _kind(one.name, source)
            for source, held in sources
            for one in policies_of(held)
        }
        policies = [one for _, held in sources for one in policies_of(held)]
        policies += self._given("PolicyInputList")
        boundary = boundary_of(sources[0][1], self.current_account)
        who = Principal(str(self._get_param("CallerArn") or arn), self.current_account, arn)
        return self._simulated(who, policies, kinds, boundary)

    def _simulated(
        self,
        who: Principal,
        policies: list[Policy],
        kinds: dict[str, str],
        boundary: Policy | None = None,
    ) -> ActionResult:
        limits = list(self._given("PermissionsBoundaryPolicyInputList"))
        of_resource = self._get_param("ResourcePolicy")
        simulation = Simulation(
            who,
            policies,
            limits[0] if limits else boundary,
            read_policy("ResourcePolicy", of_resource) if of_resource else None,
            self._known(who),
            kinds,
        )
        results = [
            simulation.result(action, resource)
            for action in self._get_param("ActionNames", [])
            for resource in self._get_param("ResourceArns") or ["*"]
        ]
        return ActionResult(self._page(results))

    def _page(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        start = int(self._get_param("Marker") or 0)
        end = start + self._get_int_param("MaxItems", PAGE)
        more = end < len(results)
        answer = {"EvaluationResults": results[start:end], "IsTruncated": more}
        return answer | ({"Marker": str(end)} if more else {})

    def _given(self, parameter: str) -> Iterator[Policy]:
        for number, text in enumerate(self._get_param(parameter) or [], start=1):
            read = read_policy(f"{parameter}.{number}", text)
            if not read.statements:
                raise Refused("InvalidInput", f"{parameter}.{number} is no policy.")  # our words
            yield read

    def _known(self, who: Principal) -> Context:
        entries = self._get_param("ContextEntries") or []
        given = {one["ContextKeyName"]: one.get("ContextKeyValues", []) for one in entries}
        return context({"aws:PrincipalArn": who.arn, **given} if who.arn else given)

    def _sources(self, arn: str) -> list[tuple[str, Any]]:
        """The user with their groups, the group or the role of an ARN: the one named comes first."""
        iam = iam_of(self.current_account)
        kind = arn.split(":", 5)[-1].partition("/")[0]
        held = {"user": iam.users, "group": iam.groups, "role": iam.roles}.get(kind, {})
        found = next((one for one in held.values() if one.arn == arn), None)
        if found is None:
            raise Refused("NoSuchEntity", f"The principal {arn} is not there.")  # our words
        groups = iam.get_groups_for_user(found.name) if kind == "user" else []
        return [(kind, found), *(("group", one) for one in groups)]

    def create_service_linked_role(self) -> ActionResult:
        """CreateServiceLinkedRole, under the name that AWS gives it."""
        service, suffix = self._get_param("AWSServiceName"), self._get_param("CustomSuffix")
        named = service_linked.NAMES.get(service)
        if named and service_linked.exists(service, self.current_account):
            raise Refused(  # our words
                "InvalidInput",
                f"Service role name {named} has been taken in this account, please try a different suffix.",
            )
        description = self._get_param("Description") or ""
        made = service_linked.make(service, self.current_account, description, suffix or "")
        return ActionResult({"Role": made})

    def delete_service_linked_role(self) -> ActionResult:
        """DeleteServiceLinkedRole: a task that succeeds if nothing of the service is left."""
        name, task = self._get_param("RoleName"), self.plane.world.uuid()
        role = self.backend.get_role(name)
        used = self._usage(role.name)
        self.plane.world.role_deletions[task] = f"FAILED {role.name}" if used else "SUCCEEDED"
        if not used:
            for policy in list(role.managed_policies):
                self.backend.detach_role_policy(policy, role.name)
            self.backend.delete_role(role.name)
        return ActionResult({"DeletionTaskId": task})

    def get_service_linked_role_deletion_status(self) -> ActionResult:
        """GetServiceLinkedRoleDeletionStatus of a task that DeleteServiceLinkedRole began."""
        task = self._get_param("DeletionTaskId")
        status = self.plane.world.role_deletions.get(task)
        if status is None:
            raise Refused("NoSuchEntity", f"There is no deletion task {task}.")  # our words
        status, _, role = status.partition(" ")
        answer: dict[str, Any] = {"Status": status}
        if status == "FAILED":
            uses = [
                {"Region": region, "Resources": arns} for region, arns in self._usage(role).items()
            ]
            answer["Reason"] = {
                "Reason": "The role is in use: delete what is named here first.",  # our words
                "RoleUsageList": uses,
            }
        return ActionResult(answer)

    def _usage(self, role: str) -> dict[str, list[str]]:
        """What a service needs its role for, by Region: ECS its ACTIVE clusters, scaling its targets."""
        world, found = self.plane.world, dict[str, list[str]]()
        if role == service_linked.NAMES[service_linked.ECS]:
            for name, region in world.regions.items():
                every = region.clusters.values()
                found[name] = [one.cluster_arn for one in every if one.status == "ACTIVE"]
        if role == service_linked.NAMES[service_linked.SCALING]:
            for name, targets in world.scaling.items():
                found[name] = [one.scalable_target_arn for one in targets.held.values()]
        return {name: arns for name, arns in found.items() if arns}

    def put_user_policy(self) -> ActionResult:
        """PutUserPolicy. Raises Refused for a document with a principal."""
        self._of_an_identity()
        return super().put_user_policy()

    def put_group_policy(self) -> ActionResult:
        """PutGroupPolicy. Raises Refused for a document with a principal."""
        self._of_an_identity()
        return super().put_group_policy()

    def put_role_policy(self) -> ActionResult:
        """PutRolePolicy. Raises Refused for a document with a principal, such as a trust policy."""
        self._of_an_identity()
        return super().put_role_policy()

    def create_policy(self) -> ActionResult:
        """CreatePolicy. Raises Refused for a document with a principal."""
        self._of_an_identity()
        return super().create_policy()

    def create_policy_version(self) -> ActionResult:
        """CreatePolicyVersion. Raises Refused for a document with a principal."""
        self._of_an_identity()
        return super().create_policy_version()

    def _of_an_identity(self) -> None:
        """Whose policy it is says who is meant. AWS's words: terraform-provider-aws#10419, 2019-10."""
        if names_a_principal(str(self._get_param("PolicyDocument"))):
            text = "Policy document should not specify a principal."
            raise Refused("MalformedPolicyDocument", text)

    def list_attached_role_policies(self) -> ActionResult:
        """ListAttachedRolePolicies; a service-linked role has AWS's own."""
        service_linked.attach_policy(self._get_param("RoleName"), self.current_account)
        return super().list_attached_role_policies()

    def delete_role(self) -> ActionResult:
        """DeleteRole. Raises Refused for a service-linked role, which only its service deletes."""
        name = self._get_param("RoleName")
        if service_linked.is_linked(name, self.current_account):
            raise Refused(
                "UnmodifiableEntity",
                f"Cannot perform the operation on the protected role '{name}': only AWS changes it.",  # ours
            )
        return super().delete_role()

    def delete_user(self) -> ActionResult:
        """DeleteUser. Raises Refused for a user who still has access keys."""
        if self.backend.get_user(self._get_param("UserName")).access_keys:
            text = "Cannot delete entity, must delete access keys first."  # our words
            raise Refused("DeleteConflict", text)
        return super().delete_user()

    def delete_access_key(self) -> ActionResult:
        """DeleteAccessKey: whoever goes on using it is refused."""
        answer = super().delete_access_key()
        self.plane.world.deleted_keys.add(self._get_param("AccessKeyId"))
        return answer


def _kind(policy: str, source: str) -> str:
    """Where a policy comes from: inline in its principal, of AWS's, or of the account's own."""
    if policy.startswith("arn:aws:iam::aws:"):
        return "aws-managed"
    return "user-managed" if policy.startswith("arn:") else source
