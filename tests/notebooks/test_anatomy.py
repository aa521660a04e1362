"""The anatomy of a lesson, for every notebook: short cells, one idea each, nothing hidden.

The budgets are those of ``docs/adding-a-lesson.md``.
"""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from course.curriculum.curriculum import LessonEntry, find_lesson, lessons, pace, precheck
from course.curriculum.exam import versions
from course.curriculum.minutes import calls, kinds, minutes
from course.exam.blueprint import blueprint
from course.exercises.catalogue import exercises
from course.questions.bank import bank
from course.questions.order import shown

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

CODE_LINES, WORDS, MAY_BE_OVER, FEWEST_CELLS = 12, 120, 2, 15
TAGS = {"live", "live-only", "sandbox-only", "raises-exception"}
LAST = ("closing", "limits", "sources", "finish")
"""Ids of the last four cells: the closing table, the sandbox's limits, the sources, the end."""

OF_THEIR_OWN = ("start-here", "practice-exam")
"""Notebooks with an anatomy of their own: the way in, and the exam at the end."""

every_lesson = pytest.mark.parametrize("entry", lessons(), ids=lambda entry: entry.name)
every_whole_lesson = pytest.mark.parametrize(
    "entry",
    [one for one in lessons() if one.name not in OF_THEIR_OWN],
    ids=lambda entry: entry.name,
)


def text(entry: LessonEntry) -> str:
    return (NOTEBOOKS / entry.notebook).read_text("utf-8")


def cells(entry: LessonEntry, kind: str = "") -> list[dict[str, Any]]:
    every = json.loads(text(entry))["cells"]
    return [cell for cell in every if kind in ("", cell["cell_type"])]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def python(cell: dict[str, Any]) -> ast.Module:
    lines = source(cell).splitlines()
    return ast.parse("\n".join(line for line in lines if not line.startswith(("%", "!"))))


def has_blank(cell: dict[str, Any]) -> bool:
    names = (node for node in ast.walk(python(cell)) if isinstance(node, ast.Name))
    return any(name.id == "____" for name in names)


@every_lesson
def test_code_cells_are_short(entry: LessonEntry) -> None:
    long = {cell["id"]: len(cell["source"]) for cell in cells(entry, "code")}
    assert {id: lines for id, lines in long.items() if lines > CODE_LINES} == {}


@every_lesson
def test_markdown_cells_are_short_but_for_two(entry: LessonEntry) -> None:
    words = {cell["id"]: len(source(cell).split()) for cell in cells(entry, "markdown")}
    assert len({id for id, count in words.items() if count > WORDS}) <= MAY_BE_OVER, words


@every_lesson
def test_a_lesson_has_some_length(entry: LessonEntry) -> None:
    assert entry.number == 0 or len(cells(entry)) >= FEWEST_CELLS


@every_lesson
def test_every_code_cell_has_a_sentence_before_it(entry: LessonEntry) -> None:
    """A question says itself what it asks, so it may follow what was just seen."""
    every = cells(entry)
    assert every[0]["cell_type"] == "markdown"
    for before, cell in pairwise(every):
        if cell["cell_type"] == "code":
            question = re.fullmatch(
                r"lesson\.(warmup|checkpoint|explain)\(.*\)", source(cell), re.DOTALL
            )
            assert before["cell_type"] == "markdown" or question, cell["id"]
            assert source(cell).strip(), f"{cell['id']} is empty"


@every_lesson
def test_headings_go_down_one_step_at_a_time(entry: LessonEntry) -> None:
    found = [
        len(hashes)
        for cell in cells(entry, "markdown")
        for hashes in re.findall(r"^(#+) ", _without_code(source(cell)), re.MULTILINE)
    ]
    assert found[0] == 1
    assert found.count(1) == 1
    assert max(found) <= 3
    assert all(next_ <= level + 1 for level, next_ in pairwise(found)), found


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


@every_lesson
def test_a_section_begins_a_cell_or_follows_what_was_seen(entry: LessonEntry) -> None:
    """One section a cell: two headings in one cell are two ideas."""
    for cell in cells(entry, "markdown"):
        assert len(re.findall(r"^#+ ", _without_code(source(cell)), re.MULTILINE)) <= 1, cell["id"]


@every_lesson
def test_no_machinery_in_the_cells(entry: LessonEntry) -> None:
    """No definitions, no imports after the first code cell, no HTML, no waiting by the wall."""
    first, *rest = cells(entry, "code")
    assert any(isinstance(node, ast.Import) for node in ast.walk(python(first)))
    refused = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in (first, *rest):
        for node in ast.walk(python(cell)):
            assert not isinstance(node, refused), cell["id"]
            assert cell is first or not isinstance(node, (ast.Import, ast.ImportFrom)), cell["id"]
        assert "HTML(" not in source(cell)
        assert "sleep" not in source(cell)
    assert not any(re.search(r"<\w+", source(cell)) for cell in cells(entry, "markdown"))


@every_lesson
def test_ids_are_words_and_tags_from_the_closed_list(entry: LessonEntry) -> None:
    ids = [cell["id"] for cell in cells(entry)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id) for id in ids), ids
    assert {tag for cell in cells(entry) for tag in cell["metadata"].get("tags", [])} <= TAGS


@every_lesson
def test_blanks_are_expected_to_stop(entry: LessonEntry) -> None:
    """Run All goes past a cell with a blank only by its tag; the others are worked examples."""
    for cell in filter(has_blank, cells(entry, "code")):
        assert "raises-exception" in cell["metadata"].get("tags", []), cell["id"]


@every_lesson
def test_blanks_that_create_something_can_be_filled_in_again(entry: LessonEntry) -> None:
    """A wrong value is corrected in the same cell: what it made the first time has to go."""
    for cell in filter(has_blank, cells(entry, "code")):
        if "lesson.exercise(" in source(cell) and ".create_" in source(cell):
            assert "restart=True" in source(cell), cell["id"]


@every_lesson
def test_no_outputs_are_stored(entry: LessonEntry) -> None:
    assert not [one["id"] for one in cells(entry, "code") if one["outputs"]]
    assert not [one["id"] for one in cells(entry, "code") if one["execution_count"]]


@every_whole_lesson
def test_the_title_names_the_exam_tasks_that_its_questions_serve(entry: LessonEntry) -> None:
    own = [one for one in bank().questions.values() if one.objective.startswith(f"{entry.name}/")]
    tags = sorted({tag for one in own for tag in one.exam})
    newest, before = (
        ", ".join(tag[4:] for tag in tags if tag.startswith(exam)) for exam in ("C03", "C02")
    )
    assert f"DVA-C03 {newest} (DVA-C02 {before})" in source(cells(entry)[0])


@every_lesson
def test_the_minutes_are_those_of_the_formula(entry: LessonEntry) -> None:
    reckoned = minutes(text(entry), entry.recorded_seconds, pace())
    assert entry.minutes == reckoned, f"put {reckoned} into curriculum.toml and the header"
    assert f"**{reckoned} minutes** · " in source(cells(entry)[0])


@every_whole_lesson
def test_it_warms_up_first_and_ends_with_table_limits_sources_and_finish(
    entry: LessonEntry,
) -> None:
    assert tuple(cell["id"] for cell in cells(entry)[-4:]) == LAST
    closing, limits, sources, finish = cells(entry)[-4:]
    assert 3 <= len(re.findall(r"^\|", source(closing), re.MULTILINE)) - 2 <= 8
    assert source(limits).startswith("## Where the sandbox differs from AWS")
    assert re.search(r"[Ss]een in \w+ 20\d\d", source(sources))
    assert re.findall(r"\]\(https://docs\.aws\.amazon\.com/", source(sources))
    assert source(finish) == "lesson.finish()"
    asked = [name for cell in cells(entry, "code") for name, _ in calls(source(cell))]
    assert asked.count("map") == 1, "the big picture, with the parts lit that this lesson is about"
    assert next(name for name in asked if name != "map") == "warmup"


@every_whole_lesson
def test_predictions_come_true_or_not_after_they_are_made(entry: LessonEntry) -> None:
    """At least two; each is followed by its outcome before the next is asked."""
    moves = [
        move
        for cell in cells(entry, "code")
        for move in re.findall(r"lesson\.predict\(|\.outcome\(", source(cell))
    ]
    assert moves == ["lesson.predict(", ".outcome("] * (len(moves) // 2)
    assert len(moves) >= 4


@every_whole_lesson
def test_every_rung_of_the_ladder_is_there(entry: LessonEntry) -> None:
    """Watch, order or choose, complete, build or repair: at least one of each."""
    asked = [one for cell in cells(entry, "code") for one in calls(source(cell))]
    kinds = {bank().question(id).kind for name, id in asked if name == "checkpoint"}
    assert {"predict", "explain", "exercise", "check", "checkpoint"} <= {name for name, _ in asked}
    assert {"ordering", "single", "multiple"} <= kinds
    assert any(map(has_blank, cells(entry, "code")))


@every_whole_lesson
def test_every_objective_is_met_by_something_in_the_notebook(entry: LessonEntry) -> None:
    everything = {**bank().questions, **bank().explanations, **exercises()}
    asked = {id for cell in cells(entry, "code") for _, id in calls(source(cell)) if id}
    met = {everything[id].objective for id in asked if id in everything}
    assert met == {f"{entry.name}/{objective}" for objective in entry.objectives}


@every_lesson
def test_every_id_it_names_exists(entry: LessonEntry) -> None:
    """In a cell or in a sentence: a hint for what is not there helps nobody."""
    known = {*bank().questions, *bank().explanations, *exercises()}
    named = re.findall(r'lesson\.[a-z_]+\("([a-z0-9-]+-\d+)"', "\n".join(map(source, cells(entry))))
    assert named
    assert set(named) <= known


def test_every_objective_of_the_bank_is_in_the_curriculum() -> None:
    known = {f"{entry.name}/{one}" for entry in lessons() for one in entry.objectives}
    named = [*bank().questions.values(), *bank().explanations.values(), *exercises().values()]
    assert {one.objective for one in named} <= known


def test_the_start_says_where_one_begins_and_where_it_leads() -> None:
    """It has an anatomy of its own: a pre-check, the outcomes, two ways, the words, the progress."""
    (start,) = (entry for entry in lessons() if entry.number == 0)
    asked = [one for cell in cells(start, "code") for one in calls(source(cell))]
    ids = [id for name, id in asked if name == "checkpoint" and id.startswith("start-")]
    assert ids == list(precheck().parts)
    assert {bank().question(id).objective for id in ids} == {
        f"start-here/{one}" for one in start.objectives
    }
    names = [name for name, _ in asked]
    wanted = ["precheck", "outcomes", "outcomes", "paths", "glossary", "progress", "finish"]
    assert [name for name in names if name in wanted] == wanted


def test_the_exam_goes_from_its_form_to_the_mock_the_report_practice_and_cards() -> None:
    """It teaches nothing new: what it asks is the bank's, and there is no state to reach."""
    entry = find_lesson("practice-exam")
    asked = [name for cell in cells(entry, "code") for name, _ in calls(source(cell))]
    assert asked == [
        *("warmup", "blueprint", "checkpoint", "exam", "exam_report"),
        *("practice", "variations", "practice"),
        *("due_cards", "card", "cards", "export_cards", "report_item", "finish"),
    ]
    assert tuple(cell["id"] for cell in cells(entry)[-4:]) == LAST
    limits, sources = cells(entry)[-3:-1]
    assert source(limits).startswith("## Where this differs from the exam")
    assert re.search(r"[Ss]een in \w+ 20\d\d", source(sources))


def test_what_the_exam_says_of_its_form_is_what_the_mock_does() -> None:
    form, mock = source(by_id("practice-exam", "format")), blueprint().mock
    assert f"| items | {mock.items};" in form
    assert f"| time | {mock.minutes} minutes |" in form
    for version in versions().values():
        assert version.exam in form
        assert (
            version.used.removeprefix("from ").removeprefix("until ").replace(" 2026", "") in form
        )


def by_id(lesson: str, id: str) -> dict[str, Any]:
    return next(cell for cell in cells(find_lesson(lesson)) if cell["id"] == id)


IN_A_ROW = 75
"""Words of a question and its options, so that half a minute is enough for one of a row."""


@every_lesson
def test_questions_in_a_row_are_short(entry: LessonEntry) -> None:
    for cell in cells(entry, "code"):
        if "row" in kinds(source(cell)):
            for id in (id for name, id in calls(source(cell)) if name == "checkpoint"):
                question = bank().question(id)
                words = " ".join([question.stem, *(one.text for one in question.options)])
                assert len(words.split()) <= IN_A_ROW, id


@every_lesson
def test_an_exercise_is_set_up_once_and_checked_after(entry: LessonEntry) -> None:
    asked = [one for cell in cells(entry, "code") for one in calls(source(cell))]
    begun = [id for name, id in asked if name == "exercise"]
    assert begun == list(dict.fromkeys(begun))
    assert [id for name, id in asked if name == "check"] == begun
    assert all(exercises()[id].lesson == entry.name for id in begun)


def test_right_answers_are_spread_over_the_places() -> None:
    """Over the whole bank, in the order each lesson shows: no letter has more than half."""
    places = []
    for question in bank().questions.values():
        if question.kind == "single":
            order = [one.id for one in shown(question, question.objective.partition("/")[0])]
            places.append(order.index(question.key[0]))
    commonest = max(places.count(place) for place in places)
    assert commonest <= max(2, len(places) // 2), places
