"""The learner's notebooks: brought, kept up to date, and never overwritten."""

from pathlib import Path

import pytest

from course import working_copy
from course.working_copy import find, restore, update


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "00-start-here.ipynb").write_text("start 1", "utf-8")
    (folder / "05-fargate-tutorial.ipynb").write_text("fargate 1", "utf-8")
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def text(work: Path, name: str) -> str:
    return (work / name).read_text("utf-8")


def test_the_first_start_copies_and_the_second_has_nothing_to_say(
    shipped: Path, work: Path
) -> None:
    assert update(shipped, work) == []
    assert text(work, "05-fargate-tutorial.ipynb") == "fargate 1"
    assert update(shipped, work) == []


def test_a_newer_notebook_replaces_one_the_learner_did_not_touch(shipped: Path, work: Path) -> None:
    update(shipped, work)
    (shipped / "00-start-here.ipynb").write_text("start 2", "utf-8")
    assert update(shipped, work) == ["00-start-here.ipynb: updated; you had not changed it."]
    assert text(work, "00-start-here.ipynb") == "start 2"


def test_a_newer_notebook_leaves_the_learners_alone_and_says_how_to_get_it(
    shipped: Path, work: Path
) -> None:
    update(shipped, work)
    (work / "05-fargate-tutorial.ipynb").write_text("mine", "utf-8")
    assert update(shipped, work) == []
    (shipped / "05-fargate-tutorial.ipynb").write_text("fargate 2", "utf-8")
    for _ in range(2):
        (line,) = update(shipped, work)
        assert "there is a newer one and yours is kept" in line
        assert line.endswith("restore 05 brings the new one.")
        assert text(work, "05-fargate-tutorial.ipynb") == "mine"


@pytest.mark.parametrize("record", ["", "[]", '{"00-start-he'])
def test_a_lost_record_counts_every_change_as_the_learners(
    shipped: Path, work: Path, record: str
) -> None:
    update(shipped, work)
    (work / working_copy.RECORD).write_text(record, "utf-8")
    (work / "00-start-here.ipynb").write_text("mine", "utf-8")
    update(shipped, work)
    assert text(work, "00-start-here.ipynb") == "mine"


def test_a_deleted_notebook_comes_back_and_notes_of_the_learners_stay(
    shipped: Path, work: Path
) -> None:
    update(shipped, work)
    (work / "00-start-here.ipynb").unlink()
    (work / "my-notes.ipynb").write_text("notes", "utf-8")
    update(shipped, work)
    assert text(work, "00-start-here.ipynb") == "start 1"
    assert text(work, "my-notes.ipynb") == "notes"


def test_restore_keeps_every_version_of_the_learners(shipped: Path, work: Path) -> None:
    update(shipped, work)
    for mine in ("first", "second"):
        (work / "05-fargate-tutorial.ipynb").write_text(mine, "utf-8")
        line = restore("5", shipped, work)
    assert line.endswith("Yours is kept as 05-fargate-tutorial.mine-2.ipynb.")
    assert text(work, "05-fargate-tutorial.ipynb") == "fargate 1"
    assert text(work, "05-fargate-tutorial.mine-1.ipynb") == "first"
    assert text(work, "05-fargate-tutorial.mine-2.ipynb") == "second"
    assert update(shipped, work) == []


def test_restoring_what_is_fresh_keeps_no_second_copy(shipped: Path, work: Path) -> None:
    update(shipped, work)
    assert restore("00", shipped, work).endswith("00-start-here.ipynb is fresh.")
    assert not list(work.glob("*mine*"))


def test_restoring_before_the_first_start_works(shipped: Path, work: Path) -> None:
    restore("05", shipped, work)
    assert text(work, "05-fargate-tutorial.ipynb") == "fargate 1"


@pytest.mark.parametrize(
    "name", ["5", "05", "fargate-tutorial", "05-Fargate-Tutorial", "05-fargate-tutorial.ipynb"]
)
def test_a_notebook_has_many_names(shipped: Path, name: str) -> None:
    assert find(name, shipped).name == "05-fargate-tutorial.ipynb"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("05-fargate-tutorail", "did you mean 05-fargate-tutorial?"),
        ("77", "there are 00-start-here, 05-fargate-tutorial"),
        ("", "there are 00-start-here, 05-fargate-tutorial"),
    ],
)
def test_an_unknown_name_is_told_the_nearest_or_all(shipped: Path, name: str, hint: str) -> None:
    with pytest.raises(LookupError, match=f"There is no notebook '{name}'") as unknown:
        find(name, shipped)
    assert hint in str(unknown.value)


def test_the_verb_answers_an_unknown_name_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shipped: Path, work: Path
) -> None:
    monkeypatch.setattr(working_copy, "shipped_folder", lambda: shipped)
    monkeypatch.setattr(working_copy, "work_folder", lambda: work)
    assert working_copy.main(["05", "99"]) == 2
    out, err = capsys.readouterr()
    assert out.count("\n") == err.count("\n") == 1
    assert "99" in err


def test_an_interrupted_copy_leaves_the_old_notebook(
    shipped: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(shipped, work)
    (shipped / "00-start-here.ipynb").write_text("start 2", "utf-8")

    def full(source: Path, target: Path) -> None:
        target.write_text("sta", "utf-8")
        raise OSError("no space left")

    monkeypatch.setattr(working_copy.shutil, "copyfile", full)
    with pytest.raises(OSError, match="no space left"):
        update(shipped, work)
    assert text(work, "00-start-here.ipynb") == "start 1"
