"""What a resource itself says about who may: its policy, read where moto keeps it, and its full ARN.

Of S3 buckets, SQS queues, SNS topics, KMS keys, secrets, ECR repositories, Lambda functions
and CloudWatch Logs. An adapter. There is one account here: a policy that names another lets
nobody in, and what belongs to another account is not found.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
     https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import moto.backends

from course.sandbox.authorize.attached import PARTITION, iam_of
from course.sandbox.authorize.decision import Decision, decide
from course.sandbox.authorize.policy import Policy, Request, read_policy


@dataclass(frozen=True, slots=True)
class Guard:
    """What a resource brings into a decision about it.

    ``arn`` is its own, by whatever name it was asked for; ``owner`` its account, None where its
    ARN names none. A ``closed`` one, a KMS key, is open to nobody but whom its policy lets in:
    IAM alone is not enough.
    """

    arn: str
    owner: str | None = None
    policy: Policy | None = None
    closed: bool = False


def decide_on(
    guard: Guard | None,
    request: Request,
    identity: Sequence[Policy],
    *,
    boundary: Policy | None,
    session: Policy | None = None,
) -> Decision:
    """Decide a request with what its resource brings; nothing, where no guard is given."""
    own = guard or Guard(request.resource)
    return decide(
        request,
        identity,
        resource=own.policy,
        boundary=boundary,
        session=session,
        owner=own.owner,
        closed=own.closed,
    )


def guard_of(arn: str, account: str) -> Guard:
    """What stands before a resource now; *account* is whose it is where its ARN names none."""
    parts = arn.split(":", 5)
    read = _READERS.get(parts[2]) if len(parts) > 5 else None
    if read is None:
        return Guard(arn)
    _, _, _, region, owner, name = parts
    try:
        return read(arn, owner or account, region, name)
    except KeyError:  # there is no such Region
        return Guard(arn, owner or None)


def _held(service: Any, account: str, region: str) -> Any:
    """moto's store of a service, loaded only when somebody asks for something of its."""
    return moto.backends.get_backend(service)[account][region]


def _bucket(arn: str, account: str, region: str, name: str) -> Guard:
    found = _held("s3", account, PARTITION).buckets.get(name.split("/", 1)[0])
    text = found.policy.decode("utf-8", "replace") if found and found.policy else ""
    return Guard(arn, None, _policy("bucket policy", text))


def _queue(arn: str, account: str, region: str, name: str) -> Guard:
    found = _held("sqs", account, region).queues.get(name)
    return Guard(arn, account, _policy("queue policy", found.policy if found else ""))


def _topic(arn: str, account: str, region: str, name: str) -> Guard:
    found = _held("sns", account, region).topics.get(arn)
    return Guard(arn, account, _policy("topic policy", found.policy if found else ""))


def _key(arn: str, account: str, region: str, name: str) -> Guard:
    """Of a key, or of the key that an alias stands for."""
    keys, named = _held("kms", account, region).keys, name.removeprefix("key/")
    having = (one for one in keys.values() if named in one.aliases)
    found = keys.get(named) or next(having, None)
    if found is None:
        return Guard(arn, account)
    return Guard(found.arn, account, read_policy("key policy", found.policy), closed=True)


def _secret(arn: str, account: str, region: str, name: str) -> Guard:
    """Of a secret by its ARN, its name, or its ARN without the hyphen and six characters."""
    kept, short = _held("secretsmanager", account, region).secrets, name.partition(":")[2]
    found = kept.get(arn) or kept.get(short)
    policy = _policy("resource policy", found.policy if found else "")
    return Guard(found.arn if found else arn, account, policy)


def _repository(arn: str, account: str, region: str, name: str) -> Guard:
    found = _held("ecr", account, region).repositories.get(name.partition("/")[2])
    return Guard(arn, account, _policy("repository policy", found.policy if found else ""))


def _function(arn: str, account: str, region: str, name: str) -> Guard:
    from moto.awslambda_simple.models import lambda_simple_backends  # moto's without Docker

    latest, short = lambda_simple_backends[account][region].list_functions(), name.split(":")[1]
    held = (one.policy for one in latest if one.function_name == short and one.policy)
    statements = [one for policy in held for one in policy.statements]
    return Guard(arn, account, _policy("function policy", _document(statements)))


def _log_group(arn: str, account: str, region: str, name: str) -> Guard:
    """Policies on log groups are a Region's, and each says which groups it speaks of."""
    texts = [
        one.policy_document for one in _held("logs", account, region).resource_policies.values()
    ]
    documents = [json.loads(text) for text in texts]
    return Guard(arn, account, _policy("resource policy", _document(_all_statements(documents))))


def _role_or_user(arn: str, account: str, region: str, name: str) -> Guard:
    """Whoever was named without their path has it in their ARN; IAM's own have no policy here."""
    kind, _, short = name.partition("/")
    of_kind = {"role": iam_of(account).roles, "user": iam_of(account).users}.get(kind, {})
    held = [one for one in of_kind.values() if one.name == short]
    return Guard(held[0].arn if held else arn)


def _all_statements(documents: list[Mapping[str, Any]]) -> list[Any]:
    listed = [one.get("Statement", []) for one in documents]
    return [one for each in listed for one in (each if isinstance(each, list) else [each])]


def _document(statements: list[Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else ""


def _policy(name: str, text: str | None) -> Policy | None:
    return read_policy(name, text) if text else None


_READERS: dict[str, Callable[[str, str, str, str], Guard]] = {
    "ecr": _repository,
    "iam": _role_or_user,
    "kms": _key,
    "lambda": _function,
    "logs": _log_group,
    "s3": _bucket,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
}
