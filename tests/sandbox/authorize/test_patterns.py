"""Wildcards, ARNs and policy variables."""

import pytest

from course.sandbox.authorize.patterns import arn_matches, context, matches

USER = context({"aws:username": "ana", "aws:PrincipalTag/team": "a*", "aws:many": ["x", "y"]})


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("ecr:*", "ecr:BatchGetImage", True),
        ("ecr:Batch*Image", "ecr:BatchGetImage", True),
        ("ecr:Get????", "ecr:GetItem", True),
        ("ecr:Get???", "ecr:GetItem", False),
        ("*", "", True),
        ("?", "", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a**c", "ac", True),
        ("*.*", "no full stop", False),
        ("[ab]", "a", False),
        ("a*", "A1", False),
        ("a*", "a\nb", True),
    ],
)
def test_stars_and_question_marks(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


def test_case_counts_unless_told_otherwise() -> None:
    assert matches("ECR:batch*", "ecr:BatchGetImage", ignore_case=True)
    assert not matches("ECR:batch*", "ecr:BatchGetImage")


def test_without_wildcards_a_star_is_a_star() -> None:
    assert matches("a*", "a*", wildcards=False)
    assert not matches("a*", "ab", wildcards=False)


def test_no_pattern_takes_long() -> None:
    assert not matches("*a" * 60 + "b", "a" * 5000)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("home/${aws:username}/*", "home/ana/x", True),
        ("home/${AWS:UserName}", "home/ana", True),
        ("home/${aws:username}/*", "home/bob/x", False),
        ("${aws:PrincipalTag/team}", "a*", True),
        ("${aws:PrincipalTag/team}", "ab", False),  # a value's star is a star
        ("${aws:unknown}", "", False),
        ("*${aws:unknown}*", "anything", False),
        ("${aws:unknown, 'guest'}", "guest", True),
        ("${aws:username, 'guest'}", "ana", True),
        ("${aws:many}", "x", False),
        ("100${*}", "100*", True),
        ("100${*}", "1000", False),
        ("${$}{x}", "${x}", True),
    ],
)
def test_policy_variables(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text, USER) is fits


def test_where_there_are_no_variables_the_text_stands_for_itself() -> None:
    assert matches("${aws:username}", "${aws:username}")
    assert not matches("${aws:username}", "ana")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("arn:aws:ecs:us-east-1:123456789012:task/lab/1", True),
        ("arn:aws:ecs:*:123456789012:*", True),
        ("arn:aws:ecs:us-east-1:123456789012:task/*", True),
        ("arn:aws:*:123456789012:task/lab/1", False),  # a star stays within its part
        ("arn:aws:ecs:eu-*:123456789012:*", False),
        ("arn:aws:ecs:*:*:task/${ecs:cluster}/*", True),
        ("arn:aws:ecs:*:*:task/${ecs:unknown}/*", False),
        ("arn:aws:ecs:*", False),
        ("*", True),
    ],
)
def test_each_part_of_an_arn_fits_on_its_own(pattern: str, fits: bool) -> None:
    task = "arn:aws:ecs:us-east-1:123456789012:task/lab/1"
    assert arn_matches(pattern, task, context({"ecs:cluster": "lab"})) is fits
