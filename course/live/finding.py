"""What of an attempt is still in the account: asked of AWS, told from others' by ledger or tags.

A cluster or a service is ours by its tags, since somebody else's may have taken the
same name meanwhile. A revision and a security group have names of AWS's own, which
never come again, so for them the ledger's word is enough as well. Reads only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from course.live import tags
from course.live.books import Attempt
from course.live.naming import short

GONE = {"ClusterNotFoundException", "InvalidGroup.NotFound", "ServiceNotFoundException"}
CLUSTERS, SERVICES, TASKS = 100, 10, 100
"""How many one Describe call takes."""


@dataclass(frozen=True)
class Found:
    """A thing of ours that is in the account. *id* is what AWS's calls take, without an ARN."""

    kind: str
    id: str
    within: str = ""
    active: bool = field(default=True, compare=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" + (f" in {self.within}" if self.within else "")

    @property
    def by_hand(self) -> str:
        """The aws CLI's command that removes it."""
        match self.kind:
            case "service":
                rest = f"ecs delete-service --force --cluster {self.within} --service {self.id}"
            case "task":
                rest = f"ecs stop-task --cluster {self.within} --task {self.id}"
            case "cluster":
                rest = f"ecs delete-cluster --cluster {self.id}"
            case "task definition":
                rest = f"ecs deregister-task-definition --task-definition {self.id}"
            case _:
                rest = f"ec2 delete-security-group --group-id {self.id}"
        return f"aws {rest}"


class Finder:
    """Looks for what one attempt left. *session* is a boto3 session in the attempt's Region."""

    def __init__(self, session: Any, attempt: Attempt) -> None:
        self._ecs, self._ec2 = session.client("ecs"), session.client("ec2")
        self._attempt = attempt

    def everything(self) -> tuple[list[Found], list[Exception]]:
        """All of it, in the order in which it has to go, and why a part could not be looked at.

        What depends on something comes before that. One part that AWS does not show
        keeps none of the others from being seen.
        """
        errors: list[Exception] = []

        def seen(look: Callable[[], Iterator[Found]]) -> list[Found]:
            try:
                return list(look())
            except (ClientError, BotoCoreError) as error:
                errors.append(error)
                return []

        clusters = seen(self.clusters)
        inside = [
            one
            for look in (self.services, self.tasks)
            for cluster in clusters
            for one in seen(partial(look, cluster.id))
        ]
        return [*inside, *clusters, *seen(self.definitions), *seen(self.security_groups)], errors

    def clusters(self) -> Iterator[Found]:
        """ACTIVE clusters that carry the attempt's tags."""
        arns = self._listed("list_clusters", "clusterArns")
        for some in _batches(arns, CLUSTERS):
            for one in self._ecs.describe_clusters(clusters=some, include=["TAGS"])["clusters"]:
                if one["status"] != "INACTIVE" and self._ours(one):
                    yield Found("cluster", one["clusterName"])

    def services(self, cluster: str) -> Iterator[Found]:
        """Services that carry the attempt's tags; one that is DRAINING is on its way out already."""
        arns = self._listed("list_services", "serviceArns", cluster=cluster)
        for some in _batches(arns, SERVICES):
            given: dict[str, Any] = {"cluster": cluster, "services": some, "include": ["TAGS"]}
            for one in self._ecs.describe_services(**given)["services"]:
                if one["status"] == "ACTIVE" and self._ours(one):
                    yield Found("service", one["serviceName"], cluster)

    def tasks(self, cluster: str) -> Iterator[Found]:
        """Tasks that carry the attempt's tags and are not STOPPED yet."""
        for status in ("RUNNING", "STOPPED"):  # those asked to stop are listed under STOPPED
            arns = self._listed("list_tasks", "taskArns", cluster=cluster, desiredStatus=status)
            for some in _batches(arns, TASKS):
                given: dict[str, Any] = {"cluster": cluster, "tasks": some, "include": ["TAGS"]}
                for one in self._ecs.describe_tasks(**given)["tasks"]:
                    if one["lastStatus"] != "STOPPED" and self._ours(one):
                        active = one["desiredStatus"] != "STOPPED"
                        yield Found("task", short(one["taskArn"]), cluster, active)

    def definitions(self) -> Iterator[Found]:
        """Revisions of the attempt's families that are its own, ACTIVE or INACTIVE."""
        own = [one for one in self._attempt.things.values() if one.kind == "task definition"]
        named = {one.name for one in own if one.made}
        unsure = {one.name for one in own if not one.made}
        families = sorted({one.partition(":")[0] for one in named | unsure})
        for family in [""] if self._attempt.is_from_tags else families:
            ask = not family or family in unsure
            for status in ("ACTIVE", "INACTIVE"):
                given = {"familyPrefix": family} if family else {}
                arns = self._listed(
                    "list_task_definitions", "taskDefinitionArns", status=status, **given
                )
                for name in map(short, arns):
                    if name in named or (ask and self._is_tagged(name)):
                        yield Found("task definition", name, active=status == "ACTIVE")

    def _is_tagged(self, name: str) -> bool:
        """Asked of every revision of a family, if one was about to be made and none was answered."""
        given: dict[str, Any] = {"taskDefinition": name, "include": ["TAGS"]}
        return self._ours(self._ecs.describe_task_definition(**given))

    def security_groups(self) -> Iterator[Found]:
        """Security groups that carry the attempt's tags, or whose id the ledger has."""
        filters = [{"Name": "tag:attempt", "Values": [self._attempt.id]}]
        pages = self._ec2.get_paginator("describe_security_groups").paginate(Filters=filters)
        tagged = [one for page in pages for one in page["SecurityGroups"]]
        found = {one["GroupId"] for one in tagged if tags.are_of(one.get("Tags"), self._attempt.id)}
        for group in sorted(found | self._noted_groups()):
            yield Found("security group", group)

    def _noted_groups(self) -> set[str]:
        """The ledger's security groups that are still there; one id a call, for one may be gone."""
        noted = {
            one.name for one in self._attempt.there() if one.kind == "security group" and one.made
        }
        return {group for group in noted if self._is_there(group)}

    def _is_there(self, group: str) -> bool:
        try:
            return bool(self._ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"])
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return False
            raise

    def _ours(self, shape: dict[str, Any]) -> bool:
        return tags.are_of(shape.get("tags"), self._attempt.id)

    def _listed(self, operation: str, member: str, **given: Any) -> list[str]:
        pages = self._ecs.get_paginator(operation).paginate(**given)
        return [one for page in pages for one in page[member]]


def _batches(every: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(every), size):
        yield every[start : start + size]


def has_cluster(session: Any, name: str) -> bool:
    """Whether there is a cluster with this name that is not INACTIVE."""
    found = session.client("ecs").describe_clusters(clusters=[short(name)])["clusters"]
    return any(one["status"] != "INACTIVE" for one in found)
