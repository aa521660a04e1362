"""What a service that decrypts for somebody asks of KMS, and with which condition keys. Pure.

Secrets Manager and Parameter Store call KMS in the name of whoever calls them; with a
customer key, that is one more permission of the same principal, and the key's policy counts.

AWS: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (kms:ViaService)
     https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
     https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
"""

from collections.abc import Mapping

DECRYPT = "kms:Decrypt"
NO_KMS = "Access to KMS is not allowed"
"""How Secrets Manager tells KMS's denial, whatever KMS said (terraform-aws-directus#10, 2024-06)."""


def of_secret(arn: str) -> Mapping[str, object]:
    """The keys of a call to KMS for a secret, by its ARN."""
    return _through("secretsmanager", arn, "SecretARN")


def of_parameter(arn: str) -> Mapping[str, object]:
    """The keys of a call to KMS for a parameter, by its ARN."""
    return _through("ssm", arn, "PARAMETER_ARN")


def _through(service: str, arn: str, context_key: str) -> Mapping[str, object]:
    _, _, _, region, account, _ = arn.split(":", 5)
    return {
        "kms:ViaService": f"{service}.{region}.amazonaws.com",
        "kms:CallerAccount": account,
        f"kms:EncryptionContext:{context_key}": arn,
        "kms:EncryptionContextKeys": [context_key],
    }
