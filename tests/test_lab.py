"""How JupyterLab is started; that it really serves is in tests/browser."""

import os
import socket
from pathlib import Path

import pytest

from course import lab, working_copy
from course.bootstrap import ROOT, SetupError


def started_with(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> tuple[list[str], dict[str, str]]:
    """Run the verb up to the door of JupyterLab; return what it is handed."""
    from jupyterlab.labapp import LabApp

    handed: list[str] = []
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    monkeypatch.setattr(lab, "shipped_folder", lambda: tmp_path / "notebooks")
    monkeypatch.setattr(working_copy, "work_folder", lambda: tmp_path / "work")
    monkeypatch.setattr(LabApp, "launch_instance", handed.extend)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert lab.main(arguments) == 0
    return handed, dict(os.environ)


def test_it_opens_the_first_notebook_of_the_working_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    handed, _ = started_with([], monkeypatch, tmp_path)
    assert f"--ServerApp.root_dir={tmp_path / 'work'}" in handed
    assert "--LabApp.default_url=/lab/tree/00-start-here.ipynb" in handed
    assert "--no-browser" not in handed
    assert not [argument for argument in handed if argument.startswith("--port")]


def test_what_stands_after_two_dashes_goes_to_jupyterlab(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    handed, _ = started_with(
        ["--no-browser", "--", "--ip=0.0.0.0", "--no-browser"], monkeypatch, tmp_path
    )
    assert handed[-2:] == ["--ip=0.0.0.0", "--no-browser"]


def test_a_port_asked_for_is_that_port_or_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"^Port {port} cannot be used .*leave --port out"):
            started_with(["--port", str(port)], monkeypatch, tmp_path)
    handed, _ = started_with(["--port", str(port)], monkeypatch, tmp_path)
    assert {f"--port={port}", "--ServerApp.port_retries=0"} <= set(handed)


def test_a_port_that_no_machine_has_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SetupError, match="Port 99999 cannot be used"):
        started_with(["--port", "99999"], monkeypatch, tmp_path)


def test_kernels_are_ours_and_the_users_own_settings_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", "theirs")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "their-config")
    _, environ = started_with([], monkeypatch, tmp_path)
    assert environ["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "theirs"]
    assert environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(lab.CONFIG), "their-config"]
    assert environ["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert "JUPYTER_CONFIG_DIR" not in set(environ) - set(os.environ)


def test_a_working_copy_that_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "work").write_text("a file where the folder goes", "utf-8")
    with pytest.raises(SetupError, match="The notebooks cannot be copied to"):
        started_with([], monkeypatch, tmp_path)
