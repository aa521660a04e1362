"""Write the two locks and the conda environments from ``pyproject.toml``.

    python3 .ci/lock.py              keep every version that still fits
    python3 .ci/lock.py --upgrade    take the newest of everything

It needs uv. The locks hold hashes for every system and name no package index,
so whatever index pip or uv is set up to use is the one asked.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = "requirements.lock"
TESTS = "requirements-test.lock"

# Binder brings Jupyter at its own versions, so binder/ leaves these out.
JUPYTER = ("jupyterlab", "notebook", "ipykernel", "ipywidgets")
AT_HOME = ("jupyterlab", "ipywidgets")  # what environment.yml adds to Binder's


ENVIRONMENT = """\
# {purpose}
# Made by .ci/lock.py from requirements.lock.
name: containers-on-aws
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.12
  - pip
  - pip:
{packages}
"""


def compile_lock(name: str, *options: str) -> None:
    """Resolve ``pyproject.toml`` into the lock ``name``, for every system at once."""
    subprocess.run(
        [
            *("uv", "pip", "compile", "pyproject.toml", "--output-file", name),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
            *options,
        ],
        cwd=ROOT,
        check=True,
    )


def pins(lock: str) -> dict[str, str]:
    """Return ``{package: the line that pins it}``, hashes left out."""
    lines = re.findall(r"^([a-z0-9-]+)(==[^\\\n]+)", lock, re.MULTILINE)
    return {name: f"{name}{version.rstrip()}" for name, version in lines}


def brought_by_jupyter() -> set[str]:
    """Return every package that installing Jupyter installs too."""
    compiled = subprocess.run(
        ["uv", "pip", "compile", "-", "--universal", "--python-version", "3.11", "--quiet"],
        input="\n".join(JUPYTER),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return set(pins(compiled.stdout))


def environment(purpose: str, packages: list[str]) -> str:
    """Return a conda environment: Python from conda, everything else pinned by pip."""
    return ENVIRONMENT.format(
        purpose=purpose, packages="\n".join(f"      - {line}" for line in packages)
    )


def write_environments() -> None:
    """Write ``binder/environment.yml``, and ``environment.yml`` with Jupyter on top."""
    locked = pins((ROOT / LESSONS).read_text(encoding="utf-8"))
    left_out = brought_by_jupyter()
    binder = [line for name, line in locked.items() if name not in left_out]
    home = [locked[name] for name in AT_HOME] + binder
    (ROOT / "binder" / "environment.yml").write_text(
        environment("For Binder, which brings Jupyter itself.", binder), encoding="utf-8"
    )
    (ROOT / "environment.yml").write_text(
        environment("For conda: `conda env create`, then `python -m course`.", home),
        encoding="utf-8",
    )


def main(options: list[str]) -> None:
    """Write all four files."""
    compile_lock(LESSONS, *options)
    locked = pins((ROOT / LESSONS).read_text(encoding="utf-8"))
    # What only some systems get for lessons, tests may need on all: it stands in both locks.
    everywhere = [name for name, pin in locked.items() if ";" not in pin]
    already = [part for name in everywhere for part in ("--no-emit-package", name)]
    compile_lock(TESTS, "--extra", "test", "--constraint", LESSONS, *already, *options)
    write_environments()


if __name__ == "__main__":
    main(sys.argv[1:])
