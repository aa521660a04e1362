"""Amounts of CPU and memory, as Kubernetes writes them and as ECS counts them.

Kubernetes: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
ECS: 1024 CPU units are one vCPU, memory is in MiB.
"""

import re
from fractions import Fraction
from typing import Any

SUFFIXES = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
    **{letter: Fraction(1000**power) for power, letter in enumerate("kMGTPE", 1)},
    **{f"{letter}i": Fraction(1024**power) for power, letter in enumerate("KMGTPE", 1)},
}

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([a-zA-Z]*)|[eE]([+-]?\d+))")

MIB = 1024**2
UNITS = 1024


def amount(quantity: Any) -> Fraction | None:
    """What a quantity such as ``250m``, ``512Mi`` or 2 amounts to; None where it is none."""
    found = _QUANTITY.fullmatch(str(quantity)) if not isinstance(quantity, bool) else None
    if found is None:
        return None
    number, suffix, power = found.groups()
    if power is not None:
        return Fraction(number) * Fraction(10) ** int(power)
    return Fraction(number) * SUFFIXES[suffix] if suffix in SUFFIXES else None


def units(quantity: Any) -> Fraction | None:
    """ECS's CPU units of a quantity of CPU: ``250m`` are 256."""
    vcpu = amount(quantity)
    return None if vcpu is None else vcpu * UNITS


def mebibytes(quantity: Any) -> Fraction | None:
    """The MiB of a quantity of memory: ``1Gi`` are 1024, and a plain 512 is bytes."""
    held = amount(quantity)
    return None if held is None else held / MIB


def cpu(vcpu: float) -> str:
    """vCPU as Kubernetes writes them: whole ones as they are, else in thousandths (``250m``)."""
    thousandths = round(vcpu * 1000)
    return f"{thousandths}m" if thousandths % 1000 else str(thousandths // 1000)


def memory(mib: int) -> str:
    """MiB as Kubernetes writes them: ``512Mi``."""
    return f"{mib}Mi"
