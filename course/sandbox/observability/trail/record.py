"""A call as a CloudTrail record. Pure.

What we write is what the sandbox knows. On AWS requests of EC2 have their own
nested form (``instancesSet``), names of Lambda's operations end with a date, and
answers of XML services stand there too.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
     https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

from course.sandbox.history import ApiCall, Identity
from course.sandbox.observability.trail.kinds import is_read, source

VERSION = "1.11"  # as of 2026
ADDRESS = "127.0.0.1"
"""Whose notebook or terminal it is: this machine's."""

CODES = {"AccessDeniedException": "AccessDenied"}
"""What a record calls an error by another name than the answer (a record of health.amazonaws.com, 2023)."""


def record(call: ApiCall) -> dict[str, Any]:
    """The record of one call, its members in CloudTrail's order."""
    who = call.who or Identity()
    told: dict[str, Any] = {
        "eventVersion": VERSION,
        "userIdentity": user_identity(who),
        "eventTime": f"{call.when:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source(call.service),
        "eventName": call.operation,
        "awsRegion": call.region,
        "sourceIPAddress": call.agent if call.agent.endswith(".amazonaws.com") else ADDRESS,
        "userAgent": call.agent,
    }
    if call.error:
        told["errorCode"] = code_of(call)
        told["errorMessage"] = call.message
    return told | {
        "requestParameters": _or_null(call.parameters),
        "responseElements": _or_null(call.answered),
        "requestID": call.request_id or str(_id(call, "request")),
        "eventID": event_id(call),
        "readOnly": is_read(call.operation),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": who.account,
        "eventCategory": "Management",
    }


def code_of(call: ApiCall) -> str:
    """The error code as records have it: EC2's begin with ``Client.``."""
    code = CODES.get(call.error or "", call.error or "")
    return f"Client.{code}" if call.service == "ec2" else code


def event_id(call: ApiCall) -> str:
    """Made of the call itself, in place of dice: reading the history changes nothing."""
    return str(_id(call, "event"))


def user_name(who: Identity) -> str:
    """What LookupEvents calls Username: a user's name, the name of a role's session."""
    return who.arn.rsplit("/", 1)[-1] if who.arn else ""


def user_identity(who: Identity) -> dict[str, Any]:
    """Who it was: an IAMUser, an AssumedRole with the role that issued the session, an AWSService."""
    if who.service:
        return {"type": "AWSService", "invokedBy": who.service}
    common = {
        "principalId": who.user_id,
        "arn": who.arn,
        "accountId": who.account,
        "accessKeyId": who.access_key,
    }
    if who.role:
        issuer = {
            "type": "Role",
            "principalId": who.user_id.partition(":")[0],
            "arn": who.role,
            "accountId": who.account,
            "userName": who.role.rsplit("/", 1)[-1],
        }
        return {
            "type": "AssumedRole",
            **_known(common),
            "sessionContext": {"sessionIssuer": issuer},
        }
    if who.arn.endswith(":root"):
        return {"type": "Root", **_known(common)}
    return {"type": "IAMUser", **_known(common), "userName": user_name(who)}


def _known(members: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}


def _or_null(text: str) -> Any:
    return json.loads(text) if text else None


def _id(call: ApiCall, kind: str) -> UUID:
    told = (kind, call.when, call.service, call.operation, call.number)
    text = "|".join(str(one) for one in told)
    return UUID(sha256(text.encode()).hexdigest()[:32])
