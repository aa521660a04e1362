"""What a call asks of KMS although it names no key: where another service decrypts, or a ciphertext knows.

An adapter: secrets, parameters and ciphertexts are moto's.

AWS: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
     https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html (no KeyId for symmetric keys)
"""

from collections.abc import Iterator

from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.authorize.through_kms import DECRYPT, NO_KMS, of_parameter, of_secret
from course.sandbox.ecs.secret_reference import (
    SecretPart,
    StoredParameter,
    parameter_arn,
    read_reference,
)
from course.sandbox.ecs.secret_store import find_parameter, find_secret
from course.sandbox.identity.asked import Asked, Call

KEY_ID = 36
"""Letters of a key's id, with which moto begins each ciphertext."""

OF_SECRETS, OF_PARAMETERS = ("GetSecretValue",), ("GetParameter", "GetParameters")


def asked_of_kms(call: Call) -> Iterator[Asked]:
    """kms:Decrypt for each secret or parameter of a call that lies under a customer's key."""
    if call.service == "secretsmanager" and call.operation in OF_SECRETS:
        yield from _of_secret(call)
    if (
        call.service == "ssm"
        and call.operation in OF_PARAMETERS
        and call.given.get("WithDecryption")
    ):
        yield from _of_parameters(call)


def key_of_ciphertext(call: Call) -> str | None:
    """The key with which what a call gives was encrypted; None where a call names a key, or none."""
    given = call.given
    if call.service != "kms" or given.get("KeyId") or not given.get("CiphertextBlob"):
        return None
    return bytes(given["CiphertextBlob"][:KEY_ID]).decode("ascii", "replace")


def _of_secret(call: Call) -> Iterator[Asked]:
    named = str(call.given.get("SecretId") or "")
    arn = named if named.startswith("arn:") else call.arn("secretsmanager", f"secret:{named}")
    part = read_reference(guard_of(arn, call.account).arn, call.region, call.account)
    kept = find_secret(part) if isinstance(part, SecretPart) else None
    if kept and kept.key:
        yield Asked(DECRYPT, kept.key, of_secret(kept.arn), says=NO_KMS, via_service=True)


def _of_parameters(call: Call) -> Iterator[Asked]:
    named = call.given.get("Names") or [call.given.get("Name")]
    for one in map(str, named):
        arn = parameter_arn(one, call.region, call.account)
        kept = find_parameter(StoredParameter(one, arn, call.region))
        if kept and kept.key:
            yield Asked(DECRYPT, kept.key, of_parameter(arn), via_service=True)
