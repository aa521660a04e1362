"""A VPC's default security group lets its own members in, which moto leaves out, while a sandbox is open.

Without it a load balancer and a task that both have the default group could
not reach each other, as they do on AWS. An adapter: what of moto it stands on
is in ``tests/contract``.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from unittest.mock import patch


def install() -> Callable[[], None]:
    """Give every default group made from now on its rule, until the undo is called."""
    from moto.ec2.models import EC2Backend

    ec2: Any = EC2Backend
    patched = patch.object(ec2, "create_vpc", _with_rule(ec2.create_vpc))
    patched.start()
    return patched.stop


def _with_rule(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_vpc(ec2: Any, *args: Any, **kwargs: Any) -> Any:
        vpc = create(ec2, *args, **kwargs)
        for group in ec2.groups[vpc.id].values():
            if group.name == "default":
                _let_members_in(ec2, group)
        return vpc

    return create_vpc


def _let_members_in(ec2: Any, group: Any) -> None:
    """The rule has an id made of the group's: moto's dice, from which all other ids come, stay as they were."""
    from moto.moto_api._internal import mock_random

    chance = mock_random.getstate()
    members = [{"GroupId": group.id}]
    rules, _ = ec2.authorize_security_group_ingress(
        group.id, "-1", None, None, [], source_groups=members, vpc_id=group.vpc_id
    )
    mock_random.setstate(chance)
    for rule in rules:
        rule.id = f"sgr-{sha256(group.id.encode()).hexdigest()[:17]}"
