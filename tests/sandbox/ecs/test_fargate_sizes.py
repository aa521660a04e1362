"""Fargate's sizes: the whole table, its neighbours, and the spellings of an amount."""

from __future__ import annotations

import pytest

from course.sandbox.ecs.fargate_sizes import SIZES, amount, exists

GB = 1024

# (CPU units, smallest, largest, step) in MiB, as AWS's table states them.
TABLE = [
    (512, 1 * GB, 4 * GB, 1 * GB),
    (1024, 2 * GB, 8 * GB, 1 * GB),
    (2048, 4 * GB, 16 * GB, 1 * GB),
    (4096, 8 * GB, 30 * GB, 1 * GB),
    (8192, 16 * GB, 60 * GB, 4 * GB),
    (16384, 32 * GB, 120 * GB, 8 * GB),
]
LISTED = {256: {512, 1 * GB, 2 * GB}, 32768: {60 * GB, 120 * GB, 244 * GB}}


def test_the_table_is_awss() -> None:
    stepped = {cpu: set(range(low, high + 1, step)) for cpu, low, high, step in TABLE}
    assert {cpu: set(sizes) for cpu, sizes in SIZES.items()} == stepped | LISTED


@pytest.mark.parametrize(("cpu", "low", "high", "step"), TABLE)
def test_the_neighbours_do_not_exist(cpu: int, low: int, high: int, step: int) -> None:
    assert exists(cpu, low) and exists(cpu, high)
    for memory in (low - step, low - 1, low + 1, low + step // 2, high + 1, high + step):
        assert not exists(cpu, memory), memory


@pytest.mark.parametrize("cpu", [0, 128, 255, 257, 768, 3072, 32767, 65536])
def test_there_is_no_such_cpu(cpu: int) -> None:
    assert not any(exists(cpu, memory) for sizes in SIZES.values() for memory in sizes)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1024", 1024),
        ("1 vCPU", 1024),
        ("1vcpu", 1024),
        (".25 vCPU", None),
        ("0.25 vCPU", 256),
        ("3 GB", 3072),
        ("0.5GB", 512),
        (" 512 ", 512),
        ("", None),
        ("a lot", None),
        ("-1", None),
        ("1 TB", None),
    ],
)
def test_spellings_of_an_amount(text: str, units: int | None) -> None:
    assert amount(text) == units
