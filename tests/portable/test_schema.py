"""What Kubernetes' schema says of manifests: of good ones, of bad ones, and of what are none."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from course.portable.described import Described
from course.portable.schema import Verdict, validate


def container(manifest: dict[str, Any]) -> dict[str, Any]:
    return manifest["spec"]["template"]["spec"]["containers"][0]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda one: one["spec"].update(replicas="3"), "spec.replicas: '3' is not of type 'integ"),
        (lambda one: one["spec"].pop("selector"), "spec: 'selector' is a required property"),
        (
            lambda one: one["spec"]["template"]["spec"].update(taskRoleArn="arn"),
            "spec.template.spec: Additional properties are not allowed ('taskRoleArn' was unexp",
        ),
        (
            lambda one: container(one).update(portMappings=[]),
            "spec.template.spec.containers[0]: Additional properties are not allowed ('portM",
        ),
        (
            lambda one: container(one)["env"].append({"name": "A", "value": 1}),
            "containers[0].env[1].value: 1 is not of type 'string'",
        ),
        (lambda one: one.update(kind="Deploy"), "Kubernetes 1.36 has no Deploy in apps/v1"),
        (lambda one: one.update(apiVersion="v1"), "Kubernetes 1.36 has no Deployment in v1"),
        (
            lambda one: one.update(apiVersion="extensions/v1beta1"),
            "has no Deployment in extensions/v1beta1",
        ),
        (lambda one: one.update(apiVersion="../../v1"), "has no Deployment in ../../v1"),
        (lambda one: one.update(kind="../Pod"), "has no ../Pod in apps/v1"),
        (lambda one: one.pop("kind"), "kind is missing, or no text"),
        (lambda one: one.update(apiVersion=1), "apiVersion is missing, or no text"),
        (lambda one: one["spec"].update(template=[{"a": 1}] * 80), "is not of type 'object', 'nu"),
    ],
)
def test_a_fault_of_form_is_found_and_its_place_named(
    plaza: Described, spoil: Callable[[Any], Any], says: str
) -> None:
    manifest = deepcopy(plaza.manifest("Deployment"))
    spoil(manifest)
    verdict = validate(manifest)
    assert not verdict.valid
    assert says in repr(verdict)
    assert len(repr(verdict)) < 300


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one["spec"]["selector"].update(matchLabels={"app": "other"}),
        lambda one: container(one)["resources"]["limits"].update(memory="512 MB"),
        lambda one: container(one)["resources"]["limits"].update(memory="512"),
    ],
)
def test_a_schema_knows_form_and_not_sense(plaza: Described, spoil: Callable[[Any], Any]) -> None:
    manifest = deepcopy(plaza.manifest("Deployment"))
    spoil(manifest)
    assert validate(manifest).valid


@pytest.mark.parametrize("thing", [None, "kind: Deployment", [], 3])
def test_what_is_no_manifest_is_told_so(thing: object) -> None:
    assert "expected a dict, found" in repr(validate(thing))


def test_a_verdict_says_of_what_and_by_which_version(plaza: Described) -> None:
    said = repr(validate(plaza.manifest("Deployment")))
    assert said == "Deployment plaza: valid (Kubernetes 1.36)"
    assert validate({"apiVersion": "v1", "kind": "Service", "metadata": []}).valid is False
    assert Verdict("Service x", "is not").valid is False
