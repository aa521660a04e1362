"""The table of operations: complete, honest, and shown by tests that exist."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.session import get_session

from course import operations
from course.sandbox.clock import START
from course.sandbox.ecs.api.ecs_api import EcsApi
from course.sandbox.ecs.api.outside import REASONS
from course.sandbox.ecs.api.treatment import REFUSALS, operations_of
from course.sandbox.history import ApiCall

MODEL = get_session().get_service_model("ecs")
TABLE = operations_of(EcsApi)
TREATED = {row.operation: row.treatment for row in TABLE}
REFUSED = [row.operation for row in TABLE if row.treatment == "refused"]


def test_every_operation_of_botocores_model_is_in_it_once() -> None:
    assert [row.operation for row in TABLE] == list(MODEL.operation_names)


def test_an_operation_is_answered_or_said_to_be_outside_and_never_both() -> None:
    """A new operation of botocore's goes red here, and so does one that we have begun to answer."""
    named = [operation for group in REASONS.values() for operation in group]
    unsaid = set(REFUSED) - set(named)
    assert not unsaid, f"give a reason in api/outside.py, or answer with @behaves: {unsaid}"
    answered = set(named) - set(REFUSED)
    assert not answered, f"take out of api/outside.py what is answered now: {answered}"
    assert len(named) == len(set(named))


def test_each_of_our_methods_says_how_it_is_treated() -> None:
    """A method without ``@behaves`` or ``@stored`` would never be called."""
    methods = {xform_name(name): name for name in MODEL.operation_names}
    silent = [
        f"{owner.__name__}.{method}"
        for owner in EcsApi.__mro__
        if owner.__module__.startswith("course.")
        for method in vars(owner)
        if method in methods and TREATED[methods[method]] == "refused"
    ]
    assert not silent


def test_how_much_behaves() -> None:
    assert Counter(TREATED.values())["behaves"] >= 43


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.operation)
def test_what_shows_it_exists(root: Path, row: Any) -> None:
    """That it really calls the operation, and another, is seen whenever it runs (``conftest``)."""
    path, _, name = row.shown_by.partition("::")
    tree = ast.parse((root / path).read_text("utf-8"))
    assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(
    ("operation", "calls", "shown"),
    [
        ("CreateCluster", "CreateCluster DescribeClusters", True),
        ("CreateCluster", "CreateCluster RunTask!", True),
        ("CreateCluster", "CreateCluster", False),
        ("CreateCluster", "DescribeClusters CreateCluster CreateCluster", False),
        ("CreateCluster", "CreateCluster! DescribeClusters", False),
        ("CreateCluster", "RunTask DescribeClusters", False),
        ("ListClusters", "CreateCluster ListClusters", True),
        ("ListClusters", "ListClusters CreateCluster", False),
        ("ListClusters", "DescribeClusters ListClusters", False),
        ("ListClusters", "CreateCluster ListClusters!", False),
    ],
)
def test_what_counts_as_showing_it(showing: Any, operation: str, calls: str, shown: bool) -> None:
    made = [
        ApiCall(START, "ecs", name.rstrip("!"), "Refused" if name.endswith("!") else None)
        for name in calls.split()
    ]
    assert showing(operation, made) == shown


# --- What is refused


def values(shape: Any) -> Any:
    """The least a call needs for botocore to send it."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {name: values(shape.members[name]) for name in shape.required_members}
    kinds: dict[str, Any] = {"list": [], "map": {}, "boolean": True, "integer": 1, "double": 1.0}
    return kinds.get(shape.type_name, "x")


def test_what_lies_outside_is_refused(lab: Any, refused: Any) -> None:
    ecs = lab.aws.client("ecs", config=Config(parameter_validation=False))
    for operation in REFUSED:
        model = MODEL.operation_model(operation)
        found = refused(getattr(ecs, xform_name(operation)), **values(model.input_shape))
        assert found.code in [shape.name for shape in model.error_shapes], operation
        assert found.message.startswith(f"{operation} is outside the sandbox: ")


def test_what_is_newer_than_the_sandbox_is_refused_too(
    lab: Any, refused: Any, monkeypatch: Any
) -> None:
    monkeypatch.delattr(EcsApi.list_clusters, "treatment")
    found = refused(lab.ecs.list_clusters)
    assert found.code == "ClientException"
    assert "newer than this sandbox" in found.message


# --- The verb


def test_the_table_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert operations.main(["--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["operation"]: row["treatment"] for row in rows} == TREATED
    by_name = {row["operation"]: row for row in rows}
    assert by_name["CreateGateway"] == {
        "operation": "CreateGateway",
        "treatment": "refused",
        "shown_by": REFUSALS,
    }
    assert set(by_name["RunTask"]) == {"operation", "treatment", "shown_by"}


def test_the_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert operations.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    counts = Counter(TREATED.values())
    assert lines[-1] == (
        f"{len(TABLE)} operations: {counts['behaves']} behave, {counts['stored']} are stored, "
        f"{counts['refused']} are refused."
    )
    for operation in MODEL.operation_names:
        assert sum(line.split()[:1] == [operation] for line in lines) == 1, operation
    assert max(map(len, lines)) <= 100
