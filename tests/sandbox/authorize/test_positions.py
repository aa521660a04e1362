"""Where statements stand in the text of a policy."""

import json

import pytest

from course.sandbox.authorize.positions import statements_at

LINES = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow"},
    {
      "Effect": "Deny"
    }
  ]
}"""


def test_each_statement_from_its_brace_to_past_its_brace() -> None:
    assert statements_at(LINES) == [((4, 5), (4, 24)), ((5, 5), (7, 6))]


def test_one_statement_may_stand_without_a_list() -> None:
    assert statements_at('{"Statement": {"Effect": "Allow"}}') == [((1, 15), (1, 34))]


def test_members_before_it_are_passed_over() -> None:
    text = json.dumps({"Id": "a {[", "Version": "x", "Statement": [{"Sid": "}]"}]})
    ((start, end),) = statements_at(text)
    assert json.loads(text[start.column - 1 : end.column - 1]) == {"Sid": "}]"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"Version": "x"}', '{"Statement"', "{" * 9, "null"]
)
def test_what_is_no_policy_has_none(text: str) -> None:
    assert statements_at(text) == []
