"""The real aws CLI sets up a log group, a filter and a secret, and observes what a task makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
READS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}],
}
POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def public_subnet(shell: Any) -> str:
    """A subnet of the default VPC, which leads to the internet."""
    found = shell.aws("ec2 describe-subnets --filters Name=default-for-az,Values=true")["Subnets"]
    return str(found[0]["SubnetId"])


def definition(role: str, secret: str) -> str:
    options = {
        "awslogs-group": "/ecs/web",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "web",
    }
    app = {
        "name": "app",
        "image": "public.ecr.aws/docker/library/busybox:1.37",
        "command": ["sh", "-c", "echo started release $RELEASE; echo ERROR no disk; sleep 3600"],
        "secrets": [{"name": "RELEASE", "valueFrom": secret}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    }
    return json.dumps(
        {
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": role,
            "containerDefinitions": [app],
        }
    )


def test_logs_and_secrets_from_the_command_line(shell: Any) -> None:
    aws = shell.aws
    make = "iam create-role --role-name execution --assume-role-policy-document {trust}"
    role = aws(make, trust=json.dumps(TRUST))["Role"]["Arn"]
    aws(f"iam attach-role-policy --role-name execution --policy-arn {POLICY}")
    put = "iam put-role-policy --role-name execution --policy-name reads --policy-document {reads}"
    aws(put, reads=json.dumps(READS))
    aws("logs create-log-group --log-group-name /ecs/web")
    aws("logs put-retention-policy --log-group-name /ecs/web --retention-in-days 7")
    metric = "metricName=Errors,metricNamespace=Web,metricValue=1"
    aws(
        "logs put-metric-filter --log-group-name /ecs/web --filter-name errors "
        f"--filter-pattern ERROR --metric-transformations {metric}"
    )
    secret = aws("secretsmanager create-secret --name release --secret-string 42")["ARN"]
    aws("ecs create-cluster --cluster-name lab")
    registering = "ecs register-task-definition --cli-input-json {given}"
    aws(registering, given=definition(role, secret))
    network = f"awsvpcConfiguration={{{{subnets=[{public_subnet(shell)}],assignPublicIp=ENABLED}}}}"
    running = (
        f"ecs run-task --cluster lab --task-definition web --launch-type FARGATE "
        f"--network-configuration {network}"
    )
    (task,) = aws(running)["tasks"]
    aws(f"ecs wait tasks-running --cluster lab --tasks {task['taskArn']}")
    shell.course("clock", advance=5)

    (group,) = aws("logs describe-log-groups --log-group-name-prefix /ecs")["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/ecs/web", 7)
    (stream,) = aws("logs describe-log-streams --log-group-name /ecs/web")["logStreams"]
    assert stream["logStreamName"] == f"web/app/{task['taskArn'].rsplit('/', 1)[-1]}"
    filtering = "logs filter-log-events --log-group-name /ecs/web --filter-pattern {pattern}"
    found = {
        pattern: [one["message"] for one in aws(filtering, pattern=pattern)["events"]]
        for pattern in ("ERROR", "?started ?disk", '"release 42"', '"no such thing"')
    }
    assert found == {
        "ERROR": ["ERROR no disk"],
        "?started ?disk": ["started release 42", "ERROR no disk"],
        '"release 42"': ["started release 42"],
        '"no such thing"': [],
    }
    (held,) = aws("logs describe-metric-filters --log-group-name /ecs/web")["metricFilters"]
    assert held["filterPattern"] == "ERROR"


def test_the_cli_shows_what_is_refused(shell: Any) -> None:
    shell.aws("logs create-log-group --log-group-name /ecs/web")
    wrong = shell.run(
        "logs put-retention-policy --log-group-name /ecs/web --retention-in-days 4"
    ).stderr
    assert "InvalidParameterException" in wrong
    assert "Value '4' at 'retentionInDays'" in wrong
    query = (
        "logs start-query --log-group-name /ecs/web --start-time 0 --end-time 9 --query-string {q}"
    )
    assert "MalformedQueryException" in shell.run(query, q="fields @message | count()").stderr
    assert "the command pattern" in shell.run(query, q="pattern @message").stderr
    started = shell.aws(query, q="stats count(*) as n")["queryId"]
    shell.course("clock", advance=3)
    answer = shell.aws(f"logs get-query-results --query-id {started}")
    assert answer["status"] == "Complete"
    assert answer["results"] == [[{"field": "n", "value": "0"}]]
