"""What the source of a project says, without running it."""

from pathlib import Path

import pytest

from course.sample_app.source import Source, declared

LONG = "\n".join(f"print({number})" for number in range(20))


def of(folder: Path, **files: str) -> Source:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return Source(folder)


def test_two_files_are_one_program_when_most_lines_are_equal(tmp_path: Path) -> None:
    assert of(tmp_path, app=LONG, app_production=LONG + "\nprint('live')").copies() == [
        "app.py and app_production.py"
    ]


def test_what_jupyterlab_keeps_of_a_saved_file_is_no_copy(tmp_path: Path) -> None:
    (kept := tmp_path / ".ipynb_checkpoints").mkdir()
    (kept / "app-checkpoint.py").write_text(LONG, "utf-8")
    assert of(tmp_path, app=LONG).copies() == []


def test_short_files_and_different_ones_are_no_copies(tmp_path: Path) -> None:
    other = LONG.replace("print", "repr")
    assert of(tmp_path, app=LONG, worker=other, one="import os", two="import os").copies() == []


def test_imports_that_are_neither_pythons_nor_the_projects(tmp_path: Path) -> None:
    source = of(tmp_path, app="import os, yaml\nfrom flask import Flask\nimport menu", menu="")
    assert [(str(place), name) for place, name in source.imported()] == [
        ("app.py:1 imports yaml", "pyyaml"),
        ("app.py:2 imports flask", "flask"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('DB_PASSWORD = "soup"', ["app.py:1 DB_PASSWORD is written in the code"]),
        ('api_key = "1234"', ["app.py:1 api_key is written in the code"]),
        ('PASSWORD = os.environ["PASSWORD"]', []),
        ('PASSWORD = ""', []),
        ('MENU = "soup"', []),
    ],
)
def test_secrets(tmp_path: Path, text: str, found: list[str]) -> None:
    assert [str(place) for place in of(tmp_path, app=text).secrets()] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('if stage == "production": pass', ["app.py:1 stage == 'production'"]),
        ('if "DEV" != stage: pass', ["app.py:1 'DEV' != stage"]),
        ('if dish == "soup": pass', []),
    ],
)
def test_stages(tmp_path: Path, text: str, found: list[str]) -> None:
    assert [str(place) for place in of(tmp_path, app=text).stages()] == found


def test_declared(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "# web\nFlask==3.1.3\nPyYAML >= 6 # menu\n\n", "utf-8"
    )
    assert declared(tmp_path) == {"flask": "==3.1.3", "pyyaml": ">= 6"}
    assert declared(tmp_path / "nowhere") == {}


def test_ports_written_down(tmp_path: Path) -> None:
    code = 'PORT = 8000\nport = os.environ["PORT"]\nTHE_PORT = True\nREPORTS = 8\nSIZE = 9\nPORT = 70000'
    assert of(tmp_path, app=code).ports() == [8000, 8]
