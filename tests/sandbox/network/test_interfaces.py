"""Network interfaces of tasks: addresses come from the subnet, are unique, and are returned."""

from __future__ import annotations

import itertools
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

SLASH_28 = 16 - 5
"""Addresses of a /28 that AWS leaves to its owner."""


def address(task: dict[str, Any]) -> str | None:
    values = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
    return values.get("privateIPv4Address")


@pytest.fixture
def small(lab: Any) -> str:
    """A subnet with eleven addresses."""
    return str(lab.subnet("10.0.9.0/28"))


def shown(lab: Any, subnet: str) -> int:
    answer = lab.ec2.describe_subnets(SubnetIds=[subnet])
    return int(answer["Subnets"][0]["AvailableIpAddressCount"])


def test_addresses_come_from_the_tasks_subnet_and_are_unique(lab: Any) -> None:
    arns = lab.run(10) + lab.run(10)
    lab.clock.advance(minutes=1)
    tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
    networks = dict(zip(lab.subnets, ("10.0.1.0/24", "10.0.2.0/24"), strict=True))
    for task in tasks:
        subnet = next(d["value"] for d in task["attachments"][0]["details"])
        assert ip_address(address(task) or "") in ip_network(networks[subnet])
    assert len({address(task) for task in tasks}) == 20


def test_the_first_four_and_the_last_are_awss(lab: Any, small: str) -> None:
    arns = lab.run(10, networkConfiguration=lab.network(small))
    arns += lab.run(1, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=1)
    tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
    assert sorted(ip_address(address(task) or "") for task in tasks) == [
        ip_address(f"10.0.9.{last}") for last in range(4, 15)
    ]


def test_addresses_are_returned_after_stopped(lab: Any) -> None:
    free = lab.free_addresses()
    assert free == 2 * 251
    lab.steady(desired=4)
    assert lab.free_addresses() == free - 4
    lab.update(desiredCount=0)
    assert lab.free_addresses() == free - 4, "a task that is stopping still holds its address"
    lab.clock.advance(minutes=1)
    assert lab.free_addresses() == free


def test_the_interface_is_gone_with_the_task(lab: Any) -> None:
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    assert len(lab.interfaces()) == 1
    lab.stop(arn)
    lab.clock.advance(minutes=1)
    assert lab.interfaces() == []
    assert lab.task(arn)["attachments"][0]["status"] == "DELETED"


def test_an_address_is_not_used_again_at_once(lab: Any) -> None:
    first = lab.run(networkConfiguration=lab.network(lab.subnets[0]))[0]
    lab.clock.advance(minutes=1)
    before = address(lab.task(first))
    lab.stop(first)
    lab.clock.advance(minutes=1)
    second = lab.run(networkConfiguration=lab.network(lab.subnets[0]))[0]
    lab.clock.advance(minutes=1)
    assert address(lab.task(second)) != before


def test_an_address_that_someone_else_holds_is_left_alone(lab: Any, small: str) -> None:
    mine = lab.ec2.create_network_interface(SubnetId=small, PrivateIpAddress="10.0.9.4")
    arn = lab.run(networkConfiguration=lab.network(small))[0]
    lab.clock.advance(minutes=1)
    assert mine["NetworkInterface"]["PrivateIpAddress"] == "10.0.9.4"
    assert address(lab.task(arn)) == "10.0.9.5"


def test_a_full_subnet_fails_the_task(lab: Any, small: str) -> None:
    network = lab.network(small)
    lab.run(10, networkConfiguration=network)
    lab.run(1, networkConfiguration=network)
    lab.clock.advance(minutes=1)
    assert shown(lab, small) == 0
    arn = lab.run(networkConfiguration=network)[0]
    lab.clock.advance(minutes=1)
    task = lab.task(arn)
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    assert small in task["stoppedReason"]
    assert "startedAt" not in task and "exitCode" not in task["containers"][0]
    assert address(task) is None


def test_a_service_in_a_full_subnet_settles_and_recovers(lab: Any, small: str) -> None:
    holders = lab.run(10, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=1)
    lab.service(desired=2, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=20)
    (deployment,) = lab.describe()["deployments"]
    assert (deployment["runningCount"], deployment["rolloutState"]) == (1, "IN_PROGRESS")
    for arn in holders[:2]:
        lab.stop(arn)
    lab.clock.advance(minutes=40)
    (deployment,) = lab.describe()["deployments"]
    assert (deployment["runningCount"], deployment["rolloutState"]) == (2, "COMPLETED")
    assert deployment["failedTasks"] == 0
    assert shown(lab, small) == SLASH_28 - 10


def test_failed_starts_come_slower_and_slower(lab: Any, small: str) -> None:
    lab.run(10, networkConfiguration=lab.network(small))
    lab.run(1, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=1)
    lab.service(desired=1, networkConfiguration=lab.network(small))
    lab.clock.advance(hours=3)
    starts = [
        event["createdAt"]
        for event in reversed(lab.describe()["events"])
        if "has started" in event["message"]
    ]
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(starts)]
    assert gaps == sorted(gaps)
    assert 27 * 60 <= gaps[-1] <= 29 * 60
    assert lab.describe()["deployments"][0]["failedTasks"] == len(starts)


def test_failing_again_and_again_is_said(lab: Any, small: str) -> None:
    lab.run(10, networkConfiguration=lab.network(small))
    lab.run(1, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=1)
    lab.service(desired=1, networkConfiguration=lab.network(small))
    lab.clock.advance(hours=3)
    assert "(service web) is unable to consistently start tasks successfully." in lab.said()


def test_a_new_deployment_does_not_wait_for_the_throttle_of_the_old(lab: Any, small: str) -> None:
    lab.run(10, networkConfiguration=lab.network(small))
    lab.run(1, networkConfiguration=lab.network(small))
    lab.clock.advance(minutes=1)
    lab.service(desired=1, networkConfiguration=lab.network(small))
    lab.clock.advance(hours=1)
    lab.update(networkConfiguration=lab.network())
    lab.clock.advance(minutes=3)
    (deployment,) = lab.describe()["deployments"]
    assert (deployment["runningCount"], deployment["failedTasks"]) == (1, 0)


def test_a_subnet_deleted_meanwhile_fails_the_task(lab: Any, small: str) -> None:
    arn = lab.run(networkConfiguration=lab.network(small))[0]
    lab.ec2.delete_subnet(SubnetId=small)
    lab.clock.advance(minutes=2)
    assert lab.task(arn)["stopCode"] == "TaskFailedToStart"


def test_in_a_vpc_with_dns_host_names_the_attachment_has_one(lab: Any) -> None:
    lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": True})
    arn = lab.run()[0]
    lab.clock.advance(minutes=1)
    values = {one["name"]: one["value"] for one in lab.task(arn)["attachments"][0]["details"]}
    assert values["privateDnsName"].startswith("ip-10-0-1-")
