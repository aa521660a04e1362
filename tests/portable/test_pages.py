"""Texts side by side, in a notebook and as plain text."""

from pathlib import Path

import pytest

from course.portable.described import Described
from course.portable.pages import Pages, pages


def test_a_description_is_shown_beside_itself(plaza: Described) -> None:
    both = plaza.pages()
    ours, theirs = (text for _, text in both.panes)
    assert ours.startswith("family: plaza\n")
    assert theirs == plaza.yaml("Deployment")
    assert repr(both).startswith("# ECS: task definition\nfamily: plaza\n")
    assert both.html.count("<figure") == 2


def test_a_text_is_no_markup() -> None:
    shown = Pages((("a & b", "x < y"),))
    assert "x &lt; y" in shown.html
    assert 'aria-label="a &amp; b"' in shown.html
    assert shown._repr_mimebundle_()["text/plain"] == "# a & b\nx < y"


def test_files_are_shown_as_they_are_now(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("kind: Pod\n", "utf-8")
    assert repr(pages(tmp_path / "one.yaml")) == "# one.yaml\nkind: Pod"
    with pytest.raises(FileNotFoundError, match=r"two\.yaml"):
        pages(tmp_path / "two.yaml")
