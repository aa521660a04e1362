"""Fargate's sizes: which memory goes with which CPU.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
(table as of November 2026, up to 32 vCPU)
"""

import re
from collections.abc import Mapping

SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}
"""Memory in MiB by CPU units (1024 units are one vCPU)."""

WINDOWS = (1024, 2048, 4096)
"""CPU units that Windows containers run on."""

_AMOUNT = re.compile(r"^\s*(?:(\d+)|(\d+(?:\.\d+)?)\s*(?:vcpu|gb))\s*$", re.IGNORECASE)


def amount(text: str) -> int | None:
    """CPU units or MiB from ``"1024"``, ``"1 vCPU"`` or ``"3 GB"``; None if it is neither."""
    found = _AMOUNT.match(text)
    if not found:
        return None
    return int(found[1]) if found[1] else int(float(found[2]) * 1024)


def exists(cpu: int, memory: int, *, windows: bool = False) -> bool:
    """Whether Fargate offers this pair of CPU units and MiB."""
    return memory in SIZES.get(cpu, ()) and (not windows or cpu in WINDOWS)


def is_windows(platform: Mapping[str, str] | None) -> bool:
    """Whether a task definition's runtimePlatform is a Windows edition."""
    return (platform or {}).get("operatingSystemFamily", "LINUX").startswith("WINDOWS")
