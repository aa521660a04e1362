"""Moto's own tests of ECS, ELBv2, scaling and CloudWatch, everything of ours on: a written list fails, and nothing else.

The tests come in moto's source distribution, of the very release that is installed;
they are downloaded for the run and nothing of them is kept here. Those that fail are
in ``moto_suite.toml`` and ``moto_suite_elbv2.toml``, by the reason: moto's answer is not AWS's, or what it asks for
is not in the sandbox yet. A test that fails and is not listed is red, and so is one
that is listed and passes.

    python tests/contract/test_moto_suite.py    prints where the lists and a run differ
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
Outcomes = dict[str, str]


@dataclass(frozen=True)
class Suite:
    """A folder of moto's tests, the list of those that fail, and how many pass at least.

    *left_out* is a file in it: moto's CloudFormation needs a package that lessons do not bring.
    *starts_now*: its tests ask the wall what time it is.
    """

    folder: str
    written: str
    at_least: int
    left_out: str
    starts_now: bool = False


# ECS, November 2026: 63 of 147. More cannot: all but three of the others ask for what AWS does not answer.
ECS = Suite("test_ecs", "moto_suite.toml", 63, "test_ecs_cloudformation.py")
ELBV2 = Suite("test_elbv2", "moto_suite_elbv2.toml", 171, "test_elbv2_cloudformation.py")
SCALING = Suite("test_applicationautoscaling", "moto_suite_scaling.toml", 14, "none")
CLOUDWATCH = Suite(
    "test_cloudwatch",
    "moto_suite_cloudwatch.toml",
    62,
    "test_cloudwatch_cloudformation.py",
    starts_now=True,
)
SUITES = (ECS, ELBV2, SCALING, CLOUDWATCH)
each = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.folder)


class CannotDownload(Exception):
    """There is no package index to be reached, or no pip to ask it with."""


def fetch(folder: Path) -> Path:
    """The ``tests`` of the installed moto's source distribution, in this folder.

    Raises CannotDownload.
    """
    release = f"moto=={version('moto')}"
    for python in (sys.executable, getattr(sys, "_base_executable", sys.executable)):
        command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "moto"]
        done = subprocess.run(
            [*command, "--dest", folder, release], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            break
    else:
        raise CannotDownload(f"pip could not download {release}: {done.stderr.strip()[-300:]}")
    (archive,) = folder.glob("moto-*.tar.gz")
    with tarfile.open(archive) as packed:
        wanted = [one for one in packed if _is_wanted(one.name.split("/")[1:])]
        packed.extractall(folder, wanted, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def _is_wanted(path: list[str]) -> bool:
    """Whether a file of the distribution is of a suite, or what suites share: ``tests`` itself and packages."""
    folders = [one.folder for one in SUITES]
    shared = len(path) <= 2 or path[2:] == ["__init__.py"]
    return path[:1] == ["tests"] and (shared or path[1] in folders)


def run(folder: Path, suite: Suite) -> Outcomes:
    """What became of each of moto's tests in a suite, by ``file::test``."""
    outcomes = folder / f"{suite.folder}.json"
    environment = os.environ | {
        "MOTO_SUITE_OUTCOMES": str(outcomes),
        "MOTO_SUITE_STARTS_NOW": "1" if suite.starts_now else "",
        "PYTHONPATH": os.pathsep.join((str(HERE.parents[1]), str(HERE))),
    }
    options = ["-q", "-c", os.devnull, "-p", "moto_suite_plugin", "-p", "no:cacheprovider"]
    tests = f"tests/{suite.folder}"
    where = ["--rootdir", ".", "--ignore", f"{tests}/{suite.left_out}", tests]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *where],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert outcomes.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    found: Outcomes = json.loads(outcomes.read_text("utf-8"))
    return found


def listed(suite: Suite) -> dict[str, str]:
    """Each test that may fail, with the reason; a test stands in one place only."""
    found: dict[str, str] = {}
    written = tomllib.loads((HERE / suite.written).read_text("utf-8"))
    for kind in ("not_as_aws", "not_here_yet"):
        for group in written.get(kind, ()):
            for name in group["tests"]:
                assert name not in found, f"{name} is listed twice"
                found[name] = group["reason"]
    return found


def differences(outcomes: Outcomes, suite: Suite) -> list[str]:
    """A line for everything in which a run and the list differ."""
    failed = {name: told for name, told in outcomes.items() if told.startswith("failed")}
    known = listed(suite)
    return [
        *(f"fails, not listed: {name}\n    {failed[name]}" for name in failed if name not in known),
        *(f"listed, did not fail: {name} ({reason})" for name, reason in known.items() if name not in failed),
    ]  # fmt: skip


def passed(outcomes: Outcomes) -> int:
    return sum(told == "passed" for told in outcomes.values())


@pytest.fixture(scope="module")
def tests_of_moto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return fetch(tmp_path_factory.mktemp("moto"))
    except CannotDownload as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(f"{error} (needs a package index)")


@pytest.mark.slow
@pytest.mark.contract
@each
def test_what_fails_of_motos_suite_is_written_down(tests_of_moto: Path, suite: Suite) -> None:
    outcomes = run(tests_of_moto, suite)
    found = differences(outcomes, suite)
    assert not found, "\n".join(found)
    assert passed(outcomes) >= suite.at_least


@each
def test_the_list_gives_a_reason_for_each_test(suite: Suite) -> None:
    assert listed(suite)
    assert all(len(reason) > 20 for reason in listed(suite).values())


if __name__ == "__main__":
    made = Path(tempfile.mkdtemp())
    try:
        there = fetch(made)
        for one in SUITES:
            results = run(there, one)
            told = f"{one.folder}: {passed(results)} of {len(results)} pass"
            print(*differences(results, one), told, sep="\n")
    finally:
        shutil.rmtree(made)
