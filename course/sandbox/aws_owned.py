"""What AWS itself keeps in every account: its managed policies, and the public ECS AMI parameters.

moto has both, in a form that does not help. It leaves the managed policies out
unless asked, and asked it reads all of them once for each of AWS's partitions, in
the first two calls to any service; here they are read when somebody first looks at
policies. And it gives the parameter that holds JSON as the text of a Python
dictionary, which ``jq`` cannot read. An adapter: ``tests/contract`` states what
of moto it stands on.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

HELD = "_policies_with_those_of_aws"


def install() -> Callable[[], None]:
    """Give every account AWS's own policies and parameters, until the undo is called."""
    from moto.iam.models import IAMBackend
    from moto.ssm import models

    ssm: Any = models

    with ExitStack() as undo:
        undo.enter_context(patch.object(IAMBackend, "_init_managed_policies", _none_yet))
        for name, read in {"managed_policies": _all, "aws_managed_policies": _of_aws}.items():
            undo.enter_context(patch.object(IAMBackend, name, property(read, _leave), create=True))
        converted = _with_json(ssm.convert_to_params)
        undo.enter_context(patch.object(ssm, "convert_to_params", converted))
        return undo.pop_all().close


def _all(backend: Any) -> dict[str, Any]:
    """The policies of one account by ARN; those of AWS are read at the first look."""
    held: dict[str, Any] | None = vars(backend).get(HELD)
    if held is None:
        held = {policy.arn: policy for policy in _read(backend)}
        vars(backend)[HELD] = held
    return held


def _of_aws(backend: Any) -> list[Any]:
    from moto.iam.models import AWSManagedPolicy

    return [one for one in _all(backend).values() if isinstance(one, AWSManagedPolicy)]


def _none_yet(backend: Any) -> dict[str, Any]:
    return {}


def _leave(backend: Any, value: Any) -> None:
    """moto sets both when it makes an account; what it sets is nothing, and what is read comes later."""


def _read(backend: Any) -> list[Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data
    from moto.iam.models import AWSManagedPolicy

    policies = json.loads(aws_managed_policies_data).items()
    owner = backend.account_id, backend.region_name
    return [AWSManagedPolicy.from_data(name, *owner, data) for name, data in policies]


def _with_json(convert: Callable[..., Any]) -> Callable[..., Any]:
    def converted(tree: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**one, "Value": _text(one["Value"])} for one in convert(tree)]

    return converted


def _text(value: Any) -> Any:
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value
