"""``python3 -m course progress`` as it is typed: what it says, what it leaves alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from course.progress import command
from course.progress.journal import Journal
from course.progress.record import Record

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Say:
    """Type a command; the exit status, and what it printed on both streams."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(journal.path.parent))

    def typed(*arguments: object) -> tuple[int, str, str]:
        try:
            status = command.main([str(one) for one in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return typed


@pytest.fixture
def some(journal: Journal) -> Journal:
    Record("fargate-tutorial", journal).remember("answered", "a", outcome="wrong")
    Record("start-here", journal).remember("answered", "b", outcome="right")
    return journal


@pytest.mark.parametrize("words", [[], ["show"]])
def test_it_shows_without_being_told_what(say: Say, some: Journal, words: list[str]) -> None:
    status, out, err = say(*words)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "lesson            attempted  right  hints  finished"
    assert "Not right yet:\n  fargate-tutorial: a (tried once)" in out


@pytest.mark.parametrize("words", [["--json"], ["show", "--json"], ["--json", "show"]])
def test_json_is_for_a_machine(say: Say, some: Journal, words: list[str]) -> None:
    status, out, _ = say(*words)
    facts = json.loads(out)
    assert status == 0
    assert facts["journal"] == str(some.path)
    assert [row["lesson"] for row in facts["lessons"]] == ["start-here", "fargate-tutorial"]


def test_help_is_by_example_and_says_what_the_file_is_not(say: Say) -> None:
    status, out, _ = say("--help")
    assert status == 0
    assert "unsigned" in out
    assert "names nobody" in out
    for verb in ("export mine.jsonl", "import mine.jsonl", "reset fargate-tutorial", "--json"):
        assert f"progress {verb}" in out


def test_out_by_one_file_and_in_by_it(say: Say, some: Journal, tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    assert say("export", mine) == (0, f"{mine}: 2 lines.\n", "")
    assert say("import", mine) == (0, f"{mine}: 0 lines added, 2 known already.\n", "")
    say("reset")
    assert say("import", mine) == (0, f"{mine}: 2 lines added, 0 known already.\n", "")
    status, _, err = say("export", mine)
    assert (status, err) == (1, f"{mine} exists and is left alone; --force overwrites it.\n")
    assert say("export", mine, "--force")[0] == 0


def test_rubbish_in_the_file_is_counted(say: Say, some: Journal, tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    say("export", mine)
    mine.write_bytes(mine.read_bytes() + b"rubbish\n")
    out = say("import", mine)[1]
    assert out.endswith("0 lines added, 2 known already, 1 unreadable and left out.\n")
    assert json.loads(say("import", mine, "--json")[1]) == {"new": 0, "known": 2, "unreadable": 1}


def test_what_is_no_journal_is_refused_in_one_line(say: Say, some: Journal, root: Path) -> None:
    before = some.path.read_bytes()
    status, out, err = say("import", root / "LICENSE")
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "LICENSE is no journal of this course" in err
    assert some.path.read_bytes() == before


def test_a_whole_reset_sets_the_journal_aside_under_a_number(say: Say, some: Journal) -> None:
    before = some.path.read_bytes()
    kept = some.path.with_name("progress.1.jsonl")
    assert say("reset") == (0, f"Progress begins anew. The old journal is kept: {kept}\n", "")
    assert kept.read_bytes() == before
    assert not some.path.exists()
    assert say("reset") == (0, "There is no progress to reset.\n", "")
    assert "Nothing attempted yet" in say()[1]


def test_a_lessons_reset_rewrites_nothing(say: Say, some: Journal) -> None:
    before = some.path.read_bytes()
    status, out, _ = say("reset", "fargate-tutorial")
    assert (status, out) == (
        0,
        "fargate-tutorial begins anew; the journal keeps what was before.\n",
    )
    assert some.path.read_bytes().startswith(before)
    assert Record("fargate-tutorial", some).item("a").attempts == 0
    assert Record("start-here", some).item("b").right


def test_a_lesson_without_progress_has_nothing_to_reset(say: Say) -> None:
    assert say("reset", "start-here") == (0, "There is no progress in start-here to reset.\n", "")


def test_a_lesson_the_curriculum_lost_can_be_reset_too(say: Say, journal: Journal) -> None:
    Record("gone", journal).remember("answered", "a", outcome="wrong")
    assert say("reset", "gone")[0] == 0
    assert Record("gone", journal).item("a").attempts == 0


def test_an_unknown_lesson_names_the_nearest_and_resets_nothing(say: Say, some: Journal) -> None:
    before = some.path.read_bytes()
    status, _, err = say("reset", "fargate-tutorail")
    assert status == 2
    assert "did you mean 'fargate-tutorial'?" in err
    assert some.path.read_bytes() == before


def test_a_disk_that_refuses_a_reset_is_told(
    say: Say, some: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    status, _, err = say("reset")
    assert status == 1
    assert err == "The journal cannot be set aside (Permission denied); it is as it was.\n"
    monkeypatch.setattr("course.progress.journal.os.fsync", refuse)
    status, out, err = say("reset", "start-here")
    assert (status, out) == (1, "")
    assert "could not be written" in err


@pytest.mark.parametrize("words", [["exprot"], ["export"], ["import", "a", "b"], ["--jsn"]])
def test_what_it_does_not_know_it_says_and_does_nothing(say: Say, words: list[str]) -> None:
    status, out, err = say(*words)
    assert (status, out) == (2, "")
    assert "usage: " in err
