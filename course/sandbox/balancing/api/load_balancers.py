"""Load balancers: made, placed in subnets, provisioned, deleted.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.balancing.api.base import Elbv2Operations, name_of
from course.sandbox.balancing.elbv2_rules import (
    Place,
    check_gateway,
    check_places,
    check_security_group,
)
from course.sandbox.ecs.errors import Refused
from course.sandbox.network.interfaces import NoFreeAddress


class LoadBalancers(Elbv2Operations):
    """The operations on load balancers."""

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
            has_gateway=self.interfaces.has_gateway(vpc),
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
        default = self.interfaces.default_security_group(made.vpc_id)
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
            vpc, zone = self.interfaces.vpc_of_subnet(one), self.interfaces.availability_zone(one)
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
            check_security_group(one, self.interfaces.vpc_of_security_group(one), vpc)

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
        self.changed(f"DeleteLoadBalancer {name_of(arn)}")
        return answer

    def set_subnets(self) -> ActionResult:
        """SetSubnets: the zones of a load balancer, and so which targets it reaches."""
        arn = self._get_param("LoadBalancerArn")
        found = self.elbv2_backend.load_balancers.get(arn)
        if found is not None:
            check_places(found.type, self._places())
        answer = super().set_subnets()
        self.plane.provisioning.place(self.region, arn)
        self.changed(f"SetSubnets of {name_of(arn)}")
        return answer

    def set_security_groups(self) -> ActionResult:
        """SetSecurityGroups, of the load balancer's own VPC."""
        arn = self._get_param("LoadBalancerArn")
        found = self.elbv2_backend.load_balancers.get(arn)
        if found is not None:
            self._check_groups(self._get_param("SecurityGroups") or [], found.vpc_id)
        answer = super().set_security_groups()
        self.plane.provisioning.place(self.region, arn)
        self.changed(f"SetSecurityGroups of {name_of(arn)}")
        return answer


def _dns_name(balancer: Any, region: str) -> str:
    """As in the CLI's examples: with a number, or for a Network Load Balancer with its ARN's last part."""
    head = "internal-" if balancer.scheme == "internal" else ""
    if balancer.type != "application":
        last = balancer.arn.rsplit("/", 1)[-1]
        return f"{balancer.name}-{last}.elb.{region}.amazonaws.com"
    number = int.from_bytes(sha256(balancer.arn.encode()).digest()) % 10**9
    return f"{head}{balancer.name}-{number}.{region}.elb.amazonaws.com"
