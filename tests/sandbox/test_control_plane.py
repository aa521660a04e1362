"""The control plane: settles once for what was touched, keeps counts, and can be copied."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import pytest
from moto.ec2.models import ec2_backends

from course.sandbox import control_plane
from course.sandbox.control_plane import ControlPlane
from course.sandbox.ecs.service_scheduler import StartTasks
from course.sandbox.errors import DidNotSettle, SandboxError
from course.sandbox.world import ACCOUNT_ID, World


def alarms(world: World) -> list[Any]:
    return [function for _, _, function, _ in world.clock._alarms]


def test_no_closure_is_ever_among_the_alarms(lab: Any) -> None:
    """A snapshot copies the alarms; a closure would go on pointing at the original."""
    lab.steady()
    lab.update(forceNewDeployment=True)
    lab.run(2)
    lab.stop(lab.arns()[0])
    seen = set()
    for _ in range(120):
        for function in alarms(lab.aws.world):
            plain = inspect.ismethod(function) or (
                inspect.isfunction(function) and function.__closure__ is None
            )
            assert plain and "<lambda>" not in function.__qualname__, function
            seen.add(function.__qualname__)
        lab.clock.advance(1)
    assert len(seen) >= 4


def test_rules_run_for_touched_services_only(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("web", "api"):
        lab.steady(name)
    looked_at: list[str] = []
    real = control_plane.reconcile

    def reconcile(service: Any, now: Any) -> Any:
        looked_at.append(service.service_name)
        return real(service, now)

    monkeypatch.setattr(control_plane, "reconcile", reconcile)
    lab.describe("web")
    assert looked_at == [], "a read touches nothing"
    lab.update("api", desiredCount=3)
    lab.clock.advance(minutes=2)
    assert set(looked_at) == {"api"}


def test_rules_run_once_an_instant_however_many_tasks_change(
    lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.service(desired=20)
    asked: list[Any] = []
    real = control_plane.reconcile

    def reconcile(service: Any, now: Any) -> Any:
        asked.append(now)
        return real(service, now)

    monkeypatch.setattr(control_plane, "reconcile", reconcile)
    lab.clock.advance(seconds=30)
    assert len(asked) == len(set(asked)) <= 8


def test_rules_that_never_rest_are_named(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.steady()

    def restless(service: Any, now: Any) -> list[Any]:
        return [StartTasks(service.primary, 0)]

    monkeypatch.setattr(control_plane, "reconcile", restless)
    with pytest.raises(DidNotSettle) as raised:
        lab.update(desiredCount=3)
    assert str(raised.value) == "the rules still act after 100 rounds at one instant: web"
    assert isinstance(raised.value, SandboxError)


def recounted(lab: Any) -> None:
    """Every count that is kept equals the one made by counting."""
    tasks = lab.held_tasks()
    pending = ("PROVISIONING", "PENDING", "ACTIVATING")
    cluster = lab.aws.world.ecs().clusters["lab"]
    assert cluster.running_tasks_count == sum(one.last_status == "RUNNING" for one in tasks)
    assert cluster.pending_tasks_count == sum(one.last_status in pending for one in tasks)
    for service in lab.aws.world.ecs().services.values():
        for deployment in service.deployments:
            own = [one for one in tasks if one.deployment is deployment]
            assert deployment.running_count == sum(one.last_status == "RUNNING" for one in own)
            assert deployment.pending_count == sum(one.last_status in pending for one in own)
            assert deployment.wanted_count == sum(one.wanted for one in own)
            assert deployment.healthy_count == sum(one.wanted and one.healthy for one in own)


def test_kept_counts_equal_recounted_ones(lab: Any) -> None:
    lab.service(desired=3)
    lab.run(2)
    for second in range(150):
        if second == 70:
            lab.stop(lab.arns(serviceName="web")[0])
            lab.define()
            lab.update(taskDefinition="web", desiredCount=4)
        lab.clock.advance(1)
        recounted(lab)


def test_capacity_providers_share_a_services_tasks(lab: Any) -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "weight": 1, "base": 2},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    lab.associate()
    lab.steady(desired=6, launchType=None, capacityProviderStrategy=strategy)

    def providers() -> list[str]:
        arns = lab.arns(serviceName="web")
        tasks = lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
        return sorted(task["capacityProviderName"] for task in tasks)

    assert providers() == ["FARGATE"] * 3 + ["FARGATE_SPOT"] * 3
    assert (
        lab.describe()["deployments"][0]["capacityProviderStrategy"]
        == [{"base": 0, **item} for item in strategy]
        or lab.describe()["capacityProviderStrategy"] == strategy
    )
    fargate = [
        arn
        for arn in lab.arns(serviceName="web")
        if lab.task(arn)["capacityProviderName"] == "FARGATE"
    ]
    lab.stop(fargate[0])
    lab.clock.advance(minutes=2)
    assert providers() == ["FARGATE"] * 3 + ["FARGATE_SPOT"] * 3


# --- A copy of the world has a future of its own


def copied(world: World) -> World:
    """A deep copy, the lock set aside: no lock can be copied, and both share the one there is."""
    memo: dict[int, Any] = {id(world.lock): world.lock}
    backends = ec2_backends[ACCOUNT_ID]
    memo[id(backends)] = backends
    return copy.deepcopy(world, memo)


def test_the_copys_future_does_not_touch_the_original(lab: Any) -> None:
    lab.steady()
    lab.update(desiredCount=4)
    before = lab.describe(), lab.cluster(), repr(lab.aws.timeline)
    twin = copied(lab.aws.world)
    twin.clock.advance(minutes=5)
    assert twin.ecs().services["lab:web"].running_count == 4
    assert twin.ecs().clusters["lab"].running_tasks_count == 4
    assert len(twin.timeline) > len(lab.aws.timeline)
    assert (lab.describe(), lab.cluster(), repr(lab.aws.timeline)) == before


def test_the_originals_future_does_not_touch_the_copy(lab: Any) -> None:
    lab.steady()
    twin = copied(lab.aws.world)
    shown = repr(twin.ecs())
    lab.update(desiredCount=5)
    lab.clock.advance(days=1)
    assert repr(twin.ecs()) == shown
    assert twin.clock.now() < lab.aws.now()


def test_the_copys_alarms_belong_to_the_copy(lab: Any) -> None:
    lab.service()
    twin = copied(lab.aws.world)
    for function in alarms(twin):
        owner = function.__self__
        assert getattr(owner, "world", None) is twin, function.__qualname__
    settle = twin.clock._settle
    assert isinstance(settle.__self__, ControlPlane)  # type: ignore[attr-defined]
    assert settle.__self__.world is twin  # type: ignore[attr-defined]


def test_the_same_future_follows_from_a_copy_as_from_the_original(lab: Any) -> None:
    """Chance is part of the world: ids to come are the same in both."""
    lab.steady()
    twin = copied(lab.aws.world)
    made = [twin.hexadecimal(32) for _ in range(3)]
    assert [lab.aws.world.hexadecimal(32) for _ in range(3)] == made
