"""What ``pyproject.toml`` asks of an environment, and what of it the running one lacks.

The ranges are read with tomllib, the installed versions with importlib.metadata,
and compared with ``packaging``. That is not in the standard library, but
JupyterLab itself depends on it: where it cannot be imported, JupyterLab cannot
run either, and the environment does not meet the ranges whatever they say.
"""

import importlib.util
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

NAME = "containers-on-aws-course"


@dataclass(frozen=True)
class Package:
    """One requirement and what was found: ``installed`` is a version, or None."""

    name: str
    installed: str | None
    needs: str
    fits: bool

    def __str__(self) -> str:
        found = self.installed or "not installed"
        return f"{self.name} {found}" if self.fits else f"{self.name} {found}, needs {self.needs}"


def unmet(root: Path, tests: bool = False) -> list[str]:
    """Return a line for each requirement of the checkout ``root`` that is not met here."""
    return [str(package) for package in packages(root, tests) if not package.fits]


def packages(root: Path, tests: bool = False) -> list[Package]:
    """Return every direct requirement with what is installed for it."""
    if not importlib.util.find_spec("packaging"):
        return [Package("packaging", None, "to be there, as JupyterLab does", False)]
    found = (package for requirement in _asked(root, tests) for package in _look_up(requirement))
    return list(dict.fromkeys(found))


def _asked(root: Path, tests: bool) -> Iterator["Requirement"]:
    from packaging.requirements import Requirement

    for text in _texts(root, tests):
        requirement = Requirement(text)
        extra = {"extra": "test" if tests else ""}
        if requirement.marker is None or requirement.marker.evaluate(extra):
            yield requirement


def _texts(root: Path, tests: bool) -> list[str]:
    """Return the requirements as written: in the checkout, or by the installed package."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except FileNotFoundError:
        return metadata.requires(NAME) or []
    texts: list[str] = list(project["dependencies"])
    return texts + project["optional-dependencies"]["test"] if tests else texts


def _look_up(requirement: "Requirement") -> Iterator[Package]:
    needs = str(requirement.specifier) or "any version"
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        yield Package(requirement.name, None, needs, False)
        return
    fits = requirement.specifier.contains(version, prereleases=True)
    yield Package(requirement.name, version, needs, fits)
    for extra in sorted(requirement.extras):
        yield from _brought_by(requirement.name, extra)


def _brought_by(name: str, extra: str) -> Iterator[Package]:
    """Look up what only the extra of a package asks for, as in ``moto[s3]``."""
    from packaging.requirements import Requirement

    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""}):
            yield from _look_up(requirement)
