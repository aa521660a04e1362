"""Secrets and parameters as they are now: in moto's Secrets Manager, Parameter Store and KMS.

An adapter.

AWS: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
     https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
"""

from dataclasses import dataclass
from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.ecs.secret_reference import SecretPart, StoredParameter

AWS_MANAGED = "alias/aws/"


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """A secret: its ARN, and that of the customer key it is encrypted with, if it is one.

    An AWS managed key needs no leave.
    """

    arn: str
    key: str | None


class NoVersion(Exception):
    """The secret has no such version."""


class MarkedForDeletion(Exception):
    """The secret waits for its deletion."""


def find_secret(part: SecretPart) -> KeptSecret | None:
    """The secret of this ARN, whose last hyphen and six characters may be left out; None without one."""
    secret = _secret(part)
    if secret is None:
        return None
    return KeptSecret(secret.arn, customer_key(secret.kms_key_id, part.arn))


def value_of(part: SecretPart) -> str:
    """The text of one version. Raises NoVersion and MarkedForDeletion."""
    try:
        found = _secrets(part).get_secret_value(
            _secret(part).arn, part.version or None, part.stage or None
        )
    except InvalidRequestException as error:
        raise MarkedForDeletion from error
    except SecretsManagerClientError as error:
        raise NoVersion from error
    return str(found.get("SecretString", ""))


def _secrets(part: SecretPart) -> Any:
    return secretsmanager_backends[part.arn.split(":")[4]][part.region]


def _secret(part: SecretPart) -> Any:
    try:
        return _secrets(part).secrets.get(part.arn)
    except KeyError:  # there is no such Region
        return None


@dataclass(frozen=True, slots=True)
class KeptParameter:
    """A parameter: its value in clear, and the ARN of the customer key it is encrypted with."""

    value: str
    key: str | None


def find_parameter(parameter: StoredParameter) -> KeptParameter | None:
    """The parameter of this name; None without one."""
    account = parameter.arn.split(":")[4]
    try:
        found: Any = ssm_backends[account][parameter.region].get_parameter(parameter.name)
    except KeyError:  # there is no such Region
        return None
    if found is None:
        return None
    encrypted = found.parameter_type == "SecureString"
    value = found.decrypt(found.value) if encrypted else found.value
    key = customer_key(found.keyid, parameter.arn) if encrypted else None
    return KeptParameter(str(value), key)


def customer_key(key_id: str | None, used_by: str) -> str | None:
    """The ARN of a customer's KMS key, by id, ARN or alias; None for AWS's own."""
    if not key_id or AWS_MANAGED in key_id:
        return None
    _, _, _, region, account, _ = used_by.split(":", 5)
    named = key_id if key_id.startswith("arn:") else f"arn:aws:kms:{region}:{account}:key/{key_id}"
    return guard_of(named, account).arn
