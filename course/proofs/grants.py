"""Proofs on permissions and filters: which grants a call, a pull or an event needs, and no others."""

import json
from typing import Any

from course.exercises.policies import allow
from course.exercises.queues import create_queue, messages, set_policy
from course.proofs.account import Account
from course.proofs.proof import observed, tried, tried_together
from course.proofs.worlds import (
    CLUSTER,
    begin,
    give,
    log_to,
    refused,
    register,
    repository,
    role,
    run,
    runs,
    secret,
    serve,
    service,
    shell,
    tasks,
    update,
    user,
)


@tried_together("proved-identity-001", mutated={"roles": ("execution",)})
def a_user_runs_a_task(
    aws: Account, options: tuple[str, ...], roles: tuple[str, ...] = ("execution", "task")
) -> bool:
    """Give the user two of the options' permissions, and let them run the task."""
    arns = {name: role(aws, name) for name in ("execution", "task")}
    more = {
        "execution": allow("iam:PassRole", arns["execution"]),
        "task": allow("iam:PassRole", arns["task"]),
        "assume": allow("sts:AssumeRole", arns["execution"]),
        "describe": allow("ecs:DescribeTasks", "*"),
        "register": allow("ecs:RegisterTaskDefinition", "*"),
    }
    key = user(aws, "runner", allow("ecs:RunTask", "*"), *(more[one] for one in options))
    made = register(aws, **{f"{name}RoleArn": arns[name] for name in roles})
    return not refused(begin, aws=aws, definition=made, ecs=aws.client_as(key, "ecs"))


@tried("proved-identity-002", mutated={"other": False})
def one_service_and_no_other(aws: Account, option: str, other: bool = True) -> bool:
    """Let the deployer update the one service, and another, with the option's Resource."""
    made = register(aws)
    for name in ("web", "api"):
        serve(aws, made, minutes=0, serviceName=name)
    (web,) = [service(aws)["serviceArn"]]
    account = web.split(":")[4]
    start = f"arn:aws:ecs:{aws.region}:{account}"
    resource = {
        "service": f"{start}:service/{CLUSTER}/web",
        "cluster": f"{start}:cluster/{CLUSTER}",
        "star": f"{start}:service/{CLUSTER}/*",
        "definition": f"{start}:task-definition/web:*",
    }[option]
    key = user(aws, "deployer", allow("ecs:UpdateService", resource))
    call = aws.client_as(key, "ecs").update_service
    asked = {"cluster": CLUSTER, "desiredCount": 2}
    if refused(call, service="web", **asked):
        return False
    return not other or bool(refused(call, service="api", **asked))


PULLS = {
    "image": "ecr:BatchGetImage",
    "layer": "ecr:GetDownloadUrlForLayer",
    "describe": "ecr:DescribeImages",
    "push": "ecr:PutImage",
    "task": "ecr:ListImages",
}


@tried_together("proved-identity-003", mutated={"private": False})
def a_pull_with_two_more_actions(
    aws: Account, options: tuple[str, ...], private: bool = True
) -> bool:
    """Give the execution role two more actions, and see whether the task comes to run."""
    uri = repository(aws, "app", "1.0")
    image = f"{uri}:1.0" if private else "public.ecr.aws/docker/library/httpd:latest"
    may = allow(["ecr:GetAuthorizationToken", *(PULLS[one] for one in options)], "*")
    arn = role(aws, "execution", may)
    return runs(run(aws, register(aws, {"image": image}, executionRoleArn=arn), minutes=4))


@tried("proved-identity-004", mutated={"customer_key": False})
def a_secret_under_a_customer_key(aws: Account, option: str, customer_key: bool = True) -> bool:
    """Give what the option says, and see whether the task with the secret comes to run."""
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    arn = secret(aws, **{"KmsKeyId": key} if customer_key else {})
    read = allow("secretsmanager:GetSecretValue", arn)
    actions = {"decrypt": "kms:Decrypt", "encrypt": "kms:Encrypt"}
    more = [allow(actions[option], key)] if option in actions else []
    roles = {"executionRoleArn": role(aws, "execution", read, *more, managed=True)}
    roles["taskRoleArn"] = role(aws, "task")
    if option == "task":
        give(aws, "task", allow("kms:Decrypt", key))
    wanted = {"secrets": [{"name": "PASSWORD", "valueFrom": arn}]}
    return runs(run(aws, register(aws, wanted, **roles)))


@tried("proved-secrets-001", mutated={"parameter": "db"})
def a_secret_by_its_name(aws: Account, option: str, parameter: str = "mode") -> bool:
    """Mend what the option says, and see whether the container has both values."""
    ssm = aws.client("ssm")
    ssm.put_parameter(Name=parameter, Value="first", Type="String")
    arn = secret(aws, "db", "first")
    read = [allow("secretsmanager:GetSecretValue", "*"), allow("ssm:GetParameters", "*")]
    roles = {"executionRoleArn": role(aws, "execution", *read, managed=True)}
    roles["taskRoleArn"] = role(aws, "task", *(read[:1] if option == "role" else []))
    named = {"arn": arn, "slash": "/db"}.get(option, "db")
    given: dict[str, Any] = {"secrets": [{"name": "MODE", "valueFrom": parameter}]}
    if option == "environment":
        given["environment"] = [{"name": "DB", "value": arn}]
    else:
        given["secrets"].append({"name": "DB", "valueFrom": named})
    made = run(aws, register(aws, given, **roles))
    if not runs(made):
        return False
    held = aws.sandbox.inside(made["taskArn"]).environment
    return held["MODE"] == held["DB"] == "first"


@tried("proved-observability-001", mutated={"let_in": True})
def a_rule_and_its_queue(aws: Account, option: str, let_in: bool = False) -> bool:
    """Mend what the option says, let a task end, and see whether the queue has messages."""
    bridge = aws.client("events")
    pattern: dict[str, Any] = {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"]}
    if option == "pattern":
        pattern["detail"] = {"lastStatus": ["STOPPED"]}
    bridge.put_rule(Name="watch", EventPattern=json.dumps(pattern))
    arn = create_queue(aws, "inbox")
    if option == "policy" or let_in:
        who = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
        let = who | {"Action": "sqs:SendMessage", "Resource": arn}
        set_policy(aws, "inbox", json.dumps({"Version": "2012-10-17", "Statement": [let]}))
    bridge.put_targets(Rule="watch", Targets=[{"Id": "inbox", "Arn": arn}])
    roles = {"taskRoleArn": role(aws, "task")}
    if option == "task":
        give(aws, "task", allow("sqs:SendMessage", arn))
    if option == "alarm":
        _alarm_on(aws, "inbox")
    run(aws, register(aws, shell("exit 1"), **roles))
    return messages(aws, "inbox") > 0


def _alarm_on(aws: Account, queue: str) -> None:
    """An alarm on how many messages a queue has."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=queue,
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )


@observed(
    "proved-observability-002",
    says={"whole": "web/app/ID", "short": "web/ID", "group": "shop/web/ID", "order": "app/web/ID"},
    mutated={"prefix": "shop"},
)
def the_name_of_a_stream(aws: Account, prefix: str = "web") -> list[str]:
    """Run a task whose container writes to /shop, and read the names of the group's streams."""
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/shop")
    given = {"logConfiguration": log_to("/shop", **{"awslogs-stream-prefix": prefix})}
    made = run(aws, register(aws, given, executionRoleArn=role(aws, "execution", managed=True)))
    id = made["taskArn"].rpartition("/")[2]
    streams = logs.describe_log_streams(logGroupName="/shop")["logStreams"]
    return [one["logStreamName"].replace(id, "ID") for one in streams]


WRITTEN = (
    '{"level": "ERROR", "status": 502}',
    '{"level": "INFO", "status": 200}',
    '{"level": "ERROR", "status": 404}',
    "error: no plan",
    "500 seats were sold",
)


@tried("proved-observability-003", mutated={"written": ('{"level": "ERROR", "status": 500}',)})
def lines_by_their_status(aws: Account, option: str, written: tuple[str, ...] = WRITTEN) -> bool:
    """Write the lines, and see whether the option's pattern finds those with status 500 or above alone."""
    logs = aws.client("logs")
    group = {"logGroupName": "/shop", "logStreamName": "web"}
    logs.create_log_group(logGroupName="/shop")
    logs.create_log_stream(**group)
    now = int(aws.sandbox.now().timestamp() * 1000)
    given = [{"timestamp": now, "message": one} for one in written]
    logs.put_log_events(**group, logEvents=given)
    patterns = {"json": "{ $.status >= 500 }", "word": "500", "case": "ERROR"}
    pattern = patterns.get(option, "?error ?ERROR")
    found = logs.filter_log_events(logGroupName="/shop", filterPattern=pattern)["events"]
    wanted = [one for one in written if '"status": 50' in one]
    return sorted(one["message"] for one in found) == sorted(wanted)


@tried("proved-deployments-001", mutated={"rollback": True})
def what_is_true_when_the_breaker_acted(aws: Account, option: str, rollback: bool = False) -> bool:
    """Deploy a tag that is not there under the breaker, and see whether what the option says is true."""
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": rollback}}
    uri = repository(aws, "app", "1.0")
    given = {"executionRoleArn": role(aws, "execution", managed=True)}
    good = register(aws, {"image": f"{uri}:1.0"}, **given)
    serve(aws, good, deploymentConfiguration=breaker)
    bad = register(aws, {"image": f"{uri}:2.0"}, **given)
    update(aws, minutes=40, taskDefinition=bad)
    deployments = service(aws)["deployments"]
    before = len(tasks(aws, "STOPPED"))
    aws.clock.advance(minutes=15)
    running = [one for one in tasks(aws) if runs(one)]
    return {
        "failed": any(one["rolloutState"] == "FAILED" for one in deployments),
        "old": any(one["taskDefinitionArn"] == good for one in running),
        "back": bool(deployments[0]["taskDefinition"] == good),
        "none": not running,
        "retry": len(tasks(aws, "STOPPED")) > before,
    }[option]
