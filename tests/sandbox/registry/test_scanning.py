"""What a scan finds: packages of a layer against the catalogue."""

import io
import tarfile
from typing import Any

import pytest

from course.sandbox.registry.scanning import findings, newest, packages_in


def layer(text: str, path: str = "var/lib/dpkg/status") -> bytes:
    """An archive that holds one file."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        entry = tarfile.TarInfo(path)
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
    return held.getvalue()


def test_packages_are_read_from_debians_own_list() -> None:
    text = "Package: zlib\nStatus: installed\nVersion: 1.2.11-1\n\nPackage: tar\nVersion: 1.34\n\n"
    assert packages_in(layer(text)) == (("zlib", "1.2.11-1"), ("tar", "1.34"))


@pytest.mark.parametrize(
    "content", [b"", b"no archive", layer("x", "etc/passwd"), layer("x")[:600]]
)
def test_a_layer_without_that_list_says_nothing(content: bytes) -> None:
    assert packages_in(content) is None


def test_the_uppermost_list_counts() -> None:
    assert newest([(("a", "1"),), None, (("a", "2"),)]) == (("a", "2"),)
    assert newest([None]) is None


@pytest.mark.parametrize(
    ("packages", "names"),
    [
        ((("zlib", "1.2.11-1"),), ["CVE-2022-37434"]),
        ((("zlib", "1.2.13"),), []),
        ((("zlib", "1.10"),), []),
        ((("openssl", "1.1.1"),), []),
        ((("openssl", "3.0.6"), ("zlib", "1.2.12")), ["CVE-2022-37434", "CVE-2022-3602"]),
        ((("openssl", "3.0.7"),), []),
        ((("bash", "5"),), []),
    ],
)
def test_a_package_is_vulnerable_in_the_versions_that_the_catalogue_names(
    packages: Any, names: list[str]
) -> None:
    assert [one["name"] for one in findings(packages)] == names
