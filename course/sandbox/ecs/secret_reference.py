"""``valueFrom``: which secret, which part of it, or which parameter a container asks for. Pure.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
"""

from dataclasses import dataclass

PLAIN, WITH_PARTS = 7, 10
"""Fields of a secret's ARN, and of one with JSON key, version stage and version id behind it."""


@dataclass(frozen=True, slots=True)
class SecretPart:
    """A secret of Secrets Manager: the whole, or what stands under a JSON key, in one version."""

    arn: str
    region: str
    json_key: str = ""
    stage: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class StoredParameter:
    """A parameter of Parameter Store."""

    name: str
    arn: str
    region: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A valueFrom that names neither."""

    given: str


def read_reference(
    given: str, region: str, account: str
) -> SecretPart | StoredParameter | Unreadable:
    """What a valueFrom means; a name alone is a parameter in the task's own Region."""
    if not given.startswith("arn:"):
        return StoredParameter(given, parameter_arn(given, region, account), region)
    fields = given.split(":")
    service = fields[2] if len(fields) > 5 else ""
    if service == "ssm" and fields[5].startswith("parameter/"):
        path = fields[5].removeprefix("parameter/")
        return StoredParameter(f"/{path}" if "/" in path else path, given, fields[3])
    if service == "secretsmanager" and len(fields) in (PLAIN, WITH_PARTS):
        return SecretPart(":".join(fields[:PLAIN]), fields[3], *fields[PLAIN:])
    return Unreadable(given)


def parameter_arn(name: str, region: str, account: str) -> str:
    """The ARN of a parameter by its name, which has a slash in front if it is a path."""
    return f"arn:aws:ssm:{region}:{account}:parameter/{name.removeprefix('/')}"
