"""Whose account it is: asked of STS, with the credentials that boto3's own chain finds.

Credentials are never asked for, kept on disk or shown. Of the account only the last
four digits leave this module, and of the caller a kind and a name.

AWS: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from course.live.errors import NoLive, NotAllowed
from course.live.masking import Masks

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}


@dataclass(frozen=True)
class Caller:
    """Who calls: a role, a user, with the account's last four digits."""

    account: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Account:
    """The account of an attempt, and the credentials that were found to be its own."""

    def __init__(self, session: boto3.Session, masks: Masks) -> None:
        self._masks = masks
        self._keys: set[str | None] = set()
        if credentials := session.get_credentials():
            frozen = credentials.get_frozen_credentials()
            masks.hide(frozen.secret_key, frozen.token)
            self._keys.add(frozen.access_key)
        self._number, self.caller = self._ask(session)

    def check(self, request_signer: Any) -> None:
        """Let only this account's credentials sign. Raises NotAllowed for another account's."""
        credentials = request_signer._credentials  # its only holder; tests/contract says so
        if credentials is None:
            return
        frozen = credentials.get_frozen_credentials()
        self._masks.hide(frozen.secret_key, frozen.token)
        if frozen.access_key in self._keys:
            return
        self._keys.add(frozen.access_key)  # first, since the question comes through here as well
        try:
            number, _ = self._ask(_session(frozen, request_signer.region_name))
        except NoLive as error:
            self._keys.discard(frozen.access_key)
            raise NotAllowed(str(error)) from None
        if number != self._number:
            self._keys.discard(frozen.access_key)
            raise NotAllowed(
                f"This client's credentials are of an account that ends in {number[-4:]}; this attempt "
                f"is for the one that ends in {self._number[-4:]}. Use boto3.client(...) as it is."
            )

    def _ask(self, session: boto3.Session) -> tuple[str, Caller]:
        answer = identity(session)
        self._masks.account(answer["Account"])
        return str(answer["Account"]), called(answer["Arn"], answer["Account"])


def identity(session: boto3.Session) -> dict[str, Any]:
    """What STS says of the caller. Raises NoLive when there is none that AWS knows."""
    try:
        if session.get_credentials() is None:
            raise NoLive(
                "boto3 finds no credentials. Set up a profile or a role as you do for the aws CLI; the "
                "course never asks for keys."
            )
        return dict(session.client("sts").get_caller_identity())
    except ClientError as error:
        raise NoLive(_refused(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise NoLive(
            f"AWS was not reached with these credentials ({type(error).__name__})."
        ) from None


def _refused(code: str) -> str:
    if code in EXPIRED:
        return "The credentials have expired. Renew them (for SSO: aws sso login) and try again."
    return f"AWS refused the credentials ({code}). Check them with aws sts get-caller-identity."


def called(arn: str, account: str) -> Caller:
    """Read a caller's ARN. Raises NoLive for the account's root user."""
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    if kind == "root":
        raise NoLive(
            "These are the root user's credentials, which no lesson needs. Use a role or a user with "
            "the lesson's least-privilege policy: python3 -m course policy."
        )
    name = rest.partition("/")[0] if kind == "assumed-role" else rest.rpartition("/")[2]
    return Caller(account[-4:], "role" if kind == "assumed-role" else kind, name)


def _session(frozen: Any, region: str) -> boto3.Session:
    return boto3.Session(frozen.access_key, frozen.secret_key, frozen.token, region)
