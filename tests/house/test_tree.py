"""What must not stand anywhere in the tree, and what must stand at its top."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# In parts, so that this file does not hold what it looks for.
PACKAGE_INDEXES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "ana" + "conda.org",
    "ana" + "conda.com",
    "prefix" + ".dev",
)
ONE_MACHINE = re.compile(
    "|".join(
        (
            "/" + "root/",
            "/" + r"home/(?!jovyan)[a-z]+/",
            "/" + r"Users/[A-Za-z]+/",
            "/" + r"work/(main|shared|\.)",
            r"\.\./" + "shared/",
            "/" + "opt/(pypi|wheels)",
        )
    )
)


def tree() -> list[Path]:
    """Return every file git knows or would add; without git, every file of a download."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout
        paths = [ROOT / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        ignored = {".venv", "work", "__pycache__", ".git"}
        paths = [path for path in ROOT.rglob("*") if not ignored & set(path.parts)]
    return [path for path in paths if path.is_file()]


def found(pattern: re.Pattern[str]) -> list[str]:
    places = []
    for path in tree():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if pattern.search(line):
                places.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return places


def test_no_package_index_is_named() -> None:
    assert not found(re.compile("|".join(map(re.escape, PACKAGE_INDEXES))))


def test_no_path_of_one_machine_is_named() -> None:
    assert not found(ONE_MACHINE)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("LICENSE", r"Apache License\s+Version 2.0.*END OF TERMS AND CONDITIONS"),
        ("LICENSE-CONTENT", r"Attribution 4.0 International.*Section 8 -- Interpretation"),
    ],
)
def test_the_licences_are_whole(name: str, whole: str) -> None:
    assert re.search(whole, (ROOT / name).read_text("utf-8"), re.DOTALL)


def test_ci_runs_are_executable() -> None:
    for script in (".ci/run", "binder/postBuild"):
        text = (ROOT / script).read_text("utf-8")
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "set -euo pipefail" in text
        assert (ROOT / script).stat().st_mode & 0o100
