"""Capacity providers: FARGATE and FARGATE_SPOT, which are always there, and Auto Scaling groups.

A provider over an Auto Scaling group scales it, if managed scaling is on and a
cluster has it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
"""

import re
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations, missing, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.capacity import FARGATE_PROVIDERS, check_associated, scales_itself
from course.sandbox.ecs.errors import Refused, client_exception, invalid_parameter
from course.sandbox.ecs.resources import CapacityProvider, Cluster
from course.sandbox.ecs.validation import check_name, check_strategy, check_tags

SCALING = {
    "status": "DISABLED",
    "targetCapacity": 100,
    "minimumScalingStepSize": 1,
    "maximumScalingStepSize": 10000,
    "instanceWarmupPeriod": 300,
}
"""Managed scaling, where the call leaves something out."""

PROVIDER = {"managedTerminationProtection": "DISABLED", "managedDraining": "ENABLED"}
"""Managed instance draining is on by default (developer guide, enable-managed-instance-draining, 2026)."""

AT_MOST = 20
TAGS_IN_ANSWER = "DescribeCapacityProvidersResponse.capacityProviders.CapacityProvider.tags"


class CapacityProviderOperations(EcsOperations):
    """The operations on capacity providers, one method each."""

    @behaves("api/test_capacity_providers.py::test_a_cluster_takes_a_provider_that_exists")
    def create_capacity_provider(self) -> ActionResult:
        """CreateCapacityProvider over an Auto Scaling group."""
        name = self.given("name", "")
        check_name(name, "name", client_exception)
        if re.match("aws|ecs|fargate", name, re.IGNORECASE):
            raise client_exception("The name cannot begin with aws, ecs or fargate.")  # our words
        if self.find_provider(name):
            raise client_exception(  # AWS's: terraform-aws-modules/terraform-aws-ecs#96 (2023)
                "The specified capacity provider already exists."
            )
        group = self.given("autoScalingGroupProvider")
        if not group:
            raise client_exception(  # our words
                "The sandbox keeps capacity providers of Auto Scaling groups only: give "
                "autoScalingGroupProvider."
            )
        check_tags(self.given("tags", []))
        group = _group(group, {})
        group["autoScalingGroupArn"] = self._check_group(group)
        made = self.ecs.capacity_providers[name] = CapacityProvider(
            self.ecs.arn(f"capacity-provider/{name}"),
            name,
            "EC2_AUTOSCALING",
            group,
            self.given("tags", []),
        )
        self.plane.world.record("you", f"CreateCapacityProvider {name}")
        return ActionResult({"capacityProvider": made})

    @behaves("api/test_managed_scaling.py::test_managed_scaling_that_is_turned_off_changes_nothing")
    def update_capacity_provider(self) -> ActionResult:
        """UpdateCapacityProvider: changes what it names."""
        provider = self._own(self.given("name", ""))
        change = self.given("autoScalingGroupProvider", {})
        group = _group(change, provider.auto_scaling_group_provider or {})
        self._check_protection(group)
        provider.auto_scaling_group_provider = group
        provider.update_status = "UPDATE_COMPLETE"
        for cluster in self.ecs.clusters.values():
            if provider.name in cluster.capacity_providers:
                self.plane.managed_scaling.associate(self.ecs, cluster)
        self.plane.world.record("you", f"UpdateCapacityProvider {provider.name}")
        return ActionResult({"capacityProvider": provider})

    @behaves("api/test_capacity_providers.py::test_a_provider_of_a_cluster_stays")
    def delete_capacity_provider(self) -> ActionResult:
        """DeleteCapacityProvider, once no cluster is associated with it."""
        provider = self._own(self.given("capacityProvider", ""))
        clusters = [one for one in self.ecs.clusters.values() if one.status == "ACTIVE"]
        if any(provider.name in one.capacity_providers for one in clusters):
            raise client_exception(  # our words
                f"The capacity provider {provider.name} is associated with a cluster: take it out "
                "with PutClusterCapacityProviders first."
            )
        del self.ecs.capacity_providers[provider.name]
        provider.status, provider.update_status = "INACTIVE", "DELETE_COMPLETE"
        self.plane.world.record("you", f"DeleteCapacityProvider {provider.name}")
        return ActionResult({"capacityProvider": provider})

    @behaves("api/test_capacity_providers.py::test_what_a_cluster_may_use_is_described")
    def describe_capacity_providers(self) -> ActionResult:
        """DescribeCapacityProviders: those named, or all; of one cluster, if one is named."""
        self.show_tags_if_asked(TAGS_IN_ANSWER)
        every = [*map(self.find_provider, FARGATE_PROVIDERS), *self.ecs.capacity_providers.values()]
        if self.given("cluster"):
            names = self.cluster().capacity_providers
            every = [one for one in every if one and one.name in names]
        asked = self.given("capacityProviders") or [one.name for one in every if one]
        found, failures = [], []
        for name in asked:
            provider = self.find_provider(name)
            if provider in every:
                found.append(provider)
            else:
                arn = self.ecs.arn(f"capacity-provider/{short_name(name)}")
                failures.append(missing(arn))
        return ActionResult(self.page_of("capacityProviders", found) | {"failures": failures})

    @behaves("api/test_capacity_providers.py::test_the_clusters_default_strategy_places_tasks")
    def put_cluster_capacity_providers(self) -> ActionResult:
        """PutClusterCapacityProviders: replaces providers and default strategy."""
        cluster = self.cluster()
        names = [short_name(one) for one in self.given("capacityProviders", [])]
        strategy = self.given("defaultCapacityProviderStrategy", [])
        self.check_providers(names, strategy)
        self._refuse_if_elsewhere(cluster, names)
        self._refuse_if_in_use(cluster, set(cluster.capacity_providers) - set(names))
        cluster.capacity_providers = names
        cluster.default_capacity_provider_strategy = strategy
        self.plane.managed_scaling.associate(self.ecs, cluster)
        self.plane.world.record("you", f"PutClusterCapacityProviders {cluster.cluster_name}")
        return ActionResult({"cluster": cluster})

    def check_providers(self, names: list[str], strategy: list[dict[str, Any]]) -> None:
        """Refuse providers that do not exist, and a strategy over others than these."""
        if len(names) > AT_MOST:
            raise invalid_parameter(
                f"A cluster takes at most {AT_MOST} capacity providers, not {len(names)}."
            )  # ours
        for name in names:
            if self.find_provider(name) is None:
                raise invalid_parameter(  # AWS's in 2022: terraform-aws-modules/terraform-aws-ecs#53
                    "The specified capacity provider was not found. Specify a valid capacity "
                    "provider and try again."
                )
        if strategy:
            check_strategy(strategy)
            check_associated(strategy, names)

    def _check_group(self, group: dict[str, Any]) -> str:
        """The ARN of a provider's Auto Scaling group, which has to be there, and nobody else's."""
        name = group["autoScalingGroupArn"]
        found = self.plane.auto_scaling.find(self.region, name)
        if found is None:
            raise client_exception(  # our words
                f"The specified Auto Scaling group {name} was not found."
            )
        for other in self.ecs.capacity_providers.values():
            if (other.auto_scaling_group_provider or {}).get("autoScalingGroupArn") == found.arn:
                raise client_exception(  # AWS's in 2019: aws/containers-roadmap#632
                    "The specified Auto Scaling group ARN is already being used by another capacity "
                    "provider. Specify a unique Auto Scaling group ARN and try again."
                )
        self._check_protection({**group, "autoScalingGroupArn": found.arn})
        return str(found.arn)

    def _check_protection(self, group: dict[str, Any]) -> None:
        """Managed termination protection needs the group's own protection, and managed scaling."""
        if group["managedTerminationProtection"] != "ENABLED":
            return
        found = self.plane.auto_scaling.find(self.region, group["autoScalingGroupArn"])
        if found is not None and not found.new_instances_protected_from_scale_in:
            raise client_exception(  # AWS's in 2019 and 2020: aws/containers-roadmap#653
                "The managed termination protection setting for the capacity provider is invalid. "
                "To enable managed termination protection for a capacity provider, the Auto Scaling "
                "group must have instance protection from scale in enabled."
            )
        if group["managedScaling"]["status"] != "ENABLED":
            raise client_exception(  # our words
                "The managed termination protection setting for the capacity provider is invalid: "
                "it needs managed scaling."
            )

    def _refuse_if_elsewhere(self, cluster: Cluster, names: list[str]) -> None:
        """A provider with managed scaling is connected to one cluster at a time."""
        for other in self.ecs.clusters.values():
            if other is cluster or other.status != "ACTIVE":
                continue
            for name in sorted(set(names) & set(other.capacity_providers)):
                if scales_itself(self.ecs, name):
                    raise invalid_parameter(  # our words
                        f"The capacity provider {name} has managed scaling and is connected to "
                        f"{other.cluster_name}: it can only be connected to one cluster."
                    )

    def _refuse_if_in_use(self, cluster: Cluster, leaving: set[str]) -> None:
        """A provider may leave a cluster when no task and no service there uses it."""
        prefix = f"{cluster.cluster_name}:"
        for key, service in self.ecs.services.items():
            used = {one["capacityProvider"] for one in service.capacity_provider_strategy}
            if key.startswith(prefix) and service.status != "INACTIVE" and used & leaving:
                raise _in_use()
        for task in self.ecs.tasks.get(cluster.cluster_name, {}).values():
            if task.capacity_provider_name in leaving and task.last_status != "STOPPED":
                raise _in_use()

    def find_provider(self, name_or_arn: str) -> CapacityProvider | None:
        """A capacity provider by name or ARN; Fargate's are always there."""
        if not self.is_here(name_or_arn):
            return None
        name = short_name(name_or_arn)
        if name in FARGATE_PROVIDERS:
            return CapacityProvider(self.ecs.arn(f"capacity-provider/{name}"), name, name)
        return self.ecs.capacity_providers.get(name)

    def _own(self, name: str) -> CapacityProvider:
        """A provider the learner made. Raises ClientException for the reserved ones and unknown ones."""
        if short_name(name) in FARGATE_PROVIDERS:
            raise client_exception(
                f"The capacity provider {name} is reserved: AWS keeps it."
            )  # our words
        found = self.find_provider(name)
        if found is None:
            raise client_exception(
                f"The specified capacity provider {name!r} was not found."
            )  # ours
        return found


def _in_use() -> Refused:
    return Refused(  # AWS's in 2021: aws/containers-roadmap#631
        "ResourceInUseException",
        "The specified capacity provider is in use and cannot be removed.",
    )


def _group(given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """An Auto Scaling group provider: what is given, over what it was, over the defaults."""
    given = _without_nothing(given)
    scaling = _without_nothing(given.get("managedScaling", {}))
    scaling = {**SCALING, **before.get("managedScaling", {}), **scaling}
    if scaling["minimumScalingStepSize"] > scaling["maximumScalingStepSize"]:
        raise client_exception(  # our words
            "minimumScalingStepSize must not be larger than maximumScalingStepSize."
        )
    return {**PROVIDER, **before, **given, "managedScaling": scaling}


def _without_nothing(given: dict[str, Any]) -> dict[str, Any]:
    """Only what the call says: null is nothing said."""
    return {name: value for name, value in given.items() if value is not None}
