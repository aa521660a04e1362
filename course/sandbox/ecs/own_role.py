"""The role with which ECS maintains a service: its own, or ECS's service-linked one.

A service behind a load balancer may name a role of the account's (bridge and host
mode); with it ECS registers and deregisters targets. Somebody may change or delete
it later. What would need it is then left undone, a DRAINING service's tasks among
it, an event says which of the two was changed, and ECS tries again later and later.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from course.sandbox.authorize.by_services import may_with_role
from course.sandbox.authorize.trust import ECS, asked_by_ecs
from course.sandbox.ecs import events
from course.sandbox.ecs.resources import Service
from course.sandbox.ecs.resources.service import Unmaintained
from course.sandbox.ecs.service_scheduler import (
    STEADY_AGAIN,
    ReachSteadyState,
    StartTasks,
    StopTasks,
    hold_seconds,
)
from course.sandbox.ecs.task_sets import TaskSetAction
from course.sandbox.identity import service_linked
from course.sandbox.observability.eventbridge.ecs_events import EcsEvents
from course.sandbox.world import World

SESSION = "ecs-service-scheduler"
"""The name of ECS's sessions; nothing shows it here."""

BOTH = ("Register", "Deregister")


class OwnRoles:
    """Keeps back what a service's role does not allow; *tell* sends events, *touch* asks again."""

    def __init__(
        self,
        world: World,
        tell: Callable[[Service, str], None],
        touch: Callable[[Service], None],
        ecs_events: EcsEvents,
    ) -> None:
        self._world, self._tell, self._touch = world, tell, touch
        self._ecs_events = ecs_events

    def allowed(self, service: Service, actions: Sequence[TaskSetAction]) -> list[TaskSetAction]:
        """What of these actions can be done now; of what is kept back an event tells."""
        kept = [one for one in actions if isinstance(one, StartTasks | StopTasks)]
        looked: Sequence[TaskSetAction] = kept or [
            one for one in actions if isinstance(one, ReachSteadyState)
        ]
        if not looked:
            return list(actions)
        problem = role_problem(service, _verbs(looked))
        if problem is None:
            service.unmaintained = None
            return list(actions)
        self._keep_back(service, problem, launching=any(isinstance(x, StartTasks) for x in kept))
        return [one for one in actions if one not in looked]

    def _keep_back(self, service: Service, problem: str, *, launching: bool) -> None:
        """Say it once, and about every six hours while it lasts; the rhythm is that of events of 2026."""
        now, state = self._world.clock.now(), service.unmaintained
        if state is None or state.problem != problem:
            state = service.unmaintained = Unmaintained(problem)
        if state.told_at is None or now >= state.told_at + timedelta(seconds=STEADY_AGAIN):
            state.told_at, service.steady_since = now, None
            self._tell(service, problem)
            if launching:
                self._ecs_events.action(service, "SERVICE_TASK_CONFIGURATION_FAILURE")
        if state.again_at is None or now >= state.again_at:
            state.rounds += 1
            wait = hold_seconds(state.rounds)  # the restart throttle's; nothing was found
            state.again_at = now + timedelta(seconds=wait)
            self._world.clock.after(wait, self._touch, service)


def _verbs(actions: Sequence[TaskSetAction]) -> tuple[str, ...]:
    """What ECS would do with targets: either, or where it only looks both."""
    starts = any(isinstance(one, StartTasks) for one in actions)
    stops = any(isinstance(one, StopTasks) for one in actions)
    return BOTH if starts == stops else BOTH[:1] if starts else BOTH[1:]


def role_problem(service: Service, verbs: Sequence[str] = BOTH) -> str | None:
    """AWS's words for what is wrong with the role of a service that needs one; None if nothing is."""
    _, _, _, region, account, _ = service.service_arn.split(":", 5)
    targets = list(_targets(service, region, account, verbs))
    if not targets:
        return None
    if service.role_arn == service_linked.arn_of(service_linked.ECS, account):
        there = service_linked.exists(service_linked.ECS, account)
        return None if there else events.TRUST_CHANGED
    source = asked_by_ecs(region, account)
    for action, resource in targets:
        decision = may_with_role(
            service.role_arn, ECS, action, resource, account=account, session=SESSION, source=source
        )
        if not decision.allowed:
            mistrusted = decision.request.action == "sts:AssumeRole"
            return events.TRUST_CHANGED if mistrusted else events.PERMISSIONS_CHANGED
    return None


def _targets(
    service: Service, region: str, account: str, verbs: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What ECS asks of Elastic Load Balancing for a service, action by action."""
    held = f"arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer"
    for one in service.load_balancers:
        for verb in verbs:
            if one.get("targetGroupArn"):
                yield f"elasticloadbalancing:{verb}Targets", one["targetGroupArn"]
            elif one.get("loadBalancerName"):
                end = (
                    "InstancesWithLoadBalancer"
                    if verb == "Register"
                    else "InstancesFromLoadBalancer"
                )
                yield f"elasticloadbalancing:{verb}{end}", f"{held}/{one['loadBalancerName']}"
