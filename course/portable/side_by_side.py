"""Two tables: one description as both want it, and what a change of it changes on either side."""

from typing import Any

from course.curriculum.handout import Cell, Handout
from course.portable.counterparts import (
    Leaves,
    Row,
    at,
    ecs_leaves,
    kubernetes_leaves,
    rows,
)
from course.portable.description import Description

HEAD = ("what is said", "ECS", "Kubernetes")
NOT = "-"
"""Where one of the two has nothing to say."""


def side_by_side(described: Description) -> Handout:
    """Every row with its two places; what folds out says how they compare, and where else it stands."""
    ours, theirs = ecs_leaves(described), kubernetes_leaves(described)
    shown = [_row(row, ours, theirs) for row in rows()]
    counted = [row.how for row in rows() if _is_said(row, ours, theirs)]
    last = (
        f"{counted.count('same')} are the same, {counted.count('converted')} are converted, "
        f"{counted.count('ECS')} only ECS is told, {counted.count('Kubernetes')} only Kubernetes."
    )
    return Handout("", HEAD, [row for row in shown if row], last)


def _is_said(row: Row, ours: Leaves, theirs: Leaves) -> bool:
    return bool(_all(row.ecs, ours) or _all(row.kubernetes, theirs))


def _row(row: Row, ours: Leaves, theirs: Leaves) -> tuple[Cell, ...]:
    """Nothing for what this description does not say, such as a role that it does not have."""
    if not _is_said(row, ours, theirs):
        return ()
    how = row.how if row.how in ("same", "converted") else f"{row.how} only"
    what = Cell(f"{row.what}: {how}", (row.why,) if row.why else ())
    return what, _cell(_all(row.ecs, ours)), _cell(_all(row.kubernetes, theirs))


def _all(places: tuple[str, ...], held: Leaves) -> Leaves:
    return {leaf: value for place in places for leaf, value in at(place, held).items()}


def _cell(found: Leaves) -> Cell:
    """The first leaf in short; where there are more, all of them in full below."""
    if not found:
        return Cell(NOT)
    (place, value), *more = found.items()
    in_full = [f"{one}: {held}" for one, held in found.items()] if more else []
    return Cell(f"{_short(place)}: {_value(place, value, found)}", tuple(in_full))


def _short(place: str) -> str:
    """The last name of a place, and in which object: ``Deployment, replicas``."""
    tail = place.rpartition("/")[2] if "/" in place else place.rpartition(".")[2]
    return f"{place.partition('.')[0]}, {tail.partition('[')[0]}"


def _value(place: str, value: Any, found: Leaves) -> Any:
    """A pair of name and value is one thing."""
    stem, _, last = place.rpartition(".")
    paired = found.get(f"{stem}.value") if last == "name" else None
    return value if paired is None else f"{value}={paired}"


def difference(before: Description, after: Description) -> Handout:
    """The places at which two descriptions differ, on either side: what an update has to say."""
    pairs = [(read(before), read(after)) for read in (ecs_leaves, kubernetes_leaves)]
    shown = []
    for row in rows():
        ours, theirs = (
            _changes(places, *pair)
            for places, pair in zip((row.ecs, row.kubernetes), pairs, strict=True)
        )
        if ours or theirs:
            shown.append((Cell(row.what), _changed(ours), _changed(theirs)))
    return Handout("" if shown else "Nothing differs.", HEAD, shown)


def _changes(places: tuple[str, ...], before: Leaves, after: Leaves) -> list[str]:
    old, new = _all(places, before), _all(places, after)
    return [
        f"{place}: {_said(old, place)} -> {_said(new, place)}"
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    ]


def _said(held: Leaves, place: str) -> Any:
    return held.get(place, "nothing")


def _changed(lines: list[str]) -> Cell:
    if not lines:
        return Cell(NOT)
    place, _, values = lines[0].partition(": ")
    return Cell(f"{_short(place)}: {values}", tuple(lines))
