"""What a log driver's options may be, as a table; AWS's words where users showed them."""

import pytest

from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.log_rules import check_logs

WHERE = {"awslogs-region": "us-east-1", "awslogs-group": "/ecs/web"}
PREFIXED = WHERE | {"awslogs-stream-prefix": "web"}


def container(driver: str = "awslogs", **options: str) -> dict[str, object]:
    given = {name.replace("_", "-"): value for name, value in options.items()}
    return {"name": "app", "logConfiguration": {"logDriver": driver, "options": given}}


def more(**options: str) -> dict[str, object]:
    return container(**PREFIXED, **options)


@pytest.mark.parametrize(
    ("given", "fargate"),
    [
        ({"name": "app"}, True),
        (container(**PREFIXED), True),
        (container(**WHERE), False),
        (more(awslogs_create_group="true"), True),
        (more(mode="non-blocking", max_buffer_size="25m"), True),
        (more(awslogs_datetime_format="%H:%M"), True),
        (container("splunk", anything="goes"), True),
    ],
)
def test_taken(given: dict[str, object], fargate: bool) -> None:
    check_logs(given, fargate=fargate)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (container(), "Log driver awslogs requires options: awslogs-region, awslogs-group"),
        (
            container(awslogs_region="us-east-1"),
            "Log driver awslogs requires options: awslogs-group",
        ),
        (more(log_key="log"), "Log driver awslogs disallows options: log-key"),
        (
            more(awslogs_create_group="false"),
            (
                "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else "
                "omit option."
            ),
        ),
        (
            container(**WHERE),
            (
                "Fargate requires log configuration options to include awslogs-stream-prefix to "
                "support log driver awslogs."
            ),
        ),
    ],
)
def test_refused_in_awss_words(given: dict[str, object], said: str) -> None:
    with pytest.raises(Refused) as raised:
        check_logs(given, fargate=True)
    assert (raised.value.code, raised.value.message) == ("ClientException", said)


@pytest.mark.parametrize(
    "given",
    [
        more(mode="sometimes"),
        more(max_buffer_size="much"),
        more(awslogs_datetime_format="%H", awslogs_multiline_pattern="^a"),
    ],
)
def test_refused_in_ours(given: dict[str, object]) -> None:
    with pytest.raises(Refused):
        check_logs(given, fargate=True)
