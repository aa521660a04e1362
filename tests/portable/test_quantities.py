"""Kubernetes' quantities, and what ECS counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.portable.quantities import amount, cpu, mebibytes, memory, units


@pytest.mark.parametrize(
    ("quantity", "amounts_to"),
    [
        ("250m", Fraction(1, 4)),
        ("0.25", Fraction(1, 4)),
        (2, 2),
        (0.5, Fraction(1, 2)),
        ("1k", 1000),
        ("1Ki", 1024),
        ("512Mi", 512 * 1024**2),
        ("1G", 10**9),
        ("1e3", 1000),
        ("128E", 128 * 10**18),
        ("100u", Fraction(1, 10_000)),
        ("512 MB", None),
        ("512MB", None),
        ("512mi", None),
        ("1Kib", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_a_quantity_amounts_to(quantity: object, amounts_to: object) -> None:
    assert amount(quantity) == amounts_to


@pytest.mark.parametrize(
    ("quantity", "mib"), [("1Gi", 1024), ("512", Fraction(512, 1024**2)), ("536870912", 512)]
)
def test_memory_without_a_suffix_is_bytes(quantity: str, mib: Fraction) -> None:
    assert mebibytes(quantity) == mib


def test_what_is_no_quantity_is_neither_units_nor_mib() -> None:
    assert units("a lot") is None
    assert mebibytes("a lot") is None


@given(thousandths=st.integers(1, 64_000), mib=st.integers(1, 10**6))
def test_what_is_written_amounts_to_what_was_meant(thousandths: int, mib: int) -> None:
    assert amount(cpu(thousandths / 1000)) == Fraction(thousandths, 1000)
    assert mebibytes(memory(mib)) == mib


def test_a_quarter_of_a_vcpu_is_256_units() -> None:
    assert cpu(0.25) == "250m"
    assert units("250m") == 256
