"""The glossary: every word once, taught where it says, found by any of its names."""

import json
from pathlib import Path

import pytest

from course.curriculum.curriculum import LessonEntry, outline
from course.curriculum.glossary import glossary, terms

LESSONS = {entry.name: entry for entry in outline()}


def words(asked: str) -> list[str]:
    return [row[0].text for row in glossary(asked).rows]


def test_a_name_belongs_to_one_term() -> None:
    names = [name.casefold() for term in terms() for name in term.names]
    assert sorted(names) == sorted(set(names))


def test_what_the_guide_asks_for_is_there() -> None:
    """Row 58: the words that the guide quotes."""
    wanted = {"cluster", "task definition", "task", "service", "Fargate", "EC2 launch type"}
    assert wanted <= {term.word for term in terms()}


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.word)
def test_a_term_is_one_line_and_its_lesson_is_in_the_outline(term: object) -> None:
    means, lesson = term.means, term.lesson  # type: ignore[attr-defined]
    assert lesson in LESSONS
    assert len(means.split()) <= 24
    assert means.endswith(".")


def test_a_lesson_that_is_there_uses_the_words_it_teaches(root: Path) -> None:
    for term in terms():
        entry = LESSONS[term.lesson]
        if isinstance(entry, LessonEntry):
            notebook = json.loads((root / "notebooks" / entry.notebook).read_text("utf-8"))
            text = "\n".join("".join(cell["source"]) for cell in notebook["cells"]).casefold()
            said = [name for name in term.names if name.casefold().replace(" app", "") in text]
            assert said, f"{entry.notebook} never says {term.word!r}"


def test_without_a_word_it_is_all_of_it_by_alphabet() -> None:
    assert words("") == [term.word for term in terms()]
    assert words("") == sorted(words(""), key=str.casefold)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("task", "task"),
        ("TASK", "task"),
        (" task ", "task"),
        ("ENI", "network interface"),
        ("taskRoleArn", "task role"),
        ("minimumHealthyPercent", "rolling update"),
        ("provider", "capacity provider"),
    ],
)
def test_the_very_word_comes_first(asked: str, first: str) -> None:
    assert words(asked)[0] == first


def test_its_other_names_are_told() -> None:
    assert "Also: ENI, attachment." in " ".join(repr(glossary("network interface")).split())


def test_who_only_remembers_what_it_does_finds_it_too() -> None:
    assert words("firewall") == ["security group"]


def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    assert words("taks") == []
    assert "Did you mean 'task'?" in repr(glossary("taks"))


def test_a_word_like_none_leads_to_all_of_them() -> None:
    shown = repr(glossary("qqqq"))
    assert shown == "The glossary has no 'qqqq'. lesson.glossary() shows all of it."
