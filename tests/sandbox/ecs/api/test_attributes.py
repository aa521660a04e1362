"""Attributes of container instances: put, listed, deleted, and what placement makes of them."""

from __future__ import annotations

from typing import Any


def listed(lab: Any, **asked: Any) -> list[dict[str, Any]]:
    answer = lab.ecs.list_attributes(cluster="lab", targetType="container-instance", **asked)
    return list(answer["attributes"])


def test_a_constraint_places_by_an_attribute(lab: Any) -> None:
    lab.launch(2)
    _, second = lab.instances()
    lab.define_ec2()
    blue = {"name": "color", "value": "blue", "targetId": second}
    constraint = [{"type": "memberOf", "expression": "attribute:color == blue"}]

    def reasons() -> list[str]:
        answer = lab.run_ec2(placementConstraints=constraint)
        return [one["reason"] for one in answer["failures"]]

    assert reasons() == ["MemberOf placement constraint unsatisfied."] * 2
    lab.ecs.put_attributes(cluster="lab", attributes=[blue])
    (task,) = lab.run_ec2(placementConstraints=constraint)["tasks"]
    assert task["containerInstanceArn"] == second
    lab.ecs.delete_attributes(cluster="lab", attributes=[blue])
    assert len(reasons()) == 2


def test_attributes_are_listed_by_name_and_value(lab: Any, refused: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    color = {"name": "color", "value": "blue", "targetId": arn}
    lab.ecs.put_attributes(cluster="lab", attributes=[color, {"name": "bare", "targetId": arn}])
    assert listed(lab, attributeName="color") == [color]
    assert listed(lab, attributeName="color", attributeValue="red") == []
    assert listed(lab, attributeName="bare") == [{"name": "bare", "targetId": arn}]
    lab.ecs.delete_attributes(cluster="lab", attributes=[{**color, "value": "red"}])
    assert listed(lab, attributeName="color") == [color]
    lab.ecs.delete_attributes(cluster="lab", attributes=[color])
    assert listed(lab, attributeName="color") == []
    assert refused(listed, lab, attributeValue="red").code == "InvalidParameterException"


def test_ten_of_ones_own_are_the_most(lab: Any, refused: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    many = [{"name": f"n{number}", "targetId": arn} for number in range(10)]
    lab.ecs.put_attributes(cluster="lab", attributes=many)
    more = [{"name": "n10", "targetId": arn}]
    found = refused(lab.ecs.put_attributes, cluster="lab", attributes=more)
    assert found.code == "AttributeLimitExceededException"
    assert listed(lab, attributeName="n10") == []


def test_attributes_of_what_is_not_there(lab: Any, refused: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    given = [{"name": "color", "targetId": arn}, {"name": "color", "targetId": "nope"}]
    for call in (lab.ecs.put_attributes, lab.ecs.delete_attributes):
        assert refused(call, cluster="lab", attributes=given).code == "TargetNotFoundException"
    assert listed(lab, attributeName="color") == []
