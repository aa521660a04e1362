"""Tasks through boto3: run, stop, list, describe, and every field a learner is told to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from course.sandbox.clock import START

STAMPS = (
    "createdAt",
    "connectivityAt",
    "pullStartedAt",
    "pullStoppedAt",
    "startedAt",
    "stoppingAt",
    "executionStoppedAt",
    "stoppedAt",
)


def details(task: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in task["attachments"][0]["details"]}


# --- RunTask


def test_the_answer_is_a_task_at_its_very_beginning(lab: Any) -> None:
    answer = lab.ecs.run_task(
        cluster="lab",
        taskDefinition="web",
        launchType="FARGATE",
        networkConfiguration=lab.network(),
        startedBy="me",
    )
    assert answer["failures"] == []
    (task,) = answer["tasks"]
    prefix, _, number = task["taskArn"].rpartition("/")
    assert prefix == "arn:aws:ecs:us-east-1:123456789012:task/lab"
    assert len(number) == 32 and int(number, 16)
    assert (task["lastStatus"], task["desiredStatus"]) == ("PROVISIONING", "RUNNING")
    assert task["version"] == 1
    assert (task["group"], task["startedBy"]) == ("family:web", "me")
    assert task["createdAt"] == START
    assert not {"startedAt", "connectivity", "stopCode", "stoppedReason"} & set(task)
    assert task["attachments"][0]["status"] == "PRECREATED"
    assert details(task) == {"subnetId": lab.subnets[0]}
    assert task["containers"][0]["lastStatus"] == "PENDING"
    assert "exitCode" not in task["containers"][0]


def test_a_running_task(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    task = lab.task(arn)
    assert (task["lastStatus"], task["desiredStatus"]) == ("RUNNING", "RUNNING")
    assert (task["connectivity"], task["healthStatus"]) == ("CONNECTED", "UNKNOWN")
    assert (task["launchType"], task["platformVersion"]) == ("FARGATE", "1.4.0")
    assert task["platformFamily"] == "Linux"
    assert (task["cpu"], task["memory"]) == ("256", "512")
    assert task["ephemeralStorage"] == {"sizeInGiB": 20}
    assert task["availabilityZone"] == "us-east-1a"
    assert task["attributes"] == [{"name": "ecs.cpu-architecture", "value": "x86_64"}]
    assert task["overrides"]["containerOverrides"] == [{"name": "app"}]
    assert task["clusterArn"].endswith(":cluster/lab")
    assert task["taskDefinitionArn"].endswith(":task-definition/web:1")


def test_a_running_container(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    task = lab.task(arn)
    (container,) = task["containers"]
    assert container["taskArn"] == arn
    assert (
        container["containerArn"]
        .split(":", 5)[5]
        .startswith(f"container/lab/{arn.rsplit('/', 1)[-1]}/")
    )
    assert (container["name"], container["lastStatus"]) == ("app", "RUNNING")
    assert container["image"] == "public.ecr.aws/docker/library/httpd:2.4"
    assert container["imageDigest"].startswith("sha256:") and len(container["imageDigest"]) == 71
    assert container["runtimeId"].startswith(arn.rsplit("/", 1)[-1])
    assert container["networkInterfaces"] == [
        {
            "attachmentId": task["attachments"][0]["id"],
            "privateIpv4Address": details(task)["privateIPv4Address"],
        }
    ]


def test_every_container_of_the_definition_is_there(lab: Any) -> None:
    two = [
        {"name": "app", "image": "nginx", "cpu": 64, "memory": 128},
        {
            "name": "side",
            "image": "registry.example.com/sidecar",
            "essential": False,
            "memoryReservation": 32,
        },
    ]
    lab.define("pair", containerDefinitions=two)
    arn = lab.run(taskDefinition="pair")[0]
    app, side = lab.task(arn)["containers"]
    assert (app["name"], app["cpu"], app["memory"]) == ("app", "64", "128")
    assert (side["name"], side["cpu"], side["memoryReservation"]) == ("side", "0", "32")
    lab.clock.advance(minutes=1)
    assert [one["lastStatus"] for one in lab.task(arn)["containers"]] == ["RUNNING"] * 2


def test_the_attachment_is_the_interface_that_ec2_shows(lab: Any) -> None:
    group = lab.ec2.create_security_group(GroupName="g", Description="d", VpcId=lab.vpc)["GroupId"]
    arn = lab.run(networkConfiguration=lab.network(securityGroups=[group]))[0]
    lab.clock.advance(minutes=1)
    (attachment,) = lab.task(arn)["attachments"]
    assert (attachment["type"], attachment["status"]) == ("ElasticNetworkInterface", "ATTACHED")
    shown = details(lab.task(arn))
    eni = lab.ec2.describe_network_interfaces(NetworkInterfaceIds=[shown["networkInterfaceId"]])
    (eni,) = eni["NetworkInterfaces"]
    assert eni["SubnetId"] == shown["subnetId"] == lab.subnets[0]
    assert eni["PrivateIpAddress"] == shown["privateIPv4Address"]
    assert eni["MacAddress"] == shown["macAddress"]
    assert eni["Status"] == "in-use"
    assert [one["GroupId"] for one in eni["Groups"]] == [group]
    assert eni["Description"].endswith(f"attachment/{attachment['id']}")


def test_a_public_address_when_asked_for(lab: Any) -> None:
    public = lab.run(networkConfiguration=lab.network(assignPublicIp="ENABLED"))[0]
    private = lab.run()[0]
    lab.clock.advance(minutes=1)

    def association(arn: str) -> Any:
        eni = details(lab.task(arn))["networkInterfaceId"]
        answer = lab.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])
        return answer["NetworkInterfaces"][0].get("Association")

    assert association(public)["PublicIp"]
    assert association(private) is None


def test_ten_at_once_are_spread_over_the_subnets(lab: Any) -> None:
    arns = lab.run(10)
    tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
    subnets = [details(task)["subnetId"] for task in tasks]
    assert [subnets.count(one) for one in lab.subnets] == [5, 5]
    assert {task["availabilityZone"] for task in tasks} == {"us-east-1a", "us-east-1b"}


def test_overrides_are_applied_and_shown(lab: Any) -> None:
    mine = {"name": "app", "environment": [{"name": "MODE", "value": "test"}], "memory": 256}
    arn = lab.run(overrides={"cpu": "512", "memory": "1024", "containerOverrides": [mine]})[0]
    task = lab.task(arn)
    assert (task["cpu"], task["memory"]) == ("512", "1024")
    assert task["containers"][0]["memory"] == "256"
    assert task["overrides"]["containerOverrides"] == [mine]


def test_fargate_spot_by_strategy(lab: Any) -> None:
    lab.associate()
    strategy = [
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 1},
    ]
    arns = lab.run(5, launchType=None, capacityProviderStrategy=strategy)
    tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
    assert sorted(task["capacityProviderName"] for task in tasks) == [
        "FARGATE",
        "FARGATE",
        "FARGATE",
        "FARGATE_SPOT",
        "FARGATE_SPOT",
    ]
    assert {task["launchType"] for task in tasks} == {"FARGATE"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cluster": "nope"}, "ClusterNotFoundException"),
        ({"taskDefinition": "nope"}, "ClientException"),
        ({"count": 11}, "InvalidParameterException"),
        ({"count": 0}, "InvalidParameterException"),
        ({"networkConfiguration": None}, "InvalidParameterException"),
        ({"platformVersion": "9.9.9"}, "PlatformUnknownException"),
        ({"launchType": "EC2"}, "InvalidParameterException"),
        ({"launchType": None}, "InvalidParameterException"),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
            "InvalidParameterException",
        ),
    ],
)
def test_a_call_that_is_refused_starts_nothing(
    lab: Any, refused: Any, changes: dict[str, Any], code: str
) -> None:
    assert refused(lab.run, **changes).code == code
    assert lab.arns() == []


def test_a_subnet_that_is_not_there(lab: Any, refused: Any) -> None:
    found = refused(lab.run, networkConfiguration=lab.network("subnet-0"))
    assert found.code == "InvalidParameterException"
    assert found.message.startswith("Error retrieving subnet information for [subnet-0]: ")


def test_a_security_group_that_is_not_there(lab: Any, refused: Any) -> None:
    found = refused(lab.run, networkConfiguration=lab.network(securityGroups=["sg-0"]))
    assert found.message == (
        "Error retrieving security group information for [sg-0]: The security group 'sg-0' does "
        "not exist (ErrorCode: InvalidGroup.NotFound)"
    )


# --- A life, from one end to the other


def test_the_timestamps_are_in_order_and_never_change(lab: Any) -> None:
    arn, shown = lab.run()[0], {}
    for second in range(90):
        task = lab.task(arn)
        stamps = {name: task[name] for name in STAMPS if name in task}
        assert {**stamps, **shown} == stamps, f"a timestamp changed at {second} s"
        assert all(when <= lab.aws.now() for when in stamps.values())
        shown = stamps
        if second == 40:
            lab.stop(arn)
        lab.clock.advance(1)
    assert list(shown) and set(shown) == set(STAMPS)
    in_order = [shown[name] for name in STAMPS]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(STAMPS)


def test_the_version_counts_up_with_every_state(lab: Any) -> None:
    arn, seen = lab.run()[0], []
    for second in range(90):
        if second == 40:
            lab.stop(arn)
        task = lab.task(arn)
        state = (task["version"], task["desiredStatus"], task["lastStatus"])
        if not seen or seen[-1] != state:
            seen.append(state)
        lab.clock.advance(1)
    assert seen == [
        (1, "RUNNING", "PROVISIONING"),
        (2, "RUNNING", "PENDING"),
        (3, "RUNNING", "RUNNING"),
        (4, "STOPPED", "RUNNING"),
        (5, "STOPPED", "DEACTIVATING"),
        (6, "STOPPED", "STOPPING"),
        (7, "STOPPED", "DEPROVISIONING"),
        (8, "STOPPED", "STOPPED"),
    ]


def test_the_interfaces_status_on_the_way(lab: Any) -> None:
    arn, seen = lab.run()[0], []
    for second in range(90):
        status = lab.task(arn)["attachments"][0]["status"]
        if not seen or seen[-1] != status:
            seen.append(status)
        if second == 40:
            lab.stop(arn)
        lab.clock.advance(1)
    assert seen == ["PRECREATED", "ATTACHED", "DETACHING", "DELETED"]


# --- StopTask


def test_asked_to_stop_it_still_shows_running(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    answer = lab.stop(arn, reason="enough")
    assert (answer["desiredStatus"], answer["lastStatus"]) == ("STOPPED", "RUNNING")
    assert (answer["stopCode"], answer["stoppedReason"]) == ("UserInitiated", "enough")
    assert "stoppedAt" not in answer


def test_a_stopped_task(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    lab.stop(arn)
    lab.clock.advance(minutes=1)
    task = lab.task(arn)
    assert (task["desiredStatus"], task["lastStatus"]) == ("STOPPED", "STOPPED")
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task stopped by user")
    assert task["connectivity"] == "DISCONNECTED"
    (container,) = task["containers"]
    assert (container["lastStatus"], container["exitCode"]) == ("STOPPED", 0)


@pytest.mark.parametrize("seconds", [0, 10, 18])
def test_a_task_stopped_before_it_ran_has_no_exit_code(lab: Any, seconds: int) -> None:
    arn = lab.run()[0]
    lab.clock.advance(seconds)
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    task = lab.task(arn)
    assert task["lastStatus"] == "STOPPED"
    assert "startedAt" not in task and "exitCode" not in task["containers"][0]
    assert lab.free_addresses() == 2 * 251


def test_stopping_twice_changes_nothing(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    first = lab.stop(arn, reason="first")
    assert lab.stop(arn, reason="second") == first
    lab.clock.advance(minutes=1)
    assert lab.stop(arn, reason="third")["stoppedReason"] == "first"


def test_stopping_what_is_not_there(lab: Any, refused: Any) -> None:
    assert refused(lab.stop, "0" * 32).code == "InvalidParameterException"


def test_a_task_is_found_by_id_and_by_arn(lab: Any) -> None:
    arn = lab.run()[0]
    assert lab.task(arn.rsplit("/", 1)[-1]) == lab.task(arn)


def test_a_stopped_task_can_be_described_for_an_hour(lab: Any) -> None:
    arn = lab.run()[0]
    lab.stop(arn)
    lab.clock.advance_until(lambda: lab.task(arn)["lastStatus"] == "STOPPED")
    lab.clock.advance(minutes=59)
    assert lab.task(arn)["lastStatus"] == "STOPPED"
    lab.clock.advance(minutes=1)
    gone = lab.ecs.describe_tasks(cluster="lab", tasks=[arn])
    assert gone["tasks"] == []
    assert gone["failures"] == [{"arn": arn, "reason": "MISSING"}]


def test_where_the_clock_runs_a_stopped_task_is_kept_for_half_an_hour_of_the_wall(lab: Any) -> None:
    """Also one that had stopped before the clock was made to run."""
    arn = lab.run()[0]
    lab.stop(arn)
    lab.clock.advance_until(lambda: lab.task(arn)["lastStatus"] == "STOPPED")
    lab.clock.run(10)
    lab.clock.advance(minutes=295)
    assert lab.task(arn)["lastStatus"] == "STOPPED"
    lab.clock.advance(minutes=5)
    assert lab.ecs.describe_tasks(cluster="lab", tasks=[arn])["tasks"] == []


# --- Describe and list


def test_an_unknown_task_is_a_failure_missing(lab: Any) -> None:
    arn = lab.run()[0]
    answer = lab.ecs.describe_tasks(cluster="lab", tasks=[arn, "0" * 32])
    assert [one["taskArn"] for one in answer["tasks"]] == [arn]
    missing = f"arn:aws:ecs:us-east-1:123456789012:task/lab/{'0' * 32}"
    assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]


@pytest.mark.parametrize("count", [0, 101])
def test_one_to_a_hundred_names(lab: Any, refused: Any, count: int) -> None:
    names = ["0" * 32] * count
    found = refused(lab.ecs.describe_tasks, cluster="lab", tasks=names)
    assert found.code == "InvalidParameterException"


def test_a_task_of_another_cluster_is_not_here(lab: Any) -> None:
    arn = lab.run()[0]
    lab.ecs.create_cluster(clusterName="other")
    assert lab.ecs.describe_tasks(cluster="other", tasks=[arn])["tasks"] == []
    assert lab.ecs.list_tasks(cluster="other")["taskArns"] == []


def test_list_shows_what_is_meant_to_run(lab: Any) -> None:
    keep, stop = lab.run(2)
    lab.stop(stop)
    assert lab.arns() == lab.arns(desiredStatus="RUNNING") == [keep]
    assert lab.arns(desiredStatus="STOPPED") == [stop]
    assert lab.arns(desiredStatus="PENDING") == []


def test_list_by_service_family_starter_and_launch_type(lab: Any, refused: Any) -> None:
    lab.define("job")
    lab.service("web", 2)
    lab.service("api", 1)
    job = lab.run(taskDefinition="job", startedBy="me")
    assert len(lab.arns()) == 4
    assert len(lab.arns(serviceName="web")) == 2
    assert len(lab.arns(serviceName="api")) == 1
    assert lab.arns(family="job") == job
    assert lab.arns(startedBy="me") == job
    assert len(lab.arns(launchType="FARGATE")) == 4
    assert lab.arns(launchType="EC2") == []
    found = refused(lab.arns, serviceName="nope")
    assert (found.code, found.message) == ("ServiceNotFoundException", "Service not found.")


def test_a_long_list_comes_in_pages(lab: Any) -> None:
    for _ in range(3):
        lab.run(10)
    pages = lab.ecs.get_paginator("list_tasks").paginate(
        cluster="lab", PaginationConfig={"PageSize": 12}
    )
    found = [page["taskArns"] for page in pages]
    assert [len(page) for page in found] == [12, 12, 6]
    assert len({arn for page in found for arn in page}) == 30


def test_a_week_later_a_running_task_is_running(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    before = lab.task(arn)
    lab.clock.advance(days=7)
    assert lab.task(arn) == before
    assert before["lastStatus"] == "RUNNING"
    assert lab.aws.now() - before["startedAt"] > timedelta(days=7)
