"""Service deployments and revisions, and the circuit breaker, through boto3."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.clock import START

FAILED = "ECS deployment circuit breaker: tasks failed to start."
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def records(lab: Any, **more: Any) -> list[dict[str, Any]]:
    """The service's deployments in full, newest first."""
    brief = lab.ecs.list_service_deployments(cluster="lab", service="web", **more)
    arns = [one["serviceDeploymentArn"] for one in brief["serviceDeployments"]]
    return list(
        lab.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"]
        if arns
        else []
    )


def breaker(**more: Any) -> dict[str, Any]:
    """A deploymentConfiguration with a circuit breaker, which does not roll back."""
    return {"deploymentCircuitBreaker": {"enable": True, "rollback": False, **more}}


@pytest.fixture
def break_it(lab: Any) -> Any:
    """Roll the service to a revision whose image was never pushed."""

    def call(**changes: Any) -> None:
        repository = lab.aws.client("ecr").create_repository(repositoryName="gone")["repository"]
        container = {"name": "app", "image": f"{repository['repositoryUri']}:1"}
        role = lab.role()
        lab.define(containerDefinitions=[container], executionRoleArn=role)
        lab.update(taskDefinition="web", **changes)

    return call


# --- The circuit breaker


def test_it_rolls_back_to_the_deployment_that_worked(lab: Any, break_it: Any) -> None:
    worked = lab.steady(deploymentConfiguration=BREAKER)["deployments"][0]["id"]
    kept = lab.arns(serviceName="web")
    break_it()
    lab.clock.advance(seconds=53)
    back, failed = lab.describe()["deployments"]
    assert (back["id"], back["status"], back["rolloutState"]) == (worked, "PRIMARY", "IN_PROGRESS")
    assert back["rolloutStateReason"] == (
        f"ECS deployment circuit breaker: rolling back to deploymentId {worked}."
    )
    assert (failed["status"], failed["rolloutState"]) == ("ACTIVE", "FAILED")
    assert failed["rolloutStateReason"] == FAILED
    lab.clock.advance(minutes=2)
    (only,) = lab.describe()["deployments"]
    assert (only["id"], only["rolloutState"]) == (worked, "COMPLETED")
    assert only["rolloutStateReason"] == f"ECS deployment {worked} completed."
    assert lab.describe()["taskDefinition"].endswith("web:1")
    assert lab.arns(serviceName="web") == kept, "what served went on serving"
    assert lab.said()[-4:] == [
        f"(service web) (deployment {failed['id']}) deployment failed: tasks failed to start.",
        f"(service web) rolling back to deployment {worked}.",
        f"(service web) (deployment {worked}) deployment completed.",
        "(service web) has reached a steady state.",
    ]


def test_it_rolls_back_when_nothing_of_the_old_is_left(lab: Any, break_it: Any) -> None:
    none = {**BREAKER, "minimumHealthyPercent": 0, "maximumPercent": 100}
    lab.steady(deploymentConfiguration=none)
    before = lab.arns(serviceName="web")
    break_it()
    lab.clock.advance(minutes=5)
    (only,) = lab.describe()["deployments"]
    assert (only["rolloutState"], only["runningCount"]) == ("COMPLETED", 2)
    assert only["taskDefinition"].endswith("web:1")
    assert not set(lab.arns(serviceName="web")) & set(before)


def test_without_rollback_it_stalls_and_what_worked_serves_on(lab: Any, break_it: Any) -> None:
    lab.steady(deploymentConfiguration=breaker())
    kept = lab.arns(serviceName="web")
    break_it()
    lab.clock.advance(hours=2)
    failed, older = lab.describe()["deployments"]
    assert (failed["status"], failed["rolloutState"]) == ("PRIMARY", "FAILED")
    assert (failed["runningCount"], failed["pendingCount"]) == (0, 0)
    assert (older["status"], older["rolloutState"], older["runningCount"]) == (
        "ACTIVE",
        "COMPLETED",
        2,
    )
    assert lab.arns(serviceName="web") == kept
    started = len(lab.said())
    lab.stop(kept[0])
    lab.clock.advance(minutes=2)
    assert lab.describe()["runningCount"] == 2, "by its own revision"
    assert len(lab.said()) == started + 1
    lab.update(taskDefinition="web:1")
    lab.clock.advance(minutes=3)
    assert [one["rolloutState"] for one in lab.describe()["deployments"]] == ["COMPLETED"]


def test_with_nothing_to_go_back_to_it_starts_nothing_more(lab: Any, break_it: Any) -> None:
    """AWS's own example: the deployment being rolled back to is no way back itself."""
    lab.steady(deploymentConfiguration=BREAKER)
    break_it()
    lab.clock.advance(seconds=53)
    lab.update(taskDefinition="web:2")
    lab.clock.advance(hours=1)
    first = lab.describe()["deployments"][0]
    assert (first["rolloutState"], first["runningCount"]) == ("FAILED", 0)
    assert records(lab)[0]["status"] == "ROLLBACK_FAILED"
    started = lab.said()
    lab.clock.advance(hours=1)
    assert lab.said() == started


def test_a_container_that_exits_after_it_ran_never_counts(lab: Any) -> None:
    """The well-known trap: started, exited with 1, started again, for ever."""
    lab.steady(deploymentConfiguration=BREAKER)
    container = {"name": "app", "image": "busybox", "command": ["sh", "-c", "exit 1"]}
    lab.define(containerDefinitions=[container])
    lab.update(taskDefinition="web")
    lab.clock.advance(hours=1)
    new = lab.describe()["deployments"][0]
    assert (new["rolloutState"], new["failedTasks"]) == ("IN_PROGRESS", 0)
    assert records(lab)[0]["deploymentCircuitBreaker"] == {
        "status": "MONITORING",
        "failureCount": 0,
        "threshold": 3,
    }
    assert len(lab.arns(serviceName="web", desiredStatus="STOPPED")) == 100, "a page of them"


FAILING = {"command": ["CMD-SHELL", "exit 1"], "interval": 10, "retries": 2}


def test_tasks_that_run_but_are_never_healthy_trip_it_too(lab: Any) -> None:
    """Stage 2: a task replaced for its failed health checks is a failure; the old ones serve on."""
    lab.steady(deploymentConfiguration=BREAKER)
    kept = lab.arns(serviceName="web")
    container = {"name": "app", "image": "httpd", "healthCheck": FAILING}
    lab.define(containerDefinitions=[container])
    lab.update(taskDefinition="web")
    lab.clock.advance(seconds=45)
    assert records(lab)[0]["deploymentCircuitBreaker"]["failureCount"] == 1, "one at a time"
    failed = lab.describe()["deployments"][0]
    assert (failed["failedTasks"], failed["rolloutState"]) == (0, "IN_PROGRESS")
    lab.clock.advance(minutes=4)
    assert records(lab)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert records(lab)[0]["deploymentCircuitBreaker"]["failureCount"] == 3
    assert lab.arns(serviceName="web") == kept
    stopped = lab.ecs.describe_tasks(
        cluster="lab", tasks=lab.arns(serviceName="web", desiredStatus="STOPPED")
    )["tasks"]
    reasons = {task["stoppedReason"] for task in stopped}
    assert "Task failed container health checks" in reasons
    assert {task["stopCode"] for task in stopped} == {"ServiceSchedulerInitiated"}


def test_the_grace_period_keeps_an_unhealthy_task(lab: Any) -> None:
    container = {"name": "app", "image": "httpd", "healthCheck": FAILING}
    lab.define(containerDefinitions=[container])
    lab.service(desired=1, healthCheckGracePeriodSeconds=120)
    lab.clock.advance(seconds=130)
    (arn,) = lab.arns(serviceName="web")
    assert lab.task(arn)["healthStatus"] == "UNHEALTHY"
    lab.clock.advance(seconds=20)
    (new,) = lab.arns(serviceName="web")
    assert new != arn
    assert lab.said()[-3:] == [
        (
            f"(service web) has started 1 tasks: (task {new[-32:]}). Amazon ECS replaced 1 tasks "
            "due to an unhealthy status."
        ),
        f"(service web) (task {arn[-32:]}) failed container health checks.",
        f"(service web) has stopped 1 running tasks: (task {arn[-32:]}).",
    ]


def test_failed_tasks_are_counted_until_one_runs(lab: Any, break_it: Any) -> None:
    lab.service(desired=0)
    break_it(desiredCount=1)
    lab.clock.advance(minutes=2)
    assert lab.describe()["deployments"][0]["failedTasks"] == 3
    assert lab.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS", "no circuit breaker"
    lab.update(taskDefinition="web:1")
    lab.clock.advance(minutes=2)
    assert lab.describe()["deployments"][0]["failedTasks"] == 0


@pytest.mark.parametrize(("reset", "left"), [(None, 0), (True, 0), (False, 2)])
def test_a_healthy_task_forgives_what_failed_before_it_unless_told_otherwise(
    lab: Any, break_it: Any, reset: bool | None, left: int
) -> None:
    """Two tasks fail; then the image is pushed, and the third one runs and is healthy."""
    config = breaker() if reset is None else breaker(resetOnHealthyTask=reset)
    lab.service(desired=0, deploymentConfiguration=config)
    break_it(desiredCount=1)
    lab.clock.advance(seconds=53)
    assert records(lab)[0]["deploymentCircuitBreaker"]["failureCount"] == 2
    push_image(lab.aws.client("ecr"), "gone", "1")
    lab.clock.advance(seconds=60)
    assert lab.describe()["runningCount"] == 1
    assert records(lab)[0]["deploymentCircuitBreaker"]["failureCount"] == 2
    lab.clock.advance(seconds=35)
    shown = records(lab)[0]
    assert shown["status"] == "SUCCESSFUL"
    assert shown["deploymentCircuitBreaker"]["failureCount"] == left


def test_the_threshold_follows_the_desired_count(lab: Any, break_it: Any) -> None:
    lab.service(desired=0, deploymentConfiguration=breaker())
    break_it(desiredCount=20)
    lab.clock.advance(seconds=15)
    assert records(lab)[0]["deploymentCircuitBreaker"]["threshold"] == 10
    lab.update(desiredCount=60)
    assert records(lab)[0]["deploymentCircuitBreaker"]["threshold"] == 30
    lab.clock.advance(seconds=7)
    assert records(lab)[0]["deploymentCircuitBreaker"]["failureCount"] == 20
    assert records(lab)[0]["status"] == "IN_PROGRESS"
    lab.clock.advance(seconds=15)
    shown = records(lab)[0]
    assert shown["deploymentCircuitBreaker"] == {
        "status": "TRIGGERED",
        "failureCount": 30,
        "threshold": 30,
    }
    assert (shown["status"], shown["statusReason"]) == ("STOPPED", FAILED)
    assert shown["stoppedAt"] == shown["finishedAt"] == lab.aws.now() - timedelta(seconds=1)


# --- Service deployments


def test_the_life_of_a_service_deployment(lab: Any) -> None:
    lab.service(deploymentConfiguration=BREAKER)
    (shown,) = records(lab)
    assert (shown["status"], shown["createdAt"], shown["startedAt"]) == (
        "IN_PROGRESS",
        START,
        START,
    )
    assert "finishedAt" not in shown and shown["sourceServiceRevisions"] == []
    assert shown["serviceDeploymentArn"].startswith(
        "arn:aws:ecs:us-east-1:123456789012:service-deployment/lab/web/"
    )
    target = shown["targetServiceRevision"]
    assert target["arn"].startswith("arn:aws:ecs:us-east-1:123456789012:service-revision/lab/web/")
    counts = ("requestedTaskCount", "runningTaskCount", "pendingTaskCount")
    assert [target[name] for name in counts] == [2, 0, 2]
    assert shown["deploymentCircuitBreaker"] == {
        "status": "MONITORING",
        "failureCount": 0,
        "threshold": 3,
    }
    assert shown["alarms"] == {"status": "DISABLED"}
    assert shown["deploymentConfiguration"]["maximumPercent"] == 200
    lab.clock.advance(minutes=3)
    (shown,) = records(lab)
    assert (shown["status"], shown["finishedAt"]) == ("SUCCESSFUL", shown["updatedAt"])
    assert [shown["targetServiceRevision"][name] for name in counts] == [2, 2, 0]
    assert shown["deploymentCircuitBreaker"]["status"] == "MONITORING_COMPLETE"
    lab.update(desiredCount=5)
    lab.clock.advance(minutes=2)
    assert records(lab) == [shown], "scaling is no deployment, and what has ended stays as it was"


def test_without_a_circuit_breaker_it_says_so(lab: Any) -> None:
    lab.steady()
    assert records(lab)[0]["deploymentCircuitBreaker"]["status"] == "DISABLED"


def test_a_newer_deployment_stops_the_one_before_it(lab: Any) -> None:
    lab.steady()
    for _ in range(2):
        lab.define()
        lab.update(taskDefinition="web")
        lab.clock.advance(5)
    newest, stopped, first = records(lab)
    assert [newest["status"], stopped["status"], first["status"]] == [
        "IN_PROGRESS",
        "STOPPED",
        "SUCCESSFUL",
    ]
    assert stopped["stoppedAt"] == newest["createdAt"]
    arns = [one["targetServiceRevision"]["arn"] for one in (stopped, first)]
    assert [one["arn"] for one in newest["sourceServiceRevisions"]] == arns
    lab.clock.advance(minutes=4)
    assert records(lab)[0]["status"] == "SUCCESSFUL"
    assert [one["runningTaskCount"] for one in records(lab)[0]["sourceServiceRevisions"]] == [0, 0]


def test_a_rollback_is_part_of_the_deployment_that_failed(lab: Any, break_it: Any) -> None:
    lab.steady(deploymentConfiguration=BREAKER)
    break_it()
    lab.clock.advance(seconds=53)
    shown, worked = records(lab)
    assert shown["status"] == "ROLLBACK_IN_PROGRESS"
    assert shown["rollback"]["serviceRevisionArn"] == worked["targetServiceRevision"]["arn"]
    assert shown["rollback"]["startedAt"] == lab.aws.now() - timedelta(seconds=1)
    assert shown["deploymentCircuitBreaker"] == {
        "status": "TRIGGERED",
        "failureCount": 3,
        "threshold": 3,
    }
    lab.clock.advance(minutes=2)
    assert [one["status"] for one in records(lab)] == ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]


def test_the_service_names_its_deployment_and_its_revisions(lab: Any) -> None:
    lab.steady()
    lab.define()
    lab.update(taskDefinition="web")
    shown, (newest, older) = lab.describe(), records(lab)
    assert shown["currentServiceDeployment"] == newest["serviceDeploymentArn"]
    assert shown["currentServiceRevisions"] == [
        {"arn": one["targetServiceRevision"]["arn"], **counts}
        for one, counts in (
            (newest, {"requestedTaskCount": 2, "runningTaskCount": 0, "pendingTaskCount": 2}),
            (older, {"requestedTaskCount": 2, "runningTaskCount": 2, "pendingTaskCount": 0}),
        )
    ]


def test_a_revision_is_what_was_to_be_run(lab: Any) -> None:
    lab.steady()
    lab.update(networkConfiguration=lab.network(lab.subnets[0]))
    arns = [one["targetServiceRevision"]["arn"] for one in records(lab)]
    answer = lab.ecs.describe_service_revisions(serviceRevisionArns=[*arns, arns[0] + "0"])
    new, old = answer["serviceRevisions"]
    assert old["networkConfiguration"] == lab.network(assignPublicIp="DISABLED")
    assert new["networkConfiguration"] == lab.network(lab.subnets[0], assignPublicIp="DISABLED")
    assert new["taskDefinition"] == old["taskDefinition"] == lab.describe()["taskDefinition"]
    assert (old["launchType"], old["platformVersion"], old["platformFamily"]) == (
        "FARGATE",
        "1.4.0",
        "Linux",
    )
    assert (old["createdAt"], old["guardDutyEnabled"]) == (START, False)
    (image,) = old["containerImages"]
    assert (image["containerName"], image["image"]) == (
        "app",
        "public.ecr.aws/docker/library/httpd:2.4",
    )
    assert image["imageDigest"].startswith("sha256:")
    assert new["containerImages"] == [image], "the same revision of the definition, the same image"
    assert answer["failures"] == [{"arn": arns[0] + "0", "reason": "MISSING"}]


def test_the_list_by_status_and_time_in_pages(lab: Any) -> None:
    lab.steady()
    middle = lab.aws.now()
    lab.clock.advance(1)
    for _ in range(2):
        lab.update(forceNewDeployment=True)
        lab.clock.advance(minutes=3)
    every = [one["serviceDeploymentArn"] for one in records(lab)]
    assert len(every) == 3

    def listed(**given: Any) -> list[str]:
        answer = lab.ecs.list_service_deployments(cluster="lab", service="web", **given)
        return [one["serviceDeploymentArn"] for one in answer["serviceDeployments"]]

    assert listed(status=["SUCCESSFUL"]) == every
    assert listed(status=["STOPPED", "IN_PROGRESS"]) == []
    assert listed(createdAt={"after": middle}) == every[:2]
    assert listed(createdAt={"before": middle}) == every[2:]
    pages = lab.ecs.list_service_deployments(cluster="lab", service="web", maxResults=2)
    token = pages["nextToken"]
    assert listed(maxResults=2, nextToken=token) == every[2:]
    arn = lab.describe()["serviceArn"]
    named = lab.ecs.list_service_deployments(service=arn)["serviceDeployments"]
    assert [one["serviceDeploymentArn"] for one in named] == every


def test_the_history_goes_with_the_service(lab: Any) -> None:
    lab.steady()
    (arn,) = [one["serviceDeploymentArn"] for one in records(lab)]
    lab.delete()
    lab.clock.advance(minutes=1)
    answer = lab.ecs.describe_service_deployments(serviceDeploymentArns=[arn])
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]
    lab.service()
    assert len(records(lab)) == 1


# --- Stopping one


def test_stop_rolls_back_to_what_completed(lab: Any) -> None:
    lab.steady()
    kept = lab.arns(serviceName="web")
    lab.define()
    lab.update(taskDefinition="web")
    lab.clock.advance(35)
    arn = lab.describe()["currentServiceDeployment"]
    answer = lab.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert answer["serviceDeploymentArn"] == arn
    assert records(lab)[0]["status"] == "ROLLBACK_IN_PROGRESS"
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    lab.clock.advance(minutes=2)
    assert records(lab)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert lab.arns(serviceName="web") == kept
    assert lab.describe()["taskDefinition"].endswith("web:1")


def test_abort_leaves_things_as_they_are(lab: Any) -> None:
    lab.steady(desired=4, deploymentConfiguration={"maximumPercent": 125})
    lab.update(forceNewDeployment=True)
    lab.clock.advance(90)
    arn = lab.describe()["currentServiceDeployment"]
    lab.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    lab.clock.advance(hours=1)
    new, old = lab.describe()["deployments"]
    assert records(lab)[0]["status"] == "STOPPED"
    assert new["rolloutState"] == "FAILED" and new["runningCount"] + old["runningCount"] == 4
    assert new["runningCount"] and old["runningCount"]


def test_what_has_ended_cannot_be_stopped(lab: Any, refused: Any) -> None:
    lab.steady()
    arn = lab.describe()["currentServiceDeployment"]
    found = refused(lab.ecs.stop_service_deployment, serviceDeploymentArn=arn)
    assert (found.code, "SUCCESSFUL" in found.message) == ("ConflictException", True)
    found = refused(lab.ecs.stop_service_deployment, serviceDeploymentArn=arn + "x")
    assert found.code == "ServiceDeploymentNotFoundException"


def test_nothing_pauses_so_nothing_continues(lab: Any, refused: Any) -> None:
    lab.service()
    arn = lab.describe()["currentServiceDeployment"]
    call = lab.ecs.continue_service_deployment
    found = refused(call, serviceDeploymentArn=arn, hookId="h")
    assert found.code == "UnsupportedFeatureException"
    assert "lifecycle hook" in found.message


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("describe_service_deployments", "serviceDeploymentArns"),
        ("describe_service_revisions", "serviceRevisionArns"),
    ],
)
@pytest.mark.parametrize("count", [0, 21])
def test_one_to_twenty_arns(
    lab: Any, refused: Any, operation: str, member: str, count: int
) -> None:
    found = refused(getattr(lab.ecs, operation), **{member: ["x"] * count})
    assert found.code == "InvalidParameterException"


def test_an_unknown_service_has_no_history(lab: Any, refused: Any) -> None:
    for name in ("nope", "arn:aws:ecs:us-east-1:123456789012:service/lab/nope"):
        found = refused(lab.ecs.list_service_deployments, cluster="lab", service=name)
        assert found.code == "ServiceNotFoundException"


def test_services_by_namespace(lab: Any, refused: Any) -> None:
    cloud_map = lab.aws.client("servicediscovery")
    cloud_map.create_http_namespace(Name="shop")
    lab.clock.advance(5)
    (space,) = cloud_map.list_namespaces()["Namespaces"]
    connect = {"enabled": True, "namespace": "shop"}
    lab.service("web", serviceConnectConfiguration=connect)
    lab.service("api", serviceConnectConfiguration={**connect, "namespace": space["Arn"]})
    lab.service("plain")
    lab.service("off", serviceConnectConfiguration={**connect, "enabled": False})
    for name in ("shop", space["Arn"]):
        arns = lab.ecs.list_services_by_namespace(namespace=name)["serviceArns"]
        assert [arn.rsplit("/", 1)[-1] for arn in arns] == ["web", "api"]
    shown = lab.describe("web")["deployments"][0]["serviceConnectConfiguration"]
    assert shown == connect
    assert (
        refused(lab.ecs.list_services_by_namespace, namespace="nope").code
        == "NamespaceNotFoundException"
    )
