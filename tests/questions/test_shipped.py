"""Every question that ships: accepted, rejected, untouched; and what gives an answer away.

A new question is tested by being there.
"""

import ast
import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, combinations, permutations
from pathlib import Path
from string import ascii_lowercase

import pytest

from course.checkpoints.checkpoint import Checkpoint
from course.curriculum.curriculum import lessons
from course.exercises.catalogue import exercises
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank
from course.questions.grading import Outcome, grade
from course.questions.model import Explanation, Question
from course.questions.order import ids_for, shown

QUESTIONS = bank().questions
CHOICES = [one for one in QUESTIONS.values() if one.kind != "ordering"]
SEEDS = [*(entry.name for entry in lessons()), *(f"workshop-{number}" for number in range(8))]

every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def letters(question: Question, seed: str, ids: tuple[str, ...]) -> str:
    order = [option.id for option in shown(question, seed)]
    return "".join(ascii_lowercase[order.index(one)] for one in ids)


def answers(question: Question) -> Iterator[tuple[str, ...]]:
    """Every answer that the question can have."""
    ids = tuple(question.by_id)
    if question.kind == "single":
        return ((one,) for one in ids)
    if question.kind == "ordering":
        return permutations(ids)
    return chain.from_iterable(combinations(ids, size) for size in range(1, len(ids) + 1))


def outcome(question: Question, answer: tuple[str, ...]) -> str:
    """What an answer is worth, by the rule and not by the code that grades."""
    key = question.key
    if question.kind == "ordering":
        return "right" if answer == key else "partly" if answer[0] == key[0] else "wrong"
    if set(answer) == set(key):
        return "right"
    return "partly" if question.kind == "multiple" and set(answer) & set(key) else "wrong"


@every_question
def test_accept_the_key_by_ids_and_by_letters_under_any_seed(question: Question) -> None:
    assert grade(question, question.key).outcome is Outcome.RIGHT
    for seed in SEEDS:
        options = shown(question, seed)
        for text in (letters(question, seed, question.key), " ".join(question.key)):
            assert grade(question, ids_for(text, options)).outcome is Outcome.RIGHT, (seed, text)


@every_question
def test_reject_everything_else_there_is(question: Question) -> None:
    graded = {answer: grade(question, answer) for answer in answers(question)}
    for answer, given in graded.items():
        assert given.outcome == outcome(question, answer), answer
        assert given.feedback
    right = [answer for answer, given in graded.items() if given.outcome is Outcome.RIGHT]
    assert [set(answer) for answer in right] == [set(question.key)]
    assert Outcome.WRONG in {given.outcome for given in graded.values()}


@every_question
def test_each_wrong_option_is_told_its_own_reason(question: Question, tmp_path: Path) -> None:
    if question.kind == "ordering":
        _, *rest = question.key
        wrong = [(one, *(other for other in question.key if other != one)) for one in rest]
    else:
        wrong = [(one.id,) for one in question.options if not one.right]
    for answer in wrong:
        told = repr(_asked(question, tmp_path).answer(" ".join(answer)))
        own = question.by_id[answer[0]].feedback
        assert " ".join(own.split()) in " ".join(told.split())


@every_question
def test_untouched_is_not_attempted_and_not_remembered(question: Question, tmp_path: Path) -> None:
    asked = _asked(question, tmp_path)
    assert asked.state.outcome == "not attempted"
    assert repr(asked.answer("")) == "Not attempted yet."
    assert asked.state.outcome == "not attempted"
    assert Journal(tmp_path).read() == ([], [])


def _asked(question: Question, folder: Path) -> Checkpoint:
    return Checkpoint(question, Record("lesson", Journal(folder)), seed="lesson")


@every_question
def test_options_texts_feedback_and_hints_are_each_their_own(question: Question) -> None:
    for texts in (
        [option.text for option in question.options],
        [option.feedback for option in question.options],
        list(question.hints),
    ):
        assert len({text.casefold().strip(" .") for text in texts}) == len(texts)


@every_question
def test_no_option_speaks_of_the_others_place_or_of_all(question: Question) -> None:
    for option in question.options:
        said = option.text.casefold()
        assert not any(words in said for words in ("of the above", "of the below", "option a"))


@every_question
def test_no_hint_says_a_letter(question: Question) -> None:
    for hint in question.hints:
        assert not any(f" {letter})" in hint or f"answer {letter}" in hint for letter in "abcdef")


def _sourced() -> list[Question | Explanation]:
    return [*QUESTIONS.values(), *bank().explanations.values()]


@pytest.mark.parametrize("item", _sourced(), ids=lambda item: item.id)
def test_sources_are_dated_and_not_from_the_future(item: Question | Explanation) -> None:
    tomorrow = date.today() + timedelta(days=1)  # it is tomorrow somewhere already
    assert all(date.fromisoformat(one.checked) <= tomorrow for one in item.sources)


@pytest.mark.parametrize("item", _sourced(), ids=lambda item: item.id)
def test_an_objective_belongs_to_a_lesson(item: Question | Explanation) -> None:
    lesson, _, objective = item.objective.partition("/")
    assert lesson in {entry.name for entry in lessons()}
    assert objective


@every_question
def test_the_place_of_the_key_varies_with_the_seed(question: Question) -> None:
    if question.keep_order:
        return
    assert len({letters(question, f"{n}", question.key) for n in range(30)}) > 1


@pytest.mark.skipif(len(CHOICES) <= 4, reason="too few questions to speak of a habit")
def test_the_right_option_is_not_by_habit_the_longest_or_the_shortest() -> None:
    longest = [one.id for one in CHOICES if _at_the_end(one, longest=True)]
    shortest = [one.id for one in CHOICES if _at_the_end(one, longest=False)]
    assert len(longest) <= len(CHOICES) / 2, f"right and longest: {longest}"
    assert len(shortest) <= len(CHOICES) / 2, f"right and shortest: {shortest}"


def _at_the_end(question: Question, *, longest: bool) -> bool:
    """Whether every right option is longer (or shorter) than all the wrong ones."""
    right = [len(option.text) for option in question.options if option.right]
    wrong = [len(option.text) for option in question.options if not option.right]
    return min(right) > max(wrong) if longest else max(right) < min(wrong)


def test_the_key_has_no_favourite_letter() -> None:
    for entry in lessons():
        own = [one for one in CHOICES if one.objective.startswith(f"{entry.name}/")]
        if len(own) <= 4:
            continue
        places = [letters(one, entry.name, one.key) for one in own]
        commonest = max(places.count(place) for place in places)
        assert commonest <= (len(own) + 1) // 2, places


ASKS = {
    "checkpoint": lambda: bank().questions,
    "predict": lambda: bank().questions,
    "explain": lambda: bank().explanations,
    "exercise": exercises,
    "check": exercises,
    "hint": lambda: {**bank().questions, **exercises()},
    "solution": lambda: {**bank().questions, **exercises()},
}

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def asked(notebook: Path) -> Iterator[tuple[str, str]]:
    """(what, id) of every lesson.checkpoint("id") and the like in a notebook's cells."""
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        lines = [line for line in cell["source"] if not line.startswith(("%", "!"))]
        for node in ast.walk(ast.parse("".join(lines))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ASKS and ast.unparse(node.func.value) == "lesson":
                yield from ((node.func.attr, ast.literal_eval(one)) for one in node.args)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_ask_for_what_there_is(notebook: Path) -> None:
    missing = [(what, id) for what, id in asked(notebook) if id not in ASKS[what]()]
    assert not missing


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_prediction_is_one_of_values_or_of_words_and_a_checkpoint_has_no_values(
    notebook: Path,
) -> None:
    for what, id in asked(notebook):
        if what == "predict":
            assert QUESTIONS[id].kind == "single"
        if what == "checkpoint":
            assert not any(option.value for option in QUESTIONS[id].options)


def test_questions_explanations_and_exercises_share_no_id() -> None:
    ids = [*QUESTIONS, *bank().explanations, *exercises()]
    assert len(set(ids)) == len(ids)


CARDS = [one for one in QUESTIONS.values() if one.id.startswith("use-card-")]


@pytest.mark.parametrize("card", CARDS, ids=lambda one: one.id)
def test_the_cue_words_of_a_card_are_quoted_from_its_scenario(card: Question) -> None:
    cues = card.hints[1].removeprefix("The cue words: ").rstrip(".").split("; ")
    assert [one for one in cues if one.casefold() not in card.stem.casefold()] == []
    assert f"Cue words: {', '.join(cues)}." in card.rationale


ITEMS = [one for one in QUESTIONS.values() if one.topic]


@pytest.mark.parametrize("question", ITEMS, ids=lambda one: one.id)
def test_an_exam_item_leads_to_a_heading_of_its_lesson(question: Question) -> None:
    lesson = question.objective.partition("/")[0]
    (notebook,) = (path for path in NOTEBOOKS if path.stem.partition("-")[2] == lesson)
    assert question.section in headings(notebook)


def headings(notebook: Path) -> list[str]:
    """The headings of a notebook's sections, and of what is within them."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    lines = chain.from_iterable(one["source"] for one in cells if one["cell_type"] == "markdown")
    return [line.lstrip("#").strip() for line in lines if line.startswith("##")]
