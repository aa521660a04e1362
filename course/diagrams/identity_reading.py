"""What a boto3 session sees of the roles in a cluster: which there are, for what, and who may assume them.

Reads only: the task definitions of a cluster's tasks (stopped ones too) and services,
the instance profiles of its instances, and ECS's own role.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.diagrams.reading import Session, Shape

ECS, TASKS, INSTANCES = "ecs.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"
LINKED = "AWSServiceRoleForECS"
TASK_ROLES = {"executionRoleArn": "execution role", "taskRoleArn": "task role"}


@dataclass(frozen=True, slots=True)
class Worn:
    """A role with what it is used for, and the service which has to be able to assume it.

    *trusted* are the services its trust policy names, *policies* the names of its
    policies; both are None for a role that is not there.
    """

    name: str
    use: str
    wearer: str
    trusted: tuple[str, ...] | None
    policies: tuple[str, ...] | None

    @property
    def fits(self) -> bool:
        """Whether the service that needs the role may assume it."""
        return self.wearer in (self.trusted or ())


@dataclass(frozen=True, slots=True)
class Definition:
    """A task definition in use, as ``family:revision``, with the names of its roles by their use."""

    name: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Identities:
    """The task definitions of a cluster, and all roles that act in it."""

    cluster: str
    definitions: tuple[Definition, ...]
    roles: tuple[Worn, ...]


def read_identities(session: Session, cluster: str) -> Identities:
    """Whose roles act in a cluster. Raises LookupError for one that is not there."""
    ecs = session.client("ecs")
    found = ecs.describe_clusters(clusters=[cluster])["clusters"]
    if not found or found[0]["status"] != "ACTIVE":
        raise LookupError(f"there is no cluster {cluster!r} here")
    services = _services(ecs, cluster)
    used = sorted({*_of_tasks(ecs, cluster), *(one["taskDefinition"] for one in services)})
    definitions = tuple(_definition(ecs, arn) for arn in used)
    uses = [(name, use, TASKS) for one in definitions for use, name in one.roles]
    uses += [(name, "infrastructure role", ECS) for name in _infrastructure(services)]
    uses += [(name, "instance role", INSTANCES) for name in _of_instances(session, cluster)]
    uses += [(LINKED, "service-linked role", ECS)]
    iam = session.client("iam")
    roles = tuple(_worn(iam, *one) for one in dict.fromkeys(uses))
    own = [one for one in roles if one.name != LINKED or one.trusted]
    return Identities(cluster, definitions, tuple(own))


def _services(ecs: Any, cluster: str) -> list[Shape]:
    arns = ecs.list_services(cluster=cluster, maxResults=100)["serviceArns"]
    batches = (arns[start : start + 10] for start in range(0, len(arns), 10))
    found = [ecs.describe_services(cluster=cluster, services=one)["services"] for one in batches]
    return [one for batch in found for one in batch if one["status"] == "ACTIVE"]


def _of_tasks(ecs: Any, cluster: str) -> Iterator[str]:
    """The task definitions of the tasks that are shown, those that stopped among them."""
    for status in ("RUNNING", "STOPPED"):
        arns = ecs.list_tasks(cluster=cluster, desiredStatus=status)["taskArns"]
        tasks = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
        yield from (one["taskDefinitionArn"] for one in tasks)


def _definition(ecs: Any, arn: str) -> Definition:
    shape = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    roles = [(use, short(shape[member])) for member, use in TASK_ROLES.items() if member in shape]
    return Definition(short(arn), tuple(roles))


def _infrastructure(services: list[Shape]) -> Iterator[str]:
    """Roles that a service hands to ECS itself, for volumes that it attaches."""
    for service in services:
        for deployment in service["deployments"]:
            for volume in deployment.get("volumeConfigurations", ()):
                yield short(volume["managedEBSVolume"]["roleArn"])


def _of_instances(session: Session, cluster: str) -> Iterator[str]:
    """The roles in the instance profiles of a cluster's container instances."""
    ecs, iam = session.client("ecs"), session.client("iam")
    arns = ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
    if not arns:
        return
    held = ecs.describe_container_instances(cluster=cluster, containerInstances=arns)
    ids = [one["ec2InstanceId"] for one in held["containerInstances"]]
    found = session.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    for one in (instance for each in found for instance in each["Instances"]):
        if "IamInstanceProfile" in one:
            name = short(one["IamInstanceProfile"]["Arn"])
            profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
            yield from (role["RoleName"] for role in profile["Roles"])


def _worn(iam: Any, name: str, use: str, wearer: str) -> Worn:
    try:
        role = iam.get_role(RoleName=name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return Worn(name, use, wearer, None, None)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    policies = (*inline, *(one["PolicyName"] for one in attached))
    return Worn(name, use, wearer, tuple(_trusted(role["AssumeRolePolicyDocument"])), policies)


def _trusted(document: Shape) -> Iterator[str]:
    """The services that a trust policy lets assume the role."""
    statements = document.get("Statement", [])
    for one in statements if isinstance(statements, list) else [statements]:
        principal = one.get("Principal")
        if one.get("Effect") == "Allow" and isinstance(principal, dict):
            services = principal.get("Service", [])
            yield from services if isinstance(services, list) else [services]


def short(arn: str) -> str:
    """The last part of an ARN, or a name as it is."""
    return str(arn).rpartition("/")[2]
