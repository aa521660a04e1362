"""What happens inside a task, through boto3: order, health, restarts, memory, the end."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

NGINX = "public.ecr.aws/docker/library/nginx:1.29"
BUSYBOX = "public.ecr.aws/docker/library/busybox:1.37"
WEB = "registry.example.com/web"
CURL = {"command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"], "interval": 10}


def container(name: str = "app", image: str = NGINX, **more: Any) -> dict[str, Any]:
    return {"name": name, "image": image, **more}


def helper(name: str, script: str, **more: Any) -> dict[str, Any]:
    """A container that is not essential and runs a script."""
    return container(name, BUSYBOX, essential=False, command=["sh", "-c", script], **more)


def needs(**conditions: str) -> list[dict[str, str]]:
    return [{"containerName": n, "condition": c} for n, c in conditions.items()]


def started(lab: Any, *containers: dict[str, Any], **changes: Any) -> str:
    """A task of these containers, just asked for."""
    lab.define("made", containerDefinitions=list(containers))
    return str(lab.run(taskDefinition="made", **changes)[0])


def running(lab: Any, *containers: dict[str, Any], **changes: Any) -> str:
    """A task of these containers, just RUNNING."""
    arn = started(lab, *containers, **changes)
    lab.clock.advance_until(lambda: lab.task(arn)["lastStatus"] == "RUNNING")
    return arn


def statuses(lab: Any, arn: str) -> str:
    """``PENDING: init RUNNING, app PENDING``."""
    task = lab.task(arn)
    each = ", ".join(f"{one['name']} {one['lastStatus']}" for one in task["containers"])
    return f"{task['lastStatus']}: {each}"


def of(lab: Any, arn: str, name: str = "app") -> dict[str, Any]:
    return next(one for one in lab.task(arn)["containers"] if one["name"] == name)


def seen(lab: Any, arn: str, seconds: int) -> list[str]:
    """The different statuses over so many seconds, in order."""
    shown = [statuses(lab, arn)]
    for _ in range(seconds):
        lab.clock.advance(1)
        now = statuses(lab, arn)
        if now != shown[-1]:
            shown.append(now)
    return shown


def gone(lab: Any, arn: str) -> dict[str, Any]:
    """The task once it is STOPPED."""
    lab.clock.advance_until(lambda: lab.task(arn)["lastStatus"] == "STOPPED", timeout=20_000)
    return dict(lab.task(arn))


# --- dependsOn


def test_a_container_waits_for_one_that_has_to_succeed(lab: Any) -> None:
    init = helper("init", "sleep 20")
    arn = started(lab, container(dependsOn=needs(init="SUCCESS")), init)
    assert seen(lab, arn, 60) == [
        "PROVISIONING: app PENDING, init PENDING",
        "PENDING: app PENDING, init PENDING",
        "PENDING: app PENDING, init RUNNING",
        "RUNNING: app RUNNING, init STOPPED",
    ]
    assert of(lab, arn, "init")["exitCode"] == 0
    assert "startedAt" in lab.task(arn)


@pytest.mark.parametrize(("condition", "after"), [("START", 0), ("COMPLETE", 15), ("SUCCESS", 15)])
def test_what_each_condition_waits_for(lab: Any, condition: str, after: int) -> None:
    first = helper("first", "sleep 15; exit 0")
    arn = running(lab, container(dependsOn=needs(first=condition)), first)
    task = lab.task(arn)
    assert (task["startedAt"] - task["pullStoppedAt"]).total_seconds() == 2 + after


def test_complete_takes_any_exit_code(lab: Any) -> None:
    arn = running(lab, container(dependsOn=needs(init="COMPLETE")), helper("init", "exit 3"))
    assert (of(lab, arn, "init")["exitCode"], of(lab, arn)["lastStatus"]) == (3, "RUNNING")


def test_healthy_waits_for_the_check(lab: Any) -> None:
    db = container("db", NGINX, healthCheck=CURL)
    arn = started(lab, container(dependsOn=needs(db="HEALTHY")), db)
    lab.clock.advance_until(lambda: of(lab, arn, "db")["lastStatus"] == "RUNNING")
    assert lab.task(arn)["lastStatus"] == "PENDING"
    lab.clock.advance(10)
    assert statuses(lab, arn) == "RUNNING: app RUNNING, db RUNNING"
    assert of(lab, arn, "db")["healthStatus"] == "HEALTHY"


def test_a_chain_of_three(lab: Any) -> None:
    arn = started(
        lab,
        container(dependsOn=needs(second="SUCCESS")),
        helper("second", "sleep 10", dependsOn=needs(first="SUCCESS")),
        helper("first", "sleep 10"),
    )
    names = [one.partition(": ")[2] for one in seen(lab, arn, 60)]
    assert list(dict.fromkeys(names)) == [
        "app PENDING, second PENDING, first PENDING",
        "app PENDING, second PENDING, first RUNNING",
        "app PENDING, second RUNNING, first STOPPED",
        "app RUNNING, second STOPPED, first STOPPED",
    ]


def test_a_dependency_that_fails_is_the_end_of_the_task(lab: Any) -> None:
    arn = started(lab, container(dependsOn=needs(init="SUCCESS")), helper("init", "exit 1"))
    task = gone(lab, arn)
    assert (task["stopCode"], task["stoppedReason"]) == (
        "TaskFailedToStart",
        "Task failed to start",
    )
    assert "startedAt" not in task
    assert of(lab, arn, "init")["exitCode"] == 1
    app = of(lab, arn)
    assert app["reason"].startswith(
        "CannotStartContainerError: dependency graph: failed to resolve"
    )
    assert "[init(" in app["reason"] and "Exit: 1]" in app["reason"]
    assert app["exitCode"] == 143
    assert lab.free_addresses() == 2 * 251


def test_a_helper_that_cannot_start_does_not_hold_the_task(lab: Any) -> None:
    second = helper("second", "sleep 5", dependsOn=needs(first="SUCCESS"))
    arn = running(lab, container(), helper("first", "exit 1"), second)
    assert statuses(lab, arn) == "RUNNING: app RUNNING, first STOPPED, second STOPPED"
    assert "did not exit successfully" in of(lab, arn, "second")["reason"]


def test_start_timeout_gives_up(lab: Any) -> None:
    slow = helper("slow", "sleep 100", startTimeout=30)
    arn = started(lab, container(dependsOn=needs(slow="COMPLETE")), slow)
    lab.clock.advance_until(lambda: of(lab, arn, "slow")["lastStatus"] == "RUNNING")
    lab.clock.advance(29)
    assert lab.task(arn)["desiredStatus"] == "RUNNING"
    lab.clock.advance(1)
    assert lab.task(arn)["desiredStatus"] == "STOPPED"
    task = gone(lab, arn)
    assert task["stopCode"] == "TaskFailedToStart"
    assert of(lab, arn)["reason"].endswith("has timed out.")
    assert of(lab, arn, "slow")["exitCode"] == 137  # sleep as process 1 does not hear SIGTERM


def test_a_dependency_that_never_gets_healthy_keeps_the_task_pending(lab: Any) -> None:
    db = container("db", NGINX, healthCheck={"command": ["CMD-SHELL", "exit 1"], "interval": 5})
    arn = started(lab, container(dependsOn=needs(db="HEALTHY")), db)
    lab.clock.advance(hours=2)
    assert statuses(lab, arn) == "PENDING: app PENDING, db RUNNING"
    assert lab.task(arn)["healthStatus"] == "UNHEALTHY"
    lab.clock.advance(hours=1, minutes=2)
    task = lab.task(arn)
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    assert of(lab, arn, "db")["exitCode"] == 0


def test_an_essential_container_that_ends_while_others_wait(lab: Any) -> None:
    job = container("job", BUSYBOX, command=["sh", "-c", "exit 4"])
    init = helper("init", "sleep 60")
    arn = started(lab, container(dependsOn=needs(init="SUCCESS")), init, job)
    task = gone(lab, arn)
    assert task["stopCode"] == "EssentialContainerExited"
    assert "startedAt" not in task
    assert of(lab, arn, "job")["exitCode"] == 4
    assert "exitCode" not in of(lab, arn)


def test_stopped_while_one_container_waits(lab: Any) -> None:
    init = helper("init", "sleep 600", stopTimeout=5)
    arn = started(lab, container(dependsOn=needs(init="SUCCESS")), init)
    lab.clock.advance(minutes=1)
    lab.stop(arn)
    task = gone(lab, arn)
    assert (task["stopCode"], "startedAt" in task) == ("UserInitiated", False)
    assert of(lab, arn, "init")["exitCode"] == 137
    assert "exitCode" not in of(lab, arn)


def test_a_service_whose_init_container_fails_is_held_back(lab: Any) -> None:
    lab.define(
        containerDefinitions=[container(dependsOn=needs(init="SUCCESS")), helper("init", "exit 1")]
    )
    lab.service(desired=1)
    lab.clock.advance(minutes=10)
    assert lab.describe()["deployments"][0]["failedTasks"] > 2
    assert lab.describe()["runningCount"] == 0


def test_so_is_one_whose_essential_container_ends_before_the_task_runs(lab: Any) -> None:
    job = container("job", BUSYBOX, command=["sh", "-c", "exit 4"])
    waits = container(dependsOn=needs(init="SUCCESS"))
    lab.define(containerDefinitions=[waits, helper("init", "sleep 60"), job])
    lab.service(desired=1)
    lab.clock.advance(minutes=10)
    assert lab.describe()["deployments"][0]["failedTasks"] > 2


# --- The end


def test_at_stop_what_depends_goes_first(lab: Any) -> None:
    db = container("db", NGINX)
    app = container(
        image="registry.example.com/web-deaf", stopTimeout=10, dependsOn=needs(db="START")
    )
    arn = running(lab, db, app)
    lab.stop(arn)
    assert [one for one in seen(lab, arn, 60) if one.startswith("STOPPING")] == [
        "STOPPING: db RUNNING, app RUNNING",
        "STOPPING: db RUNNING, app STOPPED",
    ]
    assert (of(lab, arn)["exitCode"], of(lab, arn, "db")["exitCode"]) == (137, 0)
    task = lab.task(arn)
    assert (task["executionStoppedAt"] - task["stoppingAt"]).total_seconds() == 10


@pytest.mark.parametrize(
    ("image", "timeout", "code", "seconds"),
    [
        (NGINX, 30, 0, 1),
        ("team/app", 30, 143, 1),
        ("registry.example.com/web-deaf", 30, 137, 30),
        ("registry.example.com/web-deaf", 120, 137, 120),
        (WEB, 30, 0, 2),
    ],
)
def test_how_a_container_takes_sigterm(
    lab: Any, image: str, timeout: int, code: int, seconds: int
) -> None:
    arn = running(lab, container(image=image, stopTimeout=timeout))
    lab.stop(arn)
    task = gone(lab, arn)
    assert of(lab, arn)["exitCode"] == code
    assert (task["executionStoppedAt"] - task["stoppingAt"]).total_seconds() == seconds


def test_a_container_may_end_by_itself_while_it_is_being_stopped(lab: Any) -> None:
    arn = running(lab, container(image=BUSYBOX, command=["sleep", "20"]))
    lab.stop(arn)
    task = gone(lab, arn)
    assert of(lab, arn)["exitCode"] == 0
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == 20


def test_a_sidecar_may_end_and_the_task_runs_on(lab: Any) -> None:
    arn = running(lab, container(), helper("side", "sleep 5; exit 2"))
    lab.clock.advance(minutes=10)
    assert statuses(lab, arn) == "RUNNING: app RUNNING, side STOPPED"
    assert of(lab, arn, "side")["exitCode"] == 2


def test_an_essential_end_takes_the_sidecar_with_it(lab: Any) -> None:
    job = container("job", BUSYBOX, command=["sh", "-c", "sleep 5; exit 7"])
    arn = running(lab, job, container("side", NGINX, essential=False))
    task = gone(lab, arn)
    assert (task["stopCode"], of(lab, arn, "job")["exitCode"]) == ("EssentialContainerExited", 7)
    assert of(lab, arn, "side")["exitCode"] == 0
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == 5


def test_in_an_instant_world_nothing_takes_time(make_lab: Any) -> None:
    lab = make_lab(profile="instant")
    arn = running(lab, container(image="registry.example.com/web-deaf"))
    lab.stop(arn)
    lab.clock.advance(0)
    task = lab.task(arn)
    assert task["lastStatus"] == "STOPPED" and task["stoppedAt"] == task["stoppingAt"]


# --- Health checks


def health(lab: Any, arn: str) -> tuple[str, str]:
    return of(lab, arn)["healthStatus"], lab.task(arn)["healthStatus"]


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["CMD-SHELL", "exit 1"], "UNHEALTHY"),
        (["CMD-SHELL", "exit 0"], "HEALTHY"),
        (["CMD-SHELL", "curl -f http://localhost/ || exit 1"], "HEALTHY"),
        (["CMD", "curl", "-f", "http://localhost/"], "HEALTHY"),
        (["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"], "UNHEALTHY"),
        (["CMD-SHELL", "curl -f http://localhost/nothing || exit 1"], "UNHEALTHY"),
        (["CMD-SHELL", "wget -q --spider http://localhost/ || exit 1"], "UNHEALTHY"),
        (["CMD-SHELL", "sleep 6"], "UNHEALTHY"),
        (["CMD-SHELL", "sleep 5"], "HEALTHY"),
        (["NONE"], "UNKNOWN"),
    ],
)
def test_a_check_and_what_it_says(lab: Any, command: list[str], status: str) -> None:
    arn = running(lab, container(healthCheck={"command": command}))
    lab.clock.advance(89)
    assert health(lab, arn) == ((status,) * 2 if status != "UNHEALTHY" else ("UNKNOWN",) * 2)
    lab.clock.advance(1)
    assert health(lab, arn) == (status, status)


def test_httpd_has_no_curl(lab: Any) -> None:
    image = "public.ecr.aws/docker/library/httpd:2.4"
    arn = running(lab, container(image=image, healthCheck=CURL))
    lab.clock.advance(minutes=1)
    assert health(lab, arn)[0] == "UNHEALTHY"


def test_a_program_that_is_slow_to_listen_needs_a_start_period(lab: Any) -> None:
    check = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/health"], "interval": 10}
    image = "registry.example.com/web-slow"
    hasty = running(lab, container(image=image, healthCheck=check))
    lab.clock.advance(30)
    assert health(lab, hasty)[0] == "UNHEALTHY"
    patient = running(lab, container(image=image, healthCheck={**check, "startPeriod": 100}))
    lab.clock.advance(80)
    assert health(lab, patient)[0] == "UNKNOWN"
    lab.clock.advance(10)
    assert health(lab, patient)[0] == "HEALTHY"
    assert health(lab, hasty)[0] == "HEALTHY"  # it passes now, and nobody had stopped it


def test_localhost_is_shared_by_the_containers_of_a_task(lab: Any) -> None:
    check = {"command": ["CMD-SHELL", "wget -q --spider http://localhost/"], "interval": 10}
    side = helper("side", "sleep 3600", healthCheck=check)
    arn = running(lab, container(), side)
    lab.clock.advance(10)
    assert of(lab, arn, "side")["healthStatus"] == "HEALTHY"


def test_a_check_that_can_say_nothing_new_is_not_run_again(lab: Any) -> None:
    arn = running(lab, container(healthCheck=CURL))
    lab.clock.advance(minutes=1)
    alarms = lab.clock._alarms_set
    lab.clock.advance(days=7)
    assert lab.clock._alarms_set == alarms
    assert health(lab, arn)[0] == "HEALTHY"


def test_it_is_run_again_when_a_neighbour_ends(lab: Any) -> None:
    check = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/"], "interval": 10}
    leaks = container("leaks", "registry.example.com/web-leaks", essential=False)
    arn = running(
        lab,
        container(image="team/app", portMappings=[{"containerPort": 80}], healthCheck=check),
        leaks,
    )
    lab.clock.advance(470)
    assert (of(lab, arn, "leaks")["lastStatus"], health(lab, arn)[0]) == ("STOPPED", "HEALTHY")
    lab.clock.advance(10)  # ended after 452 s; the checks of 460, 470 and 480 s fail
    assert health(lab, arn)[0] == "UNHEALTHY"


def test_a_standalone_task_is_not_stopped_for_being_unhealthy(lab: Any) -> None:
    arn = running(lab, container(healthCheck={"command": ["CMD-SHELL", "exit 1"]}))
    lab.clock.advance(hours=5)
    assert (lab.task(arn)["lastStatus"], health(lab, arn)[1]) == ("RUNNING", "UNHEALTHY")


def test_a_deployment_waits_for_healthy(lab: Any) -> None:
    lab.define(containerDefinitions=[container(healthCheck={**CURL, "interval": 60})])
    lab.service(desired=1)
    lab.clock.advance_until(lambda: lab.describe()["runningCount"] == 1)
    lab.clock.advance(59)
    assert lab.describe()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    lab.clock.advance(1)
    assert lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_check_may_have_passed_before_the_task_runs(lab: Any) -> None:
    """The app waits for it; the deployment does not wait for one more check."""
    db = container("db", NGINX, healthCheck=CURL)
    app = container(image="team/app", dependsOn=needs(db="HEALTHY"))
    lab.define(containerDefinitions=[app, db])
    lab.service(desired=1)
    lab.clock.advance_until(lambda: lab.describe()["runningCount"] == 1)
    assert lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_service_replaces_what_is_unhealthy(lab: Any) -> None:
    lab.define(containerDefinitions=[container(healthCheck={"command": ["CMD-SHELL", "exit 1"]})])
    lab.service(desired=1)
    lab.clock.advance_until(lambda: lab.arns(desiredStatus="STOPPED"), timeout=600)
    (arn,) = lab.arns(desiredStatus="STOPPED")
    task = gone(lab, arn)
    assert (task["stopCode"], task["healthStatus"]) == ("ServiceSchedulerInitiated", "UNHEALTHY")
    assert len(lab.arns()) == 1


# --- Restart policies


def policy(**more: Any) -> dict[str, Any]:
    return {"enabled": True, "restartAttemptPeriod": 60, **more}


def test_a_container_is_restarted_in_its_place(lab: Any) -> None:
    job = container(image=BUSYBOX, command=["sh", "-c", "sleep 90; exit 1"], restartPolicy=policy())
    arn = running(lab, job)
    before = of(lab, arn)["runtimeId"]
    lab.clock.advance(minutes=10)
    assert lab.task(arn)["lastStatus"] == "RUNNING"
    assert of(lab, arn)["runtimeId"] != before
    assert "exitCode" not in of(lab, arn)


@pytest.mark.parametrize(
    ("script", "given", "code"),
    [
        ("sleep 59; exit 1", policy(), 1),  # it has not run long enough
        ("sleep 90; exit 0", policy(ignoredExitCodes=[0]), 0),
        ("sleep 90; exit 1", {"enabled": False}, 1),
        ("sleep 299; exit 1", {"enabled": True}, 1),  # the default is 300 s
    ],
)
def test_when_it_is_not(lab: Any, script: str, given: dict[str, Any], code: int) -> None:
    arn = running(lab, container(image=BUSYBOX, command=["sh", "-c", script], restartPolicy=given))
    task = gone(lab, arn)
    assert (task["stopCode"], of(lab, arn)["exitCode"]) == ("EssentialContainerExited", code)


def test_a_restart_begins_its_health_anew(lab: Any) -> None:
    check = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/"], "interval": 20}
    leaks = container(
        image="registry.example.com/web-leaks", restartPolicy=policy(), healthCheck=check
    )
    arn = running(lab, leaks)
    lab.clock.advance(451)
    assert health(lab, arn) == ("HEALTHY", "HEALTHY")
    lab.clock.advance(1)  # 512 MiB are reached
    assert health(lab, arn) == ("UNKNOWN", "UNKNOWN")
    lab.clock.advance(20)
    assert health(lab, arn) == ("HEALTHY", "HEALTHY")


# --- Memory, commands that are not there


def test_out_of_memory(lab: Any) -> None:
    arn = running(lab, container(image="registry.example.com/web-leaks"))
    task = gone(lab, arn)
    assert of(lab, arn)["exitCode"] == 137
    assert of(lab, arn)["reason"] == "OutOfMemoryError: Container killed due to memory usage"
    assert task["stopCode"] == "EssentialContainerExited"
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == 512 - 60


def test_a_containers_own_limit_comes_first_and_an_override_changes_it(lab: Any) -> None:
    leaks = container(image="registry.example.com/web-leaks", memory=120)
    arn = running(lab, leaks)
    task = gone(lab, arn)
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == 60
    more = {"containerOverrides": [{"name": "app", "memory": 180}]}
    task = gone(lab, running(lab, leaks, overrides=more))
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == 120


def test_a_command_that_is_not_in_the_image(lab: Any) -> None:
    httpd = "public.ecr.aws/docker/library/httpd:2.4"
    arn = started(lab, container(image=httpd, command=["httpd-foregroun"]))
    task = gone(lab, arn)
    assert task["stopCode"] == "TaskFailedToStart" and "startedAt" not in task
    for reason in (task["stoppedReason"], of(lab, arn)["reason"]):
        assert reason.startswith("CannotStartContainerError: ")
        assert 'exec: "httpd-foregroun": executable file not found in $PATH' in reason
    assert "exitCode" not in of(lab, arn)


def test_an_image_of_another_architecture_says_so_in_its_log_alone(lab: Any) -> None:
    arn = started(lab, container(image="registry.example.com/web-arm:1"))
    task = gone(lab, arn)
    (one,) = task["containers"]
    assert (task["stopCode"], one["exitCode"]) == ("EssentialContainerExited", 1)
    assert "reason" not in one
    told = [entry.why for entry in lab.aws.timeline.entries if "exited with 1" in entry.text]
    assert told == ["exec /app: exec format error"]
    lab.define(
        "arm",
        runtimePlatform={"cpuArchitecture": "ARM64"},
        containerDefinitions=[container(image="registry.example.com/web-arm:1")],
    )
    good = lab.run(taskDefinition="arm")[0]
    lab.clock.advance(minutes=1)
    assert lab.task(good)["lastStatus"] == "RUNNING"
    assert {"name": "ecs.cpu-architecture", "value": "arm64"} in lab.task(good)["attributes"]


@pytest.mark.parametrize(
    "given",
    [
        {"environment": [{"name": "DATABASE_URL", "value": "postgres://db"}]},
        {"secrets": [{"name": "DATABASE_URL", "valueFrom": "/orders/db"}]},
    ],
)
def test_a_program_that_needs_a_variable(lab: Any, given: dict[str, Any]) -> None:
    without = running(lab, container(image=f"{WEB}-needs"))
    lab.clock.advance(5)
    assert of(lab, without)["exitCode"] == 1
    assert "KeyError: 'DATABASE_URL'" in lab.aws.timeline.text()
    given = {"containerDefinitions": [container(image=f"{WEB}-needs", **given)]}
    lab.lead_out()
    boto3.client("ssm").put_parameter(Name="/orders/db", Value="postgres://db", Type="String")
    reads = {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"}
    lab.define("made", executionRoleArn=lab.role("execution", reads), **given)
    public = lab.network(assignPublicIp="ENABLED")
    arn = lab.run(taskDefinition="made", networkConfiguration=public)[0]
    lab.clock.advance(60)
    assert of(lab, arn)["lastStatus"] == "RUNNING"


@pytest.mark.parametrize(
    ("twin", "port", "from_task", "from_outside"),
    [
        ("web", 8080, 200, 200),
        ("web-elsewhere", 8080, None, None),
        ("web-elsewhere", 3000, 200, 200),
        ("web-loopback", 8080, 200, None),
        ("web-sick", 8080, 503, 503),
        ("web-slow", 8080, None, None),
    ],
)
def test_who_is_answered_where(
    lab: Any, twin: str, port: int, from_task: int | None, from_outside: int | None
) -> None:
    image = f"registry.example.com/{twin}"
    running(lab, container(image=image, portMappings=[{"containerPort": 8080}]))
    lab.clock.advance(30)
    (held,) = lab.held_tasks()[0].containers
    now = lab.aws.now()
    assert held.status_at(now, port, "/health", from_task=True) == from_task
    assert held.status_at(now, port, "/health") == from_outside


def test_an_override_can_mend_the_command(lab: Any) -> None:
    httpd = "public.ecr.aws/docker/library/httpd:2.4"
    mended = {"containerOverrides": [{"name": "app", "command": ["httpd-foreground"]}]}
    arn = running(lab, container(image=httpd, command=["httpd-foregroun"]), overrides=mended)
    assert of(lab, arn)["lastStatus"] == "RUNNING"


# --- Copies


def test_a_snapshot_holds_what_containers_wait_for(lab: Any) -> None:
    init = helper("init", "sleep 20")
    arn = started(lab, container(dependsOn=needs(init="SUCCESS"), healthCheck=CURL), init)
    lab.clock.advance(30)
    kept = lab.aws.snapshot()
    lab.clock.advance(60)
    once = lab.task(arn)
    kept.restore()
    assert statuses(lab, arn).startswith("PENDING")
    lab.clock.advance(60)
    assert lab.task(arn) == once
    assert (once["lastStatus"], once["healthStatus"]) == ("RUNNING", "HEALTHY")
