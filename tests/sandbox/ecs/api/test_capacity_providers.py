"""Capacity providers through boto3."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:ecs:us-east-1:123456789012:capacity-provider"
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]


def provider(lab: Any, name: str = "machines", **more: Any) -> dict[str, Any]:
    group = {"autoScalingGroupArn": lab.group()} | more
    made = lab.ecs.create_capacity_provider(name=name, autoScalingGroupProvider=group)
    return dict(made["capacityProvider"])


def put(lab: Any, *names: str, strategy: Any = ()) -> dict[str, Any]:
    return dict(
        lab.ecs.put_cluster_capacity_providers(
            cluster="lab",
            capacityProviders=list(names),
            defaultCapacityProviderStrategy=list(strategy),
        )["cluster"]
    )


def described(lab: Any, **asked: Any) -> list[str]:
    found = lab.ecs.describe_capacity_providers(**asked)["capacityProviders"]
    return [one["name"] for one in found]


def test_fargate_is_always_there(lab: Any) -> None:
    answer = lab.ecs.describe_capacity_providers(capacityProviders=["FARGATE", "FARGATE_SPOT"])
    assert answer["failures"] == []
    shown = [(one["name"], one["status"], one["type"]) for one in answer["capacityProviders"]]
    assert shown == [
        ("FARGATE", "ACTIVE", "FARGATE"),
        ("FARGATE_SPOT", "ACTIVE", "FARGATE_SPOT"),
    ]
    assert answer["capacityProviders"][0]["capacityProviderArn"] == f"{ARN}/FARGATE"


def test_an_unknown_one_is_a_failure_missing(lab: Any) -> None:
    answer = lab.ecs.describe_capacity_providers(capacityProviders=["nope"])
    assert answer["capacityProviders"] == []
    assert answer["failures"] == [{"arn": f"{ARN}/nope", "reason": "MISSING"}]


def test_what_a_cluster_may_use_is_described(lab: Any) -> None:
    provider(lab)
    assert described(lab) == ["FARGATE", "FARGATE_SPOT", "machines"]
    put(lab, "machines")
    assert described(lab, cluster="lab") == ["machines"]


def test_a_provider_is_kept(lab: Any) -> None:
    made = provider(lab, managedScaling={"status": "ENABLED", "targetCapacity": 90})
    assert (made["capacityProviderArn"], made["status"]) == (f"{ARN}/machines", "ACTIVE")
    lab.ecs.update_capacity_provider(
        name="machines", autoScalingGroupProvider={"managedScaling": {"targetCapacity": 50}}
    )
    (kept,) = lab.ecs.describe_capacity_providers(capacityProviders=[f"{ARN}/machines"])[
        "capacityProviders"
    ]
    assert kept["autoScalingGroupProvider"] == {
        "autoScalingGroupArn": lab.group(),
        "managedScaling": {
            "status": "ENABLED",
            "targetCapacity": 50,
            "minimumScalingStepSize": 1,
            "maximumScalingStepSize": 10000,
            "instanceWarmupPeriod": 300,
        },
        "managedTerminationProtection": "DISABLED",
        "managedDraining": "ENABLED",
    }
    assert (kept["type"], kept["updateStatus"]) == ("EC2_AUTOSCALING", "UPDATE_COMPLETE")


def test_a_cluster_takes_a_provider_that_exists(lab: Any, refused: Any) -> None:
    assert refused(put, lab, "machines").code == "InvalidParameterException"
    provider(lab)
    strategy = [{"capacityProvider": "machines", "weight": 1, "base": 0}]
    assert put(lab, "machines", strategy=strategy)["defaultCapacityProviderStrategy"] == strategy


def test_a_provider_of_a_cluster_stays(lab: Any, refused: Any) -> None:
    provider(lab)
    put(lab, "machines")
    delete = lab.ecs.delete_capacity_provider
    assert refused(delete, capacityProvider="machines").code == "ClientException"
    put(lab)
    assert delete(capacityProvider="machines")["capacityProvider"]["status"] == "INACTIVE"
    assert described(lab) == ["FARGATE", "FARGATE_SPOT"]


@pytest.mark.parametrize("name", ["FARGATE", "FARGATE_SPOT", "nope"])
def test_what_is_not_yours_cannot_be_deleted(lab: Any, refused: Any, name: str) -> None:
    assert (
        refused(lab.ecs.delete_capacity_provider, capacityProvider=name).code == "ClientException"
    )


@pytest.mark.parametrize("name", ["fargate-mine", "AWS1", "ecs", "two words", "x" * 256])
def test_names_it_cannot_have(lab: Any, refused: Any, name: str) -> None:
    assert refused(provider, lab, name).code == "ClientException"


def test_a_name_is_used_once(lab: Any, refused: Any) -> None:
    provider(lab)
    found = refused(provider, lab)
    assert found.code == "ClientException"
    assert found.message == "The specified capacity provider already exists."


def test_a_provider_needs_a_group_that_is_there_and_of_its_own(lab: Any, refused: Any) -> None:
    found = refused(provider, lab, autoScalingGroupArn="arn:aws:autoscaling:none")
    assert (found.code, "was not found" in found.message) == ("ClientException", True)
    made = provider(lab, autoScalingGroupArn="fleet")
    assert made["autoScalingGroupProvider"]["autoScalingGroupArn"] == lab.group()
    found = refused(provider, lab, "again")
    assert found.code == "ClientException"
    assert found.message.startswith(
        "The specified Auto Scaling group ARN is already being used by another capacity provider."
    )


PROTECTED = {"managedTerminationProtection": "ENABLED"}
SCALES = {"managedScaling": {"status": "ENABLED"}}


def test_managed_termination_protection_needs_the_groups_own(lab: Any, refused: Any) -> None:
    found = refused(provider, lab, **PROTECTED, **SCALES)
    assert found.code == "ClientException"
    assert found.message == (
        "The managed termination protection setting for the capacity provider is invalid. To enable "
        "managed termination protection for a capacity provider, the Auto Scaling group must have "
        "instance protection from scale in enabled."
    )
    provider(lab)
    update = lab.ecs.update_capacity_provider
    given = {"name": "machines", "autoScalingGroupProvider": PROTECTED | SCALES}
    assert refused(update, **given).message == found.message
    lab.aws.client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName="fleet", NewInstancesProtectedFromScaleIn=True
    )
    changed = update(**given)["capacityProvider"]["autoScalingGroupProvider"]
    assert changed["managedTerminationProtection"] == "ENABLED"


def test_managed_termination_protection_needs_managed_scaling(lab: Any, refused: Any) -> None:
    lab.group(NewInstancesProtectedFromScaleIn=True)
    assert refused(provider, lab, **PROTECTED).code == "ClientException"
    assert provider(lab, **PROTECTED, **SCALES)["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("scaling", "code"),
    [
        ({"targetCapacity": 101}, "InvalidParameterException"),
        ({"maximumScalingStepSize": 10_001}, "InvalidParameterException"),
        ({"instanceWarmupPeriod": 10_001}, "InvalidParameterException"),
        ({"minimumScalingStepSize": 3, "maximumScalingStepSize": 2}, "ClientException"),
    ],
)
def test_managed_scaling_has_bounds(
    lab: Any, refused: Any, scaling: dict[str, int], code: str
) -> None:
    assert refused(provider, lab, managedScaling=scaling).code == code
    provider(lab, managedScaling={"status": "ENABLED", "targetCapacity": 1})


def test_a_provider_with_managed_scaling_is_connected_to_one_cluster(
    lab: Any, refused: Any
) -> None:
    provider(lab, **SCALES)
    put(lab, "machines")
    lab.ecs.create_cluster(clusterName="other")
    given = {"capacityProviders": ["machines"], "defaultCapacityProviderStrategy": []}
    call = lab.ecs.put_cluster_capacity_providers
    assert refused(call, cluster="other", **given).code == "InvalidParameterException"
    put(lab)
    assert call(cluster="other", **given)["cluster"]["capacityProviders"] == ["machines"]


# --- A cluster's providers


def test_the_clusters_default_strategy_places_tasks(lab: Any) -> None:
    shown = put(lab, "FARGATE", "FARGATE_SPOT", strategy=SPOT)
    assert shown["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert shown["defaultCapacityProviderStrategy"] == SPOT
    assert lab.task(lab.run(launchType=None)[0])["capacityProviderName"] == "FARGATE_SPOT"
    assert lab.service(launchType=None)["capacityProviderStrategy"] == SPOT


@pytest.mark.parametrize(
    ("names", "strategy"),
    [
        (["nope"], []),
        (["FARGATE"], SPOT),
        (["FARGATE"], [{"capacityProvider": "FARGATE", "weight": 0}]),
    ],
    ids=["an unknown provider", "a strategy over another", "no weight"],
)
def test_what_a_cluster_cannot_have(lab: Any, refused: Any, names: Any, strategy: Any) -> None:
    before = lab.cluster()
    assert refused(put, lab, *names, strategy=strategy).code == "InvalidParameterException"
    assert lab.cluster() == before
    found = refused(
        lab.ecs.create_cluster,
        clusterName="new",
        capacityProviders=names,
        defaultCapacityProviderStrategy=strategy,
    )
    assert found.code == "InvalidParameterException"
    assert len(lab.ecs.list_clusters()["clusterArns"]) == 1


def test_a_provider_in_use_stays_in_its_cluster(lab: Any, refused: Any) -> None:
    put(lab, "FARGATE", "FARGATE_SPOT", strategy=SPOT)
    task = lab.run(launchType=None)[0]
    found = refused(put, lab, "FARGATE")
    assert found.code == "ResourceInUseException"
    assert found.message == "The specified capacity provider is in use and cannot be removed."
    put(lab, "FARGATE_SPOT")
    lab.stop(task)
    lab.clock.advance(minutes=2)
    assert put(lab, "FARGATE")["capacityProviders"] == ["FARGATE"]


def test_a_service_holds_its_provider_too(lab: Any, refused: Any) -> None:
    put(lab, "FARGATE", "FARGATE_SPOT", strategy=SPOT)
    lab.service(desired=0, launchType=None)
    assert refused(put, lab, "FARGATE").code == "ResourceInUseException"
    lab.delete()
    assert put(lab)["capacityProviders"] == []
