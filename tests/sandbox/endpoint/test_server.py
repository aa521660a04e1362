"""The endpoint as a whole: its port, its end, and a kernel that keeps calling beside it."""

from __future__ import annotations

import http.client
import socket
from threading import Thread
from typing import Any

import pytest

from course import sandbox
from course.sandbox.endpoint.server import Endpoint, PortTaken


def test_it_listens_on_this_machine_only(client: Any) -> None:
    assert client.endpoint._server.socket.getsockname() == ("127.0.0.1", client.port)


def test_a_port_that_is_taken_is_named(no_machine_images: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, sandbox.open() as aws:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} of 127\.0\.0\.1 cannot be had"):
            Endpoint(aws, port)


def test_the_port_is_free_again_at_once(client: Any) -> None:
    assert client.ecs("ListClusters").status == 200
    client.endpoint.close()
    again = Endpoint(client.aws, client.port)
    assert again.url == client.endpoint.url
    again.close()


def test_closed_it_answers_nobody_and_closing_twice_is_fine(client: Any) -> None:
    client.endpoint.close()
    client.endpoint.close()
    with pytest.raises(OSError):
        client.ecs("ListClusters")


def test_a_request_that_was_under_way_when_it_closed_changes_nothing(client: Any) -> None:
    """It waits for the world's lock while the endpoint is closed, and is refused then."""
    answers: list[Any] = []
    lock = client.aws.world.lock
    asking = Thread(target=lambda: answers.append(client.ecs("CreateCluster")), daemon=True)
    with lock:
        asking.start()
        while not lock.waiting:
            assert asking.is_alive()
        client.endpoint._door.close()
    asking.join(30)
    assert answers[0].status == 503
    assert not client.aws.world.history


@pytest.mark.slow
def test_a_cell_in_a_loop_and_the_terminal_take_turns(client: Any) -> None:
    """Whenever a request waits, it comes next: between two of them the loop calls once."""
    ecs, asked = client.aws.client("ecs"), 0
    lock, done = client.aws.world.lock, []

    def terminal() -> None:
        for _ in range(5):
            done.append(client.ecs("ListTaskDefinitions").status)

    beside = Thread(target=terminal, daemon=True)
    beside.start()
    while beside.is_alive():
        waits, before = lock.waiting, len(client.aws.world.history)
        ecs.list_clusters()
        asked += 1
        if waits:  # it stood in the queue before this call asked for the lock
            assert client.aws.world.history[before].operation == "ListTaskDefinitions"
    assert done == [200] * 5
    assert asked > 0


def test_a_restored_world_is_the_one_that_answers(client: Any) -> None:
    kept = client.aws.snapshot()
    client.ecs("CreateCluster")
    kept.restore()
    assert client.ecs("ListClusters").json == {"clusterArns": []}
    client.ecs("CreateCluster", {"clusterName": "after"})
    assert client.aws.client("ecs").list_clusters()["clusterArns"][0].endswith("/after")


def test_timestamps_once_shown_never_change_while_the_clock_runs(serving: Any) -> None:
    client = serving(rate=200)
    client.ecs("CreateCluster")
    client.ecs("RegisterTaskDefinition", WEB)
    subnet = client.aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": "ENABLED"}}
    run = {"taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network}
    task = client.ecs("RunTask", run).json["tasks"][0]
    seen: dict[str, Any] = {}
    answers: list[Any] = []

    def ask() -> None:
        for _ in range(20):
            answers.append(client.ecs("DescribeTasks", {"tasks": [task["taskArn"]]}).json)

    threads = [Thread(target=ask, daemon=True) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(answers) == 60
    for answer in answers:
        stamps = {k: v for k, v in answer["tasks"][0].items() if k.endswith("At")}
        assert {name: seen.get(name, stamp) for name, stamp in stamps.items()} == stamps
        seen |= stamps
    times = [one.when for one in client.aws.timeline.entries]
    assert times == sorted(times)
    calls = [one.when for one in client.aws.world.history]
    assert calls == sorted(calls)


WEB = {
    "family": "web",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4"}],
}


def test_a_client_that_goes_away_leaves_the_others_alone(client: Any) -> None:
    gone = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    gone.putrequest("POST", "/")
    gone.putheader("Content-Length", "1000")
    gone.endheaders()
    gone.close()
    assert client.ecs("ListClusters").status == 200


def test_a_clock_that_runs_has_caught_up_when_it_is_told(serving: Any) -> None:
    client = serving(rate=1000)
    first, second = (client.course("clock").json["now"] for _ in range(2))
    assert first < second
    assert client.course("clock").json["rate"] == 1000
