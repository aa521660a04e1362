"""A checkpoint by a line of code: answered, hinted, solved, restored, and through bad luck."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import course
from course.checkpoints.checkpoint import Checkpoint, Told
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import Bank, load
from course.questions.grading import BadResponse
from course.questions.model import Question

SINGLE, MULTIPLE, ORDERING = "sample-single-001", "sample-multiple-001", "sample-ordering-001"


@pytest.fixture(scope="module")
def sample() -> Bank:
    return load([Path(__file__).parents[1] / "questions" / "data" / "sample.toml"])


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data")


class Asks:
    """Asks a question, in the order in which it is written, over one journal."""

    def __init__(self, bank: Bank, journal: Journal) -> None:
        self.bank, self.journal = bank, journal

    def __call__(self, id: str, lesson: str = "lesson", **changes: object) -> Checkpoint:
        question = msgspec.structs.replace(
            self.bank.question(id), **{"keep_order": True, **changes}
        )
        return Checkpoint(question, Record(lesson, self.journal), seed="lesson")


@pytest.fixture
def ask(sample: Bank, journal: Journal) -> Asks:
    return Asks(sample, journal)


def kinds(journal: Journal) -> list[str]:
    return [event.kind for event in journal.read()[0]]


def test_its_text_before_and_after_an_answer(ask: Asks) -> None:
    asked = ask(SINGLE)
    options = [
        "What keeps a number of tasks running?",
        "  a) A service",
        "  b) RunTask",
        "  c) A task definition",
        "  d) A cluster",
    ]
    untouched = 'Choose one. Not attempted yet; by code: .answer("its letter")'
    assert repr(asked).splitlines() == [*options, untouched]
    asked.answer("b")
    assert repr(asked).splitlines() == [*options, "Your answer: b. Not right."]
    asked.answer("a")
    assert repr(asked).splitlines() == [*options, "Your answer: a. Right."]


def test_the_text_of_the_other_kinds(ask: Asks) -> None:
    multiple, ordering = ask(MULTIPLE), ask(ORDERING)
    assert repr(multiple).splitlines()[-1] == (
        'Choose all that are right. Not attempted yet; by code: .answer("its letters")'
    )
    assert repr(ordering).splitlines()[-1] == (
        'Put the steps in order. Not attempted yet; by code: .answer("its letters")'
    )
    multiple.answer("ac")
    assert repr(multiple).splitlines()[-1] == (
        "Your answer: a, c. Partly: 1 of 2 right, and 1 that is not."
    )


@pytest.mark.parametrize("id", [MULTIPLE, ORDERING])
def test_the_example_of_an_answer_gives_nothing_away(
    sample: Bank, journal: Journal, id: str
) -> None:
    examples = set()
    for number in range(20):
        asked = Checkpoint(sample.question(id), Record("lesson", journal), seed=f"{number}")
        examples.add(repr(asked).rpartition("by code:")[2])
    assert len(examples) == 1


@pytest.mark.parametrize(
    "answer", ["b d", "bd", "B, D", "b) d)", "(B) (D)", "b. d.", "size role", "d,b", "role b"]
)
def test_an_answer_in_any_spelling(ask: Asks, answer: str) -> None:
    asked = ask(MULTIPLE)
    asked.answer(answer)
    assert set(asked.state.response) == {"size", "role"}


def test_the_options_own_feedback_and_no_other(ask: Asks) -> None:
    told = ask(SINGLE).answer("b")
    assert repr(told).splitlines() == ["Not right.", "b) RunTask starts tasks and forgets them."]
    told = ask(SINGLE).answer("service")
    assert repr(told).splitlines() == [
        "Right.",
        "a) It compares, and acts.",
        "A service compares desired with running, and starts what is missing.",
    ]


@pytest.mark.parametrize("answer", ["", "  ", course.____])
def test_an_empty_answer_is_not_attempted_and_not_remembered(
    ask: Asks, journal: Journal, answer: str
) -> None:
    assert repr(ask(SINGLE).answer(answer)) == "Not attempted yet."
    assert kinds(journal) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("e", "There is no option 'e' here: answer with letters from a to d."),
        ("b]", "There is no option 'b]' here: answer with letters from a to d."),
        ("a b", "sample-single-001 takes one option, not 2."),
        (2, 'Answer with text in quotes, such as "b" or "a c", and not 2.'),
        (["b"], 'Answer with text in quotes, such as "b" or "a c", and not [\'b\'].'),
        (None, "and not None."),
    ],
)
def test_an_answer_it_cannot_have_changes_nothing(
    ask: Asks, journal: Journal, answer: str, says: str
) -> None:
    asked = ask(SINGLE)
    asked.answer("b")
    before, text = kinds(journal), repr(asked)
    with pytest.raises(BadResponse) as refused:
        asked.answer(answer)
    assert says in str(refused.value)
    assert (kinds(journal), repr(asked)) == (before, text)


def test_three_hints_and_the_last_one_stays(ask: Asks, journal: Journal) -> None:
    asked = ask(SINGLE)
    assert [repr(asked.hint()) for _ in range(4)] == [
        "Hint 1 of 3: RunTask starts and forgets.",
        "Hint 2 of 3: Something has to compare.",
        "Hint 3 of 3: It has a desired count.",
        "Hint 3 of 3: It has a desired count.",
    ]
    assert kinds(journal) == ["hinted"] * 3


def test_the_solution_is_shown_remembered_and_no_answer(ask: Asks, journal: Journal) -> None:
    asked = ask(ORDERING)
    letters = "".join(asked.letters(asked.question.key))
    assert repr(asked.solution()).splitlines() == [
        "Solution:",
        f"{letters[0]}) Scale the service to 0",
        f"{letters[1]}) Delete the service",
        f"{letters[2]}) Delete the cluster",
        "Nothing is deleted while something else stands on it.",
    ]
    assert asked.state.outcome == "not attempted"
    assert kinds(journal) == ["revealed"]
    asked.answer(letters)
    assert asked.state.outcome == "right"


def test_the_last_answer_is_there_again_in_a_new_kernel(ask: Asks) -> None:
    first = ask(SINGLE)
    first.answer("a")
    first.answer("b")
    again = ask(SINGLE)
    assert repr(again) == repr(first)
    assert again.state.feedback == (("task", "RunTask starts tasks and forgets them."),)
    assert again.form() == first.form()


def test_the_answer_belongs_to_its_lesson_and_its_question(ask: Asks) -> None:
    ask(SINGLE).answer("a")
    assert ask(SINGLE, lesson="other").state.outcome == "not attempted"
    assert ask(MULTIPLE).state.outcome == "not attempted"


def test_another_order_shows_the_same_answer_under_another_letter(
    sample: Bank, journal: Journal
) -> None:
    question = sample.question(SINGLE)
    letters = set()
    Checkpoint(question, Record("lesson", journal), seed="first").answer("service")
    for number in range(20):
        again = Checkpoint(question, Record("lesson", journal), seed=f"{number}")
        assert again.state.response == ("service",)
        letters.update(again.letters(again.state.response))
    assert len(letters) > 1


CHANGES = {
    "an option is gone": lambda one: {"options": one.options[::2]},
    "an option has another id": lambda one: {
        "options": (one.options[0], msgspec.structs.replace(one.options[1], id="new"))
    },
    "it asks for an order now": lambda one: {"kind": "ordering"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_question_that_has_changed_since_is_asked_anew(
    ask: Asks, change: Callable[[Question], dict[str, object]]
) -> None:
    first = ask(SINGLE)
    first.answer("b")
    changes = change(first.question)
    again = ask(SINGLE, **changes)
    assert again.state.outcome == "not attempted"
    assert "Not attempted yet" in repr(again)
    again.answer(" ".join(again.question.key))
    assert ask(SINGLE, **changes).state.outcome == "right"


def test_a_right_answer_whose_key_was_mended_is_graded_by_todays_key(ask: Asks) -> None:
    first = ask(SINGLE)
    first.answer("a")
    options = [
        msgspec.structs.replace(one, right=one.id == "cluster") for one in first.question.options
    ]
    assert ask(SINGLE, options=tuple(options)).state.outcome == "wrong"


def test_without_a_disk_it_works_and_says_what_is_not_saved(sample: Bank, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way", "utf-8")
    ask = Asks(sample, Journal(folder))
    asked = ask(SINGLE)
    for told in (asked.answer("a"), asked.hint(), asked.solution()):
        assert "could not be written" in told.lines[-1]
        assert "It is kept while this kernel runs" in told.lines[-1]
    assert asked.form().notice == asked.state.notice == told.lines[-1]
    assert ask(SINGLE).state.outcome == "right"
    folder.unlink()
    assert asked.answer("b").lines[0] == "Not right."
    assert asked.state.notice == ""
    assert kinds(Journal(folder)) == ["answered", "hinted", "revealed", "answered"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a Linux thing")
def test_with_a_full_disk_the_notice_names_it(ask: Asks, journal: Journal) -> None:
    asked = ask(SINGLE)
    journal.path.parent.mkdir()
    journal.path.symlink_to("/dev/full")
    assert "(No space left on device)" in asked.answer("a").lines[-1]
    journal.path.unlink()


def test_rubbish_in_the_journal_is_no_reason_to_fail(ask: Asks, journal: Journal) -> None:
    ask(SINGLE).answer("b")
    with journal.path.open("ab") as file:
        file.write(b"\xff\x00 rubbish \n" + b'{"v":2,"uid":"n","response":{"b":1}}\n{"v":1,"ui')
    assert ask(SINGLE).state.outcome == "wrong"
    ask(SINGLE).answer("a")
    assert ask(SINGLE).state.outcome == "right"


def test_markup_in_a_question_stays_text(ask: Asks) -> None:
    asked = ask(SINGLE, stem="What is <b>`web`</b> & why?")
    assert repr(asked).startswith("What is <b>`web`</b> & why?\n")


def test_listeners_hear_of_every_change(ask: Asks) -> None:
    heard: list[str] = []
    asked = ask(SINGLE)
    asked.listen(lambda: heard.append(asked.state.outcome))
    asked.answer("b")
    asked.hint()
    asked.answer("a")
    assert heard == ["wrong", "wrong", "right"]


def test_long_lines_are_wrapped(ask: Asks) -> None:
    told = Told(("word " * 100,))
    assert max(len(line) for line in repr(told).splitlines()) <= 96
    asked = ask(SINGLE, stem="word " * 100)
    assert max(len(line) for line in repr(asked).splitlines()) <= 96
