"""Reading ``pyproject.toml``'s ranges and holding the running environment against them."""

from pathlib import Path

import pytest

from course import requirements
from course.requirements import packages, unmet

ROOT = Path(__file__).resolve().parent.parent


def project(folder: Path, *dependencies: str, test: str = "pytest") -> Path:
    lines = "".join(f'    "{text}",\n' for text in dependencies)
    (folder / "pyproject.toml").write_text(
        f'[project]\ndependencies = [\n{lines}]\noptional-dependencies.test = ["{test}"]\n', "utf-8"
    )
    return folder


def test_the_environment_of_these_tests_meets_both() -> None:
    assert unmet(ROOT) == []
    assert unmet(ROOT, tests=True) == []


def test_a_missing_package_and_a_wrong_version_are_told_apart(tmp_path: Path) -> None:
    root = project(tmp_path, "no-such-package>=3", "pytest<2", "pytest>=2")
    lines = unmet(root)
    assert lines[0] == "no-such-package not installed, needs >=3"
    assert lines[1].startswith("pytest ") and lines[1].endswith(", needs <2")
    assert len(lines) == 2


def test_what_an_extra_brings_is_needed_too(tmp_path: Path) -> None:
    plain = {package.name for package in packages(project(tmp_path, "moto"))}
    with_extra = {package.name for package in packages(project(tmp_path, "moto[dynamodb]"))}
    assert plain == {"moto"}
    assert "py-partiql-parser" in with_extra


def test_a_line_for_another_system_is_not_asked_for(tmp_path: Path) -> None:
    assert unmet(project(tmp_path, "no-such-package; sys_platform == 'plan9'")) == []


def test_tests_ask_for_more(tmp_path: Path) -> None:
    root = project(tmp_path, "pytest", test="no-such-package")
    assert unmet(root) == []
    assert unmet(root, tests=True) == ["no-such-package not installed, needs any version"]


def test_without_packaging_nothing_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements.importlib.util, "find_spec", lambda name: None)
    assert unmet(ROOT) == ["packaging not installed, needs to be there, as JupyterLab does"]
