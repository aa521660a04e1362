"""moto's source, read for the places where it asks for the time by itself.

A call that ``moto_time`` does not know would put wall time among virtual times.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from moto.sqs.models import SQSBackend

from course.sandbox.moto_time import MODULES

pytestmark = pytest.mark.contract

# The services a course can meet, by the name of moto's package.
SERVICES = (
    "acm",
    "apigateway",
    "apigatewayv2",
    "applicationautoscaling",
    "autoscaling",
    "awslambda",
    "budgets",
    "ce",
    "cloudformation",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "codebuild",
    "codedeploy",
    "codepipeline",
    "cognitoidp",
    "core",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "elasticache",
    "elb",
    "elbv2",
    "events",
    "guardduty",
    "iam",
    "inspector2",
    "kms",
    "logs",
    "moto_api",
    "rds",
    "resourcegroups",
    "resourcegroupstaggingapi",
    "route53",
    "s3",
    "scheduler",
    "secretsmanager",
    "servicediscovery",
    "servicequotas",
    "sns",
    "sqs",
    "ssm",
    "sts",
    "utilities",
    "vpclattice",
    "wafv2",
    "xray",
)

# Calls that may keep wall time, with the reason.
HARMLESS = {
    "moto.rds.utils": "one date under two times of day, which are compared and not shown",
}

ASKS_FOR_THE_TIME = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.gmtime",
    "time.localtime",
    "time.ctime",
    "time.monotonic",
    "time.perf_counter",
    "time.strftime",
}
# What the replaced names answer with virtual time.
FOLLOWED = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}

MOTO = Path(str(importlib.util.find_spec("moto").origin)).parent  # type: ignore[union-attr]


SOURCES = ("time", "datetime")


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Local name -> what it stands for, where that is ``time``, ``datetime`` or inside them."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return {local: name for local, name in names.items() if name.split(".")[0] in SOURCES}


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, names)}.{node.attr}"
    return ""


def asked(source: str) -> Iterator[tuple[int, str]]:
    """Line and function of every mention, called or handed on, such as a default_factory."""
    tree = ast.parse(source)
    names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            name = dotted(node, names)
            if name in ASKS_FOR_THE_TIME:
                yield node.lineno, name


@cache
def asked_in(package: str) -> list[tuple[str, int, str]]:
    return list(read(package))


def read(package: str) -> Iterator[tuple[str, int, str]]:
    for file in sorted((MOTO / package).rglob("*.py")):
        module = ".".join(("moto", *file.relative_to(MOTO).with_suffix("").parts))
        for line, name in asked(file.read_text(encoding="utf-8")):
            yield module.removesuffix(".__init__"), line, name


@pytest.mark.parametrize("service", SERVICES)
def test_every_place_that_asks_for_the_time_is_known(service: str) -> None:
    assert (MOTO / service).is_dir(), f"moto has no package {service} any more"
    missed = [
        f"{module.replace('.', '/')}.py:{line} calls {name}"
        for module, line, name in asked_in(service)
        if module not in HARMLESS and (module not in MODULES or name not in FOLLOWED)
    ]
    assert not missed, "add to course/sandbox/moto_time.py: " + "; ".join(missed)


def test_every_listed_module_still_asks() -> None:
    listed = {*MODULES, *HARMLESS}
    asking = {module for service in SERVICES for module, _, _ in asked_in(service)}
    assert not listed - asking, f"no longer needed: {sorted(listed - asking)}"


def test_the_reading_finds_every_spelling() -> None:
    source = (
        "import time as t, datetime\n"
        "from datetime import datetime as dt, date\n"
        "from time import time\n"
        "a = t.time()\n"
        "b = datetime.datetime.now(datetime.timezone.utc)\n"
        "c = dt.utcnow()\n"
        "d = field(default_factory=dt.now)\n"
        "e = date.today()\n"
        "f = time()\n"
        "g = other.time()\n"
    )
    assert sorted(line for line, _ in asked(source)) == [4, 5, 6, 7, 8, 9]


def test_the_long_poll_of_sqs_is_where_we_replace_it() -> None:
    parameters = list(inspect.signature(SQSBackend.receive_message).parameters)
    assert parameters[:4] == ["self", "queue_name", "count", "wait_seconds_timeout"]
    assert "unix_time() > polling_end" in inspect.getsource(SQSBackend.receive_message)
