"""moto's catalogues of EC2 are read at the first look, and are then what moto has without us."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import AmiBackend

from course import sandbox
from course.sandbox.ec2_catalogues import UnreadDict, UnreadList

pytestmark = pytest.mark.contract

LOOKS: dict[str, Callable[[Any], Any]] = {
    "in": lambda held: 1 in held,
    "for": lambda held: [*held],
    "len": len,
    "bool": bool,
    "[]": lambda held: held[0],
    "==": lambda held: held == copy.copy(held),
    "repr": repr,
    "copy": lambda held: held.copy(),
    "reversed": lambda held: [*reversed(held)],
    "pop": lambda held: held.pop(0),
}
OF_DICTS: dict[str, Callable[[Any], Any]] = {
    "dict": dict,
    "**": lambda held: {**held},
    "|": lambda held: held | {3: 4},
    "get": lambda held: held.get(0),
    "values": lambda held: [*held.values()],
    "items": lambda held: [*held.items()],
    "setdefault": lambda held: held.setdefault(0, "no"),
    "sorted": sorted,
}
OF_LISTS: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "*": lambda held: [*held],
    "+": lambda held: held.__add__([3]),
    "slice": lambda held: held[:1],
    "count": lambda held: held.count("a"),
    "index": lambda held: held.index("a"),
    "tuple": tuple,
    "set": set,
    "max": max,
}


@pytest.mark.parametrize("look", [*LOOKS, *OF_DICTS])
def test_a_dictionary_is_filled_by_any_look(look: str) -> None:
    unread = UnreadDict(lambda held: dict.update(held, {0: "a", 1: "b"}))
    assert unread.fill is not None
    act = (LOOKS | OF_DICTS)[look]
    assert act(unread) == act({0: "a", 1: "b"})
    assert unread.fill is None


@pytest.mark.parametrize("look", [*LOOKS, *OF_LISTS])
def test_a_list_is_filled_by_any_look(look: str) -> None:
    unread = UnreadList(lambda: "ab")
    act = (LOOKS | OF_LISTS)[look]
    assert act(unread) == act(["a", "b"])


def test_what_is_put_in_before_stays() -> None:
    unread = UnreadDict(lambda held: dict.update(held, {0: "a"}))
    unread["mine"] = "b"
    assert unread.fill is not None
    assert dict(unread) == {"mine": "b", 0: "a"}


@pytest.fixture
def account() -> Iterator[sandbox.Sandbox]:
    with sandbox.open() as opened:
        yield opened


def backend() -> Any:
    return ec2_backends["123456789012"]["us-east-1"]


def test_images_are_made_at_the_first_look_at_their_snapshots(account: sandbox.Sandbox) -> None:
    ec2: Any = boto3.client("ec2")
    boto3.client("ecs").create_cluster(clusterName="lab")
    ec2.describe_subnets()
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    mine = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    held = backend()
    assert held.amis.fill is not None and dict.__len__(held.amis) == 0
    ec2.describe_snapshots(SnapshotIds=[mine])
    assert held.amis.fill is None and dict.__len__(held.amis) > 1000
    assert {*held.snapshots} == {image.ebs_snapshot.id for image in held.amis.values()} | {mine}
    (found,) = ec2.describe_images(ImageIds=["ami-12c6146b"])["Images"]
    assert found["ImageOwnerAlias"] == "amazon"


def test_a_snapshot_of_the_world_copies_no_image_that_nobody_looked_at(
    account: sandbox.Sandbox,
) -> None:
    ec2: Any = boto3.client("ec2")
    ec2.describe_subnets()
    kept = account.snapshot()
    before = backend()
    kept.restore()
    after = backend()
    assert after is not before
    assert before.amis.fill is not None and after.amis.fill is not None
    image = after.amis["ami-12c6146b"]
    assert image.ec2_backend is after
    assert dict.__len__(before.amis) == 0


def test_a_look_does_not_change_the_ids_of_what_comes_after() -> None:
    made = []
    for look in (False, True):
        with sandbox.open():
            ec2: Any = boto3.client("ec2")
            ec2.describe_subnets()
            if look:
                ec2.describe_images(ImageIds=["ami-12c6146b"])
            else:  # every answer has an id of its own, so there must be as many
                ec2.describe_subnets()
            made.append(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
    assert made[0] == made[1]


def test_a_test_of_motos_that_wants_no_images_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
    with sandbox.open():
        ec2: Any = boto3.client("ec2")
        assert ec2.describe_images()["Images"] == []
        assert type(backend().amis) is dict


def test_moto_makes_images_as_before_after_leaving() -> None:
    before = AmiBackend._load_amis
    with sandbox.open():
        assert AmiBackend._load_amis is not before
    assert AmiBackend._load_amis is before


WHAT_IS_THERE = """
import json, sys
if sys.argv[1] == "ours":
    from course import sandbox
    account = sandbox.open()
    import boto3
    boto3.client("ecs", "us-east-1").create_cluster(clusterName="a")
    boto3.client("ec2", "us-east-1").describe_subnets()
    from moto.ec2.models import amis, instance_types as it
    for held in (it.INSTANCE_TYPES, it.INSTANCE_TYPE_OFFERINGS["region"]["us-east-1"],
                 it.INSTANCE_FAMILIES, it.InstanceTypeBackend.instance_types, amis.AMIS):
        assert (dict if isinstance(held, dict) else list).__len__(held) == 0, "read already"
else:
    from moto.ec2.models import amis, instance_types as it
import moto.batch.models, moto.utilities.utils
assert amis.load_resource is it.load_resource is moto.utilities.utils.load_resource
print(json.dumps([
    it.INSTANCE_TYPES, sorted(it.INSTANCE_FAMILIES), it.INSTANCE_TYPE_OFFERINGS,
    it.InstanceTypeBackend.instance_types, amis.AMIS,
    sorted(moto.batch.models.EC2_INSTANCE_FAMILIES),
], sort_keys=True, default=str))
"""


@pytest.mark.slow
def test_every_catalogue_is_what_moto_has() -> None:
    seen = [
        subprocess.run(
            [sys.executable, "-c", WHAT_IS_THERE, whose], capture_output=True, text=True, check=True
        ).stdout
        for whose in ("plain", "ours")
    ]
    assert len(seen[0]) > 10_000_000
    assert seen[0] == seen[1]
