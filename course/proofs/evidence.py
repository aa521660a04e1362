"""Proofs on evidence: which cause leaves which trace in what ECS says of a task."""

from typing import Any

from course.exercises.policies import allow
from course.proofs.account import Account
from course.proofs.proof import tried
from course.proofs.worlds import (
    CLUSTER,
    begin,
    ended,
    log_to,
    refused,
    register,
    register_on_ec2,
    repository,
    role,
    run,
    runs,
    secret,
    serve,
    service,
    shell,
    task,
    tasks,
    update,
)

DEAF = "registry.example.com/web-deaf:1"
LEAKS = "registry.example.com/web-leaks:1"


@tried("exam-evidence-001", mutated={"stop": "StopTask"})
def killed_after_thirty_seconds(aws: Account, option: str, stop: str = "scheduler") -> bool:
    """Bring the option's cause about, and see whether it leaves the trace that the stem shows."""
    given = {"timeout": {"image": DEAF}, "memory": {"image": LEAKS}, "spot": {"image": DEAF}}
    crash = shell("sleep 60", "exit 137")
    container = given.get(option, crash)
    with_provider = {"launchType": None, "capacityProviderStrategy": [SPOT]}
    more = with_provider if option == "spot" else {}
    if option == "spot":
        _with_spot(aws)
    serve(aws, register(aws, container), minutes=0.7, **more)
    (old,) = tasks(aws)
    if option == "timeout" and stop == "scheduler":
        update(aws, forceNewDeployment=True)
    elif option == "timeout":
        aws.client("ecs").stop_task(cluster=CLUSTER, task=old["taskArn"])
    elif option == "spot":
        aws.sandbox.interrupt_spot(old["taskArn"])
    aws.clock.advance(minutes=12)
    seen = task(aws, old["taskArn"])
    (of,) = seen["containers"]
    whole = (of.get("exitCode"), of.get("reason"), seen.get("stopCode"))
    if not ended(seen) or whole != (137, None, "ServiceSchedulerInitiated"):
        return False
    seconds = (seen["executionStoppedAt"] - seen["stoppingAt"]).total_seconds()
    return bool(round(seconds) == 30)


SPOT = {"capacityProvider": "FARGATE_SPOT", "weight": 1}


def _with_spot(aws: Account) -> None:
    """The cluster, with Fargate's own providers."""
    aws.client("ecs").create_cluster(
        clusterName=CLUSTER, capacityProviders=["FARGATE", "FARGATE_SPOT"]
    )


@tried("exam-evidence-002", mutated={"has_way": True})
def a_pull_that_gets_no_connection(aws: Account, option: str, has_way: bool = False) -> bool:
    """Bring the option's cause about, and see whether the pull speaks of a connection."""
    uri = repository(aws, "app", "1.0")
    managed = option != "role"
    arn = role(aws, "execution", *([] if managed else [TOKEN]), managed=managed)
    image = f"{uri}:{'2.0' if option == 'name' else '1.0'}"
    given: dict[str, Any] = {"image": image}
    if option == "command":
        given["command"] = ["no-such-program"]
    more = {}
    if option == "way" and not has_way:
        more = {"networkConfiguration": _private(aws)}
    made = run(aws, register(aws, given, executionRoleArn=arn), minutes=15, **more)
    said = made.get("stoppedReason", "")
    return any(words in said for words in ("timeout", "i/o", "connect", "waiting for"))


TOKEN = allow("ecr:GetAuthorizationToken", "*")


def _private(aws: Account) -> dict[str, Any]:
    """A place in the default VPC without a public address."""
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    return {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": "DISABLED"}}


@tried("exam-evidence-004", mutated={"readable": True})
def no_pull_begun(aws: Account, option: str, readable: bool = False) -> bool:
    """Bring the option's cause about, and compare the task's timestamps and reason with the stem's."""
    arn = secret(aws)
    may = [allow("secretsmanager:GetSecretValue", arn)] if readable else []
    execution = role(aws, "execution", *may, managed=True)
    ways: dict[str, Any] = {
        "before": {"secrets": [{"name": "PASSWORD", "valueFrom": arn}]},
        "pull": {"logConfiguration": log_to("/not-there")},
        "program": shell("exit 1"),
        "place": {},
    }
    given = ways[option]
    if option == "place":
        on_ec2 = {"launchType": "EC2", "networkConfiguration": None}
        return not refused(lambda: begin(aws, register_on_ec2(aws), **on_ec2))
    made = run(aws, register(aws, given, executionRoleArn=execution), minutes=5)
    stamps = [name for name in ("createdAt", "connectivityAt", "pullStartedAt") if name in made]
    failed = made.get("stoppedReason", "").startswith("ResourceInitializationError")
    return failed and stamps == ["createdAt", "connectivityAt"]


@tried("exam-evidence-005", mutated={"code": 1})
def it_stops_with_exit_code_zero(aws: Account, option: str, code: int = 0) -> bool:
    """Bring the option's cause about in a service, and look for reason and exit code of the stem."""
    ways: dict[str, Any] = {
        "done": shell("sleep 4", f"exit {code}"),
        "memory": {"image": LEAKS},
        "health": {
            "healthCheck": {"command": ["CMD-SHELL", "exit 1"], "interval": 5, "retries": 1}
        },
        "spot": {},
    }
    given = ways[option]
    more = {"launchType": None, "capacityProviderStrategy": [SPOT]} if option == "spot" else {}
    if option == "spot":
        _with_spot(aws)
    serve(aws, register(aws, given), minutes=2, **more)
    if option == "spot":
        aws.sandbox.interrupt_spot(tasks(aws)[0]["taskArn"])
    aws.clock.advance(minutes=10)
    return any(
        one["stoppedReason"] == "Essential container in task exited"
        and one["containers"][0].get("exitCode") == 0
        for one in tasks(aws, "STOPPED")
        if ended(one)
    )


@tried("exam-evidence-010", mutated={"limit": None})
def more_room_for_a_container(aws: Account, option: str, limit: int | None = 512) -> bool:
    """Change what the option says, and see whether the container lives beyond 512 MiB."""
    given: dict[str, Any] = {"image": LEAKS, "memory": limit}
    more = {"cpu": "1024", "memory": "2048"}
    if option == "limit":
        given["memory"] = None
    if option == "task":
        more["memory"] = "4096"
    if option == "cpu":
        more = {"cpu": "2048", "memory": "4096"}
    if option == "reserve":
        given["memoryReservation"] = 2048
    if refused(lambda: register(aws, given, **more)):
        return False
    return runs(run(aws, register(aws, given, **more), minutes=15))


@tried("exam-deployments-009", mutated={"most": 200})
def a_deployment_that_may_do_nothing(aws: Account, option: str, most: int = 100) -> bool:
    """Deploy over one task between 100 and 100 percent, change the option's setting, and see it end."""
    bounds = {"minimumHealthyPercent": 100, "maximumPercent": most}
    serve(aws, register(aws), deploymentConfiguration=bounds)
    update(aws, taskDefinition=register(aws))
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    ways: dict[str, Any] = {
        "more": {"deploymentConfiguration": bounds | {"maximumPercent": 200}},
        "less": {"deploymentConfiguration": bounds | {"minimumHealthyPercent": 0}},
        "force": {"forceNewDeployment": True},
        "breaker": {"deploymentConfiguration": bounds | breaker},
        "count": {"desiredCount": 2},
    }
    changed = ways[option]
    update(aws, minutes=15, **changed)
    (first, *others) = service(aws)["deployments"]
    return first["rolloutState"] == "COMPLETED" and not others
