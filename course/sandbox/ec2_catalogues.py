"""moto's EC2 reads its catalogues when somebody first looks at them, not when ECS is first called.

1,200 machine images, every instance type and which of them each Region offers are
two thirds of the memory that moto takes and most of the time of the first call; each
account and Region makes its own objects of the images, with a snapshot behind each,
and every snapshot of the world copied them all. Few lessons look at any of it.

So moto's module of EC2 is imported with its catalogues left empty, each of which is
then a ``dict`` or ``list`` that reads its file at the first look; and an account's
images and their snapshots are made at the first look at either. What is then there
is what moto would have had. An adapter: ``tests/contract`` states what of moto it
stands on. (``json`` alone is too quick for an unread dictionary: it sees an empty one.) On leaving, moto makes images as before; catalogues that nobody looked at
stay on the disk until somebody does.
"""

import sys
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from typing import Any, Self
from unittest.mock import patch

RESOURCES = "ec2/resources/"
OFFERINGS = f"{RESOURCES}instance_type_offerings"

Fill = Callable[[Any], object]


class UnreadList(list[Any]):
    """A list that is filled at the first look at it."""

    def __init__(self, fill: Callable[[], Iterable[Any]]) -> None:
        super().__init__()
        self._fill: Callable[[], Iterable[Any]] | None = fill

    def read(self) -> None:
        """Fill it, if nobody has looked yet."""
        fill, self._fill = self._fill, None
        if fill is not None:
            super().extend(fill())


class UnreadDict(dict[Any, Any]):
    """A dictionary that is filled at the first look; what is put in before stays.

    Copied unread, it stays unread; ``fill`` is copied along, with the backend it is for.
    """

    def __init__(self, fill: Fill) -> None:
        super().__init__()
        self.fill: Fill | None = fill

    def read(self) -> None:
        """Fill it, if nobody has looked yet."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        memo[id(self)] = twin = type(self)(_nothing)
        twin.fill = deepcopy(self.fill, memo)
        for key, value in dict.items(self):
            dict.__setitem__(twin, key, deepcopy(value, memo))
        return twin


def _nothing(held: Any) -> None:
    """Fill with nothing."""


def _looking(kind: Any, name: str) -> Callable[..., Any]:
    """One of the methods of ``dict`` or ``list`` that look at what is there."""
    method = getattr(kind, name)

    def look(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.read()
        return method(self, *args, **kwargs)

    return look


_LOOKS = """
    __contains__ __delitem__ __eq__ __getitem__ __iter__ __len__ __ne__ __repr__ __reversed__
    clear copy pop
"""
_DICT_LOOKS = "__ior__ __or__ __ror__ get items keys popitem setdefault values"
_LIST_LOOKS = "__add__ __iadd__ __mul__ __rmul__ __setitem__ append count extend index insert remove reverse sort"

for _kind, _unread, _names in (
    (dict, UnreadDict, _DICT_LOOKS),
    (list, UnreadList, _LIST_LOOKS),
):
    for _name in (_LOOKS + _names).split():
        setattr(_unread, _name, _looking(_kind, _name))


def install() -> Callable[[], None]:
    """Leave what nobody looks at unread, until the undo is called."""
    if "moto.ec2.models.instance_types" not in sys.modules:
        _import_without_catalogues()
    from moto.ec2.models.amis import AmiBackend

    lazily = patch.object(AmiBackend, "_load_amis", _later(AmiBackend._load_amis))
    lazily.start()
    return lazily.stop


def _later(load: Callable[[Any], None]) -> Callable[[Any], None]:
    """moto's loading of an account's images, put off to the first look at them or their snapshots."""

    def put_off(backend: Any) -> None:
        from moto import settings

        if not settings.ec2_load_default_amis():
            return
        make = partial(_make_images, load, backend)
        backend.amis, backend.snapshots = UnreadDict(make), UnreadDict(make)

    return put_off


def _make_images(load: Callable[[Any], None], backend: Any, looked_at: UnreadDict) -> None:
    """All images and the snapshots behind them, in both dictionaries at once.

    With dice of their own: a look must not change the ids of what is made afterwards.
    """
    from moto.moto_api._internal import mock_random

    backend.amis.fill = backend.snapshots.fill = None
    chance = mock_random.getstate()
    mock_random.seed(f"images of {backend.account_id} in {backend.region_name}")
    try:
        load(backend)
    finally:
        mock_random.setstate(chance)


def _import_without_catalogues() -> None:
    """Import moto's EC2 with empty catalogues, then put unread ones in their places."""
    from moto.utilities import utils

    read = utils.load_resource

    def load(resource: str) -> Any:
        if not importing or not resource.startswith(RESOURCES):
            return read(resource)
        return {} if resource == f"{RESOURCES}instance_types.json" else []

    importing = True
    with patch.object(utils, "load_resource", load):
        from moto.ec2.models import amis, instance_types
    importing = False
    for module in [*sys.modules.values()]:
        if getattr(module, "load_resource", None) is load:
            module.load_resource = read  # type: ignore[attr-defined]
    amis.AMIS = UnreadList(partial(read, f"{RESOURCES}amis.json"))
    _leave_unread(instance_types, read)


def _leave_unread(module: Any, read: Callable[[str], Any]) -> None:
    """The catalogues of moto's module of instance types, and what it made of them at import."""
    types = module.INSTANCE_TYPES = UnreadDict(
        lambda held: dict.update(held, read(f"{RESOURCES}instance_types.json"))
    )
    module.INSTANCE_FAMILIES = UnreadList(lambda: {name.split(".")[0] for name in types})
    module.InstanceTypeBackend.instance_types = UnreadList(
        lambda: [module.InstanceType(name) for name in types]
    )
    for kind, regions in module.INSTANCE_TYPE_OFFERINGS.items():
        for region in regions:
            regions[region] = UnreadList(partial(_offerings, read, kind, region))


def _offerings(read: Callable[[str], Any], kind: str, region: str) -> list[Any]:
    found: list[Any] = read(f"{OFFERINGS}/{kind}/{region}.json")
    return [one | {"LocationType": kind} for one in found]
