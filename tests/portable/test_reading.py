"""What manifests mean, beyond their form."""

from fractions import Fraction
from typing import Any

import pytest

from course.portable.described import Described
from course.portable.reading import (
    bounds,
    copies,
    labels,
    leads_to,
    namespace,
    pod,
    port,
    reserved,
    selects,
    size,
)

LABELS = {"app": "plaza", "tier": "web"}


@pytest.mark.parametrize(
    ("selector", "takes"),
    [
        ({"matchLabels": {"app": "plaza"}}, True),
        ({"matchLabels": {"app": "plaza", "tier": "web"}}, True),
        ({"matchLabels": {"app": "other"}}, False),
        ({"matchLabels": {"app": "plaza", "stage": "test"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["plaza"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["plaza"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, False),
        ({}, True),
    ],
)
def test_a_selector_takes_labels(selector: dict[str, Any], takes: bool) -> None:
    assert selects(selector, LABELS) is takes


@pytest.mark.parametrize(
    ("replicas", "strategy", "is_bounded_by"),
    [
        (3, None, (0, 1)),
        (4, {}, (1, 1)),
        (10, {"rollingUpdate": {}}, (2, 3)),
        (3, {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "50%"}}, (0, 2)),
        (3, {"rollingUpdate": {"maxUnavailable": "50%", "maxSurge": 2}}, (1, 2)),
        (3, {"type": "Recreate"}, (3, 0)),
        (3, {"rollingUpdate": {"maxUnavailable": "half", "maxSurge": 1}}, (-1, 1)),
        (None, {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}}, (1, 0)),
    ],
)
def test_an_update_is_bounded(replicas: Any, strategy: Any, is_bounded_by: Any) -> None:
    deployment = {"spec": {"replicas": replicas, "strategy": strategy}}
    assert bounds(deployment) == is_bounded_by
    assert copies(deployment) == (1 if replicas is None else replicas)


def test_what_is_kept_is_what_may_be_used_unless_something_else_is_asked() -> None:
    limits = {"cpu": "500m", "memory": "1Gi"}
    assert size({"resources": {"limits": limits}}) == (512, 1024)
    assert reserved({"resources": {"limits": limits}}) == (512, 1024)
    assert reserved({"resources": {"limits": limits, "requests": {"cpu": 1}}}) == (1024, 1024)
    assert size({"resources": {"limits": {"cpu": 2, "memory": "1024"}}}) == (
        2048,
        Fraction(1, 1024),
    )
    assert size({}) == reserved({"resources": None}) == (None, None)


def test_a_service_leads_to_target_ports_by_number_by_name_or_to_its_own() -> None:
    container = {"ports": [{"name": "web", "containerPort": 8080}]}
    spec = {
        "ports": [{"port": 80, "targetPort": "web"}, {"port": 81}, {"port": 82, "targetPort": 9}]
    }
    assert leads_to({"spec": spec}, container) == [8080, 81, 9]
    assert leads_to({"spec": None}, container) == []
    assert port("other", container) is None


def test_a_description_reads_as_it_is_meant(plaza: Described) -> None:
    deployment = plaza.manifest("Deployment")
    assert namespace(deployment) == "default"
    assert namespace({"metadata": {"namespace": "pier"}}) == "pier"
    assert labels(deployment) == {"app": "plaza"}
    assert bounds(deployment) == (0, 2)
    (container,) = pod(deployment)["containers"]
    assert size(container) == reserved(container) == (256, 512)
    assert leads_to(plaza.manifest("Service"), container) == [8080]
