"""Secrets of containers: fetched when a task starts, with the execution role, over the task's network."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

REGION = "us-east-1"
WEB = "registry.example.com/web-needs:1"
READS_SECRETS = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
READS_PARAMETERS = {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"}
ASM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): "
)
SSM = ASM.replace("secret from asm", "secrets from ssm")
HIDDEN = "postgres://orders:kept-secret@db/orders"


class Vault:
    """Secrets and parameters, and tasks that ask for them, in one line each."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.secrets: Any = boto3.client("secretsmanager", region_name=REGION)
        self.ssm: Any = boto3.client("ssm", region_name=REGION)
        self.role = ""

    def secret(self, text: str = HIDDEN, name: str = "db", **more: Any) -> str:
        return str(self.secrets.create_secret(Name=name, SecretString=text, **more)["ARN"])

    def parameter(self, text: str = HIDDEN, name: str = "/orders/db", **more: Any) -> str:
        self.ssm.put_parameter(Name=name, Value=text, **({"Type": "String"} | more))
        return str(self.ssm.get_parameter(Name=name)["Parameter"]["ARN"])

    def container(self, value_from: str, **more: Any) -> dict[str, Any]:
        secrets = [{"name": "DATABASE_URL", "valueFrom": value_from}]
        return {"name": "app", "image": WEB, "secrets": secrets} | more

    def run(self, value_from: str, *grants: Any, minutes: float = 1, **more: Any) -> dict[str, Any]:
        """A Fargate task that asks for this, after a minute; its role has AWS's policy and these."""
        if not self.role:
            self.role = self.lab.role()
            for number, statement in enumerate(grants or (READS_SECRETS, READS_PARAMETERS)):
                self.lab.grant("execution", statement, f"grant-{number}")
        containers = [self.container(value_from, **more)]
        self.lab.define("vault", executionRoleArn=self.role, containerDefinitions=containers)
        public = self.lab.network(assignPublicIp="ENABLED")
        (arn,) = self.lab.run(taskDefinition="vault", networkConfiguration=public)
        self.lab.clock.advance(minutes=minutes)
        return dict(self.lab.task(arn))

    def run_on_instance(self, value_from: str, *grants: Any) -> dict[str, Any]:
        self.lab.launch()
        role = self.lab.role("execution", *(grants or (READS_SECRETS, READS_PARAMETERS)))
        given = self.container(value_from, cpu=128, memory=128)
        self.lab.ecs.register_task_definition(
            family="box", executionRoleArn=role, containerDefinitions=[given]
        )
        (task,) = self.lab.run_ec2()["tasks"]
        self.lab.clock.advance(minutes=1)
        return dict(self.lab.task(task["taskArn"]))

    def seen(self, task: dict[str, Any]) -> str | None:
        """What the container found in DATABASE_URL."""
        (held,) = [one for one in self.lab.held_tasks() if one.task_arn == task["taskArn"]]
        found = held.containers[0].environment.get("DATABASE_URL")
        return None if found is None else str(found)


@pytest.fixture
def vault(lab: Any) -> Vault:
    lab.lead_out()
    return Vault(lab)


def test_a_secret_is_in_the_environment(vault: Vault) -> None:
    task = vault.run(vault.secret())
    assert task["lastStatus"] == "RUNNING"
    assert vault.seen(task) == HIDDEN
    assert HIDDEN not in json.dumps(task, default=str) + vault.lab.aws.timeline.text()


def test_parts_of_a_secret(vault: Vault) -> None:
    """A JSON key, a version by its stage, a version by its id, a key in a version, without the suffix."""
    arn = vault.secret(json.dumps({"url": "first", "port": 5432}))
    old = vault.secrets.describe_secret(SecretId=arn)["VersionIdsToStages"].copy()
    vault.secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({"url": "second"}))
    asked = {
        f"{arn}:url::": "second",
        f"{arn}:url:AWSPREVIOUS:": "first",
        f"{arn}:url::{next(iter(old))}": "first",
        f"{arn}:port:AWSPREVIOUS:": "5432",
        f"{arn}:::": '{"url": "second"}',
        arn[:-7]: '{"url": "second"}',
    }
    for value_from, expected in asked.items():
        assert vault.seen(vault.run(value_from)) == expected, value_from


@pytest.mark.parametrize("kind", ["String", "SecureString"])
def test_a_parameter_by_arn_and_by_name(vault: Vault, kind: str) -> None:
    arn = vault.parameter(Type=kind)
    assert vault.seen(vault.run(arn)) == HIDDEN
    assert vault.seen(vault.run("/orders/db")) == HIDDEN
    vault.parameter("flat", name="flat", Type=kind)
    assert vault.seen(vault.run("flat")) == "flat"


def test_only_new_tasks_see_a_rotated_value(vault: Vault) -> None:
    arn = vault.secret("before")
    old = vault.run(arn)
    vault.secrets.put_secret_value(SecretId=arn, SecretString="after")
    vault.lab.clock.advance(minutes=5)
    new = vault.run(arn)
    assert (vault.seen(old), vault.seen(new)) == ("before", "after")


def test_ecs_exec_shows_the_variable(vault: Vault) -> None:
    task = vault.run(vault.secret("from-the-vault"))
    (held,) = vault.lab.held_tasks()
    from course.sandbox.ecs.exec_session import answered

    now = vault.lab.clock.now()
    answer = answered(held, held.containers[0], "printenv DATABASE_URL", now)
    assert (answer.code, answer.output) == (0, "from-the-vault\n")
    assert task["lastStatus"] == "RUNNING"


def missing_secret(vault: Vault) -> str:
    return f"arn:aws:secretsmanager:{REGION}:123456789012:secret:none-AbCdEf"


def wrong_suffix(vault: Vault) -> str:
    return f"{vault.secret()[:-6]}XXXXXX"


def no_such_version(vault: Vault) -> str:
    return f"{vault.secret()}::NOSTAGE:"


def no_such_key(vault: Vault) -> str:
    return f"{vault.secret('{}')}:url::"


def no_json(vault: Vault) -> str:
    return f"{vault.secret()}:url::"


def deleted(vault: Vault) -> str:
    arn = vault.secret()
    vault.secrets.delete_secret(SecretId=arn)
    return arn


def no_such_region(vault: Vault) -> str:
    return "arn:aws:secretsmanager:us-mars-1:123456789012:secret:db-AbCdEf"


def no_secret_at_all(vault: Vault) -> str:
    return "arn:aws:s3:::bucket"


MISSING = (
    "ResourceInitializationError: The task can\u2019t pull the secret from Secrets Manager. The task "
    "can't retrieve the secret with ARN '{arn}' from Secrets Manager. Check whether the secret "
    "exists in the specified Region."
)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (missing_secret, MISSING),
        (wrong_suffix, MISSING),
        (no_such_version, MISSING),
        (no_such_region, MISSING),
        (no_such_key, f"{ASM}retrieved secret from Secrets Manager did not contain json key url"),
        (no_json, f"{ASM}retrieved secret from Secrets Manager is not a JSON object"),
        (deleted, f"{ASM}failed to fetch secret {{arn}} from secrets manager: InvalidRequestException"),
        (lambda vault: "/no/such", f"{SSM}invalid ssm parameters: /no/such"),
        (no_secret_at_all, f"{ASM}unexpected ARN format: arn:aws:s3:::bucket"),
    ],
)  # fmt: skip
def test_what_is_not_there(vault: Vault, wanted: Callable[[Vault], str], said: str) -> None:
    value_from = wanted(vault)
    task = vault.run(value_from)
    arn = ":".join(value_from.split(":")[:7])
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    assert task["stoppedReason"].startswith(said.replace("{arn}", arn))
    assert "pullStartedAt" not in task
    assert "reason" not in task["containers"][0]
    assert HIDDEN not in json.dumps(task, default=str) + vault.lab.aws.timeline.text()


NOTHING = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("kind", "head", "action"),
    [
        ("secret", f"{ASM}failed to fetch secret {{arn}} from secrets manager: ", "secretsmanager:GetSecretValue"),
        ("parameter", SSM, "ssm:GetParameters"),
    ],
)  # fmt: skip
def test_a_role_that_may_not(vault: Vault, kind: str, head: str, action: str) -> None:
    arn = getattr(vault, kind)()
    task = vault.run(arn, NOTHING)
    who = f"arn:aws:sts::123456789012:assumed-role/execution/{task['taskArn'].rsplit('/', 1)[-1]}"
    assert task["stoppedReason"] == (
        f"{head.replace('{arn}', arn)}AccessDeniedException: User: {who} is not authorized to "
        f"perform: {action} on resource: {arn} because no identity-based policy allows the {action} action"
    )
    vault.lab.grant("execution", READS_SECRETS, "s")
    vault.lab.grant("execution", READS_PARAMETERS, "p")
    assert vault.run(arn)["lastStatus"] == "RUNNING"


def test_without_permission_nobody_learns_whether_a_secret_is_there(vault: Vault) -> None:
    task = vault.run(missing_secret(vault), NOTHING)
    assert "is not authorized to perform: secretsmanager:GetSecretValue" in task["stoppedReason"]


@pytest.mark.parametrize("allows", [False, True])
def test_a_secrets_own_policy(vault: Vault, allows: bool) -> None:
    """Within an account a resource-based policy is enough to allow, and a deny in it wins."""
    arn = vault.secret()
    who = "arn:aws:iam::123456789012:role/execution"
    vault.run(arn, *([NOTHING] if allows else []))
    statement = {"Action": "secretsmanager:GetSecretValue", "Resource": "*"} | {
        "Effect": "Allow" if allows else "Deny",
        "Principal": {"AWS": who},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    vault.secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy)
    task = vault.run(arn)
    assert (task["lastStatus"] == "RUNNING") is allows
    if not allows:
        assert "with an explicit deny in a resource-based policy" in task["stoppedReason"]


@pytest.mark.parametrize("kind", ["secret", "parameter"])
def test_a_customer_key_needs_leave_to_decrypt(vault: Vault, kind: str) -> None:
    key = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]
    if kind == "secret":
        arn, denial = vault.secret(KmsKeyId=key["KeyId"]), "Access to KMS is not allowed"
    else:
        arn = vault.parameter(Type="SecureString", KeyId=key["KeyId"])
        denial = f"is not authorized to perform: kms:Decrypt on resource: {key['Arn']}"
    refused = vault.run(arn)["stoppedReason"]
    assert "AccessDeniedException: " in refused
    assert denial in refused
    decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key["Arn"]}
    vault.lab.grant("execution", decrypt, "decrypt")
    task = vault.run(arn)
    assert (task["lastStatus"], vault.seen(task)) == ("RUNNING", HIDDEN)


VIA = {
    "secret": "secretsmanager.us-east-1.amazonaws.com",
    "parameter": "ssm.us-east-1.amazonaws.com",
}
ACCOUNT_ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
NOBODY_HERE = {"AWS": "arn:aws:iam::123456789012:user/ops"}


@pytest.mark.parametrize("kind", ["secret", "parameter"])
@pytest.mark.parametrize(
    ("lets_in", "via", "runs"),
    [
        (ACCOUNT_ROOT, True, True),
        (ACCOUNT_ROOT, False, False),  # asked through another service than the policy wants
        (NOBODY_HERE, True, False),  # IAM alone is not enough
    ],
)
def test_the_key_policy_counts_and_kms_knows_through_which_service(
    vault: Vault, kind: str, lets_in: dict[str, str], via: bool, runs: bool
) -> None:
    kms = boto3.client("kms", region_name=REGION)
    key = kms.create_key()["KeyMetadata"]
    more = {"KmsKeyId": key["KeyId"]} if kind == "secret" else {"KeyId": key["KeyId"]}
    arn = getattr(vault, kind)(**more | ({} if kind == "secret" else {"Type": "SecureString"}))
    opens = {"Effect": "Allow", "Principal": lets_in, "Action": "kms:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [opens]})
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=text)
    through = {"StringEquals": {"kms:ViaService": VIA[kind] if via else "s3.amazonaws.com"}}
    decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": through}
    vault.run(arn)  # makes the role
    vault.lab.grant("execution", decrypt, "decrypt")
    assert (vault.run(arn)["lastStatus"] == "RUNNING") is runs


def test_a_secret_of_the_log_driver_is_fetched_too(vault: Vault) -> None:
    options = [{"name": "splunk-token", "valueFrom": missing_secret(vault)}]
    logger = {"logDriver": "splunk", "secretOptions": options}
    task = vault.run(vault.secret(), logConfiguration=logger)
    assert "secret:none-AbCdEf" in task["stoppedReason"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("secret", ("ResourceInitializationError: The task can\u2019t pull secrets from AWS Secrets Manager. "
         "There is a connection issue between the task and Secrets Manager.")),
        ("parameter", ("ResourceInitializationError: The task cannot pull secrets from AWS Systems "
         "Manager Parameter Store. Check your network connection")),
    ],
)  # fmt: skip
def test_without_a_way_there(vault: Vault, kind: str, said: str) -> None:
    """A security group that lets nothing out stops the call; an endpoint would not help it either."""
    arn = getattr(vault, kind)()
    group = vault.lab.ec2.create_security_group(
        GroupName="closed", Description="nothing out", VpcId=vault.lab.vpc
    )["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    vault.lab.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    vault.run(arn)  # makes the role and the definition
    public = vault.lab.network(assignPublicIp="ENABLED", securityGroups=[group])
    (task,) = vault.lab.run(taskDefinition="vault", networkConfiguration=public)
    vault.lab.clock.advance(minutes=1)
    assert vault.lab.task(task)["stoppedReason"].startswith(said)


def test_an_endpoint_that_nobody_gets_into(vault: Vault) -> None:
    vault.lab.private_endpoint("secretsmanager")
    said = vault.run(vault.secret())["stoppedReason"]
    assert "There is a connection issue between the task and Secrets Manager" in said


def test_an_endpoints_policy(vault: Vault) -> None:
    """It has to allow what the role asks for, beside the role's own policies."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    vault.lab.private_endpoint("secretsmanager", policy=policy)
    said = vault.run(vault.secret())["stoppedReason"]
    assert said.endswith(
        "because no VPC endpoint policy allows the secretsmanager:GetSecretValue action"
    )


# --- On container instances


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (missing_secret, ("Fetching secret data from AWS Secrets Manager in region us-east-1: secret {arn}: "
         "ResourceNotFoundException: Secrets Manager can't find the specified secret.")),
        (lambda vault: "/no/such", ("Fetching secret data from SSM Parameter Store in us-east-1: "
         "invalid parameters: /no/such")),
    ],
)  # fmt: skip
def test_the_agent_has_words_of_its_own(
    vault: Vault, wanted: Callable[[Vault], str], said: str
) -> None:
    value_from = wanted(vault)
    task = vault.run_on_instance(value_from)
    assert task["stoppedReason"] == said.replace("{arn}", value_from)
    assert task["stopCode"] == "TaskFailedToStart"


def test_a_secret_on_an_instance(vault: Vault) -> None:
    task = vault.run_on_instance(vault.secret())
    assert (task["lastStatus"], vault.seen(task)) == ("RUNNING", HIDDEN)


def test_a_role_that_may_not_on_an_instance(vault: Vault) -> None:
    arn = vault.secret()
    said = vault.run_on_instance(arn, NOTHING)["stoppedReason"]
    assert said.startswith(
        f"Fetching secret data from AWS Secrets Manager in region us-east-1: secret {arn}: "
        "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/"
    )


# --- Registering


def test_what_an_agent_has_to_be_able_to(vault: Vault) -> None:
    arn = vault.secret()
    logger = {"logDriver": "splunk", "secretOptions": [{"name": "token", "valueFrom": "/token"}]}
    made = vault.lab.define(
        "vault",
        executionRoleArn=vault.lab.role(),
        containerDefinitions=[vault.container(arn, logConfiguration=logger)],
    )
    names = {one["name"] for one in made["requiresAttributes"]}
    assert "ecs.capability.secrets.asm.environment-variables" in names
    assert "ecs.capability.secrets.ssm.bootstrap.log-driver" in names


def test_a_parameters_name_has_its_letters(vault: Vault, refused: Callable[..., Any]) -> None:
    wrong = refused(vault.run, "no such letter: \u00e9")
    assert wrong.code == "ClientException"
    assert wrong.message.startswith(
        "The Systems Manager parameter name specified for secret DATABASE_URL is invalid."
    )
