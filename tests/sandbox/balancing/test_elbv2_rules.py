"""What Elastic Load Balancing refuses, as tables of plain values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Network
from typing import Any

import pytest

from course.sandbox.balancing.elbv2_rules import (
    Machine,
    Place,
    check_address,
    check_association,
    check_forward,
    check_gateway,
    check_health_check,
    check_machine,
    check_places,
    check_security_group,
    check_timing,
)
from course.sandbox.ecs.errors import Refused

A, A2, B = (
    Place("subnet-1", "vpc", "a"),
    Place("subnet-2", "vpc", "a"),
    Place("subnet-3", "vpc", "b"),
)
ELSEWHERE = Place("subnet-9", "other", "c")
NETWORKS = [IPv4Network("10.0.1.0/24")]
RUNNING = Machine("i-1", "running", "vpc")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (partial(check_places, "application", [A, B]), None),
        (partial(check_places, "application", [A]), "ValidationError"),
        (partial(check_places, "application", [A, A]), "InvalidConfigurationRequest"),
        (partial(check_places, "application", [A, A2]), "InvalidConfigurationRequest"),
        (partial(check_places, "application", [A, ELSEWHERE]), "InvalidConfigurationRequest"),
        (partial(check_places, "network", [A]), None),
        (partial(check_places, "network", [A, A2]), "InvalidConfigurationRequest"),
        (partial(check_gateway, "vpc", internet_facing=True, has_gateway=False), "InvalidSubnet"),
        (partial(check_gateway, "vpc", internet_facing=True, has_gateway=True), None),
        (partial(check_gateway, "vpc", internet_facing=False, has_gateway=False), None),
        (partial(check_security_group, "sg", None, "vpc"), "InvalidSecurityGroup"),
        (partial(check_security_group, "sg", "other", "vpc"), "InvalidConfigurationRequest"),
        (partial(check_security_group, "sg", "vpc", "vpc"), None),
        (partial(check_forward, "HTTP", "g", "HTTPS"), None),
        (partial(check_forward, "HTTP", "g", "TCP"), "IncompatibleProtocols"),
        (partial(check_forward, "TCP", "g", "HTTP"), "IncompatibleProtocols"),
        (partial(check_forward, "TCP", "g", "TCP_UDP"), None),
        (partial(check_forward, "TLS", "g", "TCP"), None),
        (partial(check_forward, "HTTP", "g", None), None),  # a Lambda function's
        (partial(check_association, "g", [], "one"), None),
        (partial(check_association, "g", ["one"], "one"), None),
        (partial(check_association, "g", ["one"], "two"), "TargetGroupAssociationLimit"),
        (partial(check_health_check, {"HealthCheckIntervalSeconds": 5}, "200-499", "HTTP"), None),
        (
            partial(check_health_check, {"HealthCheckIntervalSeconds": 301}, None, "HTTP"),
            "ValidationError",
        ),
        (
            partial(check_health_check, {"HealthyThresholdCount": 11}, None, "HTTP"),
            "ValidationError",
        ),
        (partial(check_health_check, {}, "200,500", "HTTP"), "ValidationError"),
        (partial(check_timing, 6, 5, "HTTP"), None),
        (partial(check_timing, 5, 5, "HTTP"), "ValidationError"),
        (partial(check_timing, 10, 10, "TCP"), None),
        (partial(check_health_check, {}, "200-599", "TCP"), None),
        (partial(check_address, "10.0.1.9", NETWORKS, None), None),
        (partial(check_address, "10.0.1.9", NETWORKS, "all"), "ValidationError"),
        (partial(check_address, "10.0.9.9", NETWORKS, None), "ValidationError"),
        (partial(check_address, "10.0.9.9", NETWORKS, "all"), None),
        (partial(check_address, "8.8.8.8", NETWORKS, "all"), "ValidationError"),
        (partial(check_address, "i-1", NETWORKS, None), "ValidationError"),
        (partial(check_machine, "i-1", RUNNING, "vpc"), None),
        (partial(check_machine, "i-1", RUNNING, "other"), "InvalidTarget"),
        (partial(check_machine, "i-1", None, "vpc"), "InvalidTarget"),
        (partial(check_machine, "i-1", Machine("i-1", "stopped", "vpc"), "vpc"), "InvalidTarget"),
        (partial(check_machine, "10.0.1.9", None, "vpc"), "ValidationError"),
    ],
)
def test_a_rule(check: Callable[[], Any], code: str | None) -> None:
    try:
        check()
    except Refused as refused:
        assert refused.code == code
    else:
        assert code is None


def test_the_words_that_users_copied() -> None:
    said = []
    for check in (
        partial(check_places, "application", [A]),
        partial(check_places, "network", [A, A]),
        partial(check_gateway, "vpc-1", internet_facing=True, has_gateway=False),
    ):
        with pytest.raises(Refused) as refused:
            check()
        said.append(str(refused.value))
    assert said == [
        "ValidationError: At least two subnets in two different Availability Zones must be specified",
        (
            "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in "
            "the same Availability Zone"
        ),
        "InvalidSubnet: VPC vpc-1 has no internet gateway",
    ]
