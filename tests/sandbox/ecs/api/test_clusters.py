"""Clusters through boto3."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_cluster_as_it_is_created(lab: Any) -> None:
    tags = [{"key": "team", "value": "a"}]
    made = lab.ecs.create_cluster(
        clusterName="new", tags=tags, settings=[{"name": "containerInsights", "value": "enhanced"}]
    )["cluster"]
    assert made["clusterArn"] == "arn:aws:ecs:us-east-1:123456789012:cluster/new"
    assert (made["status"], made["tags"]) == ("ACTIVE", tags)
    assert made["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    for counter in (
        "runningTasksCount",
        "pendingTasksCount",
        "activeServicesCount",
        "registeredContainerInstancesCount",
    ):
        assert made[counter] == 0


def test_without_a_name_it_is_called_default(lab: Any) -> None:
    assert lab.ecs.create_cluster()["cluster"]["clusterName"] == "default"
    assert lab.ecs.describe_clusters()["clusters"][0]["clusterName"] == "default"
    assert lab.ecs.list_tasks()["taskArns"] == []


def test_creating_it_twice_is_no_error_and_no_second_one(lab: Any) -> None:
    again = lab.ecs.create_cluster(clusterName="lab")["cluster"]
    assert (
        again
        == lab.ecs.describe_clusters(clusters=["lab"], include=["TAGS", "SETTINGS"])["clusters"][0]
    )
    assert len(lab.ecs.list_clusters()["clusterArns"]) == 1


def test_creating_a_cluster_in_use_shows_its_counters(lab: Any) -> None:
    lab.steady()
    again = lab.ecs.create_cluster(clusterName="lab")["cluster"]
    assert (again["runningTasksCount"], again["activeServicesCount"]) == (2, 1)


def test_the_counters_follow_the_tasks(lab: Any) -> None:
    lab.service(desired=2)
    lab.run(3)
    shown = lab.cluster()
    assert (shown["pendingTasksCount"], shown["runningTasksCount"]) == (5, 0)
    lab.clock.advance(minutes=1)
    shown = lab.cluster()
    assert (shown["pendingTasksCount"], shown["runningTasksCount"]) == (0, 5)
    assert shown["activeServicesCount"] == 1
    lab.delete()
    lab.clock.advance(minutes=1)
    shown = lab.cluster()
    assert (shown["runningTasksCount"], shown["activeServicesCount"]) == (3, 0)


def test_statistics_are_by_launch_type(lab: Any) -> None:
    lab.steady()
    lab.run(1)
    asked = lab.ecs.describe_clusters(clusters=["lab"], include=["STATISTICS"])["clusters"][0]
    counts = {one["name"]: one["value"] for one in asked["statistics"]}
    assert counts["runningFargateTasksCount"] == "2"
    assert counts["pendingFargateTasksCount"] == "1"
    assert counts["activeFargateServiceCount"] == "1"
    assert counts["runningEC2TasksCount"] == counts["drainingFargateServiceCount"] == "0"
    assert lab.cluster()["statistics"] == []


def test_an_unknown_cluster_is_a_failure_missing(lab: Any) -> None:
    answer = lab.ecs.describe_clusters(clusters=["lab", "nope"])
    assert [one["clusterName"] for one in answer["clusters"]] == ["lab"]
    assert answer["failures"] == [
        {"arn": "arn:aws:ecs:us-east-1:123456789012:cluster/nope", "reason": "MISSING"}
    ]


def test_a_cluster_is_found_by_name_and_by_arn(lab: Any) -> None:
    assert lab.cluster("arn:aws:ecs:us-east-1:123456789012:cluster/lab") == lab.cluster("lab")


def test_tags_show_when_asked_for(lab: Any) -> None:
    lab.ecs.create_cluster(clusterName="tagged", tags=[{"key": "a", "value": "1"}])
    assert "tags" not in lab.cluster("tagged")
    asked = lab.ecs.describe_clusters(clusters=["tagged"], include=["TAGS"])
    assert asked["clusters"][0]["tags"] == [{"key": "a", "value": "1"}]


def test_a_deleted_cluster_is_inactive_and_out_of_the_list(lab: Any) -> None:
    lab.ecs.create_cluster(clusterName="gone")
    assert lab.ecs.delete_cluster(cluster="gone")["cluster"]["status"] == "INACTIVE"
    assert lab.cluster("gone")["status"] == "INACTIVE"
    assert len(lab.ecs.list_clusters()["clusterArns"]) == 1


def test_an_inactive_cluster_is_not_found_by_anything_else(lab: Any, refused: Any) -> None:
    lab.ecs.delete_cluster(cluster="lab")
    for call in (lab.run, lab.service, lab.arns):
        found = refused(call)
        assert (found.code, found.message) == ("ClusterNotFoundException", "Cluster not found.")


def test_a_deleted_cluster_can_be_created_again(lab: Any) -> None:
    lab.ecs.delete_cluster(cluster="lab")
    assert lab.ecs.create_cluster(clusterName="lab")["cluster"]["status"] == "ACTIVE"
    assert len(lab.run()) == 1


def test_a_cluster_in_use_stays(lab: Any, refused: Any) -> None:
    lab.service(desired=0)
    assert refused(lab.ecs.delete_cluster, cluster="lab").code == "ClusterContainsServicesException"
    lab.delete()
    task = lab.run()[0]
    for _ in range(2):
        found = refused(lab.ecs.delete_cluster, cluster="lab")
        assert found.code == "ClusterContainsTasksException"
        lab.clock.advance(minutes=1)
    lab.stop(task)
    lab.clock.advance(minutes=1)
    assert lab.ecs.delete_cluster(cluster="lab")["cluster"]["status"] == "INACTIVE"


def test_update_cluster_changes_what_it_names(lab: Any) -> None:
    execute = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
    lab.ecs.update_cluster(cluster="lab", configuration=execute)
    on = [{"name": "containerInsights", "value": "enabled"}]
    lab.ecs.update_cluster_settings(cluster="lab", settings=on)
    shown = lab.ecs.describe_clusters(clusters=["lab"], include=["SETTINGS", "CONFIGURATIONS"])
    assert shown["clusters"][0]["settings"] == on
    assert shown["clusters"][0]["configuration"] == execute
    plain = lab.cluster()
    assert (plain["settings"], "configuration" in plain) == ([], False), "only who asks sees them"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("containerInsights", "on", "disabled, enabled, enhanced"),
        ("containerinsights", "enabled", "should be one of [containerInsights]"),
        ("fargateFIPSMode", "enabled", "should be one of [containerInsights]"),
    ],
)
def test_a_setting_or_value_that_clusters_do_not_have(
    lab: Any, refused: Any, name: str, value: str, says: str
) -> None:
    settings = [{"name": name, "value": value}]
    ecs = lab.ecs
    for call, given in (
        (ecs.create_cluster, {"clusterName": "new"}),
        (ecs.update_cluster, {"cluster": "lab", "configuration": {}}),
        (ecs.update_cluster_settings, {"cluster": "lab"}),
    ):
        found = refused(call, settings=settings, **given)
        assert found.code == "InvalidParameterException" and says in found.message
    assert "new" not in str(ecs.list_clusters()["clusterArns"])


def test_every_value_of_container_insights(lab: Any) -> None:
    for value in ("enhanced", "enabled", "disabled"):
        settings = [{"name": "containerInsights", "value": value}]
        changed = lab.ecs.update_cluster_settings(cluster="lab", settings=settings)["cluster"]
        assert changed["settings"] == settings


def test_capacity_providers_of_a_cluster_are_what_its_services_use(lab: Any) -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    lab.ecs.put_cluster_capacity_providers(
        cluster="lab",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=strategy,
    )
    shown = lab.cluster()
    assert shown["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert shown["defaultCapacityProviderStrategy"] == strategy
    made = lab.service(launchType=None)
    assert made["capacityProviderStrategy"] == strategy and "launchType" not in made
    task = lab.task(lab.arns()[0])
    assert (task["capacityProviderName"], task["launchType"]) == ("FARGATE_SPOT", "FARGATE")


def test_lists_come_in_pages(lab: Any) -> None:
    for number in range(4):
        lab.ecs.create_cluster(clusterName=f"c{number}")
    pages = list(lab.ecs.get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["clusterArns"]) for page in pages] == [2, 2, 1]
    assert len({arn for page in pages for arn in page["clusterArns"]}) == 5


@pytest.mark.parametrize(
    "given", [{"maxResults": 101}, {"maxResults": 0}, {"maxResults": 5, "nextToken": "what"}]
)
def test_a_page_that_makes_no_sense(lab: Any, refused: Any, given: dict[str, Any]) -> None:
    assert refused(lab.ecs.list_clusters, **given).code == "InvalidParameterException"


def test_another_region_sees_nothing(lab: Any, refused: Any) -> None:
    lab.steady()
    elsewhere = lab.aws.client("ecs", region_name="eu-west-1")
    assert elsewhere.list_clusters()["clusterArns"] == []
    assert elsewhere.describe_clusters(clusters=["lab"])["failures"][0]["reason"] == "MISSING"
    for call, given in (
        (elsewhere.list_services, {}),
        (elsewhere.list_tasks, {}),
        (elsewhere.describe_services, {"services": ["web"]}),
        (elsewhere.describe_tasks, {"tasks": [lab.arns()[0]]}),
    ):
        found = refused(call, cluster="lab", **given)
        assert (found.code, found.message) == ("ClusterNotFoundException", "Cluster not found.")
    found = refused(elsewhere.describe_task_definition, taskDefinition="web")
    assert found.code == "ClientException"
    elsewhere.create_cluster(clusterName="lab")
    arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/lab"
    assert elsewhere.list_clusters()["clusterArns"] == [arn]
    assert lab.cluster()["runningTasksCount"] == 2
