"""Read or write, management or data, of which source: by table."""

import pytest

from course.sandbox.observability.trail.kinds import is_data, is_read, region_of, source


@pytest.mark.parametrize(
    ("operation", "read"),
    [
        ("DescribeTasks", True),
        ("ListClusters", True),
        ("GetSecretValue", True),
        ("BatchGetImage", True),
        ("AssumeRole", True),
        ("SimulatePrincipalPolicy", True),
        ("LookupEvents", True),
        ("RunTask", False),
        ("ExecuteCommand", False),
        ("RegisterTaskDefinition", False),
        ("PutRule", False),
    ],
)
def test_reads(operation: str, read: bool) -> None:
    assert is_read(operation) is read


@pytest.mark.parametrize(
    ("service", "operation", "data"),
    [
        ("s3", "GetObject", True),
        ("s3", "CreateBucket", False),
        ("sqs", "ReceiveMessage", True),
        ("sqs", "CreateQueue", False),
        ("sns", "Publish", True),
        ("dynamodb", "Query", True),
        ("logs", "PutLogEvents", True),
        ("ecs", "RunTask", False),
        ("secretsmanager", "GetSecretValue", False),
    ],
)
def test_data_events(service: str, operation: str, data: bool) -> None:
    assert is_data(service, operation) is data


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("ecs", "ecs.amazonaws.com"),
        ("elbv2", "elasticloadbalancing.amazonaws.com"),
        ("cloudwatch", "monitoring.amazonaws.com"),
    ],
)
def test_sources(service: str, name: str) -> None:
    assert source(service) == name


def test_global_services_have_their_history_in_one_region() -> None:
    assert region_of("iam", "eu-west-1") == "us-east-1"
    assert region_of("ecs", "eu-west-1") == "eu-west-1"
