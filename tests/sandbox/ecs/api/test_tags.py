"""Tags on ECS resources through boto3."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:ecs:us-east-1:123456789012"


@pytest.fixture
def arns(lab: Any) -> dict[str, str]:
    lab.service()
    return {
        "cluster": f"{ARN}:cluster/lab",
        "service": f"{ARN}:service/lab/web",
        "task": lab.run()[0],
        "task definition": f"{ARN}:task-definition/web:1",
    }


@pytest.mark.parametrize("kind", ["cluster", "service", "task", "task definition"])
def test_add_replace_remove(lab: Any, arns: dict[str, str], kind: str) -> None:
    arn, ecs = arns[kind], lab.ecs
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "3"}])
    expected = [{"key": "b", "value": "2"}, {"key": "a", "value": "3"}]
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == expected
    ecs.untag_resource(resourceArn=arn, tagKeys=["a", "not there"])
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == expected[:1]


@pytest.mark.parametrize(
    "arn",
    ["cluster/nope", "service/lab/nope", "task/lab/0", "task-definition/nope:1", "what/ever", ""],
)
def test_an_unknown_resource(lab: Any, refused: Any, arn: str) -> None:
    found = refused(lab.ecs.list_tags_for_resource, resourceArn=f"{ARN}:{arn}")
    assert found.code == "InvalidParameterException"


def test_tags_travel_to_tasks(lab: Any) -> None:
    lab.define(tags=[{"key": "from", "value": "definition"}])
    lab.service("a", 1, tags=[{"key": "from", "value": "service"}], propagateTags="SERVICE")
    lab.service("b", 1, propagateTags="TASK_DEFINITION")
    lab.service("c", 1, tags=[{"key": "from", "value": "service"}])

    def tags(name: str) -> list[str]:
        arn = lab.arns(serviceName=name)[0]
        asked = lab.ecs.describe_tasks(cluster="lab", tasks=[arn], include=["TAGS"])
        return [tag["value"] for tag in asked["tasks"][0]["tags"]]

    assert (tags("a"), tags("b"), tags("c")) == (["service"], ["definition"], [])


def test_tags_of_run_task(lab: Any) -> None:
    lab.define(tags=[{"key": "a", "value": "definition"}])
    own = [{"key": "b", "value": "call"}]
    arn = lab.run(tags=own, propagateTags="TASK_DEFINITION")[0]
    asked = lab.ecs.describe_tasks(cluster="lab", tasks=[arn], include=["TAGS"])
    assert asked["tasks"][0]["tags"] == [{"key": "a", "value": "definition"}, *own]
    assert "tags" not in lab.task(arn)


def test_aws_own_tags_stay_and_count_towards_no_limit(lab: Any, refused: Any) -> None:
    arn = f"{ARN}:cluster/lab"
    own = {"key": "aws:ecs:clusterName", "value": "lab"}
    lab.aws.world.ecs().clusters["lab"].tags = [own]
    fifty = [{"key": str(number), "value": ""} for number in range(50)]
    lab.ecs.tag_resource(resourceArn=arn, tags=fifty)
    found = refused(lab.ecs.untag_resource, resourceArn=arn, tagKeys=[own["key"], "1"])
    assert found.code == "InvalidParameterException"
    assert lab.ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [own, *fifty]


def test_a_capacity_provider_carries_tags_too(lab: Any) -> None:
    lab.ecs.create_capacity_provider(
        name="machines", autoScalingGroupProvider={"autoScalingGroupArn": lab.group()}
    )
    arn, tags = f"{ARN}:capacity-provider/machines", [{"key": "a", "value": "1"}]
    lab.ecs.tag_resource(resourceArn=arn, tags=tags)
    describe = lab.ecs.describe_capacity_providers
    (shown,) = describe(capacityProviders=["machines"], include=["TAGS"])["capacityProviders"]
    assert shown["tags"] == tags
    assert "tags" not in describe(capacityProviders=["machines"])["capacityProviders"][0]
