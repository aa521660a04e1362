"""StartTask: on the container instances that the call names, and no others."""

from __future__ import annotations

from typing import Any


def start(lab: Any, *instances: str, **more: Any) -> dict[str, Any]:
    return dict(
        lab.ecs.start_task(
            cluster="lab", taskDefinition="box", containerInstances=list(instances), **more
        )
    )


def test_it_starts_where_the_call_says(lab: Any) -> None:
    lab.launch(2)
    first, second = lab.instances()
    lab.define_ec2(portMappings=[{"containerPort": 80, "hostPort": 80}])
    answer = start(lab, second, startedBy="me")
    assert answer["failures"] == []
    assert lab.arns(containerInstance=second, startedBy="me") == [answer["tasks"][0]["taskArn"]]
    assert lab.arns(containerInstance=first) == []
    again = start(lab, second.rsplit("/", 1)[-1], first, "nope")
    assert [one["containerInstanceArn"] for one in again["tasks"]] == [first]
    assert [one["reason"] for one in again["failures"]] == ["RESOURCE:PORTS", "MISSING"]


def test_an_instance_that_takes_no_task(lab: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    lab.define_ec2()
    lab.aws.set_agent(arn, connected=False)
    assert start(lab, arn)["failures"] == [{"arn": arn, "reason": "AGENT"}]
    lab.aws.set_agent(arn, connected=True)
    lab.ecs.deregister_container_instance(cluster="lab", containerInstance=arn)
    assert start(lab, arn)["failures"] == [{"arn": arn, "reason": "INACTIVE"}]


def test_one_to_ten_instances_and_no_fargate(lab: Any, refused: Any) -> None:
    lab.define_ec2()
    for names in ([], ["x"] * 11):
        assert refused(start, lab, *names).code == "InvalidParameterException"
    network = lab.network()
    fargate = {"cluster": "lab", "taskDefinition": "web", "networkConfiguration": network}
    answer = lab.ecs.start_task(**fargate, containerInstances=["x"])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]
