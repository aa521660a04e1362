"""The README's promises: its code prints what stands below it, and it stays short."""

import re
from pathlib import Path
from runpy import run_path

import pytest

from course.__main__ import VERBS


@pytest.fixture
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def block(readme: str, language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_code_prints_what_the_readme_shows(
    readme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "readme.py"
    code.write_text(block(readme, "python"), "utf-8")
    run_path(str(code))
    assert capsys.readouterr().out == block(readme, "text")


def test_it_takes_two_minutes_to_read(readme: str) -> None:
    read = re.sub(r"<picture>.*?</picture>", "", readme, flags=re.DOTALL)
    assert 300 <= len(read.split()) <= 500


def test_every_link_into_the_tree_leads_somewhere(readme: str, root: Path) -> None:
    links = re.findall(r"\]\((?!https://)(.*?)\)", readme)
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_its_picture_is_there_in_both_themes_and_said_in_words(readme: str, root: Path) -> None:
    """How it is made: tests/browser/test_readme_picture.py."""
    top, _, _ = readme.partition("\n## ")
    dark, light = re.findall(r'src(?:set)?="(docs/[\w-]+\.png)"', top)
    assert {dark, light} == {f"docs/rolling-update-{one}.png" for one in ("dark", "light")}
    for file in (dark, light):
        assert (root / file).read_bytes().startswith(b"\x89PNG")
    (alt,) = re.findall(r'alt="(.*?)"', top)
    assert 15 <= len(alt.split()) <= 60


def test_every_command_it_names_is_there(readme: str) -> None:
    named = set(re.findall(r"-m course ([a-z]+)", readme))
    assert {"test", "doctor"} <= named <= set(VERBS)
