"""Moto's own tests of ECS, everything of ours on: a written list fails, and nothing else.

The tests come in moto's source distribution, of the very release that is installed;
they are downloaded for the run and nothing of them is kept here. Those that fail are
in ``moto_suite.toml``, by the reason: moto's answer is not AWS's, or what it asks for
is not in the sandbox yet. A test that fails and is not listed is red, and so is one
that is listed and passes.

    python tests/contract/test_moto_suite.py    prints where the list and a run differ
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
from importlib.metadata import version
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
WRITTEN = HERE / "moto_suite.toml"
AT_LEAST = 65
"""65 of 147 in November 2026. More cannot: all but three of the others ask for what AWS does not answer."""

# moto's CloudFormation needs a package that lessons do not bring.
LEFT_OUT = "test_ecs_cloudformation.py"

Outcomes = dict[str, str]


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
        wanted = [one for one in packed if _is_ecs_test(one.name.split("/")[1:])]
        packed.extractall(folder, wanted, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def _is_ecs_test(path: list[str]) -> bool:
    """Whether a file of the distribution stands in ``tests`` itself or in ``tests/test_ecs``."""
    return path[:1] == ["tests"] and (len(path) <= 2 or path[1] == "test_ecs")


def run(folder: Path) -> Outcomes:
    """What became of each of moto's ECS tests, by ``file::test``."""
    outcomes = folder / "outcomes.json"
    environment = os.environ | {
        "MOTO_SUITE_OUTCOMES": str(outcomes),
        "PYTHONPATH": os.pathsep.join((str(HERE.parents[1]), str(HERE))),
    }
    options = ["-q", "-c", os.devnull, "-p", "moto_suite_plugin", "-p", "no:cacheprovider"]
    where = ["--rootdir", ".", "--ignore", f"tests/test_ecs/{LEFT_OUT}", "tests/test_ecs"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *where],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert outcomes.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    found: Outcomes = json.loads(outcomes.read_text("utf-8"))
    return found


def listed() -> dict[str, str]:
    """Each test that may fail, with the reason; a test stands in one place only."""
    found: dict[str, str] = {}
    written = tomllib.loads(WRITTEN.read_text("utf-8"))
    for kind in ("not_as_aws", "not_here_yet"):
        for group in written[kind]:
            for name in group["tests"]:
                assert name not in found, f"{name} is listed twice"
                found[name] = group["reason"]
    return found


def differences(outcomes: Outcomes) -> list[str]:
    """A line for everything in which a run and the list differ."""
    failed = {name: told for name, told in outcomes.items() if told.startswith("failed")}
    known = listed()
    return [
        *(f"fails, not listed: {name}\n    {failed[name]}" for name in failed if name not in known),
        *(f"listed, did not fail: {name} ({reason})" for name, reason in known.items() if name not in failed),
    ]  # fmt: skip


def passed(outcomes: Outcomes) -> int:
    return sum(told == "passed" for told in outcomes.values())


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    try:
        return run(fetch(tmp_path_factory.mktemp("moto")))
    except CannotDownload as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(f"{error} (needs a package index)")


@pytest.mark.slow
@pytest.mark.contract
def test_what_fails_of_motos_suite_is_written_down(outcomes: Outcomes) -> None:
    found = differences(outcomes)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.contract
def test_most_of_motos_suite_passes(outcomes: Outcomes) -> None:
    assert passed(outcomes) >= AT_LEAST


def test_the_list_gives_a_reason_for_each_test() -> None:
    assert listed()
    assert all(len(reason) > 20 for reason in listed().values())


if __name__ == "__main__":
    made = Path(tempfile.mkdtemp())
    try:
        results = run(fetch(made))
    finally:
        shutil.rmtree(made)
    print(*differences(results), f"{passed(results)} of {len(results)} pass", sep="\n")
