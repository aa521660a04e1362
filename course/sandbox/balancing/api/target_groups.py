"""Target groups, their health checks, and targets by id and port.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.balancing.api.base import Elbv2Operations, name_of
from course.sandbox.balancing.elbv2_rules import (
    RANGES,
    Machine,
    check_address,
    check_health_check,
    check_machine,
    check_timing,
)
from course.sandbox.balancing.targets import Target
from course.sandbox.ecs.ec2_hosts import find_host
from course.sandbox.ecs.errors import Refused

TIMEOUTS = {"HTTP": 6, "HTTPS": 10}
"""Defaults of HealthCheckTimeoutSeconds by the group's protocol, where moto has 5 (API reference)."""
UNSAID = {"HealthCheckIntervalSeconds": 30, "HealthCheckTimeoutSeconds": 5}
"""What an interval and a timeout are held against: 5 s, where AWS's texts have 5 or 6."""


class TargetGroupOperations(Elbv2Operations):
    """The operations on target groups and targets."""

    def create_target_group(self) -> ActionResult:
        """CreateTargetGroup: with the defaults of the API reference."""
        check, protocol = self._get_param("HealthCheckProtocol"), self._get_param("Protocol")
        if check == "TCP" and protocol in ("HTTP", "HTTPS"):
            raise Refused(  # our words
                "ValidationError",
                f"Health check protocol 'TCP' is not supported for protocol '{protocol}'",
            )
        self._check_health_check(protocol, UNSAID)
        answer = super().create_target_group()
        made = list(self.elbv2_backend.target_groups.values())[-1]
        if not self._get_param("HealthCheckTimeoutSeconds") and protocol in TIMEOUTS:
            interval = made.health_check_interval_seconds
            made.health_check_timeout_seconds = min(TIMEOUTS[protocol], max(2, interval - 1))
        if protocol not in ("HTTP", "HTTPS") and not self._get_param("Matcher") and check:
            made.matcher = {"HttpCode": "200-399"}
        return answer

    def modify_target_group(self) -> ActionResult:
        """ModifyTargetGroup: checks that had gone quiet are taken up again."""
        group = self.group()
        have = (group.health_check_interval_seconds, group.health_check_timeout_seconds)
        self._check_health_check(group.protocol, dict(zip(UNSAID, map(int, have), strict=True)))
        answer = super().modify_target_group()
        self.changed(f"ModifyTargetGroup {self.group().name}")
        return answer

    def _check_health_check(self, protocol: str | None, otherwise: dict[str, int]) -> None:
        asked = {name: self._get_param(name) for name in RANGES}
        given = {name: int(value) for name, value in asked.items() if value is not None}
        check_health_check(given, (self._get_param("Matcher") or {}).get("HttpCode"), protocol)
        interval, timeout = (given.get(name, value) for name, value in otherwise.items())
        check_timing(interval, timeout, protocol)

    def delete_target_group(self) -> ActionResult:
        """DeleteTargetGroup: what was registered there is a target no more."""
        arn = self._get_param("TargetGroupArn")
        answer = super().delete_target_group()
        self.changed(f"DeleteTargetGroup {name_of(arn)}")
        return answer

    def register_targets(self) -> ActionResult:
        """RegisterTargets: by id and port, so that an instance may be there more than once."""
        group = self.group()
        for one in self._get_param("Targets", []):
            self._check_target(group, one)
        self._told("RegisterTargets", group)
        self.groups.register(group.arn, self._keys(group))
        return EmptyResult()

    def deregister_targets(self) -> ActionResult:
        """DeregisterTargets: what is not registered is no error."""
        group = self.group()
        self._told("DeregisterTargets", group)
        self.groups.deregister(group.arn, self._keys(group))
        return EmptyResult()

    def describe_target_health(self) -> ActionResult:
        """DescribeTargetHealth, of the targets asked for or of all."""
        group = self.group()
        found = self.groups.describe(group.arn, self._keys(group))
        port = group.health_check_port
        shown = [_shown(one, str(one.port) if port == "traffic-port" else port) for one in found]
        return ActionResult({"TargetHealthDescriptions": shown})

    def _told(self, operation: str, group: Any) -> None:
        named = ", ".join(f"{target}:{port}" for target, port in self._keys(group))
        self.groups.world.record("you", f"{operation} {named} of {group.name}")

    def _keys(self, group: Any) -> list[tuple[str, int]]:
        given = self._get_param("Targets", [])
        return [(one["Id"], int(one.get("Port") or group.port or 0)) for one in given]

    def _check_target(self, group: Any, given: Any) -> None:
        if group.target_type == "ip":
            networks = self.interfaces.networks(group.vpc_id)
            check_address(given["Id"], networks, given.get("AvailabilityZone"))
        elif group.target_type == "instance":
            host = find_host(self.current_account, self.region, given["Id"])
            machine = Machine(host.instance_id, host.state, host.vpc_id) if host else None
            check_machine(given["Id"], machine, group.vpc_id)


def _shown(target: Target, check_port: str | None) -> dict[str, Any]:
    health = {
        "State": target.health.state,
        "Reason": target.health.reason,
        "Description": target.health.description,
    }
    return {
        "Target": {"Id": target.id, "Port": target.port or None},
        "HealthCheckPort": check_port,
        "TargetHealth": health,
    }
