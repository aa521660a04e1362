"""The locks, the conda environments and Binder say what ``pyproject.toml`` says."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


def environment(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return loaded


def pip_list(path: str) -> list[str]:
    lines: list[str] = environment(path)["dependencies"][-1]["pip"]
    return lines


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_the_lock_holds_what_lessons_ask_for(text: str) -> None:
    requirement = Requirement(text)
    assert pins("requirements.lock")[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.parametrize("text", PROJECT["optional-dependencies"]["test"])
def test_the_test_lock_holds_what_tests_ask_for(text: str) -> None:
    requirement = Requirement(text)
    locked = pins("requirements-test.lock")[canonicalize_name(requirement.name)]
    assert locked in requirement.specifier


def test_the_test_lock_goes_on_top() -> None:
    """What stands in both is pinned alike, and needed by lessons on some systems only."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    lessons, tests = pins("requirements.lock"), pins("requirements-test.lock")
    for name in lessons.keys() & tests.keys():
        assert tests[name] == lessons[name]
        assert re.search(rf"^{name}==\S+ ;", text, re.MULTILINE), name


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_has_hashes_and_no_line_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_conda_at_home_is_binder_plus_jupyterlab_and_ipywidgets() -> None:
    more = set(pip_list("environment.yml")) - set(pip_list("binder/environment.yml"))
    assert {line.partition("==")[0] for line in more} == {"jupyterlab", "ipywidgets"}
    assert set(pip_list("environment.yml")) >= set(pip_list("binder/environment.yml"))
    home, binder = environment("environment.yml"), environment("binder/environment.yml")
    for both in (home, binder):
        both["dependencies"].pop()
    assert home == binder


@pytest.mark.parametrize("line", pip_list("environment.yml"))
def test_conda_pins_what_the_lock_pins(line: str) -> None:
    requirement = Requirement(line)
    assert str(requirement.specifier) == f"=={pins('requirements.lock')[requirement.name]}"


def test_conda_holds_every_dependency_that_jupyter_does_not_bring() -> None:
    brought = {"ipykernel", "platformdirs", "pyyaml"}
    asked = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert asked - brought <= {Requirement(line).name for line in pip_list("environment.yml")}


def repo2docker() -> Path:
    """Return the folder of the Binder builder's conda files."""
    spec = importlib.util.find_spec("repo2docker")
    if not spec or not spec.origin:
        pytest.skip("repo2docker is not installed here (it has no Windows)")
    return Path(spec.origin).parent / "buildpacks" / "conda"


def test_what_binder_brings_is_in_our_ranges() -> None:
    frozen = (repo2docker() / "environment.py-3.12-linux-64.lock").read_text("utf-8")
    versions = dict(re.findall(r"/([a-z_-]+)-([0-9.]+)-[^/]+\.(?:conda|tar\.bz2)", frozen))
    checked = 0
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        if requirement.name in versions:
            assert versions[requirement.name] in requirement.specifier
            checked += 1
    assert checked >= 4  # jupyterlab, ipykernel, ipywidgets, platformdirs


def test_binder_reads_our_files() -> None:
    repo2docker()
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    command += ["--user-id", "1000", "--user-name", "jovyan", "."]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    dockerfile = ended.stdout + ended.stderr
    assert "binder/environment.yml" in dockerfile
    assert "binder/postBuild" in dockerfile
    # The environment is a layer of its own, kept between commits that leave it alone.
    assert dockerfile.index("binder/environment.yml") < dockerfile.index("binder/postBuild")
