"""The practice exam from its first cell to its last, as a learner takes it: by keyboard, and with a break.

In the middle of the mock exam the page is closed. What was answered comes back as a report, as
practice, as cards; the files for Anki and for an issue lie beside the notebook.
"""

import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from course.exam.practice import varied
from course.progress.summary import Summary
from course.questions.bank import bank
from course.questions.model import Question
from tests.browser.stories import EXAM
from tests.browser.test_learner import FAILED, Learner, look_at_everything, plain

SURE = "I am sure of this one"


@pytest.fixture
def jupyterlab(serve: Any, tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of this test's own, whose learner has never answered anything."""
    with serve(tmp_path, COURSE_DATA_DIR=str(tmp_path / "progress")) as address:
        yield address


class Examinee(Learner):
    """Somebody who walks by Tab, chooses by Space and presses by Enter."""

    def take(self, *ids: str) -> None:
        """Run these cells, each of which has to be the next, and see what they are to say."""
        for id in ids:
            self.fill_in(id, self.story.blanks.get(id, ()))
            self.run(id)
            if said := self.story.says.get(id):
                self.expect(self.cell(id)).to_contain_text(said)

    def look(self, name: str) -> None:
        """Leave a picture of the page as it stands, if somebody wants to look."""
        if folder := os.environ.get("COURSE_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"16-{name}.png")

    def form(self, cell: str) -> Any:
        form = self.cell(cell).locator("form")
        self.expect(form).to_be_visible()
        return form

    def press(self, name: str, key: str = "Enter") -> None:
        """Walk by Tab alone to the next button or box that is called so, and press it."""
        for _ in range(60):
            if re.match(name, self.page.evaluate(NAME)):
                self.page.keyboard.press(key)
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not lead to {name!r}")

    def answer_item(self, place: int, *, sure: bool = False, rightly: bool = True) -> None:
        """Answer the item of the exam that is shown, whose first option has the focus."""
        form = self.form("mock")
        self.expect(form).to_contain_text(f"Item {place} of ")
        question = asked(form)
        wanted = {plain(one.text) for one in question.options if one.right is rightly}
        if question.kind == "single" or not rightly:
            wanted = set(sorted(wanted)[:1])
        for option in form.locator(".choice").all():
            if option.locator(".text").inner_text() in wanted:
                option.locator("input").focus()
                self.page.keyboard.press("Space")
                self.expect(option.locator("input")).to_be_checked()
        self.expect(form).to_contain_text(f"{place} answered")
        if sure:
            self.press(SURE, "Space")
            self.expect(form.get_by_role("checkbox", name=SURE)).to_be_checked()


NAME = """() => {
    const here = document.activeElement;
    return (here.tagName === 'BUTTON' ? here : here.closest('label') ?? here).textContent.trim();
}"""


def asked(form: Any) -> Question:
    """The question that a form shows, by its words."""
    stem = form.locator(".stem").inner_text()
    return next(one for one in bank().questions.values() if plain(one.stem) == stem)


@pytest.fixture
def learner(page: Any, notebook: Any, wait_until_idle: Any) -> Examinee:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    notebook(EXAM.notebook)
    return Examinee(EXAM, page, expect, wait_until_idle)


@pytest.mark.slow
def test_a_learner_takes_the_exam_goes_away_and_learns_from_it(
    learner: Examinee, notebook: Any, tmp_path: Path
) -> None:
    page, expect = learner.page, learner.expect
    learner.go_to("title")
    learner.take("title", "open-why", "open", "warmup", "format", "blueprint-why", "blueprint")
    learner.take("item-why", "item")
    learner.answer("item", EXAM.missed, wrongly=True)
    begin_and_answer_three(learner)

    page.reload()
    notebook(EXAM.notebook)
    for id in ("open", "warmup", "blueprint", "item", "mock"):
        learner.go_to(id)
        learner.run(id)
    form = learner.form("mock")
    expect(form).to_contain_text("3 answered, 1 flagged")
    form.locator("input").first.focus()
    learner.answer_item(4)
    submit(learner)

    learner.go_to("by-code")
    learner.take("by-code", "report")
    read_on(learner)
    practise(learner)
    repeat(learner)
    learner.go_to("list-why")
    learner.take("list-why", "list", "export-why", "export", "wrong-why", "item-report")
    learner.take("closing", "limits", "sources", "finish")
    expect(learner.cell("finish")).not_to_contain_text("Not attempted")
    assert page.evaluate(FAILED) == []
    look_at_everything(learner, Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path)))

    work = tmp_path / "checkout" / "work"
    assert "A claim, and the page" in (work / "report-exam-identity-001-1.md").read_text("utf-8")
    guids = in_anki(work / "cards.apkg", tmp_path)
    assert "containers-on-aws/exam-identity-001" in guids
    assert [guid for guid in guids if "/card-" in guid]


def begin_and_answer_three(learner: Examinee) -> None:
    """Two right, and one wrong that the learner is sure of; the second has a flag."""
    learner.go_to("mock-why")
    learner.take("mock-why", "mock")
    form = learner.form("mock")
    form.get_by_role("button", name="Begin").focus()
    learner.page.keyboard.press("Enter")
    learner.expect(form.locator("input").first).to_be_focused()
    learner.answer_item(1)
    learner.press("Next")
    learner.answer_item(2)
    learner.press("Flag")
    learner.expect(form).to_contain_text("1 flagged")
    learner.press("Next")
    learner.answer_item(3, sure=True, rightly=False)
    learner.look("item-three")


def submit(learner: Examinee) -> None:
    """Look at the review and submit, with most items open."""
    form = learner.form("mock")
    learner.press("Review")
    learner.expect(form.get_by_role("button", name="Item 2, answered, flagged")).to_be_visible()
    learner.look("review")
    learner.press("Submit")
    learner.expect(form.get_by_role("status")).to_contain_text("Press once more")
    learner.page.keyboard.press("Enter")
    learner.expect(form).to_contain_text("not a scaled score")
    learner.expect(form).to_contain_text("Sure and yet wrong: 1.")


def read_on(learner: Examinee) -> None:
    """From the item that was sure and wrong to its lesson, which opens beside, and to AWS's page."""
    first = learner.cell("report").locator("tbody tr", has_text="3 sure")
    learner.cell("report").locator("summary").first.click()
    first.locator("summary").click()
    first.scroll_into_view_if_needed()
    learner.look("report-first")
    learner.cell("report").locator("table").first.scroll_into_view_if_needed()
    learner.look("report-top")
    lesson, page = first.locator("a").all()
    learner.expect(page).to_have_attribute("href", re.compile("^https://"))
    lesson.click()
    tab = learner.page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current")
    learner.expect(tab).to_have_text(re.compile(r"^(0[1-9]|1[0-5])-.*\.ipynb$"))
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    learner.expect(tab).to_have_text(EXAM.notebook)


def practise(learner: Examinee) -> None:
    """One of the quick ten is right; then what is weak is the item missed first, and that of the exam."""
    learner.go_to("practice-why")
    learner.take("practice-why", "practice")
    first = learner.form("practice")
    learner.expect(first).to_contain_text("Question 1 of 10")
    learner.answer("practice", asked(first).id)
    learner.next("practice", "Question 2 of 10")
    learner.go_to("variations-why")
    learner.take("variations-why", "variations")
    learner.expect(learner.form("variations")).to_contain_text("Question 1 of 5")
    learner.answer("variations", varied(Summary())[0].id)
    learner.go_to("weak-why")
    learner.take("weak-why", "weak")
    learner.expect(learner.form("weak")).to_contain_text("Question 1 of ")


def repeat(learner: Examinee) -> None:
    """A card is written, and the pile asked again: it is turned and rated by keyboard."""
    learner.go_to("cards-why")
    learner.take("cards-why", "cards", "card-why", "card")
    learner.go_to("cards")
    learner.run("cards")
    form = learner.form("cards")
    last = int(re.findall(r"Card 1 of (\d+)", form.inner_text())[0])
    form.locator("input").first.focus()
    for place in range(2, last + 1):
        learner.press("Next")
        learner.expect(form).to_contain_text(f"Card {place} of {last}")
    learner.expect(form.locator("textarea")).to_be_focused()
    learner.page.keyboard.type("the execution role, and the task role: dd")
    learner.press("Compare")
    learner.expect(form).to_contain_text("The execution role pulls")
    learner.press("Good", "Space")
    learner.expect(form.get_by_role("status")).to_have_text("Good: it comes back in 2 days.")


def in_anki(package: Path, folder: Path) -> list[str]:
    """The guids of the notes in an Anki package."""
    with zipfile.ZipFile(package) as file:
        file.extract("collection.anki2", folder)
    with closing(sqlite3.connect(folder / "collection.anki2")) as database:
        return [guid for (guid,) in database.execute("select guid from notes")]
