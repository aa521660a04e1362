"""RunTask by its client token, as "Ensuring idempotency" of AWS's API reference has it (2026)."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


def test_the_same_call_again_starts_nothing_and_has_the_same_answer(lab: Any) -> None:
    arns = lab.run(2, clientToken="t")
    lab.clock.advance(minutes=1)
    assert lab.run(2, clientToken="t") == arns
    assert sorted(lab.arns()) == sorted(arns)


def test_the_answer_shows_the_tasks_as_they_are_now(lab: Any) -> None:
    given = {
        "cluster": "lab",
        "taskDefinition": "web",
        "launchType": "FARGATE",
        "networkConfiguration": lab.network(),
        "count": 2,
        "clientToken": "t",
    }
    kept, stopped = (task["taskArn"] for task in lab.ecs.run_task(**given)["tasks"])
    lab.stop(stopped)
    lab.clock.advance(minutes=5)
    first, second = lab.ecs.run_task(**given)["tasks"]
    assert first == lab.task(kept) | {"tags": []} and first["lastStatus"] == "RUNNING"
    assert second == {"taskArn": stopped, "lastStatus": "STOPPED", "desiredStatus": "STOPPED"}


@pytest.mark.parametrize("changes", [{"count": 3}, {"startedBy": "me"}, {"tags": []}])
def test_with_other_parameters_it_is_a_conflict(lab: Any, changes: dict[str, Any]) -> None:
    arns = lab.run(2, clientToken="t")
    with pytest.raises(ClientError) as raised:
        lab.run(**{"count": 2, "clientToken": "t", **changes})
    assert raised.value.response["Error"]["Code"] == "ConflictException"
    assert raised.value.response["resourceIds"] == arns  # type: ignore[typeddict-item]
    assert len(lab.arns()) == 2


def test_a_token_belongs_to_one_cluster_of_one_region(lab: Any) -> None:
    first = lab.run(clientToken="t")
    lab.ecs.create_cluster(clusterName="other")
    assert lab.run(clientToken="t", cluster="other") != first
    boto3.client("ecs", region_name="eu-west-1").create_cluster(clusterName="lab")
    assert len(lab.arns()) == 1


def test_a_refused_call_leaves_its_token_free(lab: Any, refused: Any) -> None:
    assert refused(lab.run, 11, clientToken="t").code == "InvalidParameterException"
    assert len(lab.run(2, clientToken="t")) == 2


def test_a_definition_may_be_gone_when_the_call_is_repeated(lab: Any) -> None:
    arns = lab.run(clientToken="t")
    lab.ecs.deregister_task_definition(taskDefinition="web:1")
    assert lab.run(clientToken="t") == arns


def test_an_hour_after_the_last_task_stopped_the_token_is_free(lab: Any) -> None:
    (arn,) = lab.run(clientToken="t")
    lab.stop(arn)
    lab.clock.advance(minutes=5)
    assert lab.run(clientToken="t") == [arn]
    lab.clock.advance(hours=1)
    assert lab.run(clientToken="t") != [arn]


def test_after_a_day_it_is_free_though_the_task_runs_on(lab: Any) -> None:
    arns = lab.run(clientToken="t")
    lab.clock.advance(hours=23, minutes=59)
    assert lab.run(clientToken="t") == arns
    lab.clock.advance(minutes=1)
    assert lab.run(clientToken="t") != arns


@pytest.mark.parametrize("token", ["", "x" * 65, "two words", "ä"])
def test_a_token_that_is_none(lab: Any, refused: Any, token: str) -> None:
    assert refused(lab.run, clientToken=token).code == "InvalidParameterException"
    assert lab.arns() == []


def test_what_has_run_out_is_forgotten(lab: Any) -> None:
    for _ in range(3):
        lab.run(9)
    held = lab.aws.world.ecs().run_tokens
    assert len(held) == 3  # botocore makes one up for each call
    lab.clock.advance(hours=25)
    for _ in range(62):
        lab.run()
    assert len(held) == 62


def test_a_snapshot_knows_the_tokens_of_its_time(lab: Any) -> None:
    before = lab.aws.snapshot()
    first = lab.run(clientToken="t")
    before.restore()
    assert lab.arns() == []
    assert lab.run(clientToken="t") == first  # the same chance, another task
    assert lab.arns() == first
