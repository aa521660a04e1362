"""What pre-commit runs, over the whole tree; and the wheel that a Hub's image installs."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
HOOKS = [hook["id"] for repository in CONFIG["repos"] for hook in repository["hooks"]]


def test_every_hook_runs_from_the_environment() -> None:
    assert [repository["repo"] for repository in CONFIG["repos"]] == ["local"]
    assert {hook["language"] for hook in CONFIG["repos"][0]["hooks"]} == {"system"}


@pytest.mark.slow
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_finds_nothing(hook: str, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("pre-commit asks git which files there are, and this is no git clone")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ended = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", hook, "--all-files", "--color=never"],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
def test_the_wheel_is_pure_and_whole(tmp_path: Path) -> None:
    """Built by the backend itself, without isolation: no network."""
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    source = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "course").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source <= names
    notebooks = {f"course/_notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks and notebooks <= names
