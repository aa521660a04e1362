"""What RegisterTaskDefinition asks of a container's log driver. Pure.

The rules raise Refused (ClientException), with AWS's text where one was found.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
"""

import re
from collections.abc import Mapping
from typing import Any

from course.sandbox.ecs.errors import client_exception

Parameters = Mapping[str, Any]

REQUIRED = ("awslogs-region", "awslogs-group")
KNOWN = (
    *REQUIRED,
    "awslogs-stream-prefix",
    "awslogs-create-group",
    "awslogs-datetime-format",
    "awslogs-multiline-pattern",
    "mode",
    "max-buffer-size",
)
MODES = ("blocking", "non-blocking")
SIZE = re.compile(r"[1-9]\d*[bkmg]?")


def check_logs(container: Parameters, *, fargate: bool) -> None:
    """Refuse options of the awslogs driver that AWS refuses; other drivers are taken as they come."""
    given = container.get("logConfiguration") or {}
    if given.get("logDriver") != "awslogs":
        return
    options = given.get("options") or {}
    missing = [name for name in REQUIRED if not options.get(name)]
    if missing:  # cfn-lint#1787 (2020)
        raise client_exception(f"Log driver awslogs requires options: {', '.join(missing)}")
    unknown = [name for name in options if name not in KNOWN]
    if unknown:  # amazon-ecs-firelens-examples#83 (2022)
        raise client_exception(f"Log driver awslogs disallows options: {', '.join(unknown)}")
    if options.get("awslogs-create-group", "true") != "true":  # tflint-ruleset-aws#348 (2022)
        raise client_exception(
            "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else "
            "omit option."
        )
    if fargate and not options.get("awslogs-stream-prefix"):  # aws-cdk#1422 (2018)
        raise client_exception(
            "Fargate requires log configuration options to include awslogs-stream-prefix to "
            "support log driver awslogs."
        )
    _check_values(options)


def _check_values(options: Parameters) -> None:
    """What the values may be; in our words."""
    if "awslogs-datetime-format" in options and "awslogs-multiline-pattern" in options:
        raise client_exception(
            "Log driver awslogs: awslogs-datetime-format and awslogs-multiline-pattern exclude "
            "each other."
        )
    mode, size = options.get("mode"), options.get("max-buffer-size")
    if mode is not None and mode not in MODES:
        raise client_exception(f"Log driver awslogs: mode is {' or '.join(MODES)}, not {mode!r}.")
    if size is not None and not SIZE.fullmatch(size):
        raise client_exception(f"Log driver awslogs: max-buffer-size {size!r} is no size: 10m is.")
