"""``import course`` and ``python3 -m course`` before anything is installed, and on old Pythons."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import course
from course.__main__ import VERBS, main

ROOT = Path(__file__).resolve().parents[2]
PARSE_ON_3_8 = ("__init__", "__main__", "bootstrap")


def old_pythons() -> list[str]:
    """Return the interpreters older than the course that this machine has."""
    on_path = [shutil.which(f"python3.{minor}") for minor in range(8, 11)]
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob("3.*/bin/python3.[89]"))
    return sorted({path for path in [*on_path, *map(str, pyenv)] if path and _runs(path)})


def _runs(python: str) -> bool:
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", PARSE_ON_3_8)
def test_the_front_door_parses_on_python_3_8(name: str) -> None:
    source = (ROOT / "course" / f"{name}.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_an_old_python_is_told_so_in_one_line() -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python 3.8, 3.9 or 3.10 on this machine")
    for python in pythons:
        ended = subprocess.run(
            [python, "-m", "course"], cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert ended.returncode == 2
        assert len(ended.stderr.splitlines()) == 1
        assert ended.stderr.startswith("The course needs Python 3.11 or newer and this is 3.")


def test_importing_course_imports_nothing_but_the_standard_library() -> None:
    ask = "import course, sys; print(*{m.partition('.')[0] for m in sys.modules})"
    # -I -S: neither site-packages nor the environment, as on a bare Python.
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {ask}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(ended.stdout.split()) - sys.stdlib_module_names <= {"course", "__main__"}


def test_the_front_door_names_are_there() -> None:
    assert course.__all__ == sorted(course.__all__)
    for name in course.__all__:
        assert getattr(course, name).__doc__, f"course.{name} says nothing of itself"
    with pytest.raises(AttributeError, match="has no attribute 'lessons_'"):
        _ = course.lessons_


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_helps_by_example_before_anything_is_installed(verb: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", RUN.format(verb)]
    ended = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, env=dict(os.environ)
    )
    assert ended.returncode == 0, ended.stderr
    assert "usage: " in ended.stdout


RUN = (
    "import sys; sys.path.insert(0, '.');"
    "from course.__main__ import main; sys.exit(main(['{}', '--help']))"
)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["tset"], "did you mean 'test'?"), (["frobnicate"], "there are lab, test, doctor")],
)
def test_an_unknown_verb_names_the_nearest(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert says in capsys.readouterr().err
