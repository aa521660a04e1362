"""Services through boto3: start, keep, scale, replace, roll, drain."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from botocore.session import get_session

from course.sandbox.clock import START
from course.sandbox.ecs.api.services import STARTS_DEPLOYMENT


def counts(service: dict[str, Any]) -> tuple[int, int, int]:
    return service["desiredCount"], service["runningCount"], service["pendingCount"]


# --- CreateService


def test_the_answer_is_the_service_before_anything_has_happened(lab: Any) -> None:
    made = lab.service(desired=2)
    assert made["serviceArn"] == "arn:aws:ecs:us-east-1:123456789012:service/lab/web"
    assert (made["status"], *counts(made)) == ("ACTIVE", 2, 0, 0)
    assert made["events"] == []
    assert counts(lab.describe()) == (2, 0, 2)


def test_every_field_a_learner_looks_at(lab: Any) -> None:
    shown = lab.steady()
    assert shown["deploymentConfiguration"]["maximumPercent"] == 200
    assert shown["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert shown["roleArn"] == (
        "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    )
    assert (shown["launchType"], shown["platformVersion"]) == ("FARGATE", "LATEST")
    assert (shown["platformFamily"], shown["schedulingStrategy"]) == ("Linux", "REPLICA")
    assert shown["deploymentController"] == {"type": "ECS"}
    assert shown["networkConfiguration"] == lab.network()
    assert shown["taskDefinition"].endswith(":task-definition/web:1")
    assert shown["createdAt"] == START
    assert shown["healthCheckGracePeriodSeconds"] == 0
    assert shown["availabilityZoneRebalancing"] == "ENABLED"
    assert shown["propagateTags"] == "NONE"
    assert shown["enableExecuteCommand"] is False
    assert shown["loadBalancers"] == shown["serviceRegistries"] == []


def test_the_deployment_of_a_new_service(lab: Any) -> None:
    lab.service()
    (deployment,) = lab.describe()["deployments"]
    number = deployment["id"].removeprefix("ecs-svc/")
    assert len(number) == 19 and number.isdigit()
    assert (deployment["status"], deployment["platformVersion"]) == ("PRIMARY", "1.4.0")
    assert (deployment["desiredCount"], deployment["pendingCount"]) == (2, 2)
    assert (deployment["runningCount"], deployment["failedTasks"]) == (0, 0)
    assert deployment["rolloutState"] == "IN_PROGRESS"
    assert deployment["rolloutStateReason"] == f"ECS deployment {deployment['id']} in progress."
    assert deployment["launchType"] == "FARGATE"
    assert deployment["networkConfiguration"] == lab.network()


def test_the_deployment_completes(lab: Any) -> None:
    (deployment,) = lab.steady()["deployments"]
    assert (deployment["runningCount"], deployment["pendingCount"]) == (2, 0)
    assert deployment["rolloutState"] == "COMPLETED"
    assert deployment["rolloutStateReason"] == f"ECS deployment {deployment['id']} completed."
    assert deployment["updatedAt"] > deployment["createdAt"] == START


def test_its_tasks_say_whose_they_are(lab: Any) -> None:
    service = lab.steady()
    for arn in lab.arns(serviceName="web"):
        task = lab.task(arn)
        assert task["startedBy"] == service["deployments"][0]["id"]
        assert task["group"] == "service:web"


def test_the_events_newest_first(lab: Any) -> None:
    service = lab.steady()
    ids = [arn.rsplit("/", 1)[-1] for arn in lab.arns(serviceName="web")]
    deployment = service["deployments"][0]["id"]
    messages = [event["message"] for event in service["events"]]
    assert messages[0] == "(service web) has reached a steady state."
    assert messages[1].startswith(f"(service web) (deployment {deployment}) deployment completed")
    assert messages[2] == (f"(service web) has started 2 tasks: (task {ids[0]}) (task {ids[1]}).")
    whens = [event["createdAt"] for event in service["events"]]
    assert whens == sorted(whens, reverse=True)
    assert len({event["id"] for event in service["events"]}) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cluster": "nope"}, "ClusterNotFoundException"),
        ({"taskDefinition": "nope"}, "ClientException"),
        ({"desired": None}, "InvalidParameterException"),
        ({"desired": -1}, "InvalidParameterException"),
        ({"networkConfiguration": None}, "InvalidParameterException"),
        ({"platformVersion": "9.9.9"}, "PlatformUnknownException"),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
            "InvalidParameterException",
        ),
    ],
)
def test_a_call_that_is_refused_creates_nothing(
    lab: Any, refused: Any, changes: dict[str, Any], code: str
) -> None:
    assert refused(lab.service, **changes).code == code
    assert lab.ecs.list_services(cluster="lab")["serviceArns"] == []


def test_the_name_is_in_use(lab: Any, refused: Any) -> None:
    lab.service()
    found = refused(lab.service)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "Creation of service was not idempotent.",
    )


def test_the_same_call_again_with_its_client_token(lab: Any, refused: Any) -> None:
    first = lab.service(clientToken="t")
    assert lab.service(clientToken="t")["createdAt"] == first["createdAt"]
    assert len(lab.arns(serviceName="web")) == 2
    assert refused(lab.service, clientToken="other").code == "InvalidParameterException"


def test_a_name_is_free_again_once_inactive(lab: Any, refused: Any) -> None:
    lab.steady()
    lab.delete()
    found = refused(lab.service)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "Unable to Start a service that is still Draining.",
    )
    lab.clock.advance(minutes=1)
    assert lab.service(desired=1)["status"] == "ACTIVE"
    lab.clock.advance(minutes=3)
    assert counts(lab.describe()) == (1, 1, 0)
    assert len(lab.said()) == 3


def test_two_services_do_not_mix(lab: Any) -> None:
    lab.service("web", 2)
    lab.service("api", 3)
    lab.clock.advance(minutes=3)
    assert [lab.describe(name)["runningCount"] for name in ("web", "api")] == [2, 3]
    lab.delete("api")
    lab.clock.advance(minutes=3)
    assert (lab.describe("web")["runningCount"], lab.cluster()["runningTasksCount"]) == (2, 2)


def test_the_same_name_in_two_clusters(lab: Any) -> None:
    lab.ecs.create_cluster(clusterName="other")
    lab.service(desired=1)
    lab.service(desired=2, cluster="other")
    lab.clock.advance(minutes=3)
    other = lab.ecs.describe_services(cluster="other", services=["web"])["services"][0]
    assert (lab.describe()["runningCount"], other["runningCount"]) == (1, 2)


# --- Keep and scale


def test_a_task_that_is_stopped_is_replaced(lab: Any) -> None:
    lab.steady()
    before = lab.arns(serviceName="web")
    lab.stop(before[0])
    assert counts(lab.describe()) == (2, 2, 1)
    (new,) = set(lab.arns(serviceName="web")) - set(before)
    assert lab.task(new)["lastStatus"] == "PROVISIONING"
    lab.clock.advance(minutes=2)
    assert counts(lab.describe()) == (2, 2, 0)
    assert lab.task(before[0])["stopCode"] == "UserInitiated"
    assert lab.said()[-2:] == [
        f"(service web) has started 1 tasks: (task {new.rsplit('/', 1)[-1]}).",
        "(service web) has reached a steady state.",
    ]


def test_two_to_five_to_none(lab: Any) -> None:
    lab.steady(desired=2)
    assert counts(lab.update(desiredCount=5)) == (5, 2, 0)
    assert counts(lab.describe()) == (5, 2, 3)
    lab.clock.advance(minutes=2)
    assert counts(lab.describe()) == (5, 5, 0)
    lab.update(desiredCount=0)
    assert lab.arns(serviceName="web") == []
    lab.clock.advance(minutes=2)
    assert counts(lab.describe()) == (0, 0, 0)
    stopped = lab.ecs.describe_tasks(
        cluster="lab", tasks=lab.arns(serviceName="web", desiredStatus="STOPPED")
    )["tasks"]
    deployment = lab.describe()["deployments"][0]["id"]
    assert {task["stopCode"] for task in stopped} == {"ServiceSchedulerInitiated"}
    assert {task["stoppedReason"] for task in stopped} == {
        f"Scaling activity initiated by (deployment {deployment})"
    }
    assert len(stopped) == 5
    assert len(lab.describe()["deployments"]) == 1


def test_scaling_starts_no_deployment(lab: Any) -> None:
    before = lab.steady()["deployments"][0]
    lab.update(desiredCount=3)
    (after,) = lab.describe()["deployments"]
    assert after["id"] == before["id"] and after["desiredCount"] == 3


def test_scaling_in_keeps_the_zones_balanced(lab: Any) -> None:
    lab.steady(desired=4)
    lab.update(desiredCount=2)
    zones = [lab.task(arn)["availabilityZone"] for arn in lab.arns(serviceName="web")]
    assert sorted(zones) == ["us-east-1a", "us-east-1b"]


def test_a_change_of_mind_stops_what_had_not_started(lab: Any) -> None:
    lab.steady(desired=1)
    kept = lab.arns(serviceName="web")
    lab.update(desiredCount=4)
    lab.clock.advance(5)
    lab.update(desiredCount=1)
    assert lab.arns(serviceName="web") == kept
    lab.clock.advance(minutes=2)
    assert counts(lab.describe()) == (1, 1, 0)


def test_a_service_says_that_it_is_steady_every_six_hours(lab: Any) -> None:
    lab.steady()
    lab.clock.advance(days=1)
    whens = [
        event["createdAt"]
        for event in reversed(lab.describe()["events"])
        if event["message"] == "(service web) has reached a steady state."
    ]
    gaps = {b - a for a, b in itertools.pairwise(whens)}
    assert gaps == {timedelta(hours=6)}
    assert len(whens) == 5


def test_the_newest_hundred_events_are_kept(lab: Any) -> None:
    lab.steady()
    lab.clock.advance(days=40)
    events = lab.describe()["events"]
    assert len(events) == 100
    assert lab.aws.now() - events[0]["createdAt"] < timedelta(hours=6)
    assert events[0]["createdAt"] - events[-1]["createdAt"] == timedelta(hours=6 * 99)


def test_a_week_later_it_runs_the_same_tasks(lab: Any) -> None:
    before = lab.steady()
    tasks = lab.arns(serviceName="web")
    lab.clock.advance(days=7)
    after = lab.describe()
    assert lab.arns(serviceName="web") == tasks
    assert {**after, "events": []} == {**before, "events": []}


# --- UpdateService


def test_what_starts_a_deployment_is_what_the_api_documents() -> None:
    update = get_session().get_service_model("ecs").operation_model("UpdateService")
    assert update.input_shape is not None
    documented = {
        name
        for name, shape in update.input_shape.members.items()
        if "parameter triggers a new service deployment" in shape.documentation
    }
    assert set(STARTS_DEPLOYMENT) == documented


def test_a_new_revision_rolls_in(lab: Any) -> None:
    lab.steady()
    old = lab.arns(serviceName="web")
    lab.define()
    answer = lab.update(taskDefinition="web")
    assert answer["taskDefinition"].endswith("web:2")
    new, older = lab.describe()["deployments"]
    assert (new["status"], older["status"]) == ("PRIMARY", "ACTIVE")
    assert (new["desiredCount"], older["desiredCount"]) == (2, 2)
    assert (new["pendingCount"], older["runningCount"]) == (2, 2)
    assert new["rolloutState"] == "IN_PROGRESS"
    lab.clock.advance(minutes=3)
    (only,) = lab.describe()["deployments"]
    assert (only["id"], only["rolloutState"]) == (new["id"], "COMPLETED")
    running = lab.arns(serviceName="web")
    assert len(running) == 2 and not set(running) & set(old)
    assert {lab.task(arn)["taskDefinitionArn"][-5:] for arn in running} == {"web:2"}


def test_an_old_task_stays_until_a_new_one_is_healthy(lab: Any) -> None:
    lab.steady(desired=3)
    lab.define()
    lab.update(taskDefinition="web:2")
    for _ in range(180):
        lab.clock.advance(1)
        primary = lab.held_service().primary
        serving = [
            task
            for task in lab.held_tasks()
            if task.wanted and task.last_status == "RUNNING" and task.deployment is not primary
        ]
        assert len(serving) + primary.healthy_count >= 3
    assert lab.describe()["runningCount"] == 3


def test_force_new_deployment_replaces_every_task(lab: Any) -> None:
    lab.steady()
    old = lab.arns(serviceName="web")
    lab.update(forceNewDeployment=True)
    lab.clock.advance(minutes=3)
    assert not set(lab.arns(serviceName="web")) & set(old)
    assert len(lab.describe()["deployments"]) == 1


def test_without_room_to_move_the_service_says_so_once(lab: Any) -> None:
    both = {"minimumHealthyPercent": 100, "maximumPercent": 100}
    lab.steady(deploymentConfiguration=both)
    lab.update(forceNewDeployment=True)
    lab.clock.advance(minutes=30)
    assert [message for message in lab.said() if "unable to stop or start tasks" in message] == [
        (
            "(service web) was unable to stop or start tasks during a deployment because of the "
            "service deployment configuration. Update the minimumHealthyPercent or maximumPercent "
            "value and try again."
        )
    ]
    assert len(lab.describe()["deployments"]) == 2
    lab.update(deploymentConfiguration={"maximumPercent": 200})
    lab.clock.advance(minutes=3)
    (only,) = lab.describe()["deployments"]
    assert only["rolloutState"] == "COMPLETED"


def test_room_is_made_first_where_no_more_may_run(lab: Any) -> None:
    half = {"minimumHealthyPercent": 50, "maximumPercent": 100}
    lab.steady(desired=4, deploymentConfiguration=half)
    lab.update(forceNewDeployment=True)
    for _ in range(300):
        lab.clock.advance(1)
        service = lab.held_service()
        assert service.running_count + service.pending_count <= 4 and service.running_count >= 2
    assert counts(lab.describe()) == (4, 4, 0)
    assert len(lab.describe()["deployments"]) == 1


def test_a_deployment_upon_a_deployment(lab: Any) -> None:
    lab.steady()
    for _ in range(3):
        lab.define()
        lab.update(taskDefinition="web")
        lab.clock.advance(5)
    assert [one["status"] for one in lab.describe()["deployments"]].count("PRIMARY") == 1
    lab.clock.advance(minutes=4)
    (only,) = lab.describe()["deployments"]
    assert only["taskDefinition"].endswith("web:4")
    assert counts(lab.describe()) == (2, 2, 0)


@pytest.mark.parametrize("name", ["nope", "arn:aws:ecs:us-east-1:123456789012:service/lab/nope"])
def test_an_unknown_service(lab: Any, refused: Any, name: str) -> None:
    for call in (lab.update, lab.delete):
        found = refused(call, name)
        assert (found.code, found.message) == ("ServiceNotFoundException", "Service not found.")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"taskDefinition": "nope"}, "ClientException"),
        ({"taskDefinition": "old"}, "InvalidParameterException"),
        ({"taskDefinition": "unsized"}, "InvalidParameterException"),
        ({"desiredCount": -1}, "InvalidParameterException"),
        ({"platformVersion": "9.9.9"}, "PlatformUnknownException"),
        (
            {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}},
            "InvalidParameterException",
        ),
    ],
)
def test_an_update_that_is_refused_changes_nothing(
    lab: Any, refused: Any, changes: dict[str, Any], code: str
) -> None:
    one = {"name": "app", "image": "nginx", "memory": 128}
    bare: dict[str, Any] = {"requiresCompatibilities": None, "cpu": None, "memory": None}
    lab.define("old", networkMode="bridge", containerDefinitions=[one], **bare)
    lab.define("unsized", containerDefinitions=[one], **bare)
    before = lab.steady()
    assert refused(lab.update, **changes).code == code
    lab.clock.advance(minutes=3)
    assert lab.describe() == before


# --- Describe, list, delete


def test_an_unknown_service_is_a_failure_missing(lab: Any) -> None:
    lab.service()
    answer = lab.ecs.describe_services(cluster="lab", services=["web", "nope"])
    assert [one["serviceName"] for one in answer["services"]] == ["web"]
    arn = "arn:aws:ecs:us-east-1:123456789012:service/lab/nope"
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]


@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_names(lab: Any, refused: Any, count: int) -> None:
    found = refused(lab.ecs.describe_services, cluster="lab", services=["web"] * count)
    assert found.code == "InvalidParameterException"


def test_lists_come_ten_to_a_page(lab: Any) -> None:
    for number in range(12):
        lab.service(f"s{number}", 0)
    pages = list(lab.ecs.get_paginator("list_services").paginate(cluster="lab"))
    assert [len(page["serviceArns"]) for page in pages] == [10, 2]


def test_a_service_above_0_is_deleted_only_by_force(lab: Any, refused: Any) -> None:
    lab.steady()
    found = refused(lab.delete, force=False)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "The service cannot be stopped while it is scaled above 0.",
    )
    lab.update(desiredCount=0)
    assert lab.delete(force=False)["status"] == "DRAINING"


def test_delete_drains_and_ends_inactive(lab: Any, refused: Any) -> None:
    lab.steady()
    tasks = lab.arns(serviceName="web")
    answer = lab.delete()
    assert (answer["status"], answer["desiredCount"]) == ("DRAINING", 0)
    assert lab.ecs.list_services(cluster="lab")["serviceArns"] == []
    found = refused(lab.update, desiredCount=1)
    assert (found.code, found.message) == ("ServiceNotActiveException", "Service was not ACTIVE.")
    assert lab.describe()["status"] == "DRAINING"
    lab.clock.advance(minutes=1)
    assert lab.describe()["status"] == "INACTIVE"
    assert refused(lab.delete).code == "ServiceNotActiveException"
    described = lab.ecs.describe_tasks(cluster="lab", tasks=tasks)["tasks"]
    assert {task["lastStatus"] for task in described} == {"STOPPED"}
    assert lab.free_addresses() == 2 * 251


def test_an_empty_service_is_inactive_at_once(lab: Any) -> None:
    lab.steady(desired=0)
    lab.delete(force=False)
    assert lab.describe()["status"] == "INACTIVE"


def test_deleted_in_the_middle_of_a_deployment_it_leaves_no_task(lab: Any) -> None:
    lab.steady()
    lab.define()
    lab.update(taskDefinition="web")
    lab.clock.advance(12)
    lab.delete()
    lab.clock.advance(minutes=2)
    assert lab.describe()["status"] == "INACTIVE"
    assert {task.last_status for task in lab.held_tasks()} == {"STOPPED"}
    assert lab.cluster()["runningTasksCount"] == lab.cluster()["pendingTasksCount"] == 0


def test_on_instances_without_any_it_says_so_and_waits(lab: Any) -> None:
    one = {"name": "app", "image": "nginx", "memory": 128}
    lab.define(
        "old",
        requiresCompatibilities=None,
        networkMode="bridge",
        cpu=None,
        memory=None,
        containerDefinitions=[one],
    )
    lab.service("old", 1, taskDefinition="old", launchType="EC2", networkConfiguration=None)
    lab.clock.advance(hours=2)
    said = lab.said("old")
    assert set(said) == {
        (
            "(service old) was unable to place a task because no container instance met all of its "
            "requirements."
        )
    }
    assert 3 <= len(said) <= 20, "later and later, not in a loop"
    assert counts(lab.describe("old")) == (1, 0, 0)
