"""What a bucket, a queue, a topic, a secret, a repository or a key itself says of a user's calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.sandbox.world import ACCOUNT_ID
from tests.sandbox.identity.held import DEV, Dev, allow, denial, document, refusal

ROOT, OTHER = f"arn:aws:iam::{ACCOUNT_ID}:root", "arn:aws:iam::210987654321:root"
RESOURCE = "resource-based policy"


class Thing:
    """A resource with a policy of its own, and the call of dev's that is asked on it."""

    def __init__(self, lab: Any, dev: Dev, service: str) -> None:
        self._lab, self._dev = lab, dev
        self.put, self.call, self.action, self.arn = MAKERS[service](lab.aws.client(service))
        self._client = dev.client(service)

    def says(self, effect: str, principal: Any, **more: Any) -> None:
        statement = {"Effect": effect, "Principal": principal, "Action": self.action, **more}
        self.put(document(statement | {"Resource": self.arn}))

    def ask(self) -> tuple[str, str]:
        name, given = self.call
        return refusal(getattr(self._client, name), **given)


Made = tuple[Callable[[str], Any], tuple[str, dict[str, Any]], str, str]


def bucket(s3: Any) -> Made:
    s3.create_bucket(Bucket="letters")
    s3.put_object(Bucket="letters", Key="a/b", Body=b"1")
    put = lambda text: s3.put_bucket_policy(Bucket="letters", Policy=text)
    call = ("get_object", {"Bucket": "letters", "Key": "a/b"})
    return put, call, "s3:GetObject", "arn:aws:s3:::letters/a/b"


def queue(sqs: Any) -> Made:
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    put = lambda text: sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
    call = ("send_message", {"QueueUrl": url, "MessageBody": "1"})
    return put, call, "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:orders"


def topic(sns: Any) -> Made:
    arn = sns.create_topic(Name="news")["TopicArn"]
    put = lambda text: sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=text
    )
    return put, ("publish", {"TopicArn": arn, "Message": "1"}), "sns:Publish", arn


def secret(secrets: Any) -> Made:
    arn = secrets.create_secret(Name="db", SecretString="1")["ARN"]
    put = lambda text: secrets.put_resource_policy(SecretId="db", ResourcePolicy=text)
    return put, ("get_secret_value", {"SecretId": arn}), "secretsmanager:GetSecretValue", arn


def repository(ecr: Any) -> Made:
    arn = ecr.create_repository(repositoryName="web")["repository"]["repositoryArn"]
    put = lambda text: ecr.set_repository_policy(repositoryName="web", policyText=text)
    return put, ("describe_images", {"repositoryName": "web"}), "ecr:DescribeImages", arn


def key(kms: Any) -> Made:
    made = kms.create_key()["KeyMetadata"]
    put = lambda text: kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=text)
    call = ("encrypt", {"KeyId": made["KeyId"], "Plaintext": b"1"})
    return put, call, "kms:Encrypt", made["Arn"]


MAKERS: dict[str, Callable[[Any], Made]] = {
    "s3": bucket, "sqs": queue, "sns": topic, "secretsmanager": secret, "ecr": repository, "kms": key,
}  # fmt: skip
OPEN = tuple(name for name in MAKERS if name != "kms")


@pytest.fixture(params=OPEN)
def thing(request: pytest.FixtureRequest, lab: Any, dev: Dev) -> Thing:
    return Thing(lab, dev, request.param)


def test_either_side_is_enough_and_a_deny_on_either_is_too_much(thing: Thing, dev: Dev) -> None:
    """One account: the union of what both allow; an explicit deny wins wherever it stands."""
    nothing = denial(thing.action, thing.arn)
    assert thing.ask()[1] == nothing
    thing.says("Allow", {"AWS": DEV})
    assert thing.ask() == ("", "")
    dev.may({"Effect": "Deny", "Action": thing.action, "Resource": "*"})
    assert thing.ask()[1].endswith("with an explicit deny in an identity-based policy")
    dev.may(allow(thing.action))
    assert thing.ask() == ("", "")
    thing.says("Deny", {"AWS": DEV})
    assert thing.ask()[1].endswith(f"with an explicit deny in a {RESOURCE}")


@pytest.mark.parametrize(
    ("principal", "alone"),
    [({"AWS": DEV}, True), ("*", True), ({"AWS": ROOT}, False), ({"AWS": ACCOUNT_ID}, False),
     ({"AWS": OTHER}, False), ({"Service": "events.amazonaws.com"}, False)],
)  # fmt: skip
def test_who_is_named_needs_no_more_and_an_account_leaves_it_to_iam(
    lab: Any, dev: Dev, principal: Any, alone: bool
) -> None:
    thing = Thing(lab, dev, "sqs")
    thing.says("Allow", principal)
    assert (thing.ask() == ("", "")) is alone
    dev.may(allow(thing.action))
    assert thing.ask() == ("", "")


def test_a_condition_of_a_resource_counts(thing: Thing) -> None:
    thing.says("Allow", {"AWS": DEV}, Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert thing.ask()[0]
    thing.says("Allow", {"AWS": DEV}, Condition={"StringEquals": {"aws:username": "dev"}})
    assert thing.ask() == ("", "")


def test_a_role_session_is_let_in_by_its_role(lab: Any, dev: Dev) -> None:
    iam, thing = lab.aws.client("iam"), Thing(lab, dev, "sqs")
    trust = document({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    got = lab.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="one")["Credentials"]
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    keys = dict(
        zip(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
            (got[one] for one in names), strict=True)
    )  # fmt: skip
    name, given = thing.call
    send = getattr(lab.aws.client("sqs", **keys), name)
    who = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/worker/one"
    assert refusal(send, **given)[1] == denial(thing.action, thing.arn, who=who)
    thing.says("Allow", {"AWS": role})
    assert refusal(send, **given) == ("", "")


def test_iam_alone_opens_no_key(lab: Any, dev: Dev) -> None:
    """As AWS makes a key, its policy lets the account in, and then IAM decides; else nobody gets in."""
    made = Thing(lab, dev, "kms")
    assert made.ask()[1] == denial(made.action, made.arn)
    dev.may(allow("kms:*"))
    assert made.ask() == ("", "")
    made.says("Allow", {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:user/ops"})
    assert made.ask()[1] == denial(made.action, made.arn, RESOURCE)
    made.says("Allow", {"AWS": DEV})
    assert made.ask() == ("", "")
    dev.may()
    assert made.ask() == ("", "")


def test_a_key_is_known_by_its_alias_and_by_what_it_encrypted(lab: Any, dev: Dev) -> None:
    kms, made = lab.aws.client("kms"), Thing(lab, dev, "kms")
    key_id = made.arn.rpartition("/")[2]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key_id)
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"1")["CiphertextBlob"]
    calls = {"encrypt": {"KeyId": "alias/orders", "Plaintext": b"1"},
             "decrypt": {"CiphertextBlob": sealed}}  # fmt: skip
    for name, given in calls.items():
        call = getattr(dev.client("kms"), name)
        dev.may(allow("kms:*", on=f"arn:aws:kms:us-east-1:{ACCOUNT_ID}:key/other"))
        assert refusal(call, **given)[1] == denial(f"kms:{name.title()}", made.arn)
        dev.may(allow("kms:*", on=made.arn))
        assert refusal(call, **given) == ("", "")


def test_a_secret_is_decided_by_its_arn_and_printed_as_it_was_named(lab: Any, dev: Dev) -> None:
    made, get = Thing(lab, dev, "secretsmanager"), dev.client("secretsmanager").get_secret_value
    assert refusal(get, SecretId="db")[1] == denial(made.action, "db")
    dev.may(
        allow(made.action, on=f"arn:aws:secretsmanager:us-east-1:{ACCOUNT_ID}:secret:db-??????")
    )
    assert refusal(get, SecretId="db") == ("", "")
    assert refusal(get, SecretId="other")[1] == denial(made.action, "other")


@pytest.mark.parametrize("service", ["secretsmanager", "ssm"])
def test_what_lies_under_a_key_of_ones_own_needs_the_key_too(
    lab: Any, dev: Dev, service: str
) -> None:
    """kms:Decrypt of the same caller, and KMS knows through which service."""
    made, client = Thing(lab, dev, "kms"), lab.aws.client(service)
    key_id = made.arn.rpartition("/")[2]
    if service == "ssm":
        client.put_parameter(Name="/db", Value="1", Type="SecureString", KeyId=key_id)
        call, given = dev.client("ssm").get_parameter, {"Name": "/db", "WithDecryption": True}
        told = denial("kms:Decrypt", made.arn)
    else:
        client.create_secret(Name="db", SecretString="1", KmsKeyId=key_id)
        call, given = dev.client("secretsmanager").get_secret_value, {"SecretId": "db"}
        told = "Access to KMS is not allowed"
    via = {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
    elsewhere = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    for statements, answer in (
        ([], told),
        ([allow("kms:Decrypt", on=made.arn, Condition=elsewhere)], told),
        ([allow("kms:Decrypt", on=made.arn, Condition=via)], ""),
    ):
        dev.may(allow(f"{service}:*"), *statements)
        assert refusal(call, **given)[1] == answer
    if service == "ssm":  # as it lies there, nobody decrypts it
        dev.may(allow("ssm:*"))
        assert refusal(call, Name="/db") == ("", "")
