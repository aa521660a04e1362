"""Basic scanning: known vulnerabilities of the operating system's packages in an image.

A model: packages are read from the list that Debian's package manager keeps in
a layer, and compared with a catalogue of two entries (``vulnerabilities.toml``).
An image without that list has nothing that a basic scan could read.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
"""

import io
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

PACKAGES = "var/lib/dpkg/status"
"""Where Debian's package manager notes what is installed."""

SECONDS = 10
"""How long a scan takes here; AWS names no time."""

QUOTA = timedelta(hours=24)
"""An image is scanned once in this time, a scan on push included."""

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED")

Packages = tuple[tuple[str, str], ...]
"""Name and version of each package."""


@dataclass(slots=True)
class Scan:
    """One scan of one image. *findings* are filled in when it is COMPLETE."""

    started: datetime
    status: str = "IN_PROGRESS"
    description: str = ""
    completed: datetime | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)

    def may_be_repeated(self, now: datetime) -> bool:
        """Whether the image may be scanned again."""
        return now >= self.started + QUOTA

    def end(self, packages: Packages | None, now: datetime) -> None:
        """What it found; None stands for an image whose packages cannot be read."""
        self.completed = now
        if packages is None:
            self.status = "UNSUPPORTED_IMAGE"
            self.description = (
                "UnsupportedImageError: The operating system and/or package manager are "
                "not supported."
            )
            return
        self.status, self.description = "COMPLETE", "The scan was completed successfully."
        self.findings = findings(packages)

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        return dict(Counter(one["severity"] for one in self.findings))


def packages_in(layer: bytes) -> Packages | None:
    """The packages that a layer's list names; None for a layer without one, or that is no archive."""
    try:
        with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
            held = archive.extractfile(PACKAGES)
            return _listed(held.read().decode("utf-8", "replace")) if held else None
    except (tarfile.TarError, KeyError, EOFError, OSError, ValueError):
        return None


def _listed(text: str) -> Packages:
    """Debian's list: a paragraph for each package, a field a line."""
    found = []
    for paragraph in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line)
        if "Package" in fields and "Version" in fields:
            found.append((fields["Package"], fields["Version"]))
    return tuple(found)


def findings(packages: Packages) -> list[dict[str, Any]]:
    """Each vulnerability of the catalogue that one of the packages has, the worst first."""
    found = [
        _finding(known, version)
        for known in _catalogue()
        for package, version in packages
        if package == known["package"] and _within(version, known)
    ]
    return sorted(found, key=lambda one: (SEVERITIES.index(one["severity"]), one["name"]))


def _within(version: str, known: dict[str, str]) -> bool:
    return _parts(known.get("since", "0")) <= _parts(version) < _parts(known["mended"])


def _parts(version: str) -> tuple[int, ...]:
    upstream = version.partition("-")[0]
    return tuple(int(part) if part.isdigit() else 0 for part in upstream.split("."))


def _finding(known: dict[str, str], version: str) -> dict[str, Any]:
    attributes = {"package_version": version, "package_name": known["package"]}
    return {
        "name": known["name"],
        "description": known["description"],
        "uri": f"https://nvd.nist.gov/vuln/detail/{known['name']}",
        "severity": known["severity"],
        "attributes": [{"key": key, "value": value} for key, value in attributes.items()],
    }


@cache
def _catalogue() -> tuple[dict[str, str], ...]:
    text = (files("course.sandbox.registry") / "vulnerabilities.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["vulnerability"])


def newest(layers: Iterable[Packages | None]) -> Packages | None:
    """The list that counts: the uppermost layer's that has one, as in a container's file system."""
    held = [one for one in layers if one is not None]
    return held[-1] if held else None
