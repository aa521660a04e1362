"""Proofs on deployments: bounds, what brings an image out, what rolls back."""

from course.exercises.images import push_image
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import (
    CLUSTER,
    begin,
    container,
    lines,
    log_to,
    register,
    repository,
    role,
    serve,
    service,
    tasks,
    update,
)


def _percents(least: int, most: int) -> dict[str, int]:
    return {"minimumHealthyPercent": least, "maximumPercent": most}


def _rolled(aws: Account, desired: int, **percents: int) -> tuple[int, int, str]:
    """The fewest and the most tasks while another revision is rolled out, and how that ended."""
    serve(aws, register(aws), desiredCount=desired, deploymentConfiguration=percents or None)
    update(aws, minutes=0, taskDefinition=register(aws))
    fewest, most = desired, desired
    for _ in range(30):
        aws.clock.advance(seconds=8)
        now = service(aws)
        fewest = min(fewest, now["runningCount"])
        most = max(most, now["runningCount"] + now["pendingCount"])
    return fewest, most, str(service(aws)["deployments"][0]["rolloutState"])


@tried("exam-deployments-001", mutated={"least": 4})
def between_eight_and_twelve(aws: Account, option: str, least: int = 8) -> bool:
    """Roll a revision out with the option's percents, and count tasks all the while."""
    percents = {"hundred": (100, 150), "fifty": (50, 150), "double": (100, 200), "same": (100, 100)}
    fewest, most, state = _rolled(aws, 8, **_percents(*percents[option]))
    return fewest >= least and most <= 12 and state == "COMPLETED"


@observed(
    "exam-deployments-002",
    says={
        "beside": "4 to 8 tasks",
        "half": "2 to 4 tasks",
        "green": "4 to 4 tasks",
        "one": "3 to 4 tasks",
    },
    mutated={"least": 50, "most": 100},
)
def tasks_during_a_rolling_update(aws: Account, least: int = 100, most: int = 200) -> str:
    """Roll a revision of four tasks out, and count the fewest and the most on the way."""
    fewest, highest, _ = _rolled(aws, 4, **_percents(least, most))
    return f"{fewest} to {highest} tasks"


@tried("exam-deployments-003", mutated={"starts": True})
def a_revision_that_cannot_start(aws: Account, option: str, starts: bool = False) -> bool:
    """Deploy a tag that is not there, and see whether the last good revision is back by itself."""
    settings = {
        "both": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        "enable": {"deploymentCircuitBreaker": {"enable": True, "rollback": False}},
        "percent": _percents(100, 200),
        "alarm": {"alarms": {"alarmNames": ["cpu"], "enable": True, "rollback": True}},
    }[option]
    uri = repository(aws, "app", "1.0", *(["2.0"] if starts else []))
    if option == "alarm":
        _alarm(aws)
    arn = role(aws, "execution", managed=True)
    good = register(aws, {"image": f"{uri}:1.0"}, executionRoleArn=arn)
    serve(aws, good, deploymentConfiguration=settings)
    bad = register(aws, {"image": f"{uri}:2.0"}, executionRoleArn=arn)
    update(aws, minutes=40, taskDefinition=bad)
    (primary, *others) = service(aws)["deployments"]
    return (
        primary["taskDefinition"] == good and primary["rolloutState"] == "COMPLETED" and not others
    )


def _alarm(aws: Account) -> None:
    """An alarm on the CPU of tasks, which says nothing of tasks that never start."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="cpu",
        Namespace="AWS/ECS",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=3,
        Threshold=90,
        ComparisonOperator="GreaterThanThreshold",
    )


@tried("ecs-images-002", mutated={"pushed": "before"})
def another_image_under_latest(aws: Account, option: str, pushed: str = "after") -> bool:
    """Push another image under a service's tag, do what the option says, and compare digests."""
    ecr = aws.client("ecr")
    uri = repository(aws, "app", "latest")
    arn = role(aws, "execution", managed=True)
    given = {"family": "web", "executionRoleArn": arn}
    made = register(aws, {"image": f"{uri}:latest"}, **given)
    if pushed == "before":
        digest = push_image(ecr, "app", "latest", "new")
    serve(aws, made, desiredCount=4)
    if pushed == "after":
        digest = push_image(ecr, "app", "latest", "new")
    if option == "force":
        update(aws, forceNewDeployment=True)
    if option == "same":
        register(aws, {"image": f"{uri}:latest"}, **given)
    if option == "run":
        begin(aws, made, count=4)
    aws.clock.advance(minutes=10)
    running = tasks(aws, serviceName="web")
    return {one["containers"][0]["imageDigest"] for one in running} == {digest}


@observed(
    "factors-disposability-001",
    says={
        "killed": "no SIGTERM, 137",
        "ignored": "SIGTERM, 137",
        "early": "SIGTERM, 0",
        "rolled": "rolled back",
    },
    mutated={"by": "exec "},
)
def the_first_process_is_a_shell(aws: Account, by: str = "") -> str:
    """Deploy over a task whose shell started the server, and read how that server ended."""
    made = container(
        image="public.ecr.aws/docker/library/httpd:latest",
        entryPoint=["sh", "-c"],
        command=[f"echo ready && {by}httpd-foreground"],
        logConfiguration=log_to("/shop"),
    )
    aws.client("logs").create_log_group(logGroupName="/shop")
    serve(aws, register(aws, made, executionRoleArn=role(aws, "execution", managed=True)))
    (old,) = tasks(aws)
    update(aws, minutes=6, forceNewDeployment=True)
    if service(aws)["deployments"][0]["rolloutState"] != "COMPLETED":
        return "rolled back"
    asked = {"cluster": CLUSTER, "tasks": [old["taskArn"]]}
    (ended,) = aws.client("ecs").describe_tasks(**asked)["tasks"]
    code = ended["containers"][0]["exitCode"]
    heard = any("SIGTERM" in one for one in lines(aws, "/shop"))
    return f"{'SIGTERM' if heard else 'no SIGTERM'}, {code}"
