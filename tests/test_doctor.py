"""The doctor: plain lines, no secrets, and an exit status that means something."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from course import bootstrap, doctor, requirements
from course.doctor import Finding
from course.requirements import Package

ROOT = Path(__file__).resolve().parent.parent
LACKS = [Package("jupyterlab", None, ">=4.4,<5", False)]


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A set-up with nothing wrong, for each test to break in one place."""
    (tmp_path / "00-start-here.ipynb").write_text("{}", "utf-8")
    monkeypatch.setattr(doctor, "shipped_folder", lambda: tmp_path)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))


def wrong() -> list[str]:
    return [finding.text for finding in doctor.findings() if finding.status == "wrong"]


def test_a_good_set_up_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Nothing is wrong."
    assert {line.split()[0] for line in lines[:-1]} <= {"ok", "note"}


def test_no_notebooks_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "shipped_folder", lambda: tmp_path / "nowhere")
    assert wrong() == [f"no notebooks in {tmp_path / 'nowhere'}: clone again"]
    assert doctor.main([]) == 1


def test_a_data_folder_that_cannot_be_written_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "file"))
    (line,) = wrong()
    assert line.startswith("progress cannot be kept in ")
    assert line.endswith("set COURSE_DATA_DIR to another")


def test_aws_variables_are_named_and_their_values_never(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production-payroll")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do-not-print-me")
    assert doctor.main([]) == 0
    out = capsys.readouterr().out
    assert "AWS_PROFILE, AWS_SECRET_ACCESS_KEY" in out
    assert "payroll" not in out and "do-not" not in out


def test_what_is_not_installed_yet_is_a_note(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(requirements, "packages", lambda root: LACKS)
    monkeypatch.setenv("COURSE_VENV", str(tmp_path / "none"))
    assert Finding("note", f"not installed yet; {bootstrap.COMMAND} does it") in doctor.findings()


def test_no_way_to_install_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(requirements, "packages", lambda root: LACKS)
    monkeypatch.setenv("COURSE_VENV", str(tmp_path / "none"))
    monkeypatch.setattr(bootstrap, "cannot_make_environments", lambda: "apt install venv")
    assert wrong() == ["apt install venv"]


def test_an_installed_course_that_lacks_a_package_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(requirements, "packages", lambda root: LACKS)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    assert wrong() == ["this environment lacks: jupyterlab not installed, needs >=4.4,<5"]


@pytest.mark.parametrize("missing", ["chromium", "uv", "dot"])
def test_missing_comfort_is_a_remark(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert wrong() == []
    assert any(f"no {missing}".lower() in f.text.lower() for f in doctor.findings())


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["healthy"] is True
    assert {finding["status"] for finding in said["findings"]} <= {"ok", "note"}


def test_it_runs_on_a_bare_python(tmp_path: Path) -> None:
    run = "import sys; sys.path.insert(0, '.'); from course import doctor; doctor.main([])"
    command = [sys.executable, "-I", "-S", "-c", run]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "ok    Python 3." in ended.stdout, ended.stderr
