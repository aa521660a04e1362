"""From a clone and some Python to a running verb, with all the bad luck in between."""

import json
import os
import shutil
import sys
import venv as standard_venv
from pathlib import Path

import pytest

from course import bootstrap

WINDOWS = os.name == "nt"


@pytest.fixture
def bare(checkout, monkeypatch: pytest.MonkeyPatch):
    """A checkout whose ``.venv`` has a Python and a marker, and no pip: made in no time."""
    standard_venv.create(checkout.venv, with_pip=False, symlinks=not WINDOWS)
    monkeypatch.setattr(bootstrap, "ROOT", checkout.path)
    monkeypatch.delenv("COURSE_VENV", raising=False)
    bootstrap._write_marker(checkout.venv, bootstrap.LESSONS)
    return checkout


def test_a_good_environment_is_kept(bare) -> None:
    assert bootstrap.why_rebuild(bare.venv) is None


def test_no_environment_yet_is_no_reason(bare) -> None:
    assert bootstrap.why_rebuild(bare.path / "nowhere") is None


def test_a_changed_lock_is_a_reason(bare) -> None:
    bare.lock("1.1")
    assert bootstrap.why_rebuild(bare.venv) == "requirements.lock changed"


def test_a_half_made_environment_is_a_reason(bare) -> None:
    bootstrap._write_marker(bare.venv, ())
    assert bootstrap.why_rebuild(bare.venv) == "its set-up did not finish"


def test_a_torn_marker_is_a_reason(bare) -> None:
    marker = bare.venv / bootstrap.MARKER
    marker.write_text(marker.read_text("utf-8")[:20], "utf-8")
    assert bootstrap.why_rebuild(bare.venv) == "its set-up did not finish"


def test_a_moved_environment_is_a_reason(bare) -> None:
    moved = bare.path / "moved"
    bare.venv.rename(moved)
    assert bootstrap.why_rebuild(moved) == f"it was moved from {bare.venv}"


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("platform", "win-amd64", "it was made on win-amd64"),
        (
            "python",
            "3.10",
            f"its Python went from 3.10 to {sys.version_info[0]}.{sys.version_info[1]}",
        ),
    ],
)
def test_another_system_or_python_is_a_reason(bare, fact: str, value: str, reason: str) -> None:
    marker = bare.venv / bootstrap.MARKER
    facts = json.loads(marker.read_text("utf-8"))
    marker.write_text(json.dumps({**facts, fact: value}), "utf-8")
    assert bootstrap.why_rebuild(bare.venv) == reason


def test_a_python_that_is_gone_is_a_reason(bare) -> None:
    bootstrap.venv_python(bare.venv).unlink()
    reason = bootstrap.why_rebuild(bare.venv)
    assert reason and reason.startswith("its Python is gone (it was made on ")


def test_an_environment_of_the_users_own_is_left_alone(bare) -> None:
    (bare.venv / bootstrap.MARKER).unlink()
    before = sorted(bare.venv.rglob("*"))
    with pytest.raises(bootstrap.SetupError, match="was not made by the course"):
        bootstrap.prepare(bare.venv, bootstrap.LESSONS)
    assert sorted(bare.venv.rglob("*")) == before


def test_missing_ensurepip_names_the_package_to_install(
    checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.SetupError) as refused:
        bootstrap.prepare(checkout.venv, bootstrap.LESSONS)
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    assert f"sudo apt install {package};" in str(refused.value)
    assert not checkout.venv.exists()


def test_an_environment_in_use_is_not_half_removed(bare, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_use(self: Path, target: Path) -> None:
        raise PermissionError("in use")

    monkeypatch.setattr(Path, "rename", in_use)
    bare.lock("1.1")
    with pytest.raises(bootstrap.SetupError, match="close JupyterLab"):
        bootstrap.prepare(bare.venv, bootstrap.LESSONS)
    assert bootstrap.venv_python(bare.venv).exists()


def test_kernels_find_course_and_keep_the_users_path(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = bootstrap.importing_course({"PYTHONPATH": "theirs"})
    assert environ["PYTHONPATH"] == os.pathsep.join([str(bootstrap.ROOT), "theirs"])
    assert bootstrap.importing_course(environ) == environ


def test_ctrl_c_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from course import __main__ as front_door

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "enter", interrupted)
    assert front_door.main(["lab"]) == 130
    assert capsys.readouterr().err.count("\n") == 1


# From here on a whole set-up is run, by pip, as on a stranger's machine.


@pytest.mark.slow
def test_no_network_then_one_then_in_seconds(checkout) -> None:
    dead = {"PIP_NO_INDEX": "", "PIP_FIND_LINKS": "", "PIP_RETRIES": "1"}
    offline = checkout.run("bench", PIP_INDEX_URL="http://127.0.0.1:9/simple", **dead)
    assert offline.returncode == 1
    assert offline.stderr.count("\n") == 1
    assert "the package index cannot be reached. Nothing is broken" in offline.stderr

    first = checkout.run("bench", "--fast")
    assert first.returncode == 0, first.stderr
    assert "Making .venv anew: its set-up did not finish." in first.stdout
    assert f"ran in {checkout.venv} --fast" in first.stdout

    second = checkout.run("bench")
    assert second.stdout == f"ran in {checkout.venv}\n"


@pytest.mark.slow
def test_a_lock_that_changed_is_installed_even_from_inside(checkout) -> None:
    assert checkout.run("bench").returncode == 0
    checkout.lock("1.1")
    inside = checkout.run("bench", python=str(bootstrap.venv_python(checkout.venv)))
    assert "Making .venv anew: requirements.lock changed." in inside.stdout
    assert inside.stdout.endswith(f"ran in {checkout.venv}\n")
    assert list(checkout.venv.rglob("tiny_lesson-1.1.dist-info"))
    assert not checkout.venv.with_name(".venv-old").exists()


@pytest.mark.slow
def test_a_moved_checkout_is_set_up_again(checkout) -> None:
    assert checkout.run("bench").returncode == 0
    was = checkout.venv
    checkout.path = checkout.path.rename(checkout.path.with_name("moved"))
    moved = checkout.run("bench")
    assert f"Making .venv anew: it was moved from {was}." in moved.stdout
    assert moved.stdout.endswith(f"ran in {checkout.venv}\n")


@pytest.mark.slow
def test_the_test_lock_goes_on_top(checkout) -> None:
    assert checkout.run("bench").returncode == 0
    tested = checkout.run("test")
    assert "Installing 1 package with pip" in tested.stdout
    assert list(checkout.venv.rglob("tiny_test-1.0.dist-info"))
    assert "anew" not in tested.stdout


@pytest.mark.slow
def test_a_wrong_hash_is_refused(checkout) -> None:
    lock = checkout.path / "requirements.lock"
    lock.write_text("tiny-lesson==1.0 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    refused = checkout.run("bench")
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr


@pytest.mark.slow
def test_uv_is_used_where_it_is_and_missed_nowhere(checkout) -> None:
    uv = shutil.which("uv")
    if not uv:
        pytest.skip("no uv on this machine")
    path = os.pathsep.join([str(Path(uv).parent), os.environ["PATH"]])
    config = checkout.path / "uv-of-this-test.toml"
    config.write_text(f"no-index = true\nfind-links = [{json.dumps(str(checkout.index))}]\n")
    with_uv = checkout.run("bench", PATH=path, UV_CONFIG_FILE=str(config))
    assert "with uv" in with_uv.stdout and f"ran in {checkout.venv}" in with_uv.stdout
    without = checkout.run("test")  # its pip has to come first: uv leaves none
    assert "with pip" in without.stdout
    assert list(checkout.venv.rglob("tiny_test-1.0.dist-info"))


@pytest.mark.slow
def test_a_broken_uv_is_no_obstacle(checkout, tmp_path: Path) -> None:
    if WINDOWS:
        pytest.skip("a shell script stands for uv")
    broken = tmp_path / "bin" / "uv"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho cannot >&2\nexit 2\n", "utf-8")
    broken.chmod(0o755)
    path = os.pathsep.join([str(broken.parent), os.environ["PATH"]])
    ended = checkout.run("bench", PATH=path)
    assert "uv could not make it; going on with venv." in ended.stdout
    assert f"ran in {checkout.venv}" in ended.stdout


def test_an_environment_that_meets_the_ranges_is_used_as_it_is(checkout) -> None:
    text = (checkout.path / "pyproject.toml").read_text("utf-8")
    text = text.replace("tiny-lesson>=1,<2", "pytest>=8")
    (checkout.path / "pyproject.toml").write_text(text, "utf-8")
    ended = checkout.run("bench")
    assert ended.stdout == f"ran in {sys.prefix}\n"
    assert not checkout.venv.exists()

    lacking = checkout.run("test")
    assert lacking.returncode == 1
    assert "lacks for the tests: tiny-test not installed, needs <2,>=1." in lacking.stderr
    assert "-m pip install -r requirements-test.lock" in lacking.stderr
    assert not checkout.venv.exists()


@pytest.mark.slow
def test_course_venv_names_another_place(checkout, tmp_path: Path) -> None:
    ended = checkout.run("bench", COURSE_VENV=str(tmp_path / "elsewhere"))
    assert f"ran in {tmp_path / 'elsewhere'}" in ended.stdout
    assert not checkout.venv.exists()


def test_a_read_only_checkout_is_one_line(checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setattr(bootstrap, "ROOT", checkout.path)
    monkeypatch.setattr(Path, "mkdir", read_only)
    with pytest.raises(bootstrap.SetupError, match="COURSE_VENV"):
        bootstrap.prepare(checkout.venv, bootstrap.LESSONS)
