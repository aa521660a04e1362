"""The endpoint: one sandbox over HTTP on this machine, for the aws CLI and whatever else speaks AWS.

The same world as the kernel's, in the same process: what a cell creates, the
terminal describes. It is made of moto's own server, and listens on 127.0.0.1.
"""

import os
import secrets
import socket
import sys
from threading import Thread
from typing import Any, Self

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from course.sandbox.endpoint.door import Door
from course.sandbox.endpoint.exports import exports
from course.sandbox.errors import SandboxError
from course.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"
POLL = 0.05
"""Wall seconds until the server notices that it was closed."""

PATIENCE = 60
"""Wall seconds that a client may be silent in the middle of a request."""


class PortTaken(SandboxError):
    """Another program listens at the port asked for."""


SHORT_TURN = 0.0005
"""Seconds a busy cell keeps Python to itself while the endpoint waits; Python's own 5 ms, some thirty
times in a request, left a terminal six calls a second."""


class Endpoint:
    """One sandbox at ``url`` until it is closed; ``token`` opens ``/_course/``. Shown, it says what to export.

    *port* 0 picks a free one. Raises PortTaken. A context manager: leaving closes it.
    """

    def __init__(self, aws: Sandbox, port: int = 0) -> None:
        self.region = aws.region
        self.token = secrets.token_urlsafe(24)
        self._door = Door(aws, self.token)
        self._socket = _listen(port)
        fd = self._socket.fileno()
        self._server = make_server(HOST, 0, self._door, True, request_handler=Handler, fd=fd)
        self._door.port = self._server.port
        self._thread: Thread | None = None
        self._turns = sys.getswitchinterval()
        aws.at_close(self.close)

    @property
    def url(self) -> str:
        """What ``--endpoint-url`` takes."""
        return f"http://{HOST}:{self._door.port}"

    def __repr__(self) -> str:
        return exports(self.url, self.region)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def start(self) -> Self:
        """Serve from a thread of its own, beside what this process does."""
        sys.setswitchinterval(SHORT_TURN)
        self._thread = Thread(target=self.serve, name="sandbox endpoint", daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Serve until the endpoint is closed, or until Ctrl-C."""
        self._server.serve_forever(POLL)

    def close(self) -> None:
        """Answer nobody from now on; twice does nothing."""
        self._door.close()
        if self._thread:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
            sys.setswitchinterval(self._turns)
        self._server.server_close()
        self._socket.close()


def _listen(port: int) -> socket.socket:
    """A socket that has the port to itself; what fails here would end the process in werkzeug."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # there, reusing an address is taking it from whoever has it
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Port {port} of {HOST} cannot be had ({error.strerror}): another program, or another "
            "sandbox, may listen there. Choose another one; 0 picks one that is free."
        ) from error
    return listening


class Handler(MotoRequestHandler):
    """Reads requests as moto's server does, and writes nothing of them anywhere."""

    timeout = PATIENCE
    error_content_type = "text/plain"
    error_message_format = "%(code)d %(message)s: %(explain)s\n"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Neither requests nor errors: both show what the client sent."""
