"""Each of our operations says how it is treated, and its test is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore import xform_name

from course.sandbox.api_gateway.api.api_gateway_api import ApiGatewayApi
from course.sandbox.ecs.api.treatment import Treatment, operations_of

TABLE = operations_of(ApiGatewayApi, "apigatewayv2")
OURS = [row for row in TABLE if row.treatment != "refused"]


def test_each_method_named_like_an_operation_says_how_it_is_treated() -> None:
    known = {xform_name(row.operation): row for row in TABLE}
    methods = {name for each in ApiGatewayApi.__mro__[:8] for name in vars(each)} & known.keys()
    assert methods == {xform_name(row.operation) for row in OURS}
    assert len(OURS) == 33


@pytest.mark.parametrize("row", OURS, ids=lambda row: row.operation)
def test_what_shows_it_exists(root: Path, row: Treatment) -> None:
    path, _, name = row.shown_by.partition("::")
    assert f"def {name}(" in (root / path).read_text("utf-8")
