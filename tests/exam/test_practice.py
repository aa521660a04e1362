"""What there is to practise: by topic, lesson, version or weakness, those most needed first."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from course.exam.practice import NothingToPractise, chosen, varied
from course.progress.events import new_event
from course.progress.record import Record
from course.progress.summary import Summary, fold
from course.questions.model import Question

Bank = dict[str, Question]
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def answered(record: Record, id: str, outcome: str) -> None:
    record.remember("answered", id, response=("first",), outcome=outcome)


def test_a_quick_ten(questions: Bank, record: Record) -> None:
    assert len(set(chosen(questions, record.summary()))) == 10


def test_by_topic(questions: Bank, record: Record) -> None:
    drawn = chosen(questions, record.summary(), topic="images", items=5)
    assert Counter(one.topic for one in drawn) == {"images": 5}


def test_a_misspelt_topic_is_told_the_nearest(questions: Bank, record: Record) -> None:
    with pytest.raises(LookupError, match="did you mean 'images'"):
        chosen(questions, record.summary(), topic="image")


def test_by_lesson_and_none_there(questions: Bank, record: Record) -> None:
    assert chosen(questions, record.summary(), lesson="fargate-tutorial")
    with pytest.raises(NothingToPractise, match="there are items of fargate-tutorial"):
        chosen(questions, record.summary(), lesson="twelve-factor")


def test_by_version(questions: Bank, record: Record) -> None:
    only = {id: one for id, one in questions.items() if "C02:3.3" in one.exam}
    assert {one.topic for one in chosen(only, record.summary(), exam="C02")} == {"objects"}
    with pytest.raises(LookupError, match="C03 and C02"):
        chosen(questions, record.summary(), exam="C01")


def test_what_was_missed_comes_first_and_what_was_right_last(
    questions: Bank, record: Record
) -> None:
    topic = [one.id for one in questions.values() if one.topic == "images"]
    for id in topic[:3]:
        answered(record, id, "wrong")
    for id in topic[3:8]:
        answered(record, id, "right")
    drawn = [one.id for one in chosen(questions, record.summary(), topic="images", items=14)]
    assert set(drawn[:3]) == set(topic[:3])
    assert set(drawn[-5:]) == set(topic[3:8])


def test_weak_is_what_was_answered_and_is_not_right(questions: Bank, record: Record) -> None:
    with pytest.raises(NothingToPractise, match="Nothing is weak"):
        chosen(questions, record.summary(), weak=True)
    wrong = next(iter(questions))
    answered(record, wrong, "wrong")
    assert [one.id for one in chosen(questions, record.summary(), weak=True)] == [wrong]


def test_questions_of_lessons_without_a_topic_are_no_exam_items(record: Record) -> None:
    from course.questions.bank import bank

    plain = {id: one for id, one in bank().questions.items() if not one.topic}
    with pytest.raises(NothingToPractise):
        chosen(plain, record.summary())


def told(*given: tuple[str, str]) -> Summary:
    return fold(new_event(AT, "answered", "any", id, outcome=outcome) for id, outcome in given)


def test_five_families_with_values_that_change_once_one_is_answered() -> None:
    first = varied(Summary())
    assert len(first) == len({family_of(one) for one in first}) == 5
    assert [one.id for one in varied(Summary())] == [one.id for one in first]
    after = varied(told((first[0].id, "right")), items=99)
    assert {one.id for one in after}.isdisjoint(one.id for one in first)
    assert {family_of(one) for one in first} <= {family_of(one) for one in after}


def test_a_family_that_was_missed_comes_first_and_one_that_was_right_last() -> None:
    wrong, right, *_ = varied(Summary())
    order = varied(told((wrong.id, "wrong"), (right.id, "right")), items=99)
    assert family_of(order[0]) == family_of(wrong)
    assert family_of(order[-1]) == family_of(right)


def test_variations_of_a_topic_and_of_one_without_any() -> None:
    assert {one.topic for one in varied(Summary(), topic="scaling", items=99)} == {"scaling"}
    with pytest.raises(NothingToPractise, match=r"belongs to 'ai'; there are some of .*scaling"):
        varied(Summary(), topic="ai")
    with pytest.raises(LookupError, match="did you mean 'scaling'"):
        varied(Summary(), topic="scalling")


def family_of(question: Question) -> str:
    return question.id.rpartition("-")[0]
