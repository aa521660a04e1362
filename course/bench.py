"""What the sandbox costs beside plain moto: ratios from one run, on this machine, now.

Each figure comes from fresh processes, plain moto and sandbox in turn, the
median of several. Wall times differ from machine to machine; the ratios are
what to compare.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from statistics import median
from typing import Any

from course.curriculum.shipped import shipped_folder
from course.notebook_times import lines as notebook_lines
from course.notebook_times import notebook_times
from course.traffic_times import lines as traffic_lines
from course.traffic_times import scaling_times, traffic_times

ROUNDS = 3
CALLS = 20
TASKS_A_CALL = 10
CROWDS = (200, 2000)
"""Tasks in the cluster while one of them is described; what comes first is CALLS * TASKS_A_CALL."""
ROLLOUTS = (300, 1000)
ENFORCED, IN_A_TURN = 200, 5
"""Turns in which the learner and users call one after the other; the median of their ratios counts."""
ASKED = 100
"""Calls over HTTP that one figure of the endpoint is made of."""

Measures = dict[str, float]


def main(arguments: list[str] | None = None) -> int:
    """``python3 -m course bench``: measure and print; ``--json`` for machines."""
    parser = argparse.ArgumentParser(
        prog="python3 -m course bench",
        description="Ratios of the sandbox against plain moto, from one run.",
        epilog="examples: python3 -m course bench --json; python3 -m course bench --notebooks",
    )
    parser.add_argument("--notebooks", action="store_true", help="only how long the lessons take")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--child", choices=tuple(_CHILDREN), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(_CHILDREN[options.child]()))
        return 0
    if options.notebooks:
        seconds = _in_fresh_process("notebooks")
        print(json.dumps(seconds) if options.json else "\n".join(notebook_lines(seconds)))
        return 0
    figures = _compare()
    print(json.dumps(figures) if options.json else _table(figures))
    return 0


def _compare() -> dict[str, Any]:
    rounds = [(_in_fresh_process("plain"), _in_fresh_process("sandbox")) for _ in range(ROUNDS)]
    crowds = [_in_fresh_process("crowd") for _ in range(ROUNDS)]
    rollouts = [_in_fresh_process("rollout") for _ in range(ROUNDS)]
    return {
        "plain": _medians([plain for plain, _ in rounds]),
        "sandbox": _medians([ours for _, ours in rounds]),
        "crowd": _medians(crowds),
        "rollout": _medians(rollouts),
        "enforcement": _medians([_in_fresh_process("enforcement") for _ in range(ROUNDS)]),
        "endpoint": _medians([_in_fresh_process("endpoint") for _ in range(ROUNDS)]),
        "traffic": _medians([_in_fresh_process("traffic") for _ in range(ROUNDS)]),
        "scaling": _medians([_in_fresh_process("scaling") for _ in range(ROUNDS)]),
        "notebooks": _in_fresh_process("notebooks"),
    }


def _in_fresh_process(child: str) -> Measures:
    command = [sys.executable, "-m", "course.bench", "--child", child]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measures: Measures = json.loads(done.stdout.splitlines()[-1])
    return measures


def _medians(rounds: list[Measures]) -> Measures:
    return {name: median(one[name] for one in rounds) for name in rounds[0]}


def _plain() -> Measures:
    """The same calls against plain moto."""
    start = time.perf_counter()
    from moto import mock_aws

    return _calls(start, mock_aws())


def _sandbox() -> Measures:
    start = time.perf_counter()
    from course import sandbox

    return _calls(start, sandbox.open())


def _calls(start: float, account: AbstractContextManager[Any]) -> Measures:
    import boto3

    with account:
        ecs = boto3.client("ecs", region_name="us-east-1")
        ecs.create_cluster(clusterName="bench")
        first, memory = time.perf_counter() - start, _peak_memory()
        run = _task_arguments(ecs)
        arns = [
            ecs.run_task(**run)["tasks"][0]["taskArn"]
        ]  # the first call of each kind is not timed
        run_task = _rate(lambda: ecs.run_task(**run))
        describe = _rate(lambda: ecs.describe_tasks(cluster="bench", tasks=arns))
    return {
        "first ECS call, s": first,
        "peak memory after it, MB": memory,
        f"RunTask of {TASKS_A_CALL}, calls/s": run_task,
        f"DescribeTasks, 1 of {CROWDS[0]}, calls/s": describe,
        "peak memory in the end, MB": _peak_memory(),
    }


def _task_arguments(ecs: Any) -> dict[str, Any]:
    """RunTask's arguments, after registering what they name."""
    ecs.register_task_definition(
        family="bench",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": "httpd", "memory": 512}],
    )
    import boto3

    ec2 = boto3.client("ec2", region_name="us-east-1")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    return {
        "cluster": "bench",
        "taskDefinition": "bench",
        "launchType": "FARGATE",
        "count": TASKS_A_CALL,
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": subnets,
                "securityGroups": [group],
                "assignPublicIp": "ENABLED",
            }
        },
    }


def _rate(call: Callable[[], Any], times: int = CALLS) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return times / (time.perf_counter() - start)


def _peak_memory() -> float:
    """Megabytes of resident memory at most; not a number where the system cannot tell."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


def _crowd() -> Measures:
    """DescribeTasks of one task among few and among many, calls per second."""
    from course import sandbox

    measures = {}
    with sandbox.open() as aws:
        ecs = aws.client("ecs")
        ecs.create_cluster(clusterName="bench")
        run = _task_arguments(ecs)
        started = 0
        for crowd in CROWDS:
            while started < crowd:
                arn = ecs.run_task(**run)["tasks"][0]["taskArn"]
                started += TASKS_A_CALL
            describe = partial(ecs.describe_tasks, cluster="bench", tasks=[arn])
            describe()
            measures[f"DescribeTasks, 1 of {crowd}, calls/s"] = _rate(describe)
    return measures


def _enforcement() -> Measures:
    """DescribeTasks of the learner, and of users whose policies are asked each time."""
    import boto3

    from course import sandbox

    with sandbox.open():
        iam, ecs = boto3.client("iam"), boto3.client("ecs", region_name="us-east-1")
        ecs.create_cluster(clusterName="bench")
        arns = [ecs.run_task(**_task_arguments(ecs))["tasks"][0]["taskArn"]]
        clients = [ecs, _held(iam, "one"), _held(iam, "many", OF_AWS)]
        calls = [partial(one.describe_tasks, cluster="bench", tasks=arns) for one in clients]
        turns = [[_processor_time(one) for one in calls] for _ in range(ENFORCED)]
    ratios = [(one / free, many / free) for free, one, many in turns]
    one, many = (median(each) for each in zip(*ratios, strict=True))
    return {
        "DescribeTasks, a user of one policy": one,
        f"DescribeTasks, a user of {len(OF_AWS) + 1}": many,
    }


def _processor_time(call: Callable[[], Any]) -> float:
    """Seconds that this process computes in a turn; what else the machine does hardly counts."""
    start = time.process_time()
    for _ in range(IN_A_TURN):
        call()
    return time.process_time() - start


OF_AWS = ("ReadOnlyAccess", "AmazonEC2ContainerRegistryPowerUser", "AmazonECS_FullAccess")
"""Read beside the one that allows, for a deny may stand in any; the first names some thousand actions."""


def _held(iam: Any, name: str, managed: Sequence[str] = ()) -> Any:
    """The ECS client of a user with a policy that allows Describe calls within one cluster."""
    import boto3

    cluster = {"ArnLike": {"ecs:cluster": "arn:aws:ecs:*:*:cluster/bench"}}
    allow = {"Effect": "Allow", "Action": "ecs:Describe*", "Resource": "*", "Condition": cluster}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.create_user(UserName=name)
    for one in managed:
        iam.attach_user_policy(UserName=name, PolicyArn=f"arn:aws:iam::aws:policy/{one}")
    iam.put_user_policy(UserName=name, PolicyName="look", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    keys = (key["AccessKeyId"], key["SecretAccessKey"])
    return boto3.Session(*keys, region_name="us-east-1").client("ecs")


def _rollout() -> Measures:
    """Wall seconds for a service to go from 0 to N tasks, and then to a new revision, steady."""
    from course import sandbox

    measures = {}
    for count in ROLLOUTS:
        with sandbox.open() as aws:
            ecs = aws.client("ecs")
            ecs.create_cluster(clusterName="bench")
            service = {**_task_arguments(ecs), "serviceName": "web", "desiredCount": 0}
            service.pop("count")
            ecs.create_service(**service)
            aws.clock.advance(minutes=2)
            change = partial(ecs.update_service, cluster="bench", service="web")
            measures[f"0 to {count} tasks, s"] = _settled(aws, partial(change, desiredCount=count))
            _task_arguments(ecs)  # a second revision
            roll = partial(change, taskDefinition="bench:2")
            measures[f"rolling update of {count}, s"] = _settled(aws, roll)
            held = ecs.describe_services(cluster="bench", services=["web"])["services"][0]
            (now,) = held["deployments"]
            if (now["runningCount"], now["taskDefinition"][-1]) != (count, "2"):
                raise RuntimeError(f"{now['runningCount']} of {count} tasks run, of {now}")
    return measures


def _settled(aws: Any, change: Callable[[], Any]) -> float:
    """Wall seconds that a change and ten virtual minutes after it take."""
    start = time.perf_counter()
    change()
    aws.clock.advance(minutes=10)
    return time.perf_counter() - start


def _endpoint() -> Measures:
    """Calls a second that another process gets over HTTP, beside an idle and beside a busy kernel."""
    from course import sandbox
    from course.sandbox.endpoint.exports import variables
    from course.sandbox.endpoint.server import Endpoint

    with sandbox.open() as aws, Endpoint(aws).start() as endpoint:
        ecs = aws.client("ecs")
        ecs.create_cluster(clusterName="bench")
        environ = {**os.environ, **variables(endpoint.url, aws.region)}
        idle, _ = _asked_beside(environ, lambda: None)
        busy, calls = _asked_beside(environ, lambda: ecs.describe_clusters(clusters=["bench"]))
    return {"idle kernel, calls/s": idle, "busy kernel, calls/s": busy, "its own calls": calls}


def _asked_beside(environ: dict[str, str], call: Callable[[], Any]) -> tuple[float, float]:
    """What another process measured, and how often this one did *call* meanwhile."""
    command = [sys.executable, "-m", "course.bench", "--child", "asking"]
    calls = 0
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as asking:
        while asking.poll() is None:
            if call() is None:
                asking.wait()
            calls += 1
        assert asking.stdout is not None
        measured: Measures = json.loads(asking.stdout.read())
    return measured["calls/s"], calls


def _asking() -> Measures:
    """In a process without a sandbox: the same small call over HTTP, again and again."""
    import boto3

    ecs = boto3.client("ecs")
    ecs.list_clusters()
    return {"calls/s": _rate(ecs.list_clusters, ASKED)}


def _notebooks() -> Measures:
    """Every lesson once, as it is shipped."""
    return notebook_times(shipped_folder())


_CHILDREN: dict[str, Callable[[], Measures]] = {
    "plain": _plain,
    "sandbox": _sandbox,
    "crowd": _crowd,
    "rollout": _rollout,
    "enforcement": _enforcement,
    "endpoint": _endpoint,
    "asking": _asking,
    "traffic": traffic_times,
    "scaling": scaling_times,
    "notebooks": _notebooks,
}


def _table(figures: dict[str, Any]) -> str:
    plain, ours, crowd, rollout = (
        figures[part] for part in ("plain", "sandbox", "crowd", "rollout")
    )
    lines = [f"{'':36}{'plain moto':>12}{'sandbox':>10}{'ratio':>8}"]
    for name in plain:
        ratio = ours[name] / plain[name]
        lines.append(f"{name:36}{plain[name]:12.2f}{ours[name]:10.2f}{ratio:8.2f}")
    few, many = crowd.values()
    lines += [f"{name:36}{'':12}{value:10.2f}" for name, value in (crowd | rollout).items()]
    lines.append(
        f"DescribeTasks, among {CROWDS[1]} against {CROWDS[0]}{many / few:>34.2f}  (1 is flat)"
    )
    few, many = (rollout[f"rolling update of {count}, s"] / count for count in ROLLOUTS)
    lines.append(
        f"time a task, {ROLLOUTS[1]} against {ROLLOUTS[0]}{many / few:>42.2f}  (1 is linear)"
    )
    for name, ratio in figures["enforcement"].items():
        lines.append(f"{name:36}{ratio:30.2f}  (1 is free)")
    asked = figures["endpoint"]
    lines += [f"endpoint, {name:26}{'':12}{figure:10.2f}" for name, figure in asked.items()]
    lines += traffic_lines(figures["traffic"])
    lines += traffic_lines(figures["scaling"], "a scaled day")
    return "\n".join(lines + notebook_lines(figures["notebooks"]))


if __name__ == "__main__":
    sys.exit(main())
