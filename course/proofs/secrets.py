"""Proofs on secrets and configuration: who fetches them, when, and what they may be called."""

from course.exercises.policies import allow
from course.proofs.account import Account
from course.proofs.proof import tried, tried_together
from course.proofs.worlds import give, register, role, run, secret, serve, service, tasks, update

STATEMENTS = {
    "get": ("secretsmanager:GetSecretValue", "secret"),
    "decrypt": ("kms:Decrypt", "key"),
    "data": ("kms:GenerateDataKey", "key"),
    "describe": ("secretsmanager:DescribeSecret", "secret"),
    "logs": ("logs:CreateLogGroup", "all"),
}


@tried_together("sec-kms-001", mutated={"customer_key": False})
def a_secret_under_a_key(aws: Account, options: tuple[str, ...], customer_key: bool = True) -> bool:
    """Give the execution role two more permissions, and see whether the task with the secret runs."""
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    arn = secret(aws, **{"KmsKeyId": key} if customer_key else {})
    on = {"secret": arn, "key": key, "all": "*"}
    execution = role(aws, "execution", managed=True)
    give(aws, "execution", *(allow(STATEMENTS[one][0], on[STATEMENTS[one][1]]) for one in options))
    wanted = {"secrets": [{"name": "PASSWORD", "valueFrom": arn}]}
    return bool(
        run(aws, register(aws, wanted, executionRoleArn=execution))["lastStatus"] == "RUNNING"
    )


@tried("sec-secrets-001", mutated={"rotated": "before"})
def a_rotated_password(aws: Account, option: str, rotated: str = "after") -> bool:
    """Rotate a secret under a service, do what the option says, and look into the service's task."""
    arn = secret(aws, "db", "first")
    vault = aws.client("secretsmanager")
    execution = role(aws, "execution", managed=True)
    give(aws, "execution", allow("secretsmanager:GetSecretValue", arn))
    program = role(aws, "program")
    stage = f"{arn}::AWSCURRENT:" if option == "version" else arn
    wanted = {"secrets": [{"name": "PASSWORD", "valueFrom": stage}]}
    roles = {"executionRoleArn": execution, "taskRoleArn": program}
    if rotated == "before":
        vault.put_secret_value(SecretId=arn, SecretString="second")
    serve(aws, register(aws, wanted, **roles))
    if rotated == "after":
        vault.put_secret_value(SecretId=arn, SecretString="second")
    if option == "force":
        update(aws, forceNewDeployment=True)
    if option == "revision":
        register(aws, {"environment": [{"name": "PASSWORD", "value": "second"}]}, **roles)
    if option == "restart":
        give(aws, "program", allow("secretsmanager:GetSecretValue", arn))
    aws.clock.advance(minutes=5)
    (running,) = tasks(aws, serviceName=service(aws)["serviceName"])
    return aws.sandbox.inside(running["taskArn"]).environment["PASSWORD"] == "second"
