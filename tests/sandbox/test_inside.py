"""A container from within: what ECS puts into its environment, and what answers at 169.254.170.2."""

from __future__ import annotations

import json
import re
from pprint import pformat
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from IPython.lib.pretty import pretty

from course.sandbox.ecs.task_roles import EXEC_ACTIONS
from course.sandbox.errors import SandboxError
from course.sandbox.masked import Masked

ACCOUNT = "123456789012"
LISTS = {"Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "*"}
PROTECTS = {"Effect": "Allow", "Action": "ecs:*TaskProtection", "Resource": "*"}
METADATA, CREDENTIALS = "$ECS_CONTAINER_METADATA_URI_V4", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
PROTECTION = "$ECS_AGENT_URI/task-protection/v1/state"
WEB, NGINX = "registry.example.com/web:1", "public.ecr.aws/docker/library/nginx:1.29"


def define(lab: Any, *containers: dict[str, Any], role: bool = True, **more: Any) -> None:
    made = [{"name": f"c{number}", **one} for number, one in enumerate(containers)]
    lab.define("made", containerDefinitions=made or [{"name": "app", "image": WEB}],
               executionRoleArn=lab.role("execution"),
               taskRoleArn=lab.role("app", LISTS) if role else None, **more)  # fmt: skip


def run(lab: Any, *containers: dict[str, Any], seconds: float = 60, **more: Any) -> str:
    define(lab, *containers, **more)
    (arn,) = lab.run(taskDefinition="made")
    lab.clock.advance(seconds)
    return str(arn)


def session(found: dict[str, str]) -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["Token"],
        region_name="us-east-1",
    )


def credentials(inside: Any) -> dict[str, str]:
    return dict(inside.get(f"169.254.170.2${CREDENTIALS}"))


# --- The environment


def test_what_ecs_puts_into_the_environment(lab: Any) -> None:
    arn = run(lab, {"image": WEB, "environment": [{"name": "MODE", "value": "test"}]})
    found = lab.aws.inside(arn).environment
    ours = lab.task(arn)["containers"][0]["runtimeId"]
    assert found.pop(CREDENTIALS).startswith("/v2/credentials/")
    assert found == {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "AWS_REGION": "us-east-1",
        "ECS_AGENT_URI": f"http://169.254.170.2/api/{ours}",
        "ECS_CONTAINER_METADATA_URI": f"http://169.254.170.2/v3/{ours}",
        "ECS_CONTAINER_METADATA_URI_V4": f"http://169.254.170.2/v4/{ours}",
        "MODE": "test",
    }


def test_without_a_task_role_nothing_leads_to_credentials(lab: Any) -> None:
    inside = lab.aws.inside(run(lab, role=False))
    assert CREDENTIALS not in inside.environment
    with pytest.raises(SandboxError, match="not set leaves nothing"):
        inside.get(f"http://${CREDENTIALS}")
    assert inside.get("http://169.254.170.2/v2/credentials/none") == {
        "code": "InvalidIdInRequest",
        "message": "CredentialsV2Request: Credentials not found",
        "HTTPErrorCode": 400,
    }
    assert inside.put(PROTECTION, {"ProtectionEnabled": True})["error"] == {
        "Arn": lab.arns()[0],
        "Code": "AccessDeniedException",
        "Message": "Invalid Request: no task IAM role credentials available for task",
    }


def test_a_secrets_value_is_there_and_does_not_show(lab: Any) -> None:
    arn = boto3.client("secretsmanager").create_secret(Name="db", SecretString="s3cret")["ARN"]
    define(lab, {"image": WEB, "secrets": [{"name": "DB", "valueFrom": arn}]})
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
    lab.grant("execution", read)
    (task,) = lab.run(taskDefinition="made")
    lab.clock.advance(60)
    found = lab.aws.inside(task).environment
    assert found["DB"] == "s3cret"
    assert "s3cret" not in f"{found} {found['DB']} {found['DB']!r}"


# --- Metadata


def test_a_task_on_fargate(lab: Any) -> None:
    options = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1",
               "awslogs-stream-prefix": "web"}  # fmt: skip
    boto3.client("logs").create_log_group(logGroupName="/ecs/web")
    logs = {"logDriver": "awslogs", "options": options}
    labels = {"com.example.team": "shop"}
    arn = run(lab, {"image": WEB, "memory": 256, "logConfiguration": logs, "dockerLabels": labels})
    task, inside = lab.task(arn), lab.aws.inside(arn)
    (container,), task_id = task["containers"], arn.rsplit("/", 1)[-1]
    details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
    address = details["privateIPv4Address"]
    times = {
        name: f"{task[name]:%Y-%m-%dT%H:%M:%SZ}" for name in ("pullStartedAt", "pullStoppedAt")
    }
    began = f"{task['startedAt']:%Y-%m-%dT%H:%M:%SZ}"
    cluster = f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/lab"
    told = {
        "DockerId": container["runtimeId"],
        "Name": "c0",
        "DockerName": "c0",
        "Image": WEB,
        "ImageID": container["imageDigest"],
        "Labels": {
            "com.example.team": "shop",
            "com.amazonaws.ecs.cluster": cluster,
            "com.amazonaws.ecs.container-name": "c0",
            "com.amazonaws.ecs.task-arn": arn,
            "com.amazonaws.ecs.task-definition-family": "made",
            "com.amazonaws.ecs.task-definition-version": "1",
        },
        "DesiredStatus": "RUNNING",
        "KnownStatus": "RUNNING",
        "Limits": {"CPU": 2, "Memory": 256},
        "CreatedAt": began,
        "StartedAt": began,
        "Type": "NORMAL",
        "LogDriver": "awslogs",
        "LogOptions": {
            "awslogs-group": "/ecs/web",
            "awslogs-region": "us-east-1",
            "awslogs-stream": f"web/c0/{task_id}",
        },
        "ContainerARN": container["containerArn"],
        "Networks": [
            {
                "NetworkMode": "awsvpc",
                "IPv4Addresses": [address],
                "AttachmentIndex": 0,
                "MACAddress": details["macAddress"],
                "IPv4SubnetCIDRBlock": "10.0.1.0/24",
                "DomainNameServers": ["10.0.0.2"],
                "DomainNameSearchList": ["ec2.internal"],
                "PrivateDNSName": f"ip-{address.replace('.', '-')}.ec2.internal",
                "SubnetGatewayIpv4Address": "10.0.1.1/24",
            }
        ],
        "Snapshotter": "overlayfs",
    }
    assert inside.get(METADATA) == told
    assert inside.get(f"{METADATA}/task") == {
        "Cluster": cluster,
        "TaskARN": arn,
        "Family": "made",
        "Revision": "1",
        "DesiredStatus": "RUNNING",
        "KnownStatus": "RUNNING",
        "Limits": {"CPU": 0.25, "Memory": 512},
        "PullStartedAt": times["pullStartedAt"],
        "PullStoppedAt": times["pullStoppedAt"],
        "AvailabilityZone": "us-east-1a",
        "LaunchType": "FARGATE",
        "Containers": [told],
        "FaultInjectionEnabled": False,
    }


def test_a_task_of_a_service_with_tags(lab: Any) -> None:
    define(lab)
    tags = [{"key": "team", "value": "shop"}]
    lab.service("web", 1, taskDefinition="made", tags=tags, propagateTags="SERVICE")
    lab.clock.advance(minutes=1)
    inside = lab.aws.inside(lab.arns()[0])
    plain, tagged = inside.get(f"{METADATA}/task"), inside.get(f"{METADATA}/taskWithTags")
    assert plain["ServiceName"] == "web" and "TaskTags" not in plain
    assert tagged == plain | {"TaskTags": {"team": "shop"}}


def test_a_task_on_an_instance(lab: Any) -> None:
    lab.lead_out()
    lab.launch()
    lab.define_ec2()
    (task,) = lab.run_ec2()["tasks"]
    lab.clock.advance(minutes=1)
    inside = lab.aws.inside(task["taskArn"])
    told = inside.get(f"{METADATA}/task")
    (container,) = told["Containers"]
    assert (told["Cluster"], told["LaunchType"], told["VPCID"]) == ("lab", "EC2", lab.vpc)
    assert "Limits" not in told and container["Limits"] == {"CPU": 256, "Memory": 256}
    assert container["DockerName"].startswith("ecs-box-1-app-")
    assert container["Networks"] == [{"NetworkMode": "bridge"}]
    port = lab.task(task["taskArn"])["containers"][0]["networkBindings"][0]["hostPort"]
    assert container["Ports"] == [
        {"ContainerPort": 80, "Protocol": "tcp", "HostPort": port, "HostIp": "0.0.0.0"}
    ]
    assert inside.environment["AWS_EXECUTION_ENV"] == "AWS_ECS_EC2"
    assert "AWS_REGION" not in inside.environment


def test_before_a_task_runs_and_after_it_stopped(lab: Any) -> None:
    """A sidecar that runs sees one that waits for it, and another that has ended."""
    waits = {"image": NGINX, "dependsOn": [{"containerName": "c0", "condition": "HEALTHY"}]}
    check = {"command": ["CMD-SHELL", "exit 0"], "interval": 30}
    init = {"image": "busybox", "command": ["sh", "-c", "exit 3"], "essential": False}
    arn = run(lab, {"image": WEB, "healthCheck": check}, waits, init, seconds=30)
    inside = lab.aws.inside(arn)
    with pytest.raises(SandboxError, match="c1 has not run yet"):
        lab.aws.inside(arn, "c1").get(METADATA)

    def known() -> tuple[str, list[tuple[str, Any]]]:
        told = inside.get(f"{METADATA}/task")
        each = [(one["KnownStatus"], one.get("ExitCode")) for one in told["Containers"]]
        return told["KnownStatus"], each

    assert lab.task(arn)["lastStatus"] == "PENDING"
    assert known() == ("PULLED", [("RUNNING", None), ("PULLED", None), ("STOPPED", 3)])
    lab.clock.advance(minutes=2)
    assert known() == ("RUNNING", [("RUNNING", None), ("RUNNING", None), ("STOPPED", 3)])
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    assert known()[0] == "STOPPED"
    told = inside.get(f"{METADATA}/task")
    assert told["DesiredStatus"] == "STOPPED" and told["ExecutionStoppedAt"]
    assert told["Containers"][0]["FinishedAt"] > told["Containers"][0]["StartedAt"]


def test_a_container_that_is_restarted_has_another_id(lab: Any) -> None:
    restart = {"enabled": True, "restartAttemptPeriod": 60}
    command = ["sh", "-c", "sleep 90; exit 1"]
    arn = run(lab, {"image": NGINX, "command": command, "restartPolicy": restart})
    inside = lab.aws.inside(arn)
    first, url = inside.get(METADATA), inside.environment["ECS_CONTAINER_METADATA_URI_V4"]
    lab.clock.advance(minutes=1)
    second = inside.get(METADATA)
    assert (first["RestartCount"], second["RestartCount"]) == (0, 1)
    assert first["DockerId"] != second["DockerId"]
    assert inside.get(url).startswith("nothing is at /v4/")


def test_statistics(lab: Any) -> None:
    """As far as the workload model has them: memory, and the times of the two looks."""
    arn = run(lab, {"image": WEB, "memory": 256}, {"image": NGINX, "essential": False})
    inside = lab.aws.inside(arn)
    own, both = inside.get(f"{METADATA}/stats"), inside.get(f"{METADATA}/task/stats")
    mib = 1024 * 1024
    assert own["memory_stats"] == {"usage": 120 * mib, "limit": 256 * mib}
    assert own["name"] == "c0" and own["preread"] < own["read"]
    assert both[own["id"]] == own and len(both) == 2
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    assert inside.get(f"{METADATA}/stats") is None


def test_reading_changes_nothing(lab: Any) -> None:
    inside = lab.aws.inside(run(lab))
    calls, entries = len(lab.aws.world.history), len(lab.aws.timeline.entries)
    paths = ("", "/task", "/taskWithTags", "/stats", "/task/stats")
    first = [inside.get(f"{METADATA}{path}") for path in paths], credentials(inside)
    assert first == ([inside.get(f"{METADATA}{path}") for path in paths], credentials(inside))
    assert (len(lab.aws.world.history), len(lab.aws.timeline.entries)) == (calls, entries)


# --- Credentials


def test_the_keys_work_as_the_task_role(lab: Any) -> None:
    arn = run(lab)
    found = credentials(lab.aws.inside(arn))
    assert set(found) == {"RoleArn", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"}
    assert found["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/app"
    ours, who = session(found), f"arn:aws:sts::{ACCOUNT}:assumed-role/app/{arn.rsplit('/', 1)[-1]}"
    assert ours.client("sts").get_caller_identity()["Arn"] == who
    assert len(ours.client("ecs").list_clusters()["clusterArns"]) == 1
    with pytest.raises(ClientError, match="AccessDenied") as refused:
        ours.client("ecs").describe_clusters(clusters=["lab"])
    assert f"User: {who} is not authorized to perform: ecs:DescribeClusters" in str(refused.value)
    told = [one for one in lab.aws.world.history if one.decisions]
    assert {one.decisions[0].request.principal.arn for one in told} == {who}


def test_they_expire_after_six_hours_and_are_made_anew_before(lab: Any) -> None:
    inside = lab.aws.inside(run(lab))
    first = credentials(inside)
    lab.clock.advance(hours=5)
    second = credentials(inside)
    assert first["AccessKeyId"] != second["AccessKeyId"]
    assert first["Expiration"] < second["Expiration"]
    session(first).client("ecs").list_clusters()
    lab.clock.advance(hours=1)
    with pytest.raises(ClientError, match="ExpiredToken"):
        session(first).client("ecs").list_clusters()
    session(second).client("ecs").list_clusters()


def test_a_stopped_task_gives_none_and_a_deleted_role_nothing(lab: Any) -> None:
    arn = run(lab)
    inside = lab.aws.inside(arn)
    found = credentials(inside)
    iam: Any = boto3.client("iam")
    iam.delete_role_policy(RoleName="app", PolicyName="policy-0")
    with pytest.raises(ClientError, match="AccessDenied"):
        session(found).client("ecs").list_clusters()
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    assert credentials(inside)["code"] == "InvalidIdInRequest"


def test_what_is_secret_works_and_does_not_show(lab: Any) -> None:
    found = credentials(lab.aws.inside(run(lab)))
    secret, token = (bytes(found[name], "utf-8").decode() for name in ("SecretAccessKey", "Token"))
    assert len(secret) == 40 and len(token) > 100
    shown = f"{found} {found['Token']} {found['SecretAccessKey']!r:>50} {list(found.values())}"
    assert secret not in shown and token not in shown and "****" in shown
    assert found["AccessKeyId"] in shown


def test_two_futures_of_a_snapshot_keep_their_keys(lab: Any) -> None:
    arn = run(lab)
    kept = lab.aws.snapshot()
    first = credentials(lab.aws.inside(arn))
    kept.restore()
    assert credentials(lab.aws.inside(arn)) == first
    assert session(first).client("ecs").list_clusters()["clusterArns"]


def test_a_key_of_a_future_that_was_left_is_nobodys(lab: Any) -> None:
    """It is not taken for the learner's own, which may everything."""
    kept = lab.aws.snapshot()
    first = credentials(lab.aws.inside(run(lab)))
    assert re.fullmatch("ASIA0[A-Z2-7]{15}", first["AccessKeyId"])
    kept.restore()
    with pytest.raises(ClientError, match="token included in the request is invalid"):
        session(first).client("ecs").list_clusters()


# --- Scale-in protection


@pytest.fixture
def web(lab: Any) -> Any:
    """A container of a service's task, whose role may protect it."""
    define(lab)
    lab.grant("app", PROTECTS)
    lab.service("web", 1, taskDefinition="made")
    lab.clock.advance(minutes=1)
    return lab.aws.inside(lab.arns()[0])


def test_a_task_protects_itself(lab: Any, web: Any) -> None:
    told = web.put(PROTECTION, {"ProtectionEnabled": True, "ExpiresInMinutes": 60})
    arn = lab.arns()[0]
    until = told["protection"].pop("ExpirationDate")
    assert told == {"protection": {"ProtectionEnabled": True, "TaskArn": arn}}
    answer = lab.ecs.get_task_protection(cluster="lab", tasks=[arn])
    (kept,) = answer["protectedTasks"]
    assert kept["protectionEnabled"] and f"{kept['expirationDate']:%Y-%m-%dT%H:%M:%SZ}" == until
    assert web.get(PROTECTION)["protection"]["ProtectionEnabled"]
    assert web.put(PROTECTION, {"ProtectionEnabled": False}) == {
        "protection": {"ProtectionEnabled": False, "TaskArn": arn}
    }


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "Invalid request: does not contain 'ProtectionEnabled' field"),
        ({"Enabled": True}, "UpdateTaskProtection: failed to decode request"),
    ],
)
def test_a_body_that_says_something_else(web: Any, body: dict[str, Any], error: str) -> None:
    told = web.put(PROTECTION, body)["error"]
    assert (told["Code"], told["Message"]) == ("InvalidParameterException", error)


def test_the_task_role_has_to_allow_it_and_a_service_has_to_own_it(lab: Any) -> None:
    inside = lab.aws.inside(run(lab))
    told = inside.put(PROTECTION, {"ProtectionEnabled": True})["error"]
    assert told["Code"] == "AccessDeniedException" and "ecs:UpdateTaskProtection" in told["Message"]
    lab.grant("app", PROTECTS)
    told = inside.put(PROTECTION, {"ProtectionEnabled": True})
    assert told["failure"]["Reason"] == "TASK_NOT_VALID"
    with pytest.raises(SandboxError, match="nothing takes a PUT"):
        inside.put(METADATA, {})


# --- By ECS Exec, and what is not there


def test_the_same_documents_by_ecs_exec(lab: Any) -> None:
    define(lab, {"image": NGINX})
    lab.grant("app", {"Effect": "Allow", "Action": list(EXEC_ACTIONS), "Resource": "*"})
    (arn,) = lab.run(taskDefinition="made", enableExecuteCommand=True)
    lab.clock.advance(minutes=1)

    def printed(script: str) -> str:
        command = f"sh -c '{script}'"
        lab.ecs.execute_command(cluster="lab", task=arn, command=command, interactive=True)
        return str(lab.aws.timeline.entries[-1].why)

    inside = lab.aws.inside(arn)
    assert printed("curl -s $ECS_CONTAINER_METADATA_URI_V4/task") == (
        f"exit code 0; {json.dumps(inside.get(f'{METADATA}/task'))}"
    )
    shown = printed(f"curl -s 169.254.170.2${CREDENTIALS}")
    secret = bytes(credentials(inside)["SecretAccessKey"], "utf-8").decode()
    assert '"SecretAccessKey": "****"' in shown and secret not in shown
    assert printed("curl -f 169.254.170.2/v2/credentials/none").startswith("exit code 22; ")
    assert f"{CREDENTIALS}=/v2/credentials/" in printed("env")


def test_what_is_not_there_is_said(lab: Any) -> None:
    arn = run(lab)
    inside = lab.aws.inside(arn)
    assert repr(inside).startswith(
        f"inside container app of task {arn.rsplit('/', 1)[-1][:8]} (RUN"
    )
    with pytest.raises(SandboxError, match="There is no container nobody"):
        lab.aws.inside(arn, "nobody")
    with pytest.raises(SandboxError, match="There is no task arn:none"):
        lab.aws.inside("arn:none")
    with pytest.raises(SandboxError, match=r"only ECS's own address"):
        inside.get("http://localhost:8080/")
    assert inside.get(f"{METADATA}/nothing").startswith("nothing is at /v4/")


def test_a_masked_text_is_whole_to_whom_it_is_passed() -> None:
    secret = Masked("abc")
    assert (secret == "abc", secret.encode(), secret + "d") == (True, b"abc", "abcd")
    assert (str(secret), repr(secret), f"{secret}", f"{secret:>6}", f"{secret!r}") == (
        "****", "'****'", "****", "  ****", "'****'"
    )  # fmt: skip
    shown = {"Token": secret, "more": [secret]}
    assert pretty(shown) == pformat(shown) == "{'Token': '****', 'more': ['****']}"
