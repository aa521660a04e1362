"""Snapshots: going back, and two futures of one decision."""

import json
from threading import Thread
from typing import Any

import pytest

from course import sandbox
from course.sandbox.errors import SandboxError
from course.sandbox.snapshot import KEPT


def settled_service(lab: Any, **more: Any) -> None:
    lab.service(desired=4, **more)
    lab.clock.advance(minutes=2)
    lab.define()  # a second revision to roll out


def test_going_back_undoes_everything(lab: Any) -> None:
    settled_service(lab)
    before = lab.describe()
    addresses, told = lab.free_addresses(), repr(lab.aws.timeline)
    kept = lab.aws.snapshot()
    lab.update(desiredCount=0)
    lab.ecs.create_cluster(clusterName="another")
    lab.aws.client("iam").create_user(UserName="somebody")
    lab.clock.advance(hours=1)
    kept.restore()
    assert (lab.describe(), lab.free_addresses(), repr(lab.aws.timeline)) == (
        before,
        addresses,
        told,
    )
    assert len(lab.ecs.list_clusters()["clusterArns"]) == 1
    assert lab.aws.client("iam").list_users()["Users"] == []


def test_the_restored_world_goes_on_by_itself(lab: Any) -> None:
    lab.service(desired=2)
    kept = lab.aws.snapshot()
    lab.clock.advance(minutes=2)
    kept.restore()
    assert lab.describe()["runningCount"] == 0
    lab.ecs.get_waiter("services_stable").wait(cluster="lab", services=["web"])
    assert lab.describe()["runningCount"] == 2


def future(lab: Any, minimum: int, maximum: int) -> tuple[int, float]:
    """Lowest running count, and seconds until the deployment is completed."""
    percents = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    start, lowest = lab.aws.now(), 4
    lab.update(taskDefinition="web:2", deploymentConfiguration=percents)

    def completed() -> bool:
        nonlocal lowest
        service = lab.describe()
        lowest = min(lowest, service["runningCount"])
        return service["deployments"][0]["rolloutState"] == "COMPLETED"

    lab.clock.advance_until(completed)
    return lowest, (lab.aws.now() - start).total_seconds()


def test_two_futures_of_one_decision(lab: Any) -> None:
    settled_service(lab)
    kept = lab.aws.snapshot()
    half = future(lab, 50, 100)
    kept.restore()
    whole = future(lab, 100, 200)
    assert (half[0], whole[0]) == (2, 4)
    assert half[1] > whole[1]
    kept.restore()
    assert future(lab, 50, 100) == half


def test_services_of_other_kinds_come_along(lab: Any) -> None:
    ecr, ssm, sqs = (lab.aws.client(name) for name in ("ecr", "ssm", "sqs"))
    ecr.create_repository(repositoryName="web")
    ssm.put_parameter(Name="/a", Value="1", Type="String")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    kept = lab.aws.snapshot()
    ecr.delete_repository(repositoryName="web")
    ssm.put_parameter(Name="/a", Value="2", Type="String", Overwrite=True)
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({}))
    kept.restore()
    assert len(ecr.describe_repositories()["repositories"]) == 1
    assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_the_newest_five_are_kept(lab: Any) -> None:
    oldest, *rest = [lab.aws.snapshot() for _ in range(KEPT + 1)]
    assert repr(oldest).endswith("let go)")
    with pytest.raises(SandboxError, match="only the newest 5 are kept"):
        oldest.restore()
    rest[0].restore()


def test_a_closed_world_does_not_come_back() -> None:
    with sandbox.open() as aws:
        kept = aws.snapshot()
    with pytest.raises(SandboxError, match="none of a closed world"):
        kept.restore()


def test_a_restored_world_goes_on_at_the_present_pace(lab: Any) -> None:
    """Kept while the clock ran, restored when it stands still; and the other way round."""
    lab.clock.run(10)
    running = lab.aws.snapshot()
    lab.clock.run(0)
    standing = lab.aws.snapshot()
    running.restore()
    assert lab.clock.rate == 0
    lab.clock.run(10)
    standing.restore()
    assert lab.clock.rate == 10


def test_keeping_and_restoring_wait_for_a_call_that_is_under_way(lab: Any) -> None:
    kept, done = lab.aws.snapshot(), []
    lock = lab.aws.world.lock
    for act in (lab.aws.snapshot, kept.restore):
        beside = Thread(target=lambda act=act: done.append(act()), daemon=True)
        with lock:
            beside.start()
            while not lock.waiting:
                assert beside.is_alive()
            assert not done
        beside.join(10)
        assert len(done) == 1
        done.clear()
