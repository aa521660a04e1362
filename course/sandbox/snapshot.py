"""Snapshots: one moment of the world, kept, to go back to as often as wanted.

They compare two futures of one decision, undo a mistake, and begin again
without a new kernel. A snapshot is one joint deep copy of our world and of
moto's backends, so that what pointed at each other still does. An adapter: it
leans on moto's registry of backends.
"""

import copy
import copyreg
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Condition, Lock, RLock
from typing import Any

from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from course.sandbox.control_plane import ControlPlane
from course.sandbox.errors import SandboxError

KEPT = 5
"""How many snapshots of a world can be restored; a sixth lets go of the oldest."""

Backends = list[tuple[Any, str, str, Any]]


class Snapshot:
    """One kept moment; ``restore()`` brings the world back to it, any number of times."""

    def __init__(self, plane: ControlPlane, install: Callable[[ControlPlane], None]) -> None:
        self.when: datetime = plane.world.clock.now()
        self._install = install
        self._kept: tuple[ControlPlane, Backends, Any] | None = _copy(
            plane, _backends(), mock_random.getstate()
        )

    def __repr__(self) -> str:
        return f"Snapshot({self.when:%Y-%m-%d %H:%M:%S} UTC{'' if self._kept else ', let go'})"

    def restore(self) -> None:
        """Make the world what it was at ``when``; what happened since is gone.

        Raises SandboxError for one that was let go, or whose world was closed.
        """
        if self._kept is None:
            raise SandboxError(
                f"This snapshot was let go: only the newest {KEPT} are kept, and none of a closed world."
            )
        with self._kept[0].world.lock:  # a copied world keeps its lock: nobody calls in between
            plane, backends, chance = _copy(*self._kept)
            _put_back(backends)
            mock_random.setstate(chance)
            self._install(plane)

    def let_go(self) -> None:
        """Free the memory; it cannot be restored any more."""
        self._kept = None


def _backends() -> Backends:
    """Every backend of moto in use, with its service's registry, account and Region."""
    return [
        (registry, account, region, backend)
        for registry in _registries()
        for account, region, backend in registry.iter_backends()
    ]


def _registries() -> list[Any]:
    """moto's table of each service that has been used."""
    known: Any = BackendDict
    return list(known._instances)


def _put_back(backends: Backends) -> None:
    for registry in _registries():
        registry.clear()
    for registry, account, region, backend in backends:
        dict.__setitem__(registry[account], region, backend)


def _copy(
    plane: ControlPlane, backends: Backends, chance: Any
) -> tuple[ControlPlane, Backends, Any]:
    """One deep copy of both; the world's lock and moto's registries stay the same objects."""
    memo: dict[int, Any] = {id(plane.world.lock): plane.world.lock}
    memo |= {id(registry): registry for registry, *_ in backends}
    with _copyable():
        plane, backends = copy.deepcopy((plane, backends), memo)
    return plane, backends, chance


@contextmanager
def _copyable() -> Iterator[None]:
    """Locks and conditions copy as new ones, and SSM's parameters by their own rule, for as long as it takes."""
    from moto.ssm.models import ParameterDict

    rules: dict[type, Callable[[Any], Any]] = {
        type(RLock()): lambda lock: (RLock, ()),
        type(Lock()): lambda lock: (Lock, ()),
        Condition: lambda condition: (Condition, ()),  # it holds its lock's methods, old ones
        ParameterDict: _reduce_parameters,
    }
    before = {kind: copyreg.dispatch_table.get(kind) for kind in rules}
    copyreg.dispatch_table.update(rules)
    try:
        yield
    finally:
        for kind, rule in before.items():
            copyreg.dispatch_table.pop(kind)
            if rule:
                copyreg.dispatch_table[kind] = rule


def _reduce_parameters(parameters: Any) -> tuple[Any, ...]:
    made_with = (parameters.account_id, parameters.region_name)
    return type(parameters), made_with, vars(parameters), None, iter(list(parameters.items()))
