"""An open sandbox with its endpoint, asked over real HTTP by Python's own client."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from course import sandbox
from course.sandbox.endpoint.server import Endpoint
from course.sandbox.sandbox import Sandbox

ECS = "AmazonEC2ContainerServiceV20141113"
JSON = "application/x-amz-json-1.1"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Asks the endpoint; headers are given with underscores."""

    def __init__(self, aws: Sandbox, endpoint: Endpoint) -> None:
        self.aws, self.endpoint = aws, endpoint
        self.port = int(endpoint.url.rpartition(":")[2])

    @staticmethod
    def signed(
        service: str, *, key: str = "SANDBOX0ACCESS0KEY00", region: str = "us-east-1"
    ) -> str:
        """An Authorization header as the aws CLI makes it; nobody checks the signature."""
        scope = f"{key}/20261102/{region}/{service}/aws4_request"
        return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=0"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def ecs(self, operation: str, body: Any = None, **headers: str) -> Answer:
        """One call to ECS, as a client of AWS makes it."""
        given = {"Authorization": self.signed("ecs"), "Content_Type": JSON} | headers
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self.ask("POST", "/", data, X_Amz_Target=f"{ECS}.{operation}", **given)

    def form(self, service: str, body: str, **headers: str) -> Answer:
        given = {"Authorization": self.signed(service), "Content_Type": FORM} | headers
        return self.ask("POST", "/", body, **given)

    def course(self, path: str, body: Any = None, method: str | None = None) -> Answer:
        token = {"Authorization": f"Bearer {self.endpoint.token}"}
        asked = method or ("GET" if body is None else "POST")
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        return self.ask(asked, f"/_course/{path}", data, **token)


@pytest.fixture
def serving(no_machine_images: None) -> Iterator[Callable[..., Client]]:
    """``serving(rate=10)``: a client of a new sandbox's endpoint."""
    with ExitStack() as undo:

        def serve(**options: Any) -> Client:
            aws = undo.enter_context(sandbox.open(**options))
            return Client(aws, undo.enter_context(Endpoint(aws).start()))

        yield serve


@pytest.fixture
def client(serving: Callable[..., Client]) -> Client:
    """A client of a sandbox that is the test's own."""
    return serving()


@pytest.fixture(scope="module")
def one_endpoint() -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
        with sandbox.open() as aws, Endpoint(aws).start() as endpoint:
            yield Client(aws, endpoint)


@pytest.fixture
def door(one_endpoint: Client) -> Client:
    """A client of a sandbox that a module's tests share, with an empty call history."""
    one_endpoint.aws.world.history.clear()
    one_endpoint.aws.timeline.entries.clear()
    return one_endpoint
