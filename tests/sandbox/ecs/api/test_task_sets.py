"""Task sets through boto3: shares of a service whose deployments somebody else conducts."""

from __future__ import annotations

from typing import Any

import pytest

EXTERNAL = {"deploymentController": {"type": "EXTERNAL"}}
SERVICE = {"cluster": "lab", "service": "web"}


@pytest.fixture
def external(lab: Any) -> Any:
    """A lab whose service ``web`` wants four tasks and has nobody to start them."""
    lab.service(
        desired=4, taskDefinition=None, launchType=None, networkConfiguration=None, **EXTERNAL
    )
    lab.clock.advance(minutes=1)
    assert lab.arns() == []
    return lab


def create(lab: Any, percent: float | None = 50, **changes: Any) -> dict[str, Any]:
    given = {
        "taskDefinition": "web",
        "launchType": "FARGATE",
        "networkConfiguration": lab.network(),
        "scale": {"value": percent, "unit": "PERCENT"} if percent is not None else None,
    } | changes
    given = {name: value for name, value in given.items() if value is not None}
    return dict(lab.ecs.create_task_set(**SERVICE, **given)["taskSet"])


def described(lab: Any, *names: str) -> list[dict[str, Any]]:
    answer = lab.ecs.describe_task_sets(**SERVICE, taskSets=list(names))
    assert answer["failures"] == []
    return list(answer["taskSets"])


def counts(task_set: dict[str, Any]) -> tuple[int, int, int, str]:
    members = ("computedDesiredCount", "runningCount", "pendingCount")
    desired, running, pending = (task_set[member] for member in members)
    return desired, running, pending, task_set["stabilityStatus"]


def test_a_task_set_has_its_share_of_the_desired_count(external: Any) -> None:
    made = create(external, 50, externalId="green")
    assert made["status"] == "ACTIVE" and made["externalId"] == "green"
    assert made["taskSetArn"].endswith(f":task-set/lab/web/{made['id']}")
    assert counts(made) == (2, 0, 0, "STABILIZING")
    (now,) = described(external)
    assert counts(now) == (2, 0, 2, "STABILIZING")
    external.clock.advance(minutes=2)
    (now,) = described(external, made["taskSetArn"])
    assert counts(now) == (2, 2, 0, "STEADY_STATE")
    assert now["platformVersion"] == "1.4.0" and now["launchType"] == "FARGATE"
    assert external.describe()["runningCount"] == 2
    assert external.describe()["deployments"] == []
    started_by = {external.task(arn)["startedBy"] for arn in external.arns(serviceName="web")}
    assert started_by == {made["id"]}


@pytest.mark.parametrize(
    ("desired", "percent", "computed"), [(4, 0, 0), (4, 100, 4), (3, 50, 2), (10, 11, 2), (1, 1, 1)]
)
def test_the_share_is_rounded_up(
    external: Any, desired: int, percent: float, computed: int
) -> None:
    external.update(desiredCount=desired)
    assert create(external, percent)["computedDesiredCount"] == computed


def test_without_a_scale_there_are_no_tasks(external: Any) -> None:
    made = create(external, None)
    assert made["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    assert made["scale"] == {"value": 0.0, "unit": "PERCENT"}
    external.clock.advance(minutes=1)
    assert counts(described(external)[0]) == (0, 0, 0, "STEADY_STATE")


def test_two_task_sets_share_the_service(external: Any) -> None:
    blue, green = create(external, 100), create(external, 25)
    external.clock.advance(minutes=2)
    assert [counts(one)[:2] for one in described(external)] == [(4, 4), (1, 1)]
    service = external.describe()
    assert service["runningCount"] == 5
    assert [one["id"] for one in service["taskSets"]] == [blue["id"], green["id"]]
    assert external.said()[-1] == "(service web) has reached a steady state."


def test_a_scale_moves_tasks(external: Any) -> None:
    made = create(external, 50)
    external.clock.advance(minutes=2)
    for percent, tasks in ((100, 4), (25, 1), (0, 0)):
        scale = {"value": percent, "unit": "PERCENT"}
        external.ecs.update_task_set(**SERVICE, taskSet=made["id"], scale=scale)
        assert described(external)[0]["stabilityStatus"] == "STABILIZING"
        external.clock.advance(minutes=2)
        assert counts(described(external)[0]) == (tasks, tasks, 0, "STEADY_STATE")
        assert len(external.arns(serviceName="web")) == tasks


def test_the_service_s_desired_count_moves_every_set(external: Any) -> None:
    create(external, 50), create(external, 100)
    external.update(desiredCount=2)
    external.clock.advance(minutes=3)
    assert [counts(one)[:2] for one in described(external)] == [(1, 1), (2, 2)]


def test_a_stopped_task_is_replaced_in_its_own_set(external: Any) -> None:
    made = create(external, 50)
    external.clock.advance(minutes=2)
    gone = external.arns(serviceName="web")[0]
    external.stop(gone)
    external.clock.advance(minutes=2)
    arns = external.arns(serviceName="web")
    assert len(arns) == 2 and gone not in arns
    assert {external.task(arn)["startedBy"] for arn in arns} == {made["id"]}


def test_the_primary_task_set_gives_the_service_its_revision(external: Any) -> None:
    blue, green = create(external, 100), create(external, 100, taskDefinition="web:1")
    assert "taskDefinition" not in external.describe()
    for chosen, other in ((blue, green), (green, blue)):
        answer = external.ecs.update_service_primary_task_set(
            **SERVICE, primaryTaskSet=chosen["id"]
        )
        assert answer["taskSet"]["status"] == "PRIMARY"
        status = {one["id"]: one["status"] for one in described(external)}
        assert status == {chosen["id"]: "PRIMARY", other["id"]: "ACTIVE"}
    service = external.describe()
    assert service["taskDefinition"] == green["taskDefinition"]
    assert service["launchType"] == "FARGATE"


def test_a_deleted_task_set_drains_and_is_gone(external: Any, refused: Any) -> None:
    made = create(external, 50)
    external.clock.advance(minutes=2)
    held = refused(external.ecs.delete_task_set, **SERVICE, taskSet=made["id"])
    assert held.code == "InvalidParameterException"
    answer = external.ecs.delete_task_set(**SERVICE, taskSet=made["id"], force=True)
    assert answer["taskSet"]["status"] == "DRAINING"
    assert external.arns(serviceName="web") == []
    external.clock.advance(minutes=2)
    assert described(external) == []
    assert external.describe()["runningCount"] == 0
    stopped = external.task(external.arns(desiredStatus="STOPPED")[0])
    assert made["id"] in stopped["stoppedReason"]


def test_a_deleted_service_drains_its_sets(external: Any) -> None:
    create(external, 100)
    external.clock.advance(minutes=2)
    external.delete()
    assert external.describe()["status"] == "DRAINING"
    external.clock.advance(minutes=2)
    assert external.describe()["status"] == "INACTIVE"
    assert external.cluster()["runningTasksCount"] == 0


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("update_task_set", {"taskSet": "no", "scale": {"value": 1}}, "TaskSetNotFoundException"),
        ("delete_task_set", {"taskSet": "no"}, "TaskSetNotFoundException"),
        (
            "update_service_primary_task_set",
            {"primaryTaskSet": "no"},
            "TaskSetNotFoundException",
        ),
        ("create_task_set", {"taskDefinition": "none"}, "ClientException"),
    ],
)
def test_what_is_not_there(
    external: Any, refused: Any, operation: str, given: dict[str, Any], code: str
) -> None:
    assert refused(getattr(external.ecs, operation), **SERVICE, **given).code == code


@pytest.mark.parametrize("percent", [-1, 100.5])
def test_a_scale_out_of_range_is_refused_and_nothing_is_made(
    external: Any, refused: Any, percent: float
) -> None:
    scale = {"value": percent, "unit": "PERCENT"}
    given = {"taskDefinition": "web", "launchType": "FARGATE", "scale": scale}
    answer = refused(
        external.ecs.create_task_set,
        **SERVICE,
        networkConfiguration=external.network(),
        **given,
    )
    assert answer.code == "InvalidParameterException"
    assert described(external) == []


def test_an_unknown_one_is_missing(external: Any) -> None:
    answer = external.ecs.describe_task_sets(**SERVICE, taskSets=["ecs-svc/1"])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]


def test_a_service_that_ecs_deploys_has_no_task_sets(lab: Any, refused: Any) -> None:
    lab.service()
    answer = refused(lab.ecs.create_task_set, **SERVICE, taskDefinition="web")
    assert answer.code == "InvalidParameterException"
    assert "EXTERNAL" in answer.message


def test_tags_of_a_task_set(external: Any) -> None:
    made = create(external, 0, tags=[{"key": "team", "value": "kitchen"}])
    listed = external.ecs.list_tags_for_resource(resourceArn=made["taskSetArn"])
    assert listed["tags"] == [{"key": "team", "value": "kitchen"}]


def test_a_snapshot_keeps_task_sets(external: Any) -> None:
    create(external, 50)
    before = external.aws.snapshot()
    external.clock.advance(minutes=2)
    before.restore()
    assert counts(described(external)[0]) == (2, 0, 2, "STABILIZING")
    external.clock.advance(minutes=2)
    assert counts(described(external)[0]) == (2, 2, 0, "STEADY_STATE")
