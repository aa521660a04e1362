"""Elastic Load Balancing's API where moto falls short: refusals, states, and targets by id and port.

Everything else of the service is moto's. After each call that changes anything
the targets are looked at again.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, ClassVar, Protocol

from moto.core.responses import ActionResult, EmptyResult
from moto.elbv2.responses import ELBV2Response

from course.sandbox.balancing.elbv2_rules import (
    RANGES,
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
)
from course.sandbox.balancing.provisioning import Provisioning
from course.sandbox.balancing.route import groups_of
from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.balancing.targets import Target
from course.sandbox.ecs.ec2_hosts import find_host
from course.sandbox.ecs.errors import Refused
from course.sandbox.network.interfaces import Interfaces, NoFreeAddress

TIMEOUTS = {"HTTP": 6, "HTTPS": 10}
"""Defaults of HealthCheckTimeoutSeconds by the group's protocol, where moto has 5 (API reference)."""


class Tasks(Protocol):
    """Where the control plane keeps the targets of its tasks."""

    target_groups: TargetGroups

    def interfaces(self, region: str) -> Interfaces: ...


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    @property
    def tasks(self) -> Tasks: ...
    @property
    def provisioning(self) -> Provisioning: ...


class Elbv2Api(ELBV2Response):
    """moto's Elastic Load Balancing with what it lacks, one method per operation."""

    plane: ClassVar[Plane]

    @property
    def _groups(self) -> TargetGroups:
        return self.plane.tasks.target_groups

    @property
    def _interfaces(self) -> Interfaces:
        return self.plane.tasks.interfaces(self.region)

    def _changed(self, what: str) -> None:
        """The learner has changed something: told on the timeline, and every target is looked at."""
        self._groups.world.record("you", what)
        self._look()

    def _look(self) -> None:
        """Which balancers a group has now, and how its targets stand."""
        backend, balancers = self.elbv2_backend, self._groups.balancers(self.region)
        for arn, group in backend.target_groups.items():
            found = balancers.group(arn)
            group.load_balancer_arns = [one.arn for one in found.fronts] if found else []
        self._groups.look(self.region)

    # --- Load balancers

    def create_load_balancer(self) -> ActionResult:
        """CreateLoadBalancer: provisioning for a while; the same once more changes nothing."""
        name, kind = self._get_param("Name"), self._get_param("Type") or "application"
        scheme = self._get_param("Scheme") or "internet-facing"
        places, groups = self._places(), self._get_param("SecurityGroups") or []
        check_places(kind, places)
        vpc = places[0].vpc
        check_gateway(
            vpc,
            internet_facing=scheme == "internet-facing",
            has_gateway=self._interfaces.has_gateway(vpc),
        )
        self._check_groups(groups, vpc)
        there = [one for one in self.elbv2_backend.load_balancers.values() if one.name == name]
        if there:
            same = (there[0].type, there[0].scheme) == (kind, scheme)
            same = same and {one.id for one in there[0].subnets} == {one.subnet for one in places}
            if not same:
                raise Refused(  # our words
                    "DuplicateLoadBalancerName",
                    f"A load balancer with the same name '{name}' exists, with different settings",
                )
            return ActionResult({"LoadBalancers": there})
        answer = super().create_load_balancer()
        self._finish(self._newest(), kind, scheme, groups)
        return answer

    def _finish(self, made: Any, kind: str, scheme: str, groups: list[str]) -> None:
        """What moto leaves out of a new load balancer: defaults, names, interfaces."""
        made.scheme = scheme
        default = self._interfaces.default_security_group(made.vpc_id)
        made.security_groups = groups or ([default] if kind == "application" and default else [])
        if kind != "application":
            self._rename(made, "net" if kind == "network" else "gwy")
        made.dns_name = _dns_name(made, self.region)
        try:
            self.plane.provisioning.begin(self.region, made.arn)
        except NoFreeAddress as full:
            self.plane.provisioning.remove(self.region, made.arn)
            del self.elbv2_backend.load_balancers[made.arn]
            raise Refused("InvalidSubnet", f"Not enough IP space available: {full}") from full

    def _rename(self, made: Any, part: str) -> None:
        """A Network Load Balancer's ARN says ``net``; moto's always says ``app``."""
        held, tags = self.elbv2_backend.load_balancers, self.elbv2_backend.tagging_service
        del held[made.arn]
        kept = tags.get_tag_dict_for_resource(made.arn)
        made.arn = made.arn.replace("loadbalancer/app/", f"loadbalancer/{part}/")
        held[made.arn] = made
        tags.tag_resource(made.arn, [{"Key": key, "Value": value} for key, value in kept.items()])

    def _newest(self) -> Any:
        return list(self.elbv2_backend.load_balancers.values())[-1]

    def _places(self) -> list[Place]:
        mapped = [one["SubnetId"] for one in self._get_param("SubnetMappings") or []]
        ids = self._get_param("Subnets") or mapped
        found = []
        for one in ids:
            vpc, zone = self._interfaces.vpc_of_subnet(one), self._interfaces.availability_zone(one)
            if vpc is None or zone is None:
                raise Refused(
                    "SubnetNotFound", f"The subnet ID '{one}' does not exist"
                )  # our words
            found.append(Place(one, vpc, zone))
        if not found:
            raise Refused("ValidationError", "At least one subnet must be specified")  # our words
        return found

    def _check_groups(self, groups: Iterable[str], vpc: str) -> None:
        for one in groups:
            check_security_group(one, self._interfaces.vpc_of_security_group(one), vpc)

    def describe_load_balancers(self) -> ActionResult:
        """DescribeLoadBalancers; to look at one does not make it active."""
        states = {one: one.state for one in self.elbv2_backend.load_balancers.values()}
        try:
            return super().describe_load_balancers()
        finally:
            for balancer, state in states.items():
                balancer.state = state

    def delete_load_balancer(self) -> ActionResult:
        """DeleteLoadBalancer: with its listeners, and not while it is protected."""
        arn = self._get_param("LoadBalancerArn")
        found = self.elbv2_backend.load_balancers.get(arn)
        if found is not None and found.attrs.get("deletion_protection.enabled") == "true":
            raise Refused(  # our words
                "OperationNotPermitted",
                f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            )
        answer = super().delete_load_balancer()
        self.plane.provisioning.remove(self.region, arn)
        self._changed(f"DeleteLoadBalancer {_name(arn)}")
        return answer

    def set_subnets(self) -> ActionResult:
        """SetSubnets: the zones of a load balancer, and so which targets it reaches."""
        arn = self._get_param("LoadBalancerArn")
        found = self.elbv2_backend.load_balancers.get(arn)
        if found is not None:
            check_places(found.type, self._places())
        answer = super().set_subnets()
        self.plane.provisioning.place(self.region, arn)
        self._changed(f"SetSubnets of {_name(arn)}")
        return answer

    def set_security_groups(self) -> ActionResult:
        """SetSecurityGroups, of the load balancer's own VPC."""
        arn = self._get_param("LoadBalancerArn")
        found = self.elbv2_backend.load_balancers.get(arn)
        if found is not None:
            self._check_groups(self._get_param("SecurityGroups") or [], found.vpc_id)
        answer = super().set_security_groups()
        self.plane.provisioning.place(self.region, arn)
        self._changed(f"SetSecurityGroups of {_name(arn)}")
        return answer

    # --- Listeners and rules

    def create_listener(self) -> ActionResult:
        """CreateListener: to target groups whose protocol goes with its own."""
        arn, port = self._get_param("LoadBalancerArn"), int(self._get_param("Port") or 0)
        self._check_actions(arn, self._get_param("Protocol"), self._get_param("DefaultActions"))
        found = self.elbv2_backend.load_balancers.get(arn)
        if found and any(int(one.port) == port for one in found.listeners.values()):
            raise Refused(
                "DuplicateListener", "A listener already exists on this port"
            )  # our words
        answer = super().create_listener()
        self._changed(f"CreateListener {self._get_param('Protocol')}:{port} of {_name(arn)}")
        return answer

    def modify_listener(self) -> ActionResult:
        """ModifyListener: the same again for what it sends to from now on."""
        balancer, listener = self._listener(self._get_param("ListenerArn"))
        if listener is not None:
            protocol = self._get_param("Protocol") or listener.protocol
            self._check_actions(balancer, protocol, self._get_param("DefaultActions"))
        answer = super().modify_listener()
        self._changed(f"ModifyListener of {_name(balancer)}")
        return answer

    def delete_listener(self) -> ActionResult:
        """DeleteListener: its target groups may be in use no more."""
        answer = super().delete_listener()
        self._changed("DeleteListener")
        return answer

    def create_rule(self) -> ActionResult:
        """CreateRule: to target groups that go with its listener."""
        balancer, listener = self._listener(self._get_param("ListenerArn"))
        if listener is not None:
            self._check_actions(balancer, listener.protocol, self._get_param("Actions"))
        answer = super().create_rule()
        self._changed(f"CreateRule {self._get_param('Priority')} of {_name(balancer)}")
        return answer

    def modify_rule(self) -> ActionResult:
        """ModifyRule: the same again for what it sends to from now on."""
        listener_arn = self._get_param("RuleArn").replace(":listener-rule/", ":listener/")
        balancer, listener = self._listener(listener_arn.rsplit("/", 1)[0])
        if listener is not None:
            self._check_actions(balancer, listener.protocol, self._get_param("Actions"))
        answer = super().modify_rule()
        self._changed(f"ModifyRule of {_name(balancer)}")
        return answer

    def delete_rule(self) -> ActionResult:
        """DeleteRule: its target groups may be in use no more."""
        answer = super().delete_rule()
        self._changed("DeleteRule")
        return answer

    def _listener(self, arn: str) -> tuple[str, Any]:
        for balancer in self.elbv2_backend.load_balancers.values():
            if arn in balancer.listeners:
                return balancer.arn, balancer.listeners[arn]
        return "", None

    def _check_actions(self, balancer: str, protocol: str | None, actions: Any) -> None:
        balancers = self._groups.balancers(self.region)
        for action in actions or []:
            for arn, _ in groups_of(action) if action.get("Type") == "forward" else ():
                group = balancers.group(arn)
                if group is not None:
                    check_forward(protocol or "", arn, group.protocol)
                    check_association(arn, [one.arn for one in group.fronts], balancer)

    # --- Target groups

    def create_target_group(self) -> ActionResult:
        """CreateTargetGroup: with the defaults of the API reference."""
        check, protocol = self._get_param("HealthCheckProtocol"), self._get_param("Protocol")
        if check == "TCP" and protocol in ("HTTP", "HTTPS"):
            raise Refused(  # our words
                "ValidationError",
                f"Health check protocol 'TCP' is not supported for protocol '{protocol}'",
            )
        self._check_health_check(protocol)
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
        self._check_health_check(self._group().protocol)
        answer = super().modify_target_group()
        self._changed(f"ModifyTargetGroup {self._group().name}")
        return answer

    def _check_health_check(self, protocol: str | None) -> None:
        asked = {name: self._get_param(name) for name in RANGES}
        given = {name: int(value) for name, value in asked.items() if value is not None}
        check_health_check(given, (self._get_param("Matcher") or {}).get("HttpCode"), protocol)

    def delete_target_group(self) -> ActionResult:
        """DeleteTargetGroup: what was registered there is a target no more."""
        arn = self._get_param("TargetGroupArn")
        answer = super().delete_target_group()
        self._changed(f"DeleteTargetGroup {_name(arn)}")
        return answer

    # --- Targets

    def register_targets(self) -> ActionResult:
        """RegisterTargets: by id and port, so that an instance may be there more than once."""
        group = self._group()
        for one in self._get_param("Targets", []):
            self._check_target(group, one)
        self._told("RegisterTargets", group)
        self._groups.register(group.arn, self._keys(group))
        return EmptyResult()

    def deregister_targets(self) -> ActionResult:
        """DeregisterTargets: what is not registered is no error."""
        group = self._group()
        self._told("DeregisterTargets", group)
        self._groups.deregister(group.arn, self._keys(group))
        return EmptyResult()

    def describe_target_health(self) -> ActionResult:
        """DescribeTargetHealth, of the targets asked for or of all."""
        group = self._group()
        found = self._groups.describe(group.arn, self._keys(group))
        port = group.health_check_port
        shown = [_shown(one, str(one.port) if port == "traffic-port" else port) for one in found]
        return ActionResult({"TargetHealthDescriptions": shown})

    def _told(self, operation: str, group: Any) -> None:
        named = ", ".join(f"{target}:{port}" for target, port in self._keys(group))
        self._groups.world.record("you", f"{operation} {named} of {group.name}")

    def _group(self) -> Any:
        found = self.elbv2_backend.target_groups.get(self._get_param("TargetGroupArn"))
        if found is None:
            raise Refused("TargetGroupNotFound", "One or more target groups not found")
        return found

    def _keys(self, group: Any) -> list[tuple[str, int]]:
        given = self._get_param("Targets", [])
        return [(one["Id"], int(one.get("Port") or group.port or 0)) for one in given]

    def _check_target(self, group: Any, given: Any) -> None:
        if group.target_type == "ip":
            networks = self._interfaces.networks(group.vpc_id)
            check_address(given["Id"], networks, given.get("AvailabilityZone"))
        elif group.target_type == "instance":
            host = find_host(self.current_account, self.region, given["Id"])
            machine = Machine(host.instance_id, host.state, host.vpc_id) if host else None
            check_machine(given["Id"], machine, group.vpc_id)


def _dns_name(balancer: Any, region: str) -> str:
    """As in the CLI's examples: with a number, or for a Network Load Balancer with its ARN's last part."""
    head = "internal-" if balancer.scheme == "internal" else ""
    if balancer.type != "application":
        last = balancer.arn.rsplit("/", 1)[-1]
        return f"{balancer.name}-{last}.elb.{region}.amazonaws.com"
    number = int.from_bytes(sha256(balancer.arn.encode()).digest()) % 10**9
    return f"{head}{balancer.name}-{number}.{region}.elb.amazonaws.com"


def _name(arn: str) -> str:
    """The name in the ARN of a load balancer or a target group."""
    parts = arn.split("/")
    return parts[-2] if len(parts) > 1 else arn


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
