"""Where the aws CLI itself stands in the way: each trap bites, and what the exports say gets past it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from course.sandbox.endpoint.exports import exports, variables

pytestmark = [pytest.mark.contract, pytest.mark.slow]

REGION = "us-east-1"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Elsewhere:
    """A proxy that notes who is asked for beyond this machine, and lets nobody through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                self.asked.append(caller.recv(4096).decode("latin-1").split("\r\n", 1)[0])

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    proxy = Elsewhere()
    yield proxy
    proxy.close()


@pytest.fixture
def aws(client: Any, elsewhere: Elsewhere, tmp_path: Path) -> Run:
    """``aws("ecs list-clusters")`` in a terminal with the exports; ``None`` takes a variable away."""

    def run(command: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        kept = {
            name: os.environ[name] for name in ("SYSTEMROOT", "PYTHONPATH") if name in os.environ
        }
        given = {
            **kept,
            "PATH": str(tmp_path),
            "HOME": str(tmp_path),
            **variables(client.endpoint.url, REGION),
            "HTTPS_PROXY": elsewhere.url,
            "AWS_MAX_ATTEMPTS": "1",
            **changes,
        }
        environ = {name: value for name, value in given.items() if value is not None}
        words = [sys.executable, "-m", "awscli", *command.split()]
        return subprocess.run(
            words, check=False, env=environ, capture_output=True, text=True, timeout=120
        )

    return run


def printed(client: Any) -> str:
    return " ".join(exports(client.endpoint.url, REGION).split())


def calls(client: Any) -> list[str]:
    return [call.operation for call in client.aws.world.history]


def test_sqs_goes_elsewhere_until_it_is_told_the_address(
    client: Any, aws: Run, elsewhere: Elsewhere
) -> None:
    client.aws.client("sqs").create_queue(QueueName="orders")
    before = calls(client)
    assert aws("sqs list-queues").returncode != 0
    assert elsewhere.asked and elsewhere.asked[0].startswith("CONNECT queue.amazonaws.com:443")
    assert calls(client) == before
    way = f"--endpoint-url {client.endpoint.url} sqs"
    assert f"aws {way} ..." in printed(client)
    answer = json.loads(aws(f"{way} list-queues").stdout)
    assert answer["QueueUrls"][0].endswith("/orders")


def test_discover_instances_asks_a_host_that_is_not_there_until_it_is_kept_from_it(
    client: Any, aws: Run
) -> None:
    cloud_map = client.aws.client("servicediscovery")
    cloud_map.create_http_namespace(Name="shop")
    client.aws.clock.advance(5)
    (space,) = cloud_map.list_namespaces()["Namespaces"]
    cloud_map.create_service(Name="web", NamespaceId=space["Id"])
    asking = "servicediscovery discover-instances --namespace-name shop --service-name web"
    bitten = aws(asking, AWS_DISABLE_HOST_PREFIX_INJECTION=None)
    assert bitten.returncode != 0 and "data-127.0.0.1" in bitten.stderr
    assert "DiscoverInstances" not in calls(client)
    assert "AWS_DISABLE_HOST_PREFIX_INJECTION" in printed(client)
    assert json.loads(aws(asking).stdout)["Instances"] == []
    assert calls(client)[-1] == "DiscoverInstances"


PLUGIN = '#!{python}\nimport sys\nopen({file!r}, "a").write(" ".join(sys.argv[3:5]) + "\\n")\n'


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line")
def test_execute_command_wants_its_plugin_before_it_asks_anybody(
    client: Any, aws: Run, tmp_path: Path
) -> None:
    asking = "ecs execute-command --cluster none --task none --interactive --command /bin/sh"
    bitten = aws(asking)
    assert bitten.returncode != 0 and "SessionManagerPlugin is not found" in bitten.stderr
    assert calls(client) == []
    assert "session-manager-plugin" in printed(client)
    plugin = tmp_path / "session-manager-plugin"
    plugin.write_text(PLUGIN.format(python=sys.executable, file=str(tmp_path / "told")), "utf-8")
    plugin.chmod(0o755)
    there = aws(asking)
    assert "(ClusterNotFoundException) when calling the ExecuteCommand" in there.stderr
    assert calls(client) == ["ExecuteCommand"]
