"""Each of our operations says how it is treated, and its test is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore import xform_name

from course import operations
from course.sandbox.api_gateway.api.api_gateway_api import REFUSALS, ApiGatewayApi
from course.sandbox.ecs.api.treatment import Treatment, operations_of

TABLE = operations_of(ApiGatewayApi, "apigatewayv2", REFUSALS)
OURS = [row for row in TABLE if row.treatment != "refused"]


def test_each_method_named_like_an_operation_says_how_it_is_treated() -> None:
    known = {xform_name(row.operation): row for row in TABLE}
    methods = {name for each in ApiGatewayApi.__mro__[:8] for name in vars(each)} & known.keys()
    assert methods == {xform_name(row.operation) for row in OURS}
    assert len(OURS) == 33


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.operation)
def test_what_shows_it_exists(root: Path, row: Treatment) -> None:
    path, _, name = row.shown_by.partition("::")
    assert f"def {name}(" in (root / path).read_text("utf-8")


def test_the_table_is_printed_by_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert operations.main(["--service", "apigatewayv2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith(f"{len(TABLE)} operations: 30 behave, 3 are stored, ")
    assert "a link is pending and then available" in "\n".join(lines)
    for row in TABLE:
        assert sum(line.split()[:1] == [row.operation] for line in lines) == 1, row.operation
    assert max(map(len, lines)) <= 100
