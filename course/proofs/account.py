"""The account that a proof is done in: a fresh sandbox, and clients that are made once.

Proofs of one run share boto3's models and clients, which is where most of a small
world's time would go.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3

from course import sandbox
from course.sandbox.clock import Clock
from course.sandbox.sandbox import Sandbox


class Account:
    """A fresh account: boto3 clients, virtual time, and the sandbox itself for what no API tells."""

    region = "us-east-1"

    def __init__(self, opened: Sandbox) -> None:
        self.sandbox = opened

    def client(self, service: str) -> Any:
        """A plain boto3 client of the account's administrator."""
        return _client(service)

    def client_as(self, key: dict[str, str], service: str) -> Any:
        """A client of whoever has an access key, as CreateAccessKey or AssumeRole returns it."""
        return _session().client(
            service,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key.get("SessionToken"),
        )

    @property
    def clock(self) -> Clock:
        """Virtual time: ``aws.clock.advance(minutes=2)``."""
        return self.sandbox.clock

    def wait_until(self, condition: Callable[[], Any], timeout: float = 600) -> None:
        """Let virtual time pass until *condition()* is true. Raises WaitTimeout."""
        self.clock.advance_until(condition, timeout)


@contextmanager
def account() -> Iterator[Account]:
    """Open an empty account, and close it again. Raises SandboxAlreadyOpen beside another one."""
    with sandbox.open() as opened:
        yield Account(opened)


@cache
def _session() -> Any:
    return boto3.Session(region_name=Account.region)


@cache
def _client(service: str) -> Any:
    return _session().client(service)
