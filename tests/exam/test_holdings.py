"""What an exam asks and what the bank holds: counted, and never more than there is."""

from datetime import UTC, datetime

import pytest

from course.exam.blueprint import blueprint
from course.exam.holdings import holdings
from course.exam.pool import items_for
from course.progress.events import new_event
from course.progress.summary import Summary, fold
from course.questions.bank import bank
from course.questions.model import Question

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("version", ["C03", "C02"])
def test_the_domains_of_a_mock_add_up_and_the_bank_can_fill_them(version: str) -> None:
    domains, topics = holdings(version, items_for(bank().questions, version), Summary()).parts
    assert [row[0].text for row in domains.rows][1] == "26 %"
    asked, held = ([int(row[place].text) for row in domains.rows] for place in (1, 2))
    assert f"Items in a mock, {sum(asked)} together" in domains.lead
    assert all(one <= there for one, there in zip(asked, held, strict=True))
    assert sum(held) == len(items_for(bank().questions, version))
    assert sum(int(row[1].text.split()[-1]) for row in topics.rows) == sum(held)


def test_a_topic_says_what_one_had_right_wherever_it_was(questions: dict[str, Question]) -> None:
    items = items_for(questions, "C03")
    first = next(one for one in items if one.topic == "secrets")
    told = [new_event(AT, "answered", "any", first.id, outcome="right")] * 2
    rows = {row[0].text: row[1].text for row in holdings("C03", items, fold(told)).parts[1].rows}
    count = len([one for one in items if one.topic == "secrets"])
    assert rows["secrets"] == f"1 of {count}"
    assert list(rows) == [name for name in blueprint().topic if name in rows]


def test_another_version_is_refused() -> None:
    with pytest.raises(LookupError, match="there are C03 and C02"):
        holdings("C09", (), Summary())
