"""A user of the learner's, held to the policies that a test gives them, and how to read an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

from course.sandbox.world import ACCOUNT_ID

DEV = f"arn:aws:iam::{ACCOUNT_ID}:user/dev"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(*actions, on=on, **more) | {"Effect": "Deny"}


class Dev:
    """A user of the learner's, whose one inline policy a test sets."""

    def __init__(self, lab: Any) -> None:
        self._iam = lab.aws.client("iam")
        self._iam.create_user(UserName="dev")
        key = self._iam.create_access_key(UserName="dev")["AccessKey"]
        self.key_id = key["AccessKeyId"]
        self.session = boto3.Session(self.key_id, key["SecretAccessKey"], region_name="us-east-1")

    def may(self, *statements: dict[str, Any]) -> None:
        """Nothing at all, where no statement is given."""
        if not statements:
            self._iam.delete_user_policy(UserName="dev", PolicyName="given")
            return
        self._iam.put_user_policy(
            UserName="dev", PolicyName="given", PolicyDocument=document(*statements)
        )

    def client(self, service: str) -> Any:
        return self.session.client(service)


def denial(action: str, resource: str, kind: str = "identity-based policy", who: str = DEV) -> str:
    """AWS's text for what no policy of a kind allows; S3 quotes, and SQS has small letters."""
    if action.startswith("s3:"):
        resource = f'"{resource}"'
    action = action.lower() if action.startswith("sqs:") else action
    return (
        f"User: {who} is not authorized to perform: {action} on resource: {resource} "
        f"because no {kind} allows the {action} action"
    )


def refusal(call: Callable[..., Any], **given: Any) -> tuple[str, str]:
    """Code and text of what a call is answered with; empty ones for an answer that is no error."""
    try:
        call(**given)
    except ClientError as error:
        found = error.response["Error"]
        return found["Code"], found["Message"]
    return "", ""
