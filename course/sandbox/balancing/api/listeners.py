"""Listeners and their rules: to target groups that go with them.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
"""

from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.balancing.api.base import Elbv2Operations, name_of
from course.sandbox.balancing.elbv2_rules import check_association, check_forward
from course.sandbox.balancing.route import groups_of
from course.sandbox.ecs.errors import Refused


class Listeners(Elbv2Operations):
    """The operations on listeners and rules."""

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
        self.changed(f"CreateListener {self._get_param('Protocol')}:{port} of {name_of(arn)}")
        return answer

    def modify_listener(self) -> ActionResult:
        """ModifyListener: the same again for what it sends to from now on."""
        balancer, listener = self._listener(self._get_param("ListenerArn"))
        if listener is not None:
            protocol = self._get_param("Protocol") or listener.protocol
            self._check_actions(balancer, protocol, self._get_param("DefaultActions"))
        answer = super().modify_listener()
        self.changed(f"ModifyListener of {name_of(balancer)}")
        return answer

    def delete_listener(self) -> ActionResult:
        """DeleteListener: its target groups may be in use no more."""
        answer = super().delete_listener()
        self.changed("DeleteListener")
        return answer

    def create_rule(self) -> ActionResult:
        """CreateRule: to target groups that go with its listener."""
        balancer, listener = self._listener(self._get_param("ListenerArn"))
        if listener is not None:
            self._check_actions(balancer, listener.protocol, self._get_param("Actions"))
        answer = super().create_rule()
        self.changed(f"CreateRule {self._get_param('Priority')} of {name_of(balancer)}")
        return answer

    def modify_rule(self) -> ActionResult:
        """ModifyRule: the same again for what it sends to from now on."""
        listener_arn = self._get_param("RuleArn").replace(":listener-rule/", ":listener/")
        balancer, listener = self._listener(listener_arn.rsplit("/", 1)[0])
        if listener is not None:
            self._check_actions(balancer, listener.protocol, self._get_param("Actions"))
        answer = super().modify_rule()
        self.changed(f"ModifyRule of {name_of(balancer)}")
        return answer

    def delete_rule(self) -> ActionResult:
        """DeleteRule: its target groups may be in use no more."""
        answer = super().delete_rule()
        self.changed("DeleteRule")
        return answer

    def _listener(self, arn: str) -> tuple[str, Any]:
        for balancer in self.elbv2_backend.load_balancers.values():
            if arn in balancer.listeners:
                return balancer.arn, balancer.listeners[arn]
        return "", None

    def _check_actions(self, balancer: str, protocol: str | None, actions: Any) -> None:
        balancers = self.groups.balancers(self.region)
        for action in actions or []:
            for arn, _ in groups_of(action) if action.get("Type") == "forward" else ():
                group = balancers.group(arn)
                if group is not None:
                    check_forward(protocol or "", arn, group.protocol)
                    check_association(arn, [one.arn for one in group.fronts], balancer)
