"""``questions``: the figures of the bank, what the linter says, and a proof shown."""

import json
import re

import pytest

from course import question_bank
from course.exam.blueprint import blueprint
from course.questions.bank import bank

FLOOR = {"items": 201, "proved": 84, "families": 28, "multiple_response": 41}
"""What the bank holds today; these numbers only rise. Where they are to get is in the verb's GOALS."""


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = question_bank.main(list(arguments))
    return status, capsys.readouterr().out


def test_there_is_as_much_as_there_was(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = told(capsys, "--json")
    counted = json.loads(out)
    assert {name: counted[name] >= least for name, least in FLOOR.items()} == dict.fromkeys(
        FLOOR, True
    )
    assert set(counted["goals"]) == set(FLOOR)
    assert all(counted["goals"][name] for name in FLOOR)


def test_machines_read_topics_task_statements_and_the_oldest_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out = told(capsys, "--json")
    counted = json.loads(out)
    assert status == 0
    assert set(counted["topics"]) == set(blueprint().topic)
    assert sum(one["items"] for one in counted["topics"].values()) == counted["items"]
    assert {"C02", "C03"} == set(counted["task_statements"])
    assert counted["task_statements"]["C03"]["2.1"] >= 10
    assert counted["task_statements"]["C02"]["3.4"] >= 10
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", counted["oldest_check"])
    items = [one for one in bank().questions.values() if one.topic]
    assert counted["oldest_check"] == min(source.checked for one in items for source in one.sources)


def test_people_read_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = told(capsys)
    assert status == 0
    assert re.search(r"items +\d+ of 180", out)
    assert re.search(r"proved +\d+ of 60", out)
    for topic in blueprint().topic:
        assert re.search(rf"^{topic} ", out, re.MULTILINE)


def test_the_linter_is_asked_by_the_same_verb(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = told(capsys, "--lint")
    assert status == (0 if "nothing to find" in out else 1)
    assert all(": " in line for line in out.splitlines() if "nothing to find" not in line)


def test_a_proof_shows_both_worlds(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = told(capsys, "--prove", "iam-logic-001")
    assert status == 0
    assert "as the stem has it:\n  seen:  no no no" in out
    assert "effect = 'Allow':\n  seen:  yes yes yes" in out
    assert "It holds." in out


@pytest.mark.parametrize("id", ["sec-duties-001", "no-such-001"])
def test_what_is_not_proved_says_so(id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert question_bank.main(["--prove", id]) == 2
    assert id in capsys.readouterr().err
