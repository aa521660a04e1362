"""The view's Python side: what it sends, what it does when asked, and what it says when it cannot."""

import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from course.checkpoints import view as view_module
from course.checkpoints.checkpoint import Checkpoint
from course.checkpoints.explanation import Explain
from course.checkpoints.item import Item
from course.checkpoints.prediction import Prediction
from course.checkpoints.view import View, bundle, view_of
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.model import Explanation, Option, Question, Source

MARKUP = "<script>alert('hi')</script> & `code`"
WIDGET = "application/vnd.jupyter.widget-view+json"
SOURCES = (Source(title="The guide", checked="2026-11-23"),)
Make = Callable[..., Any]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record("lesson", Journal(tmp_path), now=lambda: datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def question() -> Make:
    def make(kind: str = "single", right: str = "b", **changes: Any) -> Question:
        options = tuple(
            Option(
                id=f"is-{letter}",
                text=f"Option {letter}",
                feedback=f"Feedback {letter}.",
                right=kind != "ordering" and letter in right,
                value=letter,
            )
            for letter in "abcd"
        )
        given: dict[str, Any] = {
            "id": "area-topic-001",
            "kind": kind,
            "stem": "Which?",
            "options": options,
            "hints": ("First.", "Second.", "Third."),
            "rationale": "So it is.",
            "objective": "lesson/topic",
            "sources": SOURCES,
            "keep_order": True,
        }
        return Question(**{**given, **changes})

    return make


@pytest.fixture
def explain(record: Record) -> Explain:
    asked = Explanation("area-why-001", "Why?", "Because.", "lesson/topic", SOURCES)
    return Explain(asked, record)


@pytest.fixture
def shown(question: Make, record: Record) -> Make:
    """A view of a new checkpoint."""

    def make(kind: str = "single", right: str = "b", **changes: Any) -> View:
        return View(Checkpoint(question(kind, right, **changes), record, "seed"))

    return make


def answer(*ids: str) -> dict[str, Any]:
    return {"do": "answer", "response": list(ids)}


def marks(view: View) -> dict[str, tuple[str, str]]:
    """What stands beside the options: mark and feedback by id."""
    return {
        choice["id"]: (choice["mark"], choice["feedback"])
        for choice in view.form["choices"]
        if choice["mark"]
    }


def kept(record: Record) -> list[tuple[str, tuple[str, ...], str]]:
    return [(event.kind, event.response, event.outcome) for event in record.events()]


def test_untouched_says_not_attempted(shown: Make, record: Record) -> None:
    view = shown()
    assert (view.form["outcome"], view.form["summary"]) == ("not attempted", "Not attempted yet.")
    assert marks(view) == {}
    assert view.form["solution"] == view.form["hints"] == ()
    assert not kept(record)


def test_a_wrong_answer_gets_its_own_feedback_alone(shown: Make, record: Record) -> None:
    view = shown()
    view.hear(answer("is-a"))
    assert (view.form["outcome"], view.form["summary"]) == ("wrong", "Not right.")
    assert marks(view) == {"is-a": ("not right", "Feedback a.")}
    assert view.form["why"] == ""
    assert kept(record) == [("answered", ("is-a",), "wrong")]


def test_a_right_answer_says_why(shown: Make) -> None:
    view = shown()
    view.hear(answer("is-b"))
    assert (view.form["outcome"], view.form["why"]) == ("right", "So it is.")
    assert marks(view) == {"is-b": ("right", "Feedback b.")}


def test_of_several_each_has_its_mark(shown: Make) -> None:
    view = shown("multiple", "bd")
    view.hear(answer("is-a", "is-d"))
    assert view.form["outcome"] == "partly"
    assert marks(view) == {"is-a": ("not right", "Feedback a."), "is-d": ("right", "Feedback d.")}


@pytest.mark.parametrize(
    ("order", "outcome", "marked"),
    [
        ("abcd", "right", {"is-a", "is-b", "is-c", "is-d"}),
        ("abdc", "partly", {"is-d"}),
        ("bacd", "wrong", {"is-b"}),
    ],
)
def test_the_first_step_out_of_place_is_marked(
    order: str, outcome: str, marked: set[str], shown: Make
) -> None:
    view = shown("ordering")
    view.hear(answer(*(f"is-{letter}" for letter in order)))
    assert view.form["outcome"] == outcome
    assert marks(view).keys() == marked
    assert view.form["response"] == tuple(f"is-{letter}" for letter in order)


def test_hints_come_one_by_one_and_the_last_stays(shown: Make) -> None:
    view = shown()
    for number in (1, 2, 3, 3):
        view.hear({"do": "hint"})
        assert view.form["hints"] == ("First.", "Second.", "Third.")[:number]
    assert view.form["hints_in_all"] == 3
    assert view.heard == 4


def test_the_solution_names_the_right_options_and_why(shown: Make, record: Record) -> None:
    view = shown("multiple", "bd")
    view.hear({"do": "solution"})
    assert view.form["solution"] == ("b) Option b", "d) Option d", "So it is.")
    assert view.form["outcome"] == "not attempted"
    assert kept(record) == [("revealed", (), "")]


def test_a_prediction_is_committed_ungraded_then_compared(question: Make, record: Record) -> None:
    prediction = Prediction(question(), record, "seed")
    view = View(prediction)
    assert (view.form["button"], view.form["reveals"]) == ("Commit", False)
    view.hear(answer("is-a"))
    assert view.form["summary"].startswith("Committed.")
    assert marks(view) == {}
    prediction.outcome("b")
    assert view.form["summary"] == "Not as predicted."
    assert marks(view) == {"is-a": ("not right", "Feedback a.")}
    assert view.form["why"] == "It was: b. So it is."


def test_own_words_meet_the_model_answer(explain: Explain, record: Record) -> None:
    view = View(explain)
    assert view.form["solution"] == ()
    view.hear({"do": "text", "text": "  I think so.  "})
    assert (view.form["text"], view.form["solution"]) == ("I think so.", ("Because.",))
    assert (view.form["outcome"], view.form["reveals"]) == ("given", False)
    assert [event.detail for event in record.events()] == ["I think so."]


def test_blank_words_are_not_kept(explain: Explain, record: Record) -> None:
    view = View(explain)
    view.hear({"do": "text", "text": "  \n"})
    assert view.form["solution"] == ()
    assert not record.events()


def test_an_answer_by_code_shows_in_the_view(question: Make, record: Record) -> None:
    checkpoint = Checkpoint(question(), record, "seed")
    view = View(checkpoint)
    checkpoint.answer("b")
    assert (view.form["outcome"], view.form["response"]) == ("right", ("is-b",))
    assert view.heard == 0


@pytest.mark.parametrize(
    "message",
    [
        None,
        "answer",
        {},
        {"do": "dance"},
        {"do": "answer"},
        {"do": "answer", "response": "is-a"},
        {"do": "answer", "response": [1]},
        {"do": "answer", "response": [["is-a"]]},
        {"do": "answer", "response": ["is-z"]},
        {"do": "answer", "response": ["is-a", "is-b"]},
        {"do": "text", "text": None},
        {"do": "text", "text": "a question is no explanation"},
    ],
    ids=str,
)
def test_a_message_that_cannot_be_is_refused_and_changes_nothing(
    message: Any, shown: Make, record: Record
) -> None:
    view = shown()
    view.hear(answer("is-a"))
    before = dict(view.form)
    view.hear(message)
    assert view.form.pop("notice").startswith("That did not work (")
    before.pop("notice")
    assert view.form == before
    assert kept(record) == [("answered", ("is-a",), "wrong")]
    assert view.heard == 2


def test_a_handler_that_raises_is_told_and_logged(
    shown: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown()

    def raises(ids: list[str]) -> None:
        raise RuntimeError(f"no room for {MARKUP}")

    monkeypatch.setattr(view._item, "respond", raises)
    with caplog.at_level(logging.ERROR):
        view.hear(answer("is-a"))
    assert view.form["notice"] == f"That did not work (RuntimeError: no room for {MARKUP})."
    assert caplog.records[-1].exc_info
    assert view.heard == 1
    monkeypatch.undo()
    view.hear(answer())
    assert view.form["notice"] == ""


def test_an_answer_that_is_not_on_disk_says_so(shown: Make, tmp_path: Path) -> None:
    view = shown()
    (tmp_path / "progress.jsonl").mkdir()
    view.hear(answer("is-b"))
    assert view.form["outcome"] == "right"
    assert "could not be written" in view.form["notice"]


def test_messages_of_the_front_end_arrive(shown: Make) -> None:
    view = shown()
    view._handle_custom_msg(answer("is-b"), [])
    assert (view.form["outcome"], view.heard) == ("right", 1)


def test_markup_goes_out_as_it_is(question: Make, record: Record, explain: Explain) -> None:
    options = tuple(
        Option(id=id, text=MARKUP, feedback=MARKUP, right=id == "one") for id in ("one", "two")
    )
    asked = question(stem=MARKUP, rationale=MARKUP, hints=(MARKUP,) * 3, options=options)
    view = View(Checkpoint(asked, record, "seed"))
    for message in (answer("one"), {"do": "hint"}, {"do": "solution"}):
        view.hear(message)
    form = view.form
    assert {form["stem"], form["why"], *form["hints"], form["solution"][-1]} == {MARKUP}
    assert {choice["text"] for choice in form["choices"]} == {MARKUP}
    words = View(explain)
    words.hear({"do": "text", "text": MARKUP})
    assert words.form["text"] == MARKUP


def test_the_component_makes_text_and_never_markup() -> None:
    source = (files("course.checkpoints") / "checkpoint.js").read_text("utf-8")
    assert "textContent" in source
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", source)


@pytest.mark.parametrize("name", ["checkpoint.js", "checkpoint.css"])
def test_the_component_asks_no_network(name: str) -> None:
    source = (files("course.checkpoints") / name).read_text("utf-8")
    assert not re.search(r"//[a-z]+\.|https?:|@import|url\(|^import |fetch\(", source, re.MULTILINE)


@pytest.fixture
def in_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_module, "get_ipython", lambda: SimpleNamespace(kernel=object()))


@pytest.fixture
def items(question: Make, record: Record, explain: Explain) -> list[Item]:
    asked = question()
    return [Checkpoint(asked, record, "seed"), Prediction(asked, record, "seed"), explain]


@pytest.mark.usefixtures("in_a_kernel")
def test_the_bundle_is_the_view_and_the_repr(items: list[Item]) -> None:
    for item in items:
        data, _ = bundle(item)
        assert data["text/plain"] == repr(item)
        assert data[WIDGET]["model_id"] == view_of(item).model_id
        assert data == item._repr_mimebundle_(include=None, exclude=None)[0]


@pytest.mark.usefixtures("in_a_kernel")
def test_shown_twice_there_is_one_view(items: list[Item]) -> None:
    first, second = bundle(items[0])[0], bundle(items[0])[0]
    assert first == second
    assert bundle(items[1])[0][WIDGET] != first[WIDGET]


def test_outside_a_kernel_the_text_stands_alone(items: list[Item]) -> None:
    for item in items:
        assert bundle(item) == ({"text/plain": repr(item)}, {})


def test_without_the_widget_packages_the_text_stands_alone(
    items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "course.checkpoints.view")
    monkeypatch.delattr("course.checkpoints.view")
    for item in items:
        assert item._repr_mimebundle_() == {"text/plain": repr(item)}


def test_the_text_is_the_same_in_two_runs(question: Make, tmp_path: Path) -> None:
    runs = [repr(Checkpoint(question(), Record("x", Journal(tmp_path)), "seed")) for _ in range(2)]
    assert runs[0] == runs[1]
    assert " at 0x" not in runs[0]
