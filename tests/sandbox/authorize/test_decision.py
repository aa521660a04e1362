"""Allowed or denied, and why: tables of policies, and what is always so."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.authorize.decision import BOUNDARY, IDENTITY, RESOURCE, Decision, decide
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal

ROLE = "arn:aws:iam::123456789012:role/team/web"
WHO = Principal(
    arn="arn:aws:sts::123456789012:assumed-role/web/1f22e0b0", account="123456789012", role=ROLE
)
REPOSITORY = "arn:aws:ecr:us-east-1:123456789012:repository/web"


def policy(
    *statements: dict[str, Any], name: str = "policy", version: str = "2012-10-17"
) -> Policy:
    return read_policy(name, json.dumps({"Version": version, "Statement": list(statements)}))


def allow(**members: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": "*"} | members


def deny(**members: Any) -> dict[str, Any]:
    return allow(Effect="Deny", **members)


def without(statement: dict[str, Any], *members: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key not in members}


def asked(action: str = "ecr:BatchGetImage", resource: str = REPOSITORY, **known: Any) -> Request:
    return Request(WHO, action, resource, context(known))


def told(decision: Decision) -> tuple[bool, str, bool]:
    return decision.allowed, decision.kind, decision.explicit


@pytest.mark.parametrize(
    ("statements", "allowed", "explicit"),
    [
        ([], False, False),
        ([allow()], True, True),
        ([allow(Action="ECR:batchGET*")], True, True),
        ([allow(Action=["s3:*", "ecr:*"])], True, True),
        ([allow(Action="s3:*")], False, False),
        ([allow(Resource=REPOSITORY)], True, True),
        ([allow(Resource=REPOSITORY.upper())], False, False),
        ([allow(Resource="arn:aws:ecr:*:*:repository/w?b")], True, True),
        ([allow(Resource="arn:aws:ecr:*:*:repository/other")], False, False),
        ([without(allow(NotAction="s3:*"), "Action")], True, True),
        ([without(allow(NotAction="ecr:*"), "Action")], False, False),
        ([without(allow(NotResource=[REPOSITORY]), "Resource")], False, False),
        ([without(allow(NotResource="arn:aws:s3:::*"), "Resource")], True, True),
        ([allow(), deny()], False, True),
        ([deny(), allow()], False, True),
        ([allow(), deny(Resource="arn:aws:ecr:*:*:repository/other")], True, True),
        ([allow(Condition={"Bool": {"aws:SecureTransport": "true"}})], False, False),
        ([allow(Effect="allow")], False, False),
        ([without(allow(), "Effect")], False, False),
        ([without(allow(), "Action")], False, False),
        ([allow(Action=7)], False, False),
        ([allow(Action=[])], False, False),
    ],
)
def test_identity_policies(statements: list[Any], allowed: bool, explicit: bool) -> None:
    assert told(decide(asked(), [policy(*statements)])) == (allowed, IDENTITY, explicit)


def test_one_of_several_policies_is_enough_and_one_deny_too() -> None:
    elsewhere = policy(allow(Action="s3:*"))
    assert decide(asked(), [elsewhere, policy(allow())]).allowed
    assert not decide(asked(), [elsewhere, policy(allow()), policy(deny())]).allowed


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ROLE}, True),
        ({"AWS": [WHO.arn, "arn:aws:iam::123456789012:user/ana"]}, True),
        ({"AWS": "arn:aws:iam::123456789012:role/web"}, False),  # the path belongs to the name
        ({"AWS": "arn:aws:iam::123456789012:root"}, False),  # leaves it to the account's policies
        ({"AWS": "123456789012"}, False),
        ({"Service": "ecs-tasks.amazonaws.com"}, False),
        ({"AWS": 7}, False),
        (None, False),
    ],
)
def test_a_resource_policy_of_the_same_account(principal: Any, allowed: bool) -> None:
    of_resource = policy(without(allow(Principal=principal), "Resource"))
    decision = decide(asked(), [], resource=of_resource)
    assert told(decision) == (allowed, RESOURCE if allowed else IDENTITY, allowed)


@pytest.mark.parametrize(
    ("not_principal", "allowed"),
    [({"AWS": ROLE}, True), ({"AWS": "arn:aws:iam::123456789012:user/ana"}, False)],
)
def test_a_deny_to_everyone_but_some(not_principal: Any, allowed: bool) -> None:
    of_resource = policy(deny(NotPrincipal=not_principal))
    assert decide(asked(), [policy(allow())], resource=of_resource).allowed is allowed


def test_an_account_named_in_a_deny_is_everyone_in_it() -> None:
    of_resource = policy(deny(Principal={"AWS": "123456789012"}))
    assert told(decide(asked(), [policy(allow())], resource=of_resource)) == (False, RESOURCE, True)


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        (False, False, (False, IDENTITY, False)),
        (False, True, (False, IDENTITY, False)),
        (True, False, (False, RESOURCE, False)),
        (True, True, (True, IDENTITY, True)),
    ],
)
def test_across_accounts_both_sides_have_to_say_yes(
    identity: bool, resource: bool, expected: Any
) -> None:
    theirs = policy(allow(Principal={"AWS": "arn:aws:iam::123456789012:root"}))
    mine = [policy(allow())] if identity else []
    decision = decide(asked(), mine, resource=theirs if resource else None, owner="210987654321")
    assert told(decision) == expected


@pytest.mark.parametrize(
    ("boundary", "principal", "expected"),
    [
        (allow(), None, (True, IDENTITY, True)),
        (allow(Action="s3:*"), None, (False, BOUNDARY, False)),
        (deny(), None, (False, BOUNDARY, True)),
        (allow(Action="s3:*"), {"AWS": ROLE}, (False, BOUNDARY, False)),
        (allow(Action="s3:*"), {"AWS": WHO.arn}, (True, RESOURCE, True)),
    ],
)
def test_a_boundary_limits_what_identity_policies_allow(
    boundary: Any, principal: Any, expected: Any
) -> None:
    of_resource = policy(allow(Principal=principal)) if principal else None
    decision = decide(asked(), [policy(allow())], resource=of_resource, boundary=policy(boundary))
    assert told(decision) == expected


def test_a_boundary_allows_nothing_by_itself() -> None:
    assert told(decide(asked(), [], boundary=policy(allow()))) == (False, IDENTITY, False)


def test_the_statement_that_decided_is_named() -> None:
    first, second = (
        policy(allow(Action="s3:*"), name="first"),
        policy(allow(Sid="Pull"), name="two"),
    )
    decision = decide(asked(), [first, second])
    assert decision.statement and (decision.policy, decision.statement.sid) == ("two", "Pull")


HEAD = (
    "User: arn:aws:sts::123456789012:assumed-role/web/1f22e0b0 is not authorized to perform: "
    "ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/web "
)


@pytest.mark.parametrize(
    ("decision", "tail"),
    [
        (
            decide(asked(), []),
            "because no identity-based policy allows the ecr:BatchGetImage action",
        ),
        (
            decide(asked(), [policy(allow())], owner="210987654321"),
            "because no resource-based policy allows the ecr:BatchGetImage action",
        ),
        (
            decide(asked(), [policy(allow())], boundary=policy()),
            "because no permissions boundary allows the ecr:BatchGetImage action",
        ),
        (decide(asked(), [policy(deny())]), "with an explicit deny in an identity-based policy"),
        (
            decide(asked(), [], resource=policy(deny(Principal="*"))),
            "with an explicit deny in a resource-based policy",
        ),
        (
            decide(asked(), [], boundary=policy(deny())),
            "with an explicit deny in a permissions boundary",
        ),
    ],
)
def test_denials_are_in_the_words_of_aws(decision: Decision, tail: str) -> None:
    assert decision.denial == HEAD + tail


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_variables_need_the_newer_version(version: Any) -> None:
    own = allow(Resource="arn:aws:ecr:us-east-1:123456789012:repository/${aws:username}")
    request = asked(**{"aws:username": "web"})
    assert decide(request, [policy(own)]).allowed
    assert not decide(request, [policy(own, version=version)]).allowed


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "null", '{"Statement": 3}', "{}", "[" * 100_000, '{"Statement": [7]}'],
)
def test_what_is_no_policy_says_nothing(text: str) -> None:
    assert read_policy("broken", text).statements == ()


def test_one_statement_needs_no_list() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": allow()})
    assert decide(asked(), [read_policy("one", text)]).allowed


STATEMENTS = st.lists(
    st.builds(
        lambda effect, action, resource: allow(Effect=effect, Action=action, Resource=resource),
        st.sampled_from(["Allow", "Deny"]),
        st.sampled_from(["ecr:*", "ecr:BatchGetImage", "s3:*", "*"]),
        st.sampled_from(["*", REPOSITORY, "arn:aws:s3:::*"]),
    ),
    max_size=6,
)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_a_deny_wins_order_never_matters_and_an_allow_never_denies(
    statements: list[dict[str, Any]], chance: Any
) -> None:
    decision = decide(asked(), [policy(*statements)])
    assert not decide(asked(), [policy(*statements, deny())]).allowed
    assert not decision.allowed or decide(asked(), [policy(*statements, allow())]).allowed
    chance.shuffle(statements)
    assert decide(asked(), [policy(one) for one in statements]).allowed is decision.allowed
