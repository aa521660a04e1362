"""EC2 instances as ECS sees them: what runs, from which image, with which role and user data.

An adapter: it leans on moto's EC2, Auto Scaling and its copy of AWS's public
parameters of ECS-optimized AMIs, and changes one thing there: what becomes of an
instance's own network interface.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_container_instance.html
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.utilities.utils import load_resource

AMI_PARAMETERS = "ssm/resources/ecs/optimized_amis/{region}.json"
LINUX = ("amazon-linux-2023", "amazon-linux-2", "amazon-linux")
RECOMMENDED = "recommended"
OWN_INTERFACE = "Primary network interface"
"""How moto describes the interface that it makes with an instance."""


@dataclass(frozen=True, slots=True)
class Image:
    """An ECS-optimized AMI of Amazon Linux: what is installed on it."""

    agent_version: str
    docker_version: str
    arm: bool


@dataclass(frozen=True, slots=True)
class Host:
    """An EC2 instance at one moment; ``state`` is running, stopped, terminated ..."""

    instance_id: str
    state: str
    image_id: str
    instance_type: str
    zone: str
    subnet_id: str | None
    vpc_id: str | None
    user_data: str
    profile: str | None
    group: str | None


def states(account_id: str, region: str) -> Iterator[tuple[str, str]]:
    """The id and state of every EC2 instance, terminated ones too while EC2 shows them."""
    for _, one in _all(account_id, region):
        yield one.id, one.state


def find_host(account_id: str, region: str, instance_id: str) -> Host | None:
    """One EC2 instance by its id, or None."""
    for reservation, one in _all(account_id, region):
        if one.id == instance_id:
            return _host(ec2_backends[account_id][region], reservation, one)
    return None


def give_up_interface_at_the_end(account_id: str, region: str, instance_id: str) -> None:
    """An instance's own network interface goes with it, as on AWS; moto keeps it.

    An explicit DeleteOnTermination false is not told from moto's default.
    AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
    """
    for _, one in _all(account_id, region):
        if one.id == instance_id:
            for interface in one.nics.values():
                if interface.description == OWN_INTERFACE:
                    interface.delete_on_termination = True


def regions_with_hosts(account_id: str) -> list[str]:
    """The Regions in which an EC2 instance was ever launched."""
    backends: Any = ec2_backends[account_id]
    return [name for name, backend in list(backends.items()) if backend.reservations]


def ecs_image(region: str, image_id: str) -> Image | None:
    """The ECS-optimized AMI with this id; None for any other image."""
    return _images(region).get(image_id)


def newest_agent(region: str) -> str:
    """The agent of the AMI that is recommended now, which is what an update brings."""
    return _newest(region) or ""


def auto_scaling_group_of_provider(account_id: str, region: str, arn: str) -> str | None:
    """The name of the Auto Scaling group with this ARN, or None."""
    groups: Any = autoscaling_backends[account_id][region].autoscaling_groups
    return next((name for name, one in groups.items() if arn in (one.arn, name)), None)


def _all(account_id: str, region: str) -> list[tuple[Any, Any]]:
    """Each instance with its reservation."""
    held: Any = ec2_backends[account_id][region].reservations
    return [(one, instance) for one in held.values() for instance in one.instances]


def _host(backend: Any, reservation: Any, one: Any) -> Host:
    group = getattr(one, "autoscaling_group", None)
    return Host(
        instance_id=one.id,
        state=one.state,
        image_id=str(one.image_id or ""),
        instance_type=one.instance_type,
        zone=one.availability_zone or "",
        subnet_id=one.subnet_id,
        vpc_id=one.vpc_id,
        user_data=_text(one.user_data),
        profile=_profile(backend, reservation, one),
        group=group.name if group is not None else None,
    )


def _profile(backend: Any, reservation: Any, one: Any) -> str | None:
    """The instance profile, by association or by the launch template or configuration.

    moto associates the profile of RunInstances with the first instance only.
    """
    for sibling in (one, reservation.instances[0]):
        found = backend.iam_instance_profile_associations.get(sibling.id)
        if found is not None:
            return str(found.iam_instance_profile.arn)
    configuration = getattr(getattr(one, "autoscaling_group", None), "launch_config", None)
    if configuration is not None and configuration.instance_profile_name:
        return str(configuration.instance_profile_name)
    given = _template(backend, one).get("IamInstanceProfile") or {}
    named = given.get("Arn") or given.get("Name")
    return str(named) if named else None


def _template(backend: Any, one: Any) -> dict[str, Any]:
    """The launch template's data an instance was made from, if it was."""
    tags = {tag["key"]: tag["value"] for tag in one.get_tags()}
    template = backend.launch_templates.get(tags.get("aws:ec2launchtemplate:id"))
    number = tags.get("aws:ec2launchtemplate:version")
    if template is None or number is None:
        return {}
    data: dict[str, Any] = template.get_version(int(number)).data
    return data


def _text(user_data: Any) -> str:
    """User data as it was written; EC2 keeps it in base64."""
    if not user_data:
        return ""
    encoded = str(user_data)
    try:
        return b64decode(encoded, validate=True).decode()
    except ValueError:
        return encoded


@cache
def _images(region: str) -> dict[str, Image]:
    return {row["image_id"]: _image(row) for _, row in _rows(region)}


@cache
def _newest(region: str) -> str | None:
    path = f"amazon-linux-2023/{RECOMMENDED}"
    return next((row["ecs_agent_version"] for name, row in _rows(region) if name == path), None)


def _image(row: dict[str, str]) -> Image:
    docker = row["ecs_runtime_version"].removeprefix("Docker version ")
    return Image(row["ecs_agent_version"], f"DockerVersion: {docker}", "arm64" in row["image_name"])


def _rows(region: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What AWS publishes of each AMI, with the end of its parameter's name."""
    try:
        tree: Any = load_resource(AMI_PARAMETERS.format(region=region))
    except FileNotFoundError:
        return
    kinds = tree["aws"]["service"]["ecs"]["optimized-ami"]
    for kind in LINUX:
        yield from _below(kinds.get(kind, {}), kind)


def _below(tree: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name, inner in tree.items():
        if name == "Value":
            if isinstance(inner, dict) and "image_id" in inner:
                yield path, inner
        else:
            yield from _below(inner, f"{path}/{name}")
