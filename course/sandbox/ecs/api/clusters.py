"""Clusters: create, describe, list, update, delete.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
"""

from dataclasses import replace

from moto.core.responses import ActionResult
from moto.ecs.responses import DESCRIBE_CLUSTERS_TAGS

from course.sandbox.authorize.callers import Caller, caller_of
from course.sandbox.authorize.trust import ECS
from course.sandbox.ecs.account_settings import check_cluster_settings
from course.sandbox.ecs.api.base import missing, short_name
from course.sandbox.ecs.api.capacity_providers import CapacityProviderOperations
from course.sandbox.ecs.api.connecting import Connecting
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.resources import Cluster, Service
from course.sandbox.ecs.validation import check_name, check_tags
from course.sandbox.identity import service_linked

LINKED = {"iam:AWSServiceName": ECS}
"""The condition key that policies on service-linked roles speak of."""


class ClusterOperations(CapacityProviderOperations, Connecting):
    """The operations on clusters, one method each."""

    @behaves("api/test_clusters.py::test_lists_come_in_pages")
    def create_cluster(self) -> ActionResult:
        """CreateCluster; an ACTIVE cluster of that name is returned as it is."""
        name = self.given("clusterName", "default")
        check_name(name, "clusterName")
        check_tags(self.given("tags", []))
        check_cluster_settings(self.given("settings", []))
        self.check_providers(
            self.given("capacityProviders", []), self.given("defaultCapacityProviderStrategy", [])
        )
        found = self.ecs.clusters.get(name)
        if found is None or found.status not in ("ACTIVE", "PROVISIONING"):
            made = self._new_cluster(name)
            self._default_namespace(made, new=True)
            found = self.ecs.clusters[name] = made
            self._make_service_linked_role()
            self.plane.managed_scaling.associate(self.ecs, found)
            self.plane.world.record("you", f"CreateCluster {name}")
        return ActionResult({"cluster": found})

    def _make_service_linked_role(self) -> None:
        """The first cluster brings ECS its role, if the caller may create it; if not, it is not there."""
        account = self.ecs.account_id
        caller = caller_of(self.access_key, account, self.plane.world.clock.now())
        arn, action = service_linked.arn_of(ECS, account), "iam:CreateServiceLinkedRole"
        may = not isinstance(caller, Caller) or caller.may(action, arn, given=LINKED).allowed
        if may and not service_linked.exists(ECS, account):
            service_linked.make(ECS, account)

    def _new_cluster(self, name: str) -> Cluster:
        return Cluster(
            cluster_arn=self.ecs.arn(f"cluster/{name}"),
            cluster_name=name,
            settings=self.given("settings", [self._insights()]),
            configuration=self.given("configuration"),
            capacity_providers=self.given("capacityProviders", []),
            default_capacity_provider_strategy=self.given("defaultCapacityProviderStrategy", []),
            tags=self.given("tags", []),
        )

    def _insights(self) -> dict[str, str]:
        """Container Insights as the account setting has it, for a cluster that does not say."""
        return {"name": "containerInsights", "value": self.setting("containerInsights")}

    @behaves("api/test_clusters.py::test_the_counters_follow_the_tasks")
    def describe_clusters(self) -> ActionResult:
        """DescribeClusters; unknown names come back as failures, deleted clusters as INACTIVE."""
        include = self.given("include", [])
        self.show_tags_if_asked(DESCRIBE_CLUSTERS_TAGS)
        found, failures = [], []
        for name in self.given("clusters") or ["default"]:
            cluster = self.find_cluster(name)
            if cluster is None:
                failures.append(missing(self.ecs.arn(f"cluster/{short_name(name)}")))
            else:
                found.append(self._described(cluster, include))
        return ActionResult({"clusters": found, "failures": failures})

    def _described(self, cluster: Cluster, include: list[str]) -> Cluster:
        """A cluster with what was asked for beside the rest: settings and configuration only then."""
        return replace(
            cluster,
            statistics=self._statistics(cluster) if "STATISTICS" in include else [],
            settings=cluster.settings if "SETTINGS" in include else [],
            configuration=cluster.configuration if "CONFIGURATIONS" in include else None,
        )

    @behaves("api/test_clusters.py::test_a_deleted_cluster_is_inactive_and_out_of_the_list")
    def list_clusters(self) -> ActionResult:
        """ListClusters: the ARNs of the ACTIVE ones."""
        active = [one.cluster_arn for one in self.ecs.clusters.values() if one.status == "ACTIVE"]
        return self.page("clusterArns", active)

    @behaves("api/test_clusters.py::test_update_cluster_changes_what_it_names")
    def update_cluster(self) -> ActionResult:
        """UpdateCluster: settings, configuration, Service Connect defaults."""
        cluster = self.cluster()
        check_cluster_settings(self.given("settings", []))
        cluster.configuration = self.given("configuration", cluster.configuration)
        self._default_namespace(cluster)
        return self.update_cluster_settings()

    @behaves("api/test_clusters.py::test_update_cluster_changes_what_it_names")
    def update_cluster_settings(self) -> ActionResult:
        """UpdateClusterSettings: replaces the settings that are named."""
        cluster = self.cluster()
        check_cluster_settings(self.given("settings", []))
        new = {one["name"]: one["value"] for one in self.given("settings", [])}
        merged = {one["name"]: one["value"] for one in cluster.settings} | new
        cluster.settings = [{"name": name, "value": value} for name, value in merged.items()]
        return ActionResult({"cluster": cluster})

    @behaves("api/test_clusters.py::test_a_deleted_cluster_is_inactive_and_out_of_the_list")
    def delete_cluster(self) -> ActionResult:
        """DeleteCluster: INACTIVE, once it holds no services, tasks or container instances."""
        cluster = self.cluster()
        self._refuse_if_used(cluster)
        cluster.status = "INACTIVE"
        self.plane.world.record("you", f"DeleteCluster {cluster.cluster_name}")
        return ActionResult({"cluster": cluster})

    def _refuse_if_used(self, cluster: Cluster) -> None:
        if self._services_of(cluster):
            raise Refused(
                "ClusterContainsServicesException",
                "The Cluster cannot be deleted while Services are active.",  # our words
            )
        if cluster.registered_container_instances_count:
            raise Refused(
                "ClusterContainsContainerInstancesException",
                "The Cluster cannot be deleted while Container Instances are active or draining.",  # ours
            )
        if cluster.running_tasks_count or cluster.pending_tasks_count:
            raise Refused(
                "ClusterContainsTasksException",
                "The Cluster cannot be deleted while Tasks are active.",  # our words
            )

    def _services_of(self, cluster: Cluster) -> list[Service]:
        prefix = f"{cluster.cluster_name}:"
        services = self.ecs.services.items()
        return [one for key, one in services if key.startswith(prefix) and one.status == "ACTIVE"]

    def _statistics(self, cluster: Cluster) -> list[dict[str, str]]:
        """The counters by launch type that ``include=["STATISTICS"]`` adds."""
        counts = {
            f"{state}{kind}{what}": 0
            for what in ("TasksCount", "ServiceCount")
            for kind in ("EC2", "Fargate", "External")
            for state in (
                ("running", "pending") if what == "TasksCount" else ("active", "draining")
            )
        }
        for task in self.ecs.tasks.get(cluster.cluster_name, {}).values():
            kind = "Fargate" if task.launch_type == "FARGATE" else "EC2"
            if task.last_status == "RUNNING":
                counts[f"running{kind}TasksCount"] += 1
            elif task.last_status in ("PROVISIONING", "PENDING", "ACTIVATING"):
                counts[f"pending{kind}TasksCount"] += 1
        for key, service in self.ecs.services.items():
            if key.startswith(f"{cluster.cluster_name}:") and service.status != "INACTIVE":
                kind = "EC2" if service.launch_type == "EC2" else "Fargate"
                counts[f"{service.status.lower()}{kind}ServiceCount"] += 1
        return [{"name": name, "value": str(value)} for name, value in counts.items()]
