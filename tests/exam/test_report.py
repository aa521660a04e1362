"""The report: weakest first, sure but wrong before all, each miss with where to read and practise."""

from collections.abc import Callable

import pytest

from course.curriculum.handout import Cell
from course.exam.attempt import fold
from course.exam.mock import MockExam
from course.exam.report import Report, lesson_of, page_of, practice_for, report
from course.exam.score import Score
from course.progress.record import Record
from course.questions.model import Question

from .conftest import item

Opened = Callable[..., MockExam]
Bank = dict[str, Question]


def taken(mock: MockExam, wrong_topics: set[str], sure: str = "") -> Score:
    """Answer everything right but the items of these topics; *sure* is one of them, said with confidence."""
    mock.begin()
    for number in range(1, 66):
        question = mock.go(number)._question()
        if question.topic in wrong_topics:
            several = question.kind == "multiple"
            mock.answer("third fourth" if several else "third", sure=question.topic == sure)
        else:
            mock.answer(" ".join(question.key), sure=True)
    mock.submit()
    return mock.score()


def reported(record: Record, questions: Bank) -> Report:
    attempts = fold(record.events())
    return report(attempts[-1], questions, attempts)


def test_the_weakest_domain_and_topic_come_first(exam: Opened) -> None:
    score = taken(exam(), {"identity"})
    domains = [(one.name, one.percent) for one in score.by_domain()]
    assert domains[0][0] == "2"
    assert [percent for _, percent in domains[1:]] == [100, 100, 100]
    assert (score.by_topic()[0].name, score.by_topic()[0].percent) == ("identity", 0)


def test_sure_but_wrong_comes_before_a_weaker_topic(exam: Opened) -> None:
    score = taken(exam(), {"identity", "images"}, sure="images")
    first, *rest = score.missed()
    assert first.sure_but_wrong
    assert first.question.topic == "images"
    sure = [one.sure_but_wrong for one in (first, *rest)]
    assert sure == sorted(sure, reverse=True)


def test_an_open_item_is_wrong_and_never_sure(exam: Opened) -> None:
    mock = exam(items=10).begin()
    mock.answer("third", sure=True).answer("")
    mock.submit()
    assert mock.score().right == 0
    assert not any(one.sure_but_wrong for one in mock.score().items)


def test_a_miss_leads_to_lesson_section_page_and_exercise(
    exam: Opened, record: Record, questions: Bank
) -> None:
    taken(exam(), {"identity"}, sure="identity")
    told = repr(reported(record, questions))
    for words in (
        "were sure of come first",
        "05 A first service on Fargate: Services",
        "https://docs.aws.amazon.com/page",
        "You chose: The third one.",
        "Right: The first one.",
    ):
        assert words in told, words


def test_an_exercise_of_the_same_objective_is_named_before_one_of_the_lesson() -> None:
    question = item("images", 1)
    assert practice_for(question) == "fargate-service-101"
    assert lesson_of(question) == "05 A first service on Fargate: Services"
    assert page_of(question) == Cell("A page", link="https://docs.aws.amazon.com/page")


def test_all_attempts_are_listed_once_there_are_two(
    exam: Opened, record: Record, questions: Bank
) -> None:
    taken(exam(), {"identity"})
    assert "All attempts" not in repr(reported(record, questions))
    taken(exam(new=True), set())
    told = repr(reported(record, questions))
    assert "All attempts" in told
    assert "100 %" in told


def test_nothing_missed_says_so(exam: Opened, record: Record, questions: Bank) -> None:
    taken(exam(), set())
    assert "Nothing was missed." in repr(reported(record, questions))


def test_a_notebook_gets_tables(exam: Opened, record: Record, questions: Bank) -> None:
    taken(exam(), {"identity"})
    bundle = reported(record, questions)._repr_mimebundle_()
    assert bundle["text/html"].count("<table>") == 3
    assert "not a scaled score" in bundle["text/html"]


@pytest.mark.parametrize(("right", "asked", "percent"), [(0, 0, 0), (64, 65, 98), (65, 65, 100)])
def test_percent_is_rounded_down(right: int, asked: int, percent: int) -> None:
    from course.exam.score import percent as reckoned

    assert reckoned(right, asked) == percent
