"""The real aws CLI makes a rule, sees ECS's events in its queue, and looks up who did what."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]

QUEUE = "arn:aws:sqs:us-east-1:123456789012:alerts"
LETS_IN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
        }
    ],
}
STOPPED = {
    "source": ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    "detail": {"lastStatus": ["STOPPED"], "stoppedReason": [{"prefix": "from the"}]},
}
DEFINITION = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.27"}],
}


def run_task(aws: Any) -> str:
    aws("ecs create-cluster --cluster-name lab")
    aws("ecs register-task-definition --cli-input-json {given}", given=json.dumps(DEFINITION))
    subnets = aws("ec2 describe-subnets --filters Name=default-for-az,Values=true")["Subnets"]
    network = (
        f"awsvpcConfiguration={{{{subnets=[{subnets[0]['SubnetId']}],assignPublicIp=ENABLED}}}}"
    )
    (task,) = aws(
        "ecs run-task --cluster lab --task-definition web --launch-type FARGATE "
        f"--network-configuration {network}"
    )["tasks"]
    aws(f"ecs wait tasks-running --cluster lab --tasks {task['taskArn']}")
    return str(task["taskArn"])


def test_a_stopped_task_is_in_the_queue_and_its_stopper_in_the_history(shell: Any) -> None:
    aws = shell.aws
    attributes, sqs = json.dumps({"Policy": json.dumps(LETS_IN)}), f"--endpoint-url {shell.url} sqs"
    url = aws(f"{sqs} create-queue --queue-name alerts --attributes {{given}}", given=attributes)
    tested = "events test-event-pattern --event-pattern {pattern} --event {event}"
    event = {"id": "1", "account": "1", "source": "aws.ecs", "time": "2026-11-02T09:00:00Z",
             "region": "us-east-1", "resources": [], "detail-type": "ECS Task State Change",
             "detail": {"lastStatus": "STOPPED", "stoppedReason": "from the test"}}  # fmt: skip
    found = aws(tested, pattern=json.dumps(STOPPED), event=json.dumps(event))
    assert found == {"Result": True}
    aws("events put-rule --name stopped --event-pattern {pattern}", pattern=json.dumps(STOPPED))
    put = aws(f"events put-targets --rule stopped --targets Id=queue,Arn={QUEUE}")
    assert put["FailedEntryCount"] == 0
    task = run_task(aws)
    stopping = f"ecs stop-task --cluster lab --task {task} --reason {{why}}"
    aws(stopping, why="from the terminal")
    aws(f"ecs wait tasks-stopped --cluster lab --tasks {task}")
    shell.course("clock", advance=2)
    (message,) = aws(f"{sqs} receive-message --queue-url {url['QueueUrl']}")["Messages"]
    told = json.loads(message["Body"])
    assert (told["resources"], told["detail"]["stoppedReason"]) == ([task], "from the terminal")

    forged = json.dumps([{"Source": "aws.ecs", "DetailType": "a", "Detail": "{}"}])
    (entry,) = aws("events put-events --entries {given}", given=forged)["Entries"]
    assert entry["ErrorCode"] == "NotAuthorizedForSourceException"

    shell.course("clock", advance=300)
    looking = (
        "cloudtrail lookup-events --lookup-attributes AttributeKey={key},AttributeValue={value}"
    )
    (stop,) = aws(looking, key="EventName", value="StopTask")["Events"]
    record = json.loads(stop["CloudTrailEvent"])
    assert record["requestParameters"]["reason"] == "from the terminal"
    assert "aws-cli" in record["userAgent"]
    (by_name,) = aws(looking, key="ResourceName", value=task)["Events"][:1]
    assert by_name["EventSource"] == "ecs.amazonaws.com"


def test_the_cli_shows_what_is_refused(shell: Any) -> None:
    wrong = shell.run("events put-rule --name r --event-pattern {given}", given='{"source": "a"}')
    assert "InvalidEventPatternException" in wrong.stderr
    assert '"source" must be an object or an array' in wrong.stderr
