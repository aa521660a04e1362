"""What holds of the evaluator whatever the policies are: laws, on policies made by chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from course.sandbox.authorize.conditions import holds
from course.sandbox.authorize.decision import Decision, decide
from course.sandbox.authorize.patterns import Context, context, matches
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal

ACCOUNT, ROLE = "123456789012", "arn:aws:iam::123456789012:role/web"
SESSION = Principal(f"arn:aws:sts::{ACCOUNT}:assumed-role/web/one", ACCOUNT, ROLE)
WEB = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/web"
ALL = {"Action": "*", "Resource": "*"}

Statement = dict[str, Any]

ACTIONS = ["ecr:BatchGetImage", "ecr:*", "ecr:Batch*", "*", "s3:*", "ecr:PutImage"]
RESOURCES = [WEB, "*", "arn:aws:ecr:*:*:repository/*", "arn:aws:s3:::*", f"{WEB}-other"]
PRINCIPALS = ["*", {"AWS": SESSION.arn}, {"AWS": ROLE}, {"AWS": ACCOUNT},
              {"AWS": "arn:aws:iam::123456789012:user/ops"}, {"Service": "ecs.amazonaws.com"}]  # fmt: skip
CONDITIONS = [
    None,
    {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": ["blue", "red"]}},
    {"StringLikeIfExists": {"aws:PrincipalTag/team": "b*"}},
    {"Null": {"aws:PrincipalTag/team": "true"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}},
]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def statements(draw: st.DrawFn, *, of_resource: bool = False) -> Statement:
    made: Statement = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(some(ACTIONS))
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(some(RESOURCES))
    condition = draw(st.sampled_from(CONDITIONS))
    if condition:
        made["Condition"] = condition
    if of_resource:
        made["Principal"] = draw(st.sampled_from(PRINCIPALS))
    return made


POLICIES = st.lists(st.lists(statements(), max_size=3), max_size=3)
LIMITS = st.none() | st.lists(statements(), max_size=3)
OF_RESOURCE = st.lists(statements(of_resource=True), max_size=3)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "aws:PrincipalTag/team": st.sampled_from(["blue", "red", "green"]),
        "aws:TagKeys": st.lists(st.sampled_from(["team", "cost", "owner"]), max_size=3),
        "aws:MultiFactorAuthAge": st.sampled_from(["5", "600"]),
    },
)


class World(NamedTuple):
    """All policies that have a say, as statements, and what is known of the request."""

    identity: list[list[Statement]]
    resource: list[Statement]
    boundary: list[Statement] | None
    session: list[Statement] | None
    known: dict[str, Any]
    closed: bool


WORLDS = st.builds(World, POLICIES, OF_RESOURCE, LIMITS, LIMITS, CONTEXTS, st.booleans())


def policy(written: Sequence[Statement], name: str = "p") -> Policy:
    return read_policy(name, json.dumps({"Version": "2012-10-17", "Statement": list(written)}))


def request(known: dict[str, Any]) -> Request:
    return Request(SESSION, "ecr:BatchGetImage", WEB, context(known))


def decided(world: World) -> Decision:
    return decide(
        request(world.known),
        [policy(one, f"p{number}") for number, one in enumerate(world.identity)],
        resource=policy(world.resource),
        boundary=None if world.boundary is None else policy(world.boundary),
        session=None if world.session is None else policy(world.session),
        closed=world.closed,
    )


def places(world: World, statement: Statement) -> list[World]:
    """The same world with one statement more, in each place where it can stand."""
    named = statement | {"Principal": "*"}
    found = [world._replace(identity=[*world.identity, [statement]])]
    found.append(world._replace(resource=[*world.resource, named]))
    if world.boundary is not None:
        found.append(world._replace(boundary=[*world.boundary, statement]))
    if world.session is not None:
        found.append(world._replace(session=[*world.session, statement]))
    return found


@given(WORLDS)
def test_an_explicit_deny_wins_wherever_it_stands(world: World) -> None:
    for one in places(world, {"Effect": "Deny", **ALL}):
        made = decided(one)
        assert (made.allowed, made.explicit) == (False, True)


@given(WORLDS, statements())
def test_one_more_allow_never_denies_and_one_more_deny_never_allows(
    world: World, more: Statement
) -> None:
    before = decided(world).allowed
    for one in places(world, more):
        after = decided(one).allowed
        assert after >= before if more["Effect"] == "Allow" else after <= before


@given(WORLDS, st.randoms(use_true_random=False))
def test_neither_order_nor_which_policy_holds_a_statement_matters(
    world: World, chance: Any
) -> None:
    single = [[one] for one in chain.from_iterable(world.identity)]
    chance.shuffle(single)
    resource = list(world.resource)
    chance.shuffle(resource)
    other = world._replace(identity=single, resource=resource)
    assert decided(other).allowed is decided(world).allowed


@given(WORLDS)
def test_boundaries_session_policies_and_closed_resources_only_narrow(world: World) -> None:
    wide = decided(world._replace(boundary=None, session=None, closed=False)).allowed
    for one in (
        world,
        world._replace(boundary=None),
        world._replace(session=None),
        world._replace(closed=True),
    ):
        assert decided(one).allowed <= wide


@given(WORLDS)
def test_the_statement_that_is_named_does_speak_of_the_request(world: World) -> None:
    made = decided(world)
    if made.statement:
        assert made.statement.allows is made.allowed
        assert made.statement.speaks_of(made.request)
        assert any(made.statement in one.statements for _, one in made.looked_at)
    else:
        assert not made.allowed


@given(st.sampled_from(["Action", "Resource"]), some(ACTIONS), some(RESOURCES))
def test_not_action_and_not_resource_are_the_rest(
    element: str, actions: list[str], resources: list[str]
) -> None:
    """Of an action and its NotAction exactly one speaks of a request; so of resources."""
    listed = actions if element == "Action" else resources
    positive = {"Effect": "Allow", **ALL, element: listed}
    negative = {key: value for key, value in positive.items() if key != element}
    both = [decide(request({}), [policy([one])]).allowed
            for one in (positive, negative | {f"Not{element}": listed})]  # fmt: skip
    assert sorted(both) == [False, True]


LETTERS = st.text("aB1:/-*?", max_size=12)


@given(LETTERS, st.text("aB1:/-", max_size=12), st.data())
def test_a_star_in_place_of_a_part_matches_no_less(pattern: str, text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(pattern)))
    end = data.draw(st.integers(start, len(pattern)))
    wider = f"{pattern[:start]}*{pattern[end:]}"
    assert matches(wider, text) >= matches(pattern, text)
    assert matches("*", text) and matches(text, text)


@given(st.text("aB1:/-", max_size=8), st.data())
def test_a_question_mark_is_one_letter(text: str, data: Any) -> None:
    assume(text)
    place = data.draw(st.integers(0, len(text) - 1))
    pattern = f"{text[:place]}?{text[place + 1 :]}"
    assert matches(pattern, text)
    assert not matches(pattern, text[:place] + text[place + 1 :])


NEGATED = [("StringEquals", "StringNotEquals"), ("StringLike", "StringNotLike"),
           ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"), ("ArnLike", "ArnNotLike"),
           ("NumericEquals", "NumericNotEquals"), ("DateEquals", "DateNotEquals"),
           ("IpAddress", "NotIpAddress")]  # fmt: skip
VALUES = ["blue", "Blue", "b*", "5", "5.0", "2026-11-02T09:00:00Z", "10.0.0.1", "10.0.0.0/8", WEB]


@given(st.sampled_from(NEGATED), st.lists(st.sampled_from(VALUES), min_size=1, max_size=3),
       st.sampled_from([*VALUES, None]))  # fmt: skip
def test_a_negated_operator_is_the_opposite_and_if_exists_lets_what_is_missing_pass(
    pair: tuple[str, str], wanted: list[str], value: str | None
) -> None:
    known: Context = context({} if value is None else {"k": value})
    plain, negated = (holds({one: {"k": wanted}}, known) for one in pair)
    assert plain is not negated
    for name in pair:
        there = holds({f"{name}IfExists": {"k": wanted}}, known)
        assert there is (True if value is None else holds({name: {"k": wanted}}, known))
    assert holds({"Null": {"k": "true"}}, known) is (value is None)
    assert holds({"Null": {"k": "false"}}, known) is (value is not None)


@given(st.lists(st.sampled_from("abc"), max_size=4), st.lists(st.sampled_from("abc"), min_size=1))
def test_for_all_and_for_any(values: list[str], wanted: list[str]) -> None:
    """A set within another, and a set that meets it; of nothing at all the first holds alone."""
    known = context({"k": values})
    every = holds({"ForAllValues:StringEquals": {"k": wanted}}, known)
    some_of_it = holds({"ForAnyValue:StringEquals": {"k": wanted}}, known)
    assert every is (set(values) <= set(wanted))
    assert some_of_it is bool(set(values) & set(wanted))


@given(st.text("ab*?${}", min_size=1, max_size=6), st.text("ab*?${}", max_size=6))
def test_the_value_of_a_variable_is_taken_literally(value: str, other: str) -> None:
    """Whatever characters it holds: a user who is called ``*`` owns nobody else's things."""
    known = context({"aws:username": value})
    assert matches("home/${aws:username}", f"home/{value}", known)
    assert matches("home/${aws:username}", f"home/{other}", known) is (other == value)
