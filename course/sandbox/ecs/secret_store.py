"""Secrets and parameters as they are now: in moto's Secrets Manager, Parameter Store and KMS.

An adapter.

AWS: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
     https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
"""

from dataclasses import dataclass
from typing import Any

from moto.kms.models import kms_backends
from moto.secretsmanager.exceptions import InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from course.sandbox.authorize.policy import Policy, read_policy
from course.sandbox.ecs.secret_reference import SecretPart, StoredParameter

AWS_MANAGED = "alias/aws/"


@dataclass(frozen=True, slots=True)
class Key:
    """A customer key: its ARN and its policy."""

    arn: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """A secret: its policy, and the customer key it is encrypted with; an AWS managed one needs no leave."""

    policy: Policy | None
    key: Key | None


class NoVersion(Exception):
    """The secret has no such version."""


class MarkedForDeletion(Exception):
    """The secret waits for its deletion."""


def find_secret(part: SecretPart) -> KeptSecret | None:
    """The secret of this ARN, whose last hyphen and six characters may be left out; None without one."""
    secret = _secret(part)
    if secret is None:
        return None
    policy = read_policy("resource policy", secret.policy) if secret.policy else None
    return KeptSecret(policy, _customer_key(secret.kms_key_id, part.arn))


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
    """A parameter: its value in clear, and the customer key it is encrypted with."""

    value: str
    key: Key | None


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
    key = _customer_key(found.keyid, parameter.arn) if encrypted else None
    return KeptParameter(str(value), key)


def _customer_key(key_id: str | None, used_by: str) -> Key | None:
    if not key_id or AWS_MANAGED in key_id:
        return None
    _, _, _, region, account, _ = used_by.split(":", 5)
    keys: Any = kms_backends[account][region]
    found = keys.keys.get(keys.any_id_to_key_id(key_id))
    if found is None:
        return Key(f"arn:aws:kms:{region}:{account}:key/{key_id}", read_policy("key policy", ""))
    return Key(found.arn, read_policy("key policy", found.policy))
