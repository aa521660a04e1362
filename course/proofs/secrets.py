"""Proofs on secrets and configuration: who fetches them, when, and what they may be called."""

from course.exercises.policies import allow
from course.proofs.account import Account
from course.proofs.proof import observed, tried, tried_together
from course.proofs.worlds import (
    MANAGED,
    give,
    lines,
    log_to,
    refused,
    register,
    repository,
    role,
    run,
    runs,
    secret,
    serve,
    service,
    tasks,
    update,
    user,
)

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


@tried("exam-secrets-001", mutated={"text": "s3same"})
def one_key_of_a_secret(aws: Account, option: str, text: str = "") -> bool:
    """Write the container as the option says, and look for the value of the key in its environment."""
    arn = secret(aws, "db", text or {"password": "s3same", "user": "app"})
    execution = role(aws, "execution", allow("secretsmanager:GetSecretValue", "*"), managed=True)
    wanted = {
        "arn": {"secrets": [{"name": "DB_PASSWORD", "valueFrom": f"{arn}:password::"}]},
        "name": {"secrets": [{"name": "DB_PASSWORD", "valueFrom": "db"}]},
        "environment": {"environment": [{"name": "DB_PASSWORD", "value": f"{arn}:password::"}]},
        "whole": {"secrets": [{"name": "password", "valueFrom": arn}]},
    }[option]
    made = run(aws, register(aws, wanted, executionRoleArn=execution))
    if made["lastStatus"] != "RUNNING":
        return False
    held = aws.sandbox.inside(made["taskArn"]).environment
    return str.__str__(held.get("DB_PASSWORD", "")) == "s3same"


@tried("exam-secrets-002", mutated={"has": True})
def a_parameter_before_the_program(aws: Account, option: str, has: bool = False) -> bool:
    """Put the permission where the option says, and see whether the task comes to run."""
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/shop/mode", Value="blue", Type="String")
    arn = ssm.get_parameter(Name="/shop/mode")["Parameter"]["ARN"]
    read = allow("ssm:GetParameters", arn)
    roles = {"executionRoleArn": role(aws, "execution", *([read] if has else []))}
    roles["taskRoleArn"] = role(aws, "task")
    if option in ("execution", "task"):
        give(aws, option, read)
    if option == "managed":
        aws.client("iam").attach_role_policy(RoleName="execution", PolicyArn=MANAGED)
    key = None
    if option == "user":
        passing = allow("iam:PassRole", list(roles.values()))
        key = user(aws, "runner", allow("ecs:RunTask", "*"), passing, read)
    wanted = {"secrets": [{"name": "MODE", "valueFrom": arn}]}
    by = aws.client_as(key, "ecs") if key else None
    return runs(run(aws, register(aws, wanted, **roles), ecs=by))


@observed(
    "exam-secrets-003",
    says={
        "describe": "the definition",
        "network": "the network",
        "image": "the image",
        "logs": "the log",
    },
    mutated={"member": "secrets"},
)
def where_a_password_can_be_read(aws: Account, member: str = "environment") -> list[str]:
    """Run a task with a password, and look for its text in definition, image and log."""
    password = "correct-horse"
    arn = secret(aws, "db", password)
    uri = repository(aws, "app", "1.0")
    aws.client("logs").create_log_group(logGroupName="/shop")
    execution = role(aws, "execution", allow("secretsmanager:GetSecretValue", arn), managed=True)
    wanted = {
        "environment": {"environment": [{"name": "PASSWORD", "value": password}]},
        "secrets": {"secrets": [{"name": "PASSWORD", "valueFrom": arn}]},
    }[member]
    given = {"image": f"{uri}:1.0", "logConfiguration": log_to("/shop"), **wanted}
    made = run(aws, register(aws, given, executionRoleArn=execution))
    name = {"repositoryName": "app", "imageIds": [{"imageTag": "1.0"}]}
    described = aws.client("ecs").describe_task_definition(taskDefinition=made["taskDefinitionArn"])
    texts = {
        "the definition": described,
        "the image": aws.client("ecr").batch_get_image(**name)["images"],
        "the log": lines(aws, "/shop"),
        "the network": made["attachments"],
    }
    return [place for place, text in texts.items() if password in str(text)]


@tried("exam-secrets-004", mutated={"rotates": False})
def a_new_value_without_a_deployment(aws: Account, option: str, rotates: bool = True) -> bool:
    """Rotate under a running task, and read the password as the option's program does."""
    arn = secret(aws, "db", "first")
    read = allow("secretsmanager:GetSecretValue", arn)
    roles = {"executionRoleArn": role(aws, "execution", read, managed=True)}
    roles["taskRoleArn"] = role(aws, "task", *([read] if option == "sdk" else []))
    stage = f"{arn}::AWSCURRENT:" if option == "stage" else arn
    injected = {"secrets": [{"name": "PASSWORD", "valueFrom": stage}]}
    by_sdk = option in ("sdk", "execution")
    made = run(aws, register(aws, {} if by_sdk else injected, **roles))
    if rotates:
        aws.client("secretsmanager").put_secret_value(SecretId=arn, SecretString="second")
    aws.clock.advance(minutes=5)
    wanted = "second" if rotates else "first"
    inside = aws.sandbox.inside(made["taskArn"])
    if not by_sdk:
        return inside.environment["PASSWORD"] == wanted
    served = inside.get("http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    vault = aws.client_as({**served, "SessionToken": served["Token"]}, "secretsmanager")
    if refused(vault.get_secret_value, SecretId=arn):
        return False
    return bool(vault.get_secret_value(SecretId=arn)["SecretString"] == wanted)
