"""The policy simulator answers what the sandbox would decide, and by which statement."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from course.sandbox.authorize.positions import statements_at
from course.sandbox.world import ACCOUNT_ID

USER = f"arn:aws:iam::{ACCOUNT_ID}:user/dev"
ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}"
CLUSTER = f"{ECS}:cluster/lab"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def says(effect: str, action: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


LOOK = document(says("Allow", "ecs:Describe*"))
NEVER = document(says("Allow", "ecs:*"), says("Deny", "ecs:Delete*"))


@pytest.fixture
def iam(lab: Any) -> Any:
    return lab.aws.client("iam")


def decisions(answer: dict[str, Any]) -> dict[str, str]:
    return {one["EvalActionName"]: one["EvalDecision"] for one in answer["EvaluationResults"]}


def test_policies_that_nobody_has(iam: Any) -> None:
    answer = iam.simulate_custom_policy(
        PolicyInputList=[NEVER],
        ActionNames=["ecs:DeleteCluster", "ecs:ListClusters", "s3:GetObject"],
    )
    assert decisions(answer) == {
        "ecs:DeleteCluster": "explicitDeny",
        "ecs:ListClusters": "allowed",
        "s3:GetObject": "implicitDeny",
    }


def test_the_statement_that_decided_is_pointed_at(iam: Any) -> None:
    answer = iam.simulate_custom_policy(
        PolicyInputList=[LOOK, NEVER], ActionNames=["ecs:DeleteCluster"]
    )
    (matched,) = answer["EvaluationResults"][0]["MatchedStatements"]
    assert (matched["SourcePolicyId"], matched["SourcePolicyType"]) == ("PolicyInputList.2", "none")
    lines = NEVER.splitlines()[
        matched["StartPosition"]["Line"] - 1 : matched["EndPosition"]["Line"]
    ]
    assert json.loads("".join(lines)) == says("Deny", "ecs:Delete*")


def test_what_a_user_may_is_what_calls_get(lab: Any, iam: Any) -> None:
    iam.create_user(UserName="dev")
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="dev")
    iam.put_user_policy(UserName="dev", PolicyName="look", PolicyDocument=LOOK)
    iam.put_group_policy(GroupName="team", PolicyName="never", PolicyDocument=NEVER)
    arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    iam.attach_user_policy(UserName="dev", PolicyArn=arn)
    actions = ["ecs:DescribeClusters", "ecs:DeleteCluster", "ecr:BatchGetImage", "ecr:PutImage"]
    results = iam.simulate_principal_policy(PolicySourceArn=USER, ActionNames=actions)
    found = {
        one["EvalActionName"]: (
            one["EvalDecision"],
            sorted({m["SourcePolicyType"] for m in one["MatchedStatements"]}),
        )
        for one in results["EvaluationResults"]
    }
    assert found == {
        "ecs:DescribeClusters": ("allowed", ["group", "user"]),
        "ecs:DeleteCluster": ("explicitDeny", ["group"]),
        "ecr:BatchGetImage": ("allowed", ["aws-managed"]),
        "ecr:PutImage": ("implicitDeny", []),
    }


def test_the_simulator_points_at_the_statement_that_why_names(lab: Any, iam: Any) -> None:
    """The call itself, ``lesson.why`` behind it and the simulator are one evaluator."""
    iam.create_user(UserName="dev")
    policies = {"look": LOOK, "never": NEVER}
    for name, text in policies.items():
        iam.put_user_policy(UserName="dev", PolicyName=name, PolicyDocument=text)
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    ecs = lab.aws.client("ecs", **keys)
    ecs.describe_clusters(clusters=["lab"])
    with pytest.raises(ClientError):
        ecs.delete_cluster(cluster="lab")
    for operation, statements in (
        ("DescribeClusters", [("look", 0), ("never", 0)]),
        ("DeleteCluster", [("never", 1)]),
    ):
        (made,) = lab.aws.decided(operation).decisions
        assert made.statement is not None
        asked = {"ActionNames": [f"ecs:{operation}"], "ResourceArns": [CLUSTER]}
        answer = iam.simulate_principal_policy(PolicySourceArn=USER, **asked)
        (result,) = answer["EvaluationResults"]
        matched = [
            (one["SourcePolicyId"], (one["StartPosition"]["Line"], one["StartPosition"]["Column"]))
            for one in result["MatchedStatements"]
        ]
        assert matched == [
            (name, tuple(statements_at(policies[name])[index][0])) for name, index in statements
        ]
        assert (made.policy, made.statement.index) == statements[0]


def test_a_statement_for_somebody_else_is_not_pointed_at(iam: Any) -> None:
    for_ops = says("Deny", "sqs:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT_ID}:user/ops"})
    for_dev = says("Allow", "sqs:*", Principal={"AWS": USER})
    for policies, decision, positions in (
        ([for_ops, for_dev], "allowed", 1),
        ([for_ops], "implicitDeny", 0),
    ):
        answer = iam.simulate_custom_policy(
            PolicyInputList=[LOOK], CallerArn=USER, ActionNames=["sqs:SendMessage"],
            ResourcePolicy=document(*policies),
        )  # fmt: skip
        (result,) = answer["EvaluationResults"]
        assert result["EvalDecision"] == decision
        assert len(result["MatchedStatements"]) == positions


def test_a_boundary_and_a_missing_key_are_told(iam: Any) -> None:
    blue = says("Allow", "ecs:*", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})
    answer = iam.simulate_custom_policy(
        PolicyInputList=[document(blue)],
        PermissionsBoundaryPolicyInputList=[LOOK],
        ActionNames=["ecs:DescribeClusters", "ecs:StopTask"],
        ResourceArns=[CLUSTER],
    )
    look, stop = answer["EvaluationResults"]
    assert (look["EvalDecision"], look["EvalResourceName"]) == ("implicitDeny", CLUSTER)
    assert look["MissingContextValues"] == ["aws:ResourceTag/team"]
    assert look["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}
    assert stop["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    known = [{"ContextKeyName": "aws:ResourceTag/team", "ContextKeyValues": ["blue"],
              "ContextKeyType": "string"}]  # fmt: skip
    answer = iam.simulate_custom_policy(
        PolicyInputList=[document(blue)], ActionNames=["ecs:StopTask"], ContextEntries=known
    )
    assert decisions(answer) == {"ecs:StopTask": "allowed"}


def test_a_resource_policy_may_allow_by_itself(iam: Any) -> None:
    policy = document(
        {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "*",
            "Principal": {"AWS": USER},
        }
    )
    answer = iam.simulate_custom_policy(
        PolicyInputList=[LOOK],
        ResourcePolicy=policy,
        CallerArn=USER,
        ActionNames=["sqs:SendMessage"],
        ResourceArns=[f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:orders"],
    )
    assert decisions(answer) == {"sqs:SendMessage": "allowed"}


def test_results_come_in_pages(iam: Any) -> None:
    given: dict[str, Any] = {"PolicyInputList": [LOOK], "ActionNames": ["a:B", "a:C", "a:D"]}
    first = iam.simulate_custom_policy(**given, MaxItems=2)
    assert (len(first["EvaluationResults"]), first["IsTruncated"]) == (2, True)
    rest = iam.simulate_custom_policy(**given, Marker=first["Marker"])
    assert ([one["EvalActionName"] for one in rest["EvaluationResults"]], rest["IsTruncated"]) == (
        ["a:D"],
        False,
    )


def test_what_is_not_there_or_no_policy_is_refused(iam: Any) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.simulate_principal_policy(PolicySourceArn=USER, ActionNames=["ecs:RunTask"])
    with pytest.raises(ClientError, match="InvalidInput"):
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=["ecs:RunTask"])
