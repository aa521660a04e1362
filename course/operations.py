"""``python3 -m course operations``: what the sandbox does with each of ECS's operations, or API Gateway's.

The table is made from the code that answers; ``--json`` gives it to machines.
"""

import argparse
import json
import textwrap
from collections import Counter
from contextlib import nullcontext
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.sandbox.ecs.api.treatment import Treatment

MEANINGS = {
    "behaves": "It has consequences, which other operations show.",
    "stored": "It is kept and returned as it was given; nothing follows from it yet.",
    "refused": "It is outside the sandbox; the call gets an error that says why.",
}
ECS, API_GATEWAY = SERVICES = ("ecs", "apigatewayv2")
NO_REASON = "the course uses HTTP APIs with VPC links, and nothing else of API Gateway"
INDENT = "  "
WIDTH = 100


def main(arguments: list[str]) -> int:
    """Print the table; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python3 -m course operations",
        description="What the sandbox does with each operation of a service, and which test shows it.",
        epilog="example: python3 -m course operations --json",
    )
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    parser.add_argument("--service", choices=SERVICES, default=ECS, help="ecs unless given")
    options = parser.parse_args(arguments)
    table = _table(options.service)
    if options.json:
        print(json.dumps([row.as_dict() for row in table], indent=1))
    else:
        print("\n".join(_lines(table, options.service)))
    return 0


def _table(service: str) -> "list[Treatment]":
    """Read from the class that answers; imported inside a sandbox, since moto's EC2 asks for one."""
    from course import sandbox

    with nullcontext() if sandbox.current() else sandbox.open():
        from course.sandbox.api_gateway.api.api_gateway_api import REFUSALS, ApiGatewayApi
        from course.sandbox.ecs.api.ecs_api import EcsApi
        from course.sandbox.ecs.api.treatment import operations_of

        if service == API_GATEWAY:
            return operations_of(ApiGatewayApi, service, REFUSALS)
        return operations_of(EcsApi)


def _lines(table: "list[Treatment]", service: str) -> list[str]:
    lines = []
    for treatment, meaning in MEANINGS.items():
        rows = [row for row in table if row.treatment == treatment]
        lines += [f"{treatment.upper()}  {meaning}", ""]
        lines += _refused(rows, service) if treatment == "refused" else _shown(rows)
        lines.append("")
    counts = Counter(row.treatment for row in table)
    lines.append(
        f"{len(table)} operations: {counts['behaves']} behave, {counts['stored']} are stored, "
        f"{counts['refused']} are refused."
    )
    return lines


def _shown(rows: "list[Treatment]") -> list[str]:
    """An operation, and the name of the test that shows it, a line."""
    width = max((len(row.operation) for row in rows), default=0)
    return [f"{INDENT}{row.operation:{width}}  {_test(row.shown_by)}" for row in rows]


def _test(shown_by: str) -> str:
    """The test in words: ``a stopped task`` for ``tests/...::test_a_stopped_task``."""
    return shown_by.rpartition("::test_")[2].replace("_", " ")


def _refused(rows: "list[Treatment]", service: str) -> list[str]:
    """Operations under the reason they share."""
    from course.sandbox.ecs.api.outside import why_outside

    def reason_of(row: "Treatment") -> str:
        return why_outside(row.operation) if service == ECS else NO_REASON

    lines: list[str] = []
    for reason, group in groupby(sorted(rows, key=reason_of), reason_of):
        lines += textwrap.wrap(
            f"Because {reason}:", WIDTH, initial_indent=INDENT, subsequent_indent=INDENT
        )
        lines += [f"{INDENT * 2}{row.operation}" for row in group]
    return lines
