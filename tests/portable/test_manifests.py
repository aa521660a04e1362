"""Both writings say the same: the manifests are Kubernetes', and hold what ECS is told."""

from typing import Any

import kubernetes_validate
import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import given, settings

from course.portable.described import Described
from course.portable.fargate_pods import provisioned
from course.portable.quantities import mebibytes, units
from course.portable.schema import validate
from course.portable.written import read
from tests.portable.conftest import ANY

VERSIONS = [f"1.{minor}" for minor in range(30, 38)]
"""From the oldest that EKS still supported in 2026 to the newest that the package has."""


@given(described=ANY)
@settings(max_examples=30, deadline=None)
def test_every_manifest_of_every_description_is_valid(described: Described) -> None:
    for manifest in described.manifests():
        assert validate(manifest).valid, validate(manifest)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifests_are_valid_in_every_version(plaza: Described, version: str) -> None:
    for manifest in plaza.manifests():
        assert kubernetes_validate.validate(manifest, version, strict=True) == version


@given(described=ANY)
@settings(max_examples=50, deadline=None)
def test_both_say_the_same(described: Described) -> None:
    deployment, service = described.manifest("Deployment"), described.manifest("Service")
    pod = deployment["spec"]["template"]
    (theirs,) = pod["spec"]["containers"]
    ours = described.task_definition()
    (own,) = ours["containerDefinitions"]
    assert units(theirs["resources"]["requests"]["cpu"]) == int(ours["cpu"])
    assert mebibytes(theirs["resources"]["limits"]["memory"]) == int(ours["memory"])
    assert theirs.get("env") == own.get("environment")
    assert theirs["ports"] == own["portMappings"]
    assert service["spec"]["ports"][0]["targetPort"] == own["portMappings"][0]["containerPort"]
    assert deployment["spec"]["selector"]["matchLabels"] == pod["metadata"]["labels"]
    assert service["spec"]["selector"] == pod["metadata"]["labels"]
    account = [one["kind"] for one in described.manifests()].count("ServiceAccount")
    assert account == ("taskRoleArn" in ours) == ("serviceAccountName" in pod["spec"])
    rolling = deployment["spec"]["strategy"]["rollingUpdate"]
    assert rolling["maxUnavailable"] == f"{100 - described.least}%"
    assert rolling["maxSurge"] == f"{described.most - 100}%"


@given(described=ANY)
@settings(max_examples=30, deadline=None)
def test_yaml_holds_the_manifests_and_no_anchors(described: Described) -> None:
    assert read(described.yaml()) == described.manifests()
    assert "&id" not in described.yaml()


def test_yaml_of_one_kind_is_that_one(plaza: Described) -> None:
    assert plaza.yaml("Service").startswith("apiVersion: v1\nkind: Service\n")
    with pytest.raises(ValueError, match="line 1, column"):
        read("kind: [")


def call(service: str, operation: str, given: dict[str, Any]) -> str:
    """What botocore's model finds wrong with the parameters of a call; nothing is sent."""
    model = get_session().get_service_model(service).operation_model(operation)
    return ParamValidator().validate(given, model.input_shape).generate_report()


@given(described=ANY)
@settings(max_examples=20, deadline=None)
def test_every_call_fits_its_model(described: Described) -> None:
    target, policy = described.scaling("plaza")
    service = described.service("plaza", ["subnet-1"], ["sg-1"], "arn")
    role = {"roleArn": "arn:aws:iam::123456789012:role/plaza"}
    calls = (
        ("ecs", "RegisterTaskDefinition", described.task_definition()),
        ("ecs", "CreateService", service),
        ("elbv2", "CreateTargetGroup", described.target_group("vpc-1")),
        ("application-autoscaling", "RegisterScalableTarget", target),
        ("application-autoscaling", "PutScalingPolicy", policy),
        ("eks", "CreatePodIdentityAssociation", described.pod_identity("plaza") | role),
    )
    assert [call(*one) for one in calls] == [""] * len(calls)


@pytest.mark.parametrize(
    ("asked", "gets"),
    [
        ((256, 512), (256, 1024)),
        ((256, 256), (256, 512)),
        ((1024, 8192), (2048, 9216)),  # AWS's own example
        ((300, 700), (512, 1024)),
        ((4096, 30720), (8192, 32768)),
        ((0, 0), (256, 512)),
    ],
)
def test_a_pod_on_fargate_gets_256_mib_more_and_the_next_size(asked: Any, gets: Any) -> None:
    assert provisioned(*asked) == gets


def test_a_pod_that_is_too_large_is_told_so(plaza: Described) -> None:
    with pytest.raises(ValueError, match=r"No Fargate size holds 16384 CPU units and 122880 \+"):
        provisioned(16384, 122880)
    assert plaza.fargate_pod() == "256/1024"
