"""What AWS itself keeps in every account: its managed policies, and the public ECS AMI parameters.

moto has both, in a form that does not help. It leaves the managed policies out
unless asked, and asked it reads all 1,500 of them once for each of AWS's
partitions, in the first two calls to any service; here one comes into an account
when a call names its ARN (5 ms), and all of them when a call lists policies
(0.3 s). And it gives the parameter that holds JSON as the text of a Python
dictionary, which ``jq`` cannot read. An adapter: ``tests/contract`` states what
of moto it stands on.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from typing import Any
from unittest.mock import patch

PREFIX = "arn:aws:iam::aws:policy"
NAMING = ("PolicyArn", "PermissionsBoundary")
"""Parameters of IAM's operations that name a managed policy."""

LISTING = ("ListPolicies", "GetAccountAuthorizationDetails")


def install() -> Callable[[], None]:
    """Give every account AWS's own policies and parameters, until the undo is called."""
    from moto.iam.responses import IamResponse
    from moto.ssm import models

    ssm: Any = models
    plain: Any = IamResponse.backend

    with ExitStack() as undo:
        undo.enter_context(patch.object(IamResponse, "backend", property(_bringing(plain.fget))))
        converted = _with_json(ssm.convert_to_params)
        undo.enter_context(patch.object(ssm, "convert_to_params", converted))
        return undo.pop_all().close


def _bringing(backend_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same account's IAM; the policies that the call is about have been brought into it."""

    def backend(response: Any) -> Any:
        found = backend_of(response)
        if response._get_action() in LISTING:
            _bring_all(found)
        for parameter in NAMING:
            bring(found, str(response._get_param(parameter) or ""))
        return found

    return backend


def bring(backend: Any, arn: str) -> None:
    """One policy of AWS's by its ARN; one that is there already stays, other ARNs do nothing."""
    if arn.startswith(f"{PREFIX}/") and arn not in backend.managed_policies:
        name = arn.rpartition("/")[2]
        data = _read(name)
        if data and arn == _arn(name, data):
            _put(backend, name, data)


def _bring_all(backend: Any) -> None:
    if len(backend.aws_managed_policies) == _how_many():
        return
    for name, data in json.loads(_text_of_all()).items():
        if _arn(name, data) not in backend.managed_policies:
            _put(backend, name, data)


def _put(backend: Any, name: str, data: dict[str, Any]) -> None:
    from moto.iam.models import AWSManagedPolicy

    made = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
    backend.managed_policies[made.arn] = made
    backend.aws_managed_policies.append(made)


def _arn(name: str, data: dict[str, Any]) -> str:
    return f"{PREFIX}{data['Path']}{name}"


def _text_of_all() -> str:
    """JSON of all policies by name, 4.7 MB; each name begins a line, one space in."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return aws_managed_policies_data


@cache
def _how_many() -> int:
    return _text_of_all().count('\n "')


def _read(name: str) -> dict[str, Any] | None:
    """One policy, read from where it stands in the text; None if there is none of this name."""
    text = _text_of_all()
    start = text.find(f'\n "{name}":')
    if start < 0:
        return None
    data: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.index("{", start))[0]
    return data


def _with_json(convert: Callable[..., Any]) -> Callable[..., Any]:
    def converted(tree: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**one, "Value": _text(one["Value"])} for one in convert(tree)]

    return converted


def _text(value: Any) -> Any:
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value
