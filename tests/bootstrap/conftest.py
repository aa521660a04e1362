"""A small checkout with a front door of its own, whose one package is made here.

The index these tests install from is a folder: they need no network, and take
away even that.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONT_DOOR = ("__init__", "__main__", "bootstrap", "requirements", "working_copy", "doctor")

PYPROJECT = """\
[project]
name = "containers-on-aws-course"
dependencies = ["tiny-lesson>=1,<2"]
optional-dependencies.test = ["tiny-test>=1,<2"]
"""
# The verbs ``bench`` and ``test`` of this checkout say where they run.
SAYS_WHERE = """\
import sys


def main(arguments):
    print("ran in", sys.prefix, *arguments)
    return 0
"""


def make_wheel(folder: Path, name: str, version: str) -> str:
    """Write a wheel without a module into ``folder`` and return its line for a lock."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        rows.append(f"{path},sha256={digest.decode()},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # a fixed date, hence a fixed hash
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@dataclass
class Checkout:
    """The small checkout at ``path``, installing from the folder ``index``."""

    path: Path
    index: Path

    @property
    def venv(self) -> Path:
        return self.path / ".venv"

    def lock(self, version: str, name: str = "requirements.lock") -> None:
        package = "tiny-lesson" if name == "requirements.lock" else "tiny-test"
        (self.path / name).write_text(make_wheel(self.index, package, version), "utf-8")

    def run(
        self, *arguments: str, python: str = sys.executable, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``python -m course`` there, with nothing of this machine's pip or uv set-up."""
        kept = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP")
        base = {name: os.environ[name] for name in kept if name in os.environ}
        settings = {
            "PATH": without_uv(base["PATH"]),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.index),
            "PYTHONWARNINGS": "ignore",
        }
        return subprocess.run(
            [python, "-m", "course", *arguments],
            cwd=self.path,
            env={**base, **settings, **environ},
            check=False,
            capture_output=True,
            text=True,
        )


def without_uv(path: str) -> str:
    """Return PATH without the folders in which a uv is found."""
    folders = path.split(os.pathsep)
    return os.pathsep.join(f for f in folders if not shutil.which("uv", path=f))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "clone", tmp_path / "index")
    (made.path / "course").mkdir(parents=True)
    made.index.mkdir()
    for name in FRONT_DOOR:
        shutil.copy(ROOT / "course" / f"{name}.py", made.path / "course")
    for name in ("bench", "suite"):
        (made.path / "course" / f"{name}.py").write_text(SAYS_WHERE, "utf-8")
    (made.path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    made.lock("1.0")
    made.lock("1.0", "requirements-test.lock")
    return made
