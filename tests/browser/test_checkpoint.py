"""Questions in a real JupyterLab, answered with mouse and keyboard and read as text.

Nothing here calls ``q.answer``: what the page shows is what a learner sees. The
questions are the course's own, each test's answers under a lesson name of its own.
"""

import json
import os
import re
import signal
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from course.progress.journal import Journal
from course.questions.bank import bank
from course.questions.model import Question

TOKEN = "browser-tests"
SETUP = """\
from course.checkpoints.checkpoint import Checkpoint
from course.checkpoints.explanation import Explain
from course.checkpoints.prediction import Prediction
from course.progress.record import Record
from course.questions.bank import bank
from course.questions.model import Option, Question, Source

record = Record({lesson!r})
"""
SINGLE = 'Checkpoint(bank().question("fargate-tasks-001"), record, "seed")'
MULTIPLE = 'Checkpoint(bank().question("fargate-definitions-001"), record, "seed")'
ORDERING = 'Checkpoint(bank().question("fargate-tasks-002"), record, "seed")'

Open = Callable[..., Any]


@pytest.fixture
def expect() -> Any:
    """Playwright's expect, which waits until what is expected shows."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    return expect


@pytest.fixture
def lesson(request: pytest.FixtureRequest) -> str:
    """A lesson name that no other test uses: answers are kept under it."""
    return str(request.node.name)


@pytest.fixture
def write_notebook(jupyterlab: str, lesson: str) -> Callable[..., str]:
    """Put a notebook with these cells on the server; returns its file name."""

    def write(*sources: str, name: str = "") -> str:
        file = f"{lesson}{name}.ipynb"
        texts = [SETUP.format(lesson=lesson), *sources]
        cells = [
            {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "source": text}
            | {"outputs": [], "execution_count": None}
            for i, text in enumerate(texts)
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
        content = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        put = urllib.request.Request(
            f"{jupyterlab}/api/contents/{file}",
            json.dumps({"type": "notebook", "content": content}).encode(),
            {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
            method="PUT",
        )
        urllib.request.urlopen(put, timeout=30).close()
        return file

    return write


@pytest.fixture
def ask(page: Any, write_notebook: Any, notebook: Open, run_all: Any, expect: Any) -> Open:
    """Run a notebook with these cells; returns the first widget in it."""

    def run(*sources: str) -> Any:
        notebook(write_notebook(*sources))
        run_all()
        widget = page.locator("form.course-checkpoint").first
        expect(widget).to_be_visible()
        return widget

    return run


def snap(widget: Any, name: str) -> None:
    """Take a picture of a widget into the folder COURSE_SCREENSHOTS names, if it does."""
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        widget.screenshot(path=Path(folder) / f"{name}.png")


def press(widget: Any, name: str) -> None:
    widget.get_by_role("button", name=re.compile(f"^{name}")).click()


def choose(widget: Any, text: str) -> None:
    widget.locator("label", has_text=text).click()


def status(widget: Any) -> Any:
    return widget.get_by_role("status")


def wrong_and_right(question: Question) -> tuple[Any, Any]:
    wrong = next(option for option in question.options if not option.right)
    return wrong, question.by_id[question.key[0]]


def focus_is_inside(widget: Any) -> bool:
    inside: bool = widget.evaluate("form => form.contains(document.activeElement)")
    return inside


def test_a_single_choice_from_wrong_to_right(ask: Open, expect: Any) -> None:
    question = bank().question("fargate-tasks-001")
    wrong, right = wrong_and_right(question)
    widget = ask(SINGLE)
    expect(status(widget)).to_have_text("Not attempted yet.")
    press(widget, "Check")
    expect(status(widget)).to_have_text("Not attempted yet. Choose one. Then press Check.")

    choose(widget, wrong.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text("Not right.")
    beside = widget.locator(".choice", has_text=wrong.text)
    expect(beside).to_contain_text(f"Not right: {wrong.feedback}")
    expect(widget).not_to_contain_text(right.feedback)
    snap(widget, "single-wrong")

    for number, hint in enumerate(question.hints, 1):
        press(widget, "Hint")
        expect(widget).to_contain_text(f"Hint {number} of 3{hint}")
    expect(widget.get_by_role("button", name="All 3 hints shown")).to_be_visible()

    choose(widget, right.text)
    expect(status(widget)).to_have_text("Your answer has changed: press Check.")
    press(widget, "Check")
    expect(status(widget)).to_have_text(f"Right.{question.rationale}")
    expect(widget.locator(".choice", has_text=right.text)).to_contain_text(
        f"Right: {right.feedback}"
    )
    press(widget, "Solution")
    expect(widget.locator(".help")).to_contain_text(right.text)
    snap(widget, "single-right")


@pytest.mark.slow
def test_a_hint_leaves_an_unchecked_choice_alone(ask: Open, expect: Any) -> None:
    wrong, right = wrong_and_right(bank().question("fargate-tasks-001"))
    widget = ask(SINGLE)
    choose(widget, wrong.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text("Not right.")
    choose(widget, right.text)
    press(widget, "Hint")
    expect(widget).to_contain_text("Hint 1 of 3")
    expect(widget.locator("label", has_text=right.text).locator("input")).to_be_checked()
    expect(status(widget)).to_have_text("Your answer has changed: press Check.")


@pytest.mark.slow
def test_the_same_wrong_answer_twice_is_answered_twice(page: Any, ask: Open, expect: Any) -> None:
    wrong, _ = wrong_and_right(bank().question("fargate-tasks-001"))
    widget = ask(SINGLE)
    choose(widget, wrong.text)
    for _ in range(2):
        press(widget, "Check")
        expect(status(widget)).to_have_text("Not right.")
    page.wait_for_timeout(6_000)  # longer than the widget waits for the kernel
    expect(status(widget)).to_have_text("Not right.")


def test_keys_stay_inside_and_tab_leaves(page: Any, ask: Open, expect: Any) -> None:
    widget = ask(SINGLE, "1 + 1")
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    inputs = widget.locator("input")
    inputs.first.click()
    page.keyboard.press("ArrowDown")
    expect(inputs.nth(1)).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("b")
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(inputs.nth(1)).to_be_checked()
    assert focus_is_inside(widget)
    assert cells.count() == before

    page.keyboard.press("Enter")
    expect(status(widget)).not_to_have_text("Not attempted yet.")
    stops = 0
    while focus_is_inside(widget) and stops < 10:
        page.keyboard.press("Tab")
        stops += 1
    assert stops == 4, "from the options over Check, Hint and Solution to the notebook"


@pytest.mark.slow
def test_saving_the_notebook_by_keyboard_still_works(page: Any, ask: Open, expect: Any) -> None:
    widget = ask(SINGLE)
    widget.locator("input").first.click()
    with page.expect_response(_saves_the_notebook) as saved:
        page.keyboard.press("Control+s")
    assert saved.value.ok


def _saves_the_notebook(answer: Any) -> bool:
    return answer.request.method == "PUT" and "/api/contents/" in answer.url


@pytest.mark.slow
def test_several_right_options(ask: Open, expect: Any) -> None:
    question = bank().question("fargate-definitions-001")
    wrong, right = wrong_and_right(question)
    widget = ask(MULTIPLE)
    choose(widget, wrong.text)
    choose(widget, right.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text("Partly: 1 of 2 right, and 1 that is not.")
    beside = widget.locator(".choice", has_text=wrong.text)
    expect(beside).to_contain_text(f"Not right: {wrong.feedback}")
    expect(widget.locator(".choice", has_text=right.text)).to_contain_text("Right:")
    snap(widget, "multiple-partly")
    choose(widget, wrong.text)
    choose(widget, question.by_id[question.key[1]].text)
    press(widget, "Check")
    expect(status(widget)).to_contain_text("Right.")


@pytest.mark.slow
def test_steps_are_ordered_by_keyboard(page: Any, ask: Open, expect: Any) -> None:
    question = bank().question("fargate-tasks-002")
    widget = ask(ORDERING)
    count = len(question.key)
    press(widget, "Check")
    expect(status(widget)).to_contain_text("Not attempted yet. Put the steps in order.")
    _into_order(page, widget, question, expect)
    snap(widget, "ordering-moved")
    widget.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    expect(status(widget)).to_have_text(f"Right.{question.rationale}")
    snap(widget, "ordering-right")

    last = widget.locator("li").last
    last.get_by_role("button", name=re.compile("^Up")).click()
    expect(status(widget)).to_have_text(f"Moved to position {count - 1} of {count}.")
    press(widget, "Check")
    expect(status(widget)).to_have_text(f"Partly: the first {count - 2} steps are in place.")
    snap(widget, "ordering-partly")


def _into_order(page: Any, widget: Any, question: Question, expect: Any) -> None:
    """Bring each step to its place with ArrowUp, from the first place on."""
    for place, id in enumerate(question.key, 1):
        step = widget.locator("li", has_text=question.by_id[id].text)
        step.focus()
        for _ in range(len(question.key)):
            page.keyboard.press("ArrowUp")
            said = status(widget).inner_text()
            if place > 1 and f"position {place - 1} of" in said:
                page.keyboard.press("ArrowDown")
                break
        expect(status(widget)).to_contain_text(f"position {place} of {len(question.key)}.")
        assert step.evaluate("step => step === document.activeElement")


def test_a_prediction_is_committed_then_compared(page: Any, ask: Open, expect: Any) -> None:
    question = bank().question("fargate-predict-001")
    wrong, right = wrong_and_right(question)
    made = f'prediction = Prediction(bank().question("{question.id}"), record, "seed")\nprediction'
    widget = ask(made, f"# prediction.outcome({right.value})")
    choose(widget, wrong.text)
    press(widget, "Commit")
    expect(status(widget)).to_have_text("Committed. Run the next cell, then compare.")
    expect(widget).not_to_contain_text(wrong.feedback)
    expect(widget.get_by_role("button", name="Solution")).to_have_count(0)
    snap(widget, "prediction-committed")

    # The next cell, run from its editor; Control+/ takes away its comment sign.
    page.locator(".jp-Cell").last.locator(".cm-content").click()
    page.keyboard.press("Control+/")
    page.keyboard.press("Shift+Enter")
    told = page.locator(".jp-OutputArea-output", has_text="You predicted:")
    expect(told).to_contain_text(f"You predicted: {wrong.text}")
    expect(told).to_contain_text(f"It was: {right.value}")
    expect(status(widget)).to_contain_text(f"Not as predicted.It was: {right.value}.")
    expect(widget).to_contain_text(f"Not right: {wrong.feedback}")
    snap(widget, "prediction-compared")


@pytest.mark.slow
def test_an_explanation_meets_a_model_answer(page: Any, ask: Open, expect: Any) -> None:
    asked = bank().explanation("fargate-explain-001")
    widget = ask(f'Explain(bank().explanation("{asked.id}"), record)')
    press(widget, "Compare")
    expect(status(widget)).to_have_text(
        "Not attempted yet. Write it in your own words. Then press Compare."
    )
    expect(widget).not_to_contain_text(asked.model_answer)
    widget.get_by_role("textbox").click()
    page.keyboard.type("Because a <b>service</b> keeps dd desired tasks")
    press(widget, "Compare")
    expect(status(widget)).to_have_text("Compare your words with the model answer.")
    expect(widget).to_contain_text(f"A model answer{asked.model_answer}")
    expect(widget.get_by_role("textbox")).to_have_value(re.compile("<b>service</b> keeps dd"))
    snap(widget, "explanation")


PILE = """
from course.flashcards.deck import Card
from course.flashcards.pile import Pile
from course.flashcards.recall import Recall

at = record.now()
sides = {"What is a `task`?": "one run of a task definition", "Why <b>two</b>?": "two\\nlines"}
Pile([Recall(Card(front, back, record.lesson, at), record) for front, back in sides.items()])
"""


def test_cards_are_turned_and_rated_by_keyboard(page: Any, ask: Open, expect: Any) -> None:
    widget = ask(PILE)
    expect(widget).to_contain_text("Card 1 of 2")
    rates = widget.get_by_role("group", name="How well did you know it?")
    expect(rates).to_be_hidden()
    widget.get_by_role("textbox").focus()
    page.keyboard.type("a run, dd and b")
    walk_to(page, "Compare")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("The other sideone run of a task definition")
    expect(status(widget)).to_have_text("Compare with the back: how well did you know it?")
    expect(rates.get_by_role("button")).to_have_text(["Again", "Hard", "Good", "Easy"])
    snap(widget, "card-turned")
    walk_to(page, "Good")
    page.keyboard.press("Space")
    expect(status(widget)).to_have_text("Good: it comes back in 2 days.")
    good = rates.get_by_role("button", name="Good")
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(status(widget)).to_have_text("Good: it comes back in 2 days.")
    snap(widget, "card-rated")
    walk_to(page, "Next", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("Card 2 of 2")
    expect(widget).to_contain_text("Why <b>two</b>?")
    expect(widget.get_by_role("textbox")).to_be_focused()
    expect(widget.get_by_role("group", name="How well did you know it?")).to_be_hidden()


def walk_to(page: Any, button: str, key: str = "Tab") -> None:
    """Walk to a button by the keyboard alone."""
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == button:
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {button}")


LONG = """
word = "a_task_definition_without_a_break_" * 4
long = "A Fargate task gets an elastic network interface of its own in your subnet, " * 3
why = dict(feedback="Because.")
options = [Option(id="first", text=long + "first", right=True, **why)]
options += [Option(id="second", text=long + "second", **why), Option(id="third", text=word, **why)]
question = Question(
    id="long-options-001", kind={kind!r}, stem=long + "?", options=tuple(options), objective="x",
    hints=("1", "2", "3"), rationale=long, sources=(Source(title="x", checked="2026-11-23"),),
)
Checkpoint(question, record, "seed")
"""


@pytest.mark.parametrize("kind", ["single", "ordering"])
@pytest.mark.slow
def test_long_options_wrap_in_a_narrow_window(kind: str, page: Any, ask: Open, expect: Any) -> None:
    widget = ask(LONG.format(kind=kind))
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": 400, "height": 900})
    press(widget, "Solution")
    expect(widget.locator(".help")).to_contain_text("Solution")
    assert widget.bounding_box()["width"] < 400
    assert widget.evaluate(OVERFLOWING) == []
    boxes = [box.bounding_box() for box in widget.locator(".choice").all()]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"]
    texts = [box.bounding_box()["height"] for box in widget.locator(".choice .text").all()]
    assert min(texts) > 40, "each of these texts needs several lines"
    snap(widget, f"narrow-{kind}")


OVERFLOWING = """form => [form, ...form.querySelectorAll('*')]
    .filter(node => node.tagName !== 'INPUT' && getComputedStyle(node).display !== 'inline')
    .filter(node => node.scrollWidth > node.clientWidth + 2 && node.clientWidth
        || node.getBoundingClientRect().right > form.getBoundingClientRect().right + 1)
    .map(node => node.tagName + '.' + node.className + ' ' + node.scrollWidth)"""


@pytest.mark.slow
def test_markup_shows_as_text(page: Any, ask: Open, expect: Any) -> None:
    markup = "<img src=x onerror=\"document.title='taken'\"> & <b>bold</b>"
    widget = ask(LONG.format(kind="single").replace('long = "A', f'long = {markup!r} + "A'))
    expect(widget.locator("legend")).to_contain_text(markup)
    expect(widget.locator(".choice", has_text="first")).to_contain_text(markup)
    expect(widget.locator("img, b")).to_have_count(0)
    assert "taken" not in page.title()


@pytest.mark.slow
def test_a_handler_that_raises_says_so_in_the_widget(ask: Open, expect: Any) -> None:
    raising = "def respond(ids):\n    raise RuntimeError('no room for <this> answer')\n"
    widget = ask(f"question = {SINGLE}\n{raising}\nquestion.respond = respond\nquestion")
    widget.locator("input").first.click()
    press(widget, "Check")
    expect(status(widget)).to_contain_text("RuntimeError: no room for <this> answer")
    expect(widget.locator("input").first).to_be_checked()
    snap(widget, "handler-raises")


PROCESS = "import os\nprint('process', os.getpid())"
SILENT = "The kernel does not answer: run this cell again."


def kernel_process(page: Any) -> int:
    printed: str = page.locator(".jp-OutputArea-output", has_text="process").inner_text()
    return int(printed.split()[1])


@pytest.mark.slow
def test_a_silent_kernel_is_told_and_its_late_answer_counts(
    page: Any, ask: Open, expect: Any
) -> None:
    wrong, _ = wrong_and_right(bank().question("fargate-tasks-001"))
    widget = ask(PROCESS, SINGLE)
    choose(widget, wrong.text)
    process = kernel_process(page)
    os.kill(process, signal.SIGSTOP)
    try:
        press(widget, "Check")
        expect(status(widget)).to_have_text(SILENT)
        expect(widget.locator("label", has_text=wrong.text).locator("input")).to_be_checked()
    finally:
        os.kill(process, signal.SIGCONT)
    expect(status(widget)).to_have_text("Not right.")


@pytest.mark.slow
def test_a_killed_kernel_is_told_and_the_answer_comes_back(
    page: Any, ask: Open, run_all: Any, expect: Any
) -> None:
    wrong, right = wrong_and_right(bank().question("fargate-tasks-001"))
    widget = ask(PROCESS, SINGLE)
    choose(widget, wrong.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text("Not right.")
    os.kill(kernel_process(page), signal.SIGKILL)
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()

    choose(widget, right.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text(SILENT)
    run_all()
    expect(status(widget)).to_have_text("Not right.")
    expect(widget.locator("label", has_text=wrong.text).locator("input")).to_be_checked()
    expect(widget).to_contain_text(f"Not right: {wrong.feedback}")


@pytest.mark.slow
def test_two_notebooks_write_one_journal(
    page: Any,
    ask: Open,
    lesson: str,
    write_notebook: Any,
    notebook: Open,
    run_all: Any,
    expect: Any,
) -> None:
    wrong, right = wrong_and_right(bank().question("fargate-tasks-001"))
    first = ask(SINGLE)
    choose(first, wrong.text)
    press(first, "Check")
    expect(status(first)).to_have_text("Not right.")

    notebook(write_notebook(SINGLE, name="-second"))
    run_all()
    second = page.locator("form.course-checkpoint:visible")
    expect(status(second)).to_have_text("Not right.")
    choose(second, right.text)
    press(second, "Check")
    expect(status(second)).to_contain_text("Right.")

    notebook(f"{lesson}.ipynb")
    run_all()
    expect(status(page.locator("form.course-checkpoint:visible"))).to_contain_text("Right.")
    kept = [event.response for event in Journal().read()[0] if event.lesson == lesson]
    assert kept == [(wrong.id,), (right.id,)]


@pytest.mark.slow
def test_shown_twice_it_is_one_question(page: Any, ask: Open, expect: Any) -> None:
    _, right = wrong_and_right(bank().question("fargate-tasks-001"))
    ask(f"question = {SINGLE}\nquestion", "question")
    upper, lower = page.locator("form.course-checkpoint").all()
    choose(upper, right.text)
    press(upper, "Check")
    expect(status(lower)).to_contain_text("Right.")
    expect(lower.locator("label", has_text=right.text).locator("input")).to_be_checked()


def test_a_lesson_asks_and_remembers(page: Any, ask: Open, run_all: Any, expect: Any) -> None:
    question = bank().question("fargate-services-001")
    wrong, right = wrong_and_right(question)
    opened = 'import course\nlesson = course.lesson("fargate-tutorial")'
    widget = ask(opened, f'lesson.checkpoint("{question.id}")', "lesson")
    choose(widget, wrong.text)
    press(widget, "Check")
    expect(widget).to_contain_text(f"Not right: {wrong.feedback}")
    choose(widget, right.text)
    press(widget, "Check")
    expect(status(widget)).to_have_text(f"Right.{question.rationale}")
    choose(widget, wrong.text)
    expect(status(widget)).to_have_text("Your answer has changed: press Check.")
    run_all()
    expect(status(widget)).to_have_text(f"Right.{question.rationale}")


@pytest.mark.parametrize("theme", ["Dark", "Light"])  # Light stays for who comes after
@pytest.mark.slow
def test_the_theme_is_jupyterlabs(theme: str, page: Any, ask: Open, expect: Any) -> None:
    question = bank().question("fargate-definitions-001")
    wrong, right = wrong_and_right(question)
    widget = ask(MULTIPLE)
    change = (
        f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
    )
    page.evaluate(change)
    page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {theme}']", state="attached")
    choose(widget, wrong.text)
    choose(widget, right.text)
    press(widget, "Check")
    press(widget, "Hint")
    expect(widget).to_contain_text("Hint 1 of 3")
    ground = widget.evaluate("form => getComputedStyle(form).backgroundColor")
    assert ground == {"Light": "rgb(255, 255, 255)", "Dark": "rgb(33, 33, 33)"}[theme]
    snap(widget, f"theme-{theme.lower()}")
