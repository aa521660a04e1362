"""``python3 -m course sheet``: where the page is written, and what it never writes over."""

from pathlib import Path

import pytest

from course import sheet
from course.__main__ import main as front_door
from course.bootstrap import SetupError
from course.curriculum.closing import closings


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The learner's folder, which is not there yet."""
    monkeypatch.setattr(sheet, "work_folder", lambda: tmp_path / "work")
    return tmp_path / "work"


def test_it_is_written_beside_the_learners_notebooks(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sheet.main([]) == 0
    assert capsys.readouterr().out == f"{work / 'sheet.html'}\n"
    text = (work / "sheet.html").read_text("utf-8")
    assert text.startswith("<!doctype html>\n")
    assert [one.entry.title for one in closings() if one.entry.title not in text] == []
    assert [one.name for one in work.iterdir()] == ["sheet.html"]


def test_the_front_door_knows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front_door(["sheet", "--output", str(tmp_path / "mine.html")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'mine.html'}\n"
    assert (tmp_path / "mine.html").stat().st_size > 5_000


def test_its_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        sheet.main(["--help"])
    assert ended.value.code == 0
    assert "example: python3 -m course sheet --output" in capsys.readouterr().out


def test_a_folder_means_the_sheet_in_it(tmp_path: Path) -> None:
    assert sheet.main(["--output", str(tmp_path)]) == 0
    assert (tmp_path / "sheet.html").exists()


def test_a_sheet_of_its_own_is_made_anew(tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    target.write_bytes(sheet.sealed("<p>an older one</p>\n"))
    assert sheet.main(["--output", str(target)]) == 0
    assert "an older one" not in target.read_text("utf-8")


@pytest.mark.parametrize(
    "theirs",
    [
        b"",
        b"my notes",
        sheet.sealed("<p>a sheet</p>\n") + b"my notes",
        sheet.sealed("<p>a sheet</p>\n").replace(b"a sheet", b"my notes"),
        sheet.sealed("<p>a sheet</p>\n")[:-10],
        b"\xff\xfe",
    ],
    ids=["empty", "another file", "written below", "written into", "torn", "no text"],
)
def test_a_file_of_the_users_is_left_alone_unless_asked(
    theirs: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "sheet.html"
    target.write_bytes(theirs)
    assert sheet.main(["--output", str(target)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and str(target) in said.err and "--overwrite" in said.err
    assert target.read_bytes() == theirs
    assert sheet.main(["--output", str(target), "--overwrite"]) == 0
    assert sheet.may_replace(target)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "sheet.html"
    with pytest.raises(SetupError, match="cannot be written: No such file") as refused:
        sheet.main(["--output", str(target)])
    assert str(target) in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_followed_and_not_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("my notes", "utf-8")
    link.symlink_to(real)
    assert sheet.main(["--output", str(link)]) == 2
    assert sheet.main(["--output", str(link), "--overwrite"]) == 0
    assert link.is_symlink() and sheet.may_replace(real)
