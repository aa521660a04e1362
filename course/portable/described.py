"""Described: what a notebook holds of a service, and asks for in ECS's words or in Kubernetes'."""

from typing import Any

from course.curriculum.handout import Handout
from course.portable import ecs, kubernetes, side_by_side
from course.portable.description import Description
from course.portable.fargate_pods import provisioned
from course.portable.pages import Pages
from course.portable.quantities import UNITS
from course.portable.written import written


class Described(Description):
    """One service, described once; made by ``course.described(name, image=..., ...)``."""

    def task_definition(self) -> ecs.Parameters:
        """The parameters of RegisterTaskDefinition."""
        return ecs.task_definition(self)

    def service(
        self, cluster: str, subnets: list[str], groups: list[str], targets: str
    ) -> ecs.Parameters:
        """The parameters of CreateService: in which cluster, where, and behind which target group."""
        return ecs.service(self, cluster, subnets, groups, targets)

    def target_group(self, vpc: str) -> ecs.Parameters:
        """The parameters of CreateTargetGroup, in a VPC."""
        return ecs.target_group(self, vpc)

    def scaling(self, cluster: str) -> tuple[ecs.Parameters, ecs.Parameters]:
        """The parameters of RegisterScalableTarget and of PutScalingPolicy."""
        return ecs.scaling(self, cluster)

    def manifests(self) -> list[kubernetes.Manifest]:
        """Every manifest for Kubernetes, in the order of applying."""
        return kubernetes.manifests(self)

    def manifest(self, kind: str) -> kubernetes.Manifest:
        """One of them, such as ``Deployment``. Raises LookupError, which names those there are."""
        held = {one["kind"]: one for one in self.manifests()}
        if kind not in held:
            raise LookupError(f"There is no {kind!r}; there are: {', '.join(held)}.")
        return held[kind]

    def yaml(self, *kinds: str) -> str:
        """The manifests of these kinds as YAML, or all of them."""
        return written(*map(self.manifest, kinds) if kinds else self.manifests())

    def pages(self) -> Pages:
        """A task definition and a Deployment, as YAML, side by side."""
        ours, theirs = written(self.task_definition()), self.yaml("Deployment")
        return Pages((("ECS: task definition", ours), ("Kubernetes: Deployment", theirs)))

    def pod_identity(self, cluster: str) -> dict[str, str]:
        """The parameters of EKS's CreatePodIdentityAssociation."""
        return kubernetes.pod_identity(self, cluster)

    def fargate_pod(self) -> str:
        """The size that Fargate provisions for a Pod of it on EKS, in CPU units and MiB."""
        cpu, memory = provisioned(round(self.cpu * UNITS), self.memory)
        return f"{cpu}/{memory}"

    def side_by_side(self) -> Handout:
        """What it says to ECS and what to Kubernetes, place beside place."""
        return side_by_side.side_by_side(self)

    def difference(self, before: Description) -> Handout:
        """What has changed since another description, on either side."""
        return side_by_side.difference(before, self)

    def but(self, **changes: Any) -> "Described":
        """The same service with something changed: ``.but(copies=3)``."""
        return Described(**{**vars(self), **changes})


def described(name: str, **said: Any) -> Described:
    """Describe a service once: *image*, *port*, *cpu* (vCPU), *memory* (MiB), *copies*, *health* and so on.

    It is then written for ECS (``.task_definition()``, ``.service(...)``) and for Kubernetes
    (``.manifests()``, ``.yaml()``), and compared (``.side_by_side()``). Raises ValueError
    for what neither takes, TypeError for a word it does not know.
    """
    return Described(name, **said)
