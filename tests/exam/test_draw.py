"""Drawing an exam: exact weights, no item twice, the same seed the same exam, topics by their share."""

from collections import Counter

import pytest

from course.exam.blueprint import domain_of, exam_version, seats, weights
from course.exam.draw import TooFewItems, draw, most
from course.questions.model import Question

Bank = dict[str, Question]


def test_a_thousand_exams_meet_the_weights_and_no_item_comes_twice(questions: Bank) -> None:
    pool = list(questions.values())
    drawn_at_all: Counter[str] = Counter()
    for version in ("C03", "C02"):
        expected = seats(weights(exam_version(version)), 65)
        for seed in range(500):
            drawn = draw(pool, version, str(seed), 65)
            ids = [one.id for one in drawn]
            assert len(set(ids)) == 65
            assert Counter(domain_of(one, version) for one in drawn) == expected
            drawn_at_all.update(ids)
    assert set(drawn_at_all) == set(questions)


def test_the_same_seed_draws_the_same_exam_whatever_the_order_of_the_bank(questions: Bank) -> None:
    pool = list(questions.values())
    assert draw(pool, "C03", "7", 65) == draw(pool[::-1], "C03", "7", 65)


def test_another_seed_draws_another_exam(questions: Bank) -> None:
    pool = list(questions.values())
    drawn = {tuple(one.id for one in draw(pool, "C03", str(seed), 65)) for seed in range(20)}
    assert len(drawn) == 20


def test_each_topic_has_its_share_of_its_domain(questions: Bank) -> None:
    """Three topics of one size share the 20 items of domain 1: six or seven each."""
    for seed in range(50):
        drawn = draw(list(questions.values()), "C03", str(seed), 65)
        topics = Counter(one.topic for one in drawn if domain_of(one, "C03") == 1)
        assert set(topics.values()) <= {6, 7}


def test_a_bank_that_is_too_small_says_of_what_it_has_too_little(questions: Bank) -> None:
    pool = [one for one in questions.values() if one.topic != "identity"]
    with pytest.raises(TooFewItems, match=r"17 of 65 items in domain 2, and the bank holds 14"):
        draw(pool, "C03", "1", 65)


def test_the_longest_exam_that_a_small_bank_fills(questions: Bank) -> None:
    pool = list(questions.values())
    assert most(pool, "C03", 65) == 65
    few = [one for one in pool if one.topic != "secrets"]  # 14 are left in domain 2
    longest = most(few, "C03", 65)
    assert len(draw(few, "C03", "1", longest)) == longest == 55
    assert most([], "C03", 65) == 0
