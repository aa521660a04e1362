"""The folder of manifests: what ships, what ECS was told, and a check that reads whatever is in it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.checkpoints.exercise import Result
from course.exercises.eks_compared import quay
from course.exercises.eks_compared.manifests import TO_MANIFESTS
from course.exercises.exercise import check
from course.portable.written import read

DEPLOYMENT = "deployment.yaml"


def result(folder: Path) -> Result:
    return Result(TO_MANIFESTS, check(TO_MANIFESTS, folder), quay.is_edited(folder))


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    quay.make(tmp_path)
    TO_MANIFESTS.solve(tmp_path)
    return tmp_path


def test_what_ecs_was_told_is_what_the_description_says() -> None:
    definition, service, group = read(quay.in_ecs())
    assert definition["RegisterTaskDefinition"] == quay.quay().task_definition()
    assert service["CreateService"]["desiredCount"] == 3
    assert group == {"CreateTargetGroup": {"HealthCheckPath": "/health"}}


def test_what_was_edited_is_kept_and_what_was_not_goes(tmp_path: Path) -> None:
    for number in (1, 2):
        quay.make(tmp_path)
        (tmp_path / "quay" / DEPLOYMENT).write_text("kind: Pod\n", "utf-8")
        quay.clear(tmp_path)
        assert (tmp_path / f"quay.mine-{number}" / DEPLOYMENT).read_text("utf-8") == "kind: Pod\n"
    quay.make(tmp_path)
    quay.clear(tmp_path)
    assert not (tmp_path / "quay").exists()


def test_json_in_place_of_yaml_one_file_or_a_list_mean_the_same(solved: Path) -> None:
    held = quay.manifests(solved)
    for one in (solved / "quay").iterdir():
        one.unlink()
    everything = {"apiVersion": "v1", "kind": "List", "items": held}
    (solved / "quay" / "all.json").write_text(json.dumps(everything), "utf-8")
    assert result(solved).outcome == "right"


def rewrite(folder: Path, old: str, new: str) -> None:
    page = folder / "quay" / DEPLOYMENT
    page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cpu: 500m", "cpu: 0.5"),
        ("memory: 1Gi", "memory: 1024Mi"),
        ("memory: 1Gi", "memory: 1073741824"),
        ("maxUnavailable: 0, maxSurge: 100%", "maxUnavailable: 0%, maxSurge: 3"),
        ("      containers:", "      restartPolicy: Always\n      containers:"),
        ("app: quay", "name: quay-pod"),
    ],
)
def test_other_writings_of_the_same_are_right(solved: Path, old: str, new: str) -> None:
    rewrite(solved, old, new)
    if "quay-pod" in new:
        page = solved / "quay" / "service.yaml"
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")
    assert result(solved).outcome == "right", result(solved)


@pytest.mark.parametrize(
    "text", ["", "just words", "- 1\n- 2\n", "kind: Deployment\n", "a: [", "\t"]
)
def test_a_file_that_is_no_manifest_is_told_so(solved: Path, text: str) -> None:
    (solved / "quay" / DEPLOYMENT).write_text(text, "utf-8")
    said = repr(result(solved))
    assert "not yet  Kubernetes' schema takes every manifest" in said
    assert "found" in said


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a manifest below its top."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in items:
        found.append((*path, key))
        if isinstance(inner, (dict, list)):
            found += places(inner, (*path, key))
    return found


@given(data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_check_reads_whatever_stands_there(data: st.DataObject, solved: Path) -> None:
    """One thing in one manifest is gone, or something else: the check says what, and does not fall over."""
    held = deepcopy(quay.manifests(solved))
    one = data.draw(st.sampled_from(held))
    *path, last = data.draw(st.sampled_from(places(one)))
    inner: Any = one
    for key in path:
        inner = inner[key]
    strange = st.sampled_from([None, {}, [], "x", "", 0, -1, True, ["x"], {"x": "y"}])
    inner[last] = data.draw(strange)
    if data.draw(st.booleans()):
        del inner[last]
    (solved / "again").mkdir(exist_ok=True)
    (solved / "again" / "quay").mkdir(exist_ok=True)
    text = json.dumps({"kind": "List", "items": held})
    (solved / "again" / "quay" / "all.json").write_text(text, "utf-8")
    assert result(solved / "again").outcome in ("right", "partly", "wrong")
