"""Services through boto3: start, keep, scale, replace, roll, drain."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from botocore.session import get_session

from course.sandbox.clock import START
from course.sandbox.ecs.api.service_making import STARTS_DEPLOYMENT
from course.sandbox.errors import SandboxError


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
    assert shown["networkConfiguration"] == lab.network(assignPublicIp="DISABLED")
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
    assert deployment["networkConfiguration"] == lab.network(assignPublicIp="DISABLED")


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


def test_without_a_word_on_it_there_is_no_public_address(lab: Any) -> None:
    given = lab.network()
    shown = {"awsvpcConfiguration": {**given["awsvpcConfiguration"], "assignPublicIp": "DISABLED"}}
    made = lab.service(networkConfiguration=given)
    assert made["networkConfiguration"] == made["deployments"][0]["networkConfiguration"] == shown
    assert len(lab.update(networkConfiguration=given)["deployments"]) == 1
    public = lab.network(assignPublicIp="ENABLED")
    assert lab.update(networkConfiguration=public)["networkConfiguration"] == public
    assert len(lab.describe()["deployments"]) == 2


def test_windows_has_a_platform_version_of_its_own(lab: Any) -> None:
    platform = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    lab.define(cpu="1024", memory="2048", runtimePlatform=platform)
    made = lab.service()
    assert (made["platformVersion"], made["deployments"][0]["platformVersion"]) == (
        "LATEST",
        "1.0.0",
    )
    lab.clock.advance(seconds=1)
    (version,) = {lab.task(arn)["platformVersion"] for arn in (*lab.arns(), *lab.run())}
    assert version == "1.0.0"


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


@pytest.mark.parametrize(
    "changes",
    [
        {"desiredCount": 3},
        {"deploymentConfiguration": {"maximumPercent": 150}},
        {"healthCheckGracePeriodSeconds": 30},
        {"enableExecuteCommand": True},
        {"propagateTags": "SERVICE"},
        {"availabilityZoneRebalancing": "DISABLED"},
        {"taskDefinition": "web:1"},
        {"platformVersion": "LATEST"},
        {"loadBalancers": []},
    ],
)
def test_what_starts_no_deployment(lab: Any, changes: dict[str, Any]) -> None:
    """Above all: what a service has already, which is what forceNewDeployment is for."""
    before = [one["id"] for one in lab.steady()["deployments"]]
    lab.update(**changes)
    shown = lab.describe()
    assert [one["id"] for one in shown["deployments"]] == before
    name, value = next(iter(changes.items()))
    if name == "deploymentConfiguration":
        assert shown[name]["maximumPercent"] == 150
    else:
        assert shown[name] == value or name == "taskDefinition"


@pytest.mark.parametrize(
    "changes",
    [
        {"forceNewDeployment": True},
        {"platformVersion": "1.3.0"},
        {"serviceConnectConfiguration": {"enabled": False}},
    ],
)
def test_what_starts_one(lab: Any, changes: dict[str, Any]) -> None:
    lab.steady()
    lab.update(**changes)
    assert len(lab.describe()["deployments"]) == 2


# --- Capacity provider strategies

SPOT = {"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}
NOT_ASSOCIATED = (
    "The specified capacity provider strategy cannot contain a capacity provider that is not "
    "associated with the cluster. Associate the capacity provider with the cluster or specify a "
    "valid capacity provider and try again."
)


def providers(lab: Any) -> list[Any]:
    arns = lab.arns(serviceName="web")
    tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
    return [task.get("capacityProviderName") for task in tasks]


def test_a_provider_is_associated_with_the_cluster_first(lab: Any, refused: Any) -> None:
    plain: dict[str, Any] = {"launchType": None, "capacityProviderStrategy": [SPOT]}
    for call in (lab.service, lab.run):
        found = refused(call, **plain)
        assert (found.code, found.message) == ("InvalidParameterException", NOT_ASSOCIATED)
    lab.associate()
    for name in ("nope", "FARGATE_SPOTS"):
        other = {**plain, "capacityProviderStrategy": [{"capacityProvider": name, "weight": 1}]}
        assert refused(lab.service, **other).message == NOT_ASSOCIATED
    lab.steady(**plain)
    assert providers(lab) == ["FARGATE_SPOT"] * 2


@pytest.mark.parametrize(
    "strategy",
    [
        [{"capacityProvider": "FARGATE_SPOT"}],
        [{**SPOT, "weight": 0}, {"capacityProvider": "FARGATE", "weight": 0}],
        [{**SPOT, "weight": 1001}],
        [{**SPOT, "base": 100_001}],
        [{**SPOT, "base": 1}, {"capacityProvider": "FARGATE", "weight": 1, "base": 1}],
    ],
)
def test_a_strategy_that_makes_no_sense(
    lab: Any, refused: Any, strategy: list[dict[str, Any]]
) -> None:
    lab.associate()
    for call in (lab.service, lab.run):
        found = refused(call, launchType=None, capacityProviderStrategy=strategy)
        assert found.code == "InvalidParameterException"


def test_the_clusters_default_strategy_serves_who_names_nothing(lab: Any) -> None:
    lab.associate(default=(SPOT,))
    assert lab.steady(launchType=None)["capacityProviderStrategy"] == [SPOT]
    assert providers(lab) == ["FARGATE_SPOT"] * 2
    (arn,) = lab.run(1, launchType=None)
    assert lab.task(arn)["capacityProviderName"] == "FARGATE_SPOT"
    (arn,) = lab.run(1)
    assert "capacityProviderName" not in lab.task(arn)


def test_from_launch_type_to_strategy_and_back_by_force(lab: Any, refused: Any) -> None:
    lab.associate()
    lab.steady()
    found = refused(lab.update, capacityProviderStrategy=[SPOT])
    assert (found.code, found.message) == (
        "InvalidParameterException",
        (
            "When switching from launch type to capacity provider strategy on an existing service, "
            "or making a change to a capacity provider strategy on a service that is already using "
            "one, you must force a new deployment."
        ),
    )
    lab.update(capacityProviderStrategy=[SPOT], forceNewDeployment=True)
    lab.clock.advance(minutes=3)
    shown = lab.describe()
    assert shown["capacityProviderStrategy"] == [SPOT] and "launchType" not in shown
    assert providers(lab) == ["FARGATE_SPOT"] * 2
    lab.update(capacityProviderStrategy=[SPOT])
    assert len(lab.describe()["deployments"]) == 1
    lab.update(capacityProviderStrategy=[], forceNewDeployment=True)
    lab.clock.advance(minutes=3)
    assert lab.describe()["launchType"] == "FARGATE"
    assert providers(lab) == [None, None]


# --- Spot


def test_an_interrupted_task_is_warned_and_replaced(lab: Any) -> None:
    lab.associate()
    lab.steady(desired=1, launchType=None, capacityProviderStrategy=[SPOT])
    (taken,) = lab.arns(serviceName="web")
    lab.aws.interrupt_spot(taken)
    warned = lab.task(taken)
    assert (warned["desiredStatus"], warned["lastStatus"]) == ("STOPPED", "RUNNING")
    assert (warned["stopCode"], warned["stoppedReason"]) == (
        "SpotInterruption",
        "Your Spot Task was interrupted.",
    )
    (new,) = lab.arns(serviceName="web")
    assert lab.task(new)["capacityProviderName"] == "FARGATE_SPOT"
    lab.clock.advance(minutes=2)
    assert lab.task(taken)["lastStatus"] == "STOPPED"
    assert counts(lab.describe()) == (1, 1, 0)


def test_without_capacity_a_service_waits_says_so_and_does_not_turn_to_on_demand(lab: Any) -> None:
    lab.associate()
    lab.steady(desired=1, launchType=None, capacityProviderStrategy=[SPOT])
    lab.aws.set_spot_capacity(available=False)
    lab.aws.interrupt_spot(lab.arns(serviceName="web")[0])
    lab.clock.advance(minutes=5)
    assert counts(lab.describe()) == (1, 0, 0)
    full = (
        "(service web) was unable to place a task. Reason: Capacity is unavailable at this time. "
        "Please try again later or in a different availability zone."
    )
    assert 3 <= lab.said().count(full) <= 10
    lab.aws.set_spot_capacity(available=True)
    lab.clock.advance(minutes=10)
    assert counts(lab.describe()) == (1, 1, 0)
    assert lab.said()[-1] == "(service web) has reached a steady state."


def test_run_task_without_capacity_is_a_failure(lab: Any) -> None:
    lab.associate()
    lab.aws.set_spot_capacity(available=False)
    strategy = [SPOT, {"capacityProvider": "FARGATE", "weight": 1}]
    answer = lab.ecs.run_task(
        cluster="lab",
        taskDefinition="web",
        count=4,
        capacityProviderStrategy=strategy,
        networkConfiguration=lab.network(),
    )
    assert {task["capacityProviderName"] for task in answer["tasks"]} == {"FARGATE"}
    assert len(answer["tasks"]) == len(answer["failures"]) == 2
    assert {one["reason"] for one in answer["failures"]} == {
        (
            "Capacity is unavailable at this time. Please try again later or in a different "
            "availability zone"
        )
    }


def test_only_what_runs_on_spot_can_be_interrupted(lab: Any) -> None:
    (arn,) = lab.run(1)
    for name in (arn, "nope"):
        with pytest.raises(SandboxError, match="no task that runs on FARGATE_SPOT"):
            lab.aws.interrupt_spot(name)
    assert lab.task(arn)["desiredStatus"] == "RUNNING"


# --- What a service cannot be


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"schedulingStrategy": "DAEMON", "desired": None}, "InvalidParameterException", "FARGATE"),
        (
            {"schedulingStrategy": "DAEMON"},
            "InvalidParameterException",
            (
                "The daemon scheduling strategy does not support a desired count for services. Remove "
                "the desired count value and try again"
            ),
        ),
        (
            {
                "schedulingStrategy": "DAEMON",
                "desired": None,
                "placementStrategy": [{"type": "random"}],
            },
            "InvalidParameterException",
            (
                "The daemon scheduling strategy does not support placement strategies. Remove the "
                "placement strategy and try again"
            ),
        ),
        ({"deploymentController": {"type": "CODE_DEPLOY"}}, "UnsupportedFeatureException", "CODE"),
        (
            {"deploymentController": {"type": "EXTERNAL"}},
            "InvalidParameterException",
            "TaskDefinition must be blank",
        ),
        *(
            ({"deploymentConfiguration": config}, code, said)
            for config, code, said in [
                ({"strategy": "BLUE_GREEN"}, "UnsupportedFeatureException", "BLUE_GREEN"),
                ({"strategy": "LINEAR"}, "UnsupportedFeatureException", "LINEAR"),
                ({"strategy": "CANARY"}, "UnsupportedFeatureException", "CANARY"),
                (
                    {"lifecycleHooks": [{"lifecycleStages": ["POST_SCALE_UP"]}]},
                    "UnsupportedFeatureException",
                    "hooks",
                ),
                (
                    {"earlySuccessCriteria": {"enable": True}},
                    "UnsupportedFeatureException",
                    "early",
                ),
                ({"maximumPercent": -1}, "InvalidParameterException", "maximumPercent"),
                (
                    {
                        "deploymentCircuitBreaker": {
                            "enable": True,
                            "rollback": False,
                            "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 101},
                        }
                    },
                    "InvalidParameterException",
                    "1 to 100",
                ),
                (
                    {
                        "deploymentCircuitBreaker": {
                            "enable": True,
                            "rollback": False,
                            "thresholdConfiguration": {"type": "COUNT", "value": 0},
                        }
                    },
                    "InvalidParameterException",
                    "1 or more",
                ),
            ]
        ),
    ],
)
def test_a_service_that_cannot_be(
    lab: Any, refused: Any, changes: dict[str, Any], code: str, said: str
) -> None:
    found = refused(lab.service, **changes)
    assert (found.code, said in found.message) == (code, True), found.message
    assert lab.ecs.list_services(cluster="lab")["serviceArns"] == []


def test_a_daemon_service_on_instances_has_its_own_percents(lab: Any) -> None:
    one = {"name": "app", "image": "nginx", "memory": 128}
    bare: dict[str, Any] = {"requiresCompatibilities": None, "cpu": None, "memory": None}
    lab.define("old", networkMode="bridge", containerDefinitions=[one], **bare)
    given = {"taskDefinition": "old", "launchType": "EC2", "networkConfiguration": None}
    shown = lab.service(desired=None, schedulingStrategy="DAEMON", **given)
    assert (shown["schedulingStrategy"], shown["desiredCount"]) == ("DAEMON", 0)
    config = shown["deploymentConfiguration"]
    assert (config["minimumHealthyPercent"], config["maximumPercent"]) == (0, 100)


def test_an_external_controller_is_left_to_itself(lab: Any, refused: Any) -> None:
    controller = {"type": "EXTERNAL"}
    none = {"taskDefinition": None, "launchType": None, "networkConfiguration": None}
    made = lab.service(desired=3, deploymentController=controller, **none)
    assert (made["deploymentController"], made["deployments"]) == (controller, [])
    lab.clock.advance(hours=1)
    shown = lab.describe()
    assert counts(shown) == (3, 0, 0)
    assert shown["events"] == [] and "taskDefinition" not in shown
    assert refused(lab.update, taskDefinition="web").code == "InvalidParameterException"
    again = refused(
        lab.service, "b", deploymentController=controller, **none | {"taskDefinition": "web"}
    )
    assert str(again) == "InvalidParameterException: TaskDefinition must be blank"
    assert lab.update(desiredCount=1)["desiredCount"] == 1
    lab.delete()
    assert lab.describe()["status"] == "INACTIVE"


# --- Describe, list, delete


def test_an_unknown_service_is_a_failure_missing(lab: Any) -> None:
    lab.service()
    answer = lab.ecs.describe_services(cluster="lab", services=["web", "nope"])
    assert [one["serviceName"] for one in answer["services"]] == ["web"]
    arn = "arn:aws:ecs:us-east-1:123456789012:service/nope"
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
    unplaced = (
        "(service old) was unable to place a task because no container instance met all of its "
        "requirements. Reason: No Container Instances were found in your cluster."
    )
    assert lab.said("old") == [unplaced], "once, though it tries again and again"
    lab.clock.advance(hours=6)
    assert lab.said("old") == [unplaced] * 2
    assert counts(lab.describe("old")) == (1, 0, 0)
