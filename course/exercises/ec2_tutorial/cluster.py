"""Repair a cluster without instances: one was launched, and its user data misspells the cluster."""

from base64 import b64encode
from typing import Any

from botocore.exceptions import WaiterError

from course.exercises.ecs import active_service, delete_cluster, deregister, latest
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.instances import (
    container_instances,
    create_agent_role,
    delete_agent_role,
    launch,
    running,
    terminate,
    told,
)

MARKET = "market"
MISSPELT = "markt"
TILL = "till"
ROLE = "market-agent"
THE_TILL = {"cluster": MARKET, "services": [TILL]}
LOOK = f"describe_services(cluster={MARKET!r}, services=[{TILL!r}])"
LOOK_AT_EC2 = "describe_instances, and describe_instance_attribute(..., Attribute='userData')"


def _setup(session: Session) -> None:
    """An instance was launched some time ago, and its agent found no cluster of that name."""
    if latest(session, TILL):
        return
    ecs = session.client("ecs")
    ecs.create_cluster(clusterName=MARKET)
    create_agent_role(session, ROLE)
    tag = {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": TILL}]}
    launch(session, MISSPELT, ROLE, TagSpecifications=[tag])
    port = {"containerPort": 80, "hostPort": 0}
    web = {"name": TILL, "image": "public.ecr.aws/docker/library/nginx:latest", "memory": 512}
    ecs.register_task_definition(
        family=TILL, networkMode="bridge", containerDefinitions=[{**web, "portMappings": [port]}]
    )
    ecs.create_service(
        cluster=MARKET, serviceName=TILL, taskDefinition=TILL, desiredCount=2, launchType="EC2"
    )
    _wait(session, minutes=2)  # by then the agent has tried to register


def _till(session: Session) -> dict[str, Any] | None:
    return active_service(session, MARKET, TILL)


def _ours(session: Session) -> list[dict[str, Any]]:
    """The running EC2 instances whose user data names the cluster, well or badly spelt."""
    return [one for one in running(session) if _meant(told(session, one["InstanceId"]))]


def _meant(name: str) -> bool:
    return name.lower().startswith("mark")


def _useless(session: Session) -> list[dict[str, Any]]:
    """Those of them that have not registered with it."""
    own = {one["ec2InstanceId"] for one in container_instances(session, MARKET)}
    return [one for one in _ours(session) if one["InstanceId"] not in own]


def _said(session: Session, instances: list[dict[str, Any]]) -> str:
    """What the user data of each says, and whether it has a role."""
    return ", ".join(_told(session, one) for one in instances)


def _told(session: Session, instance: dict[str, Any]) -> str:
    profile = instance.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2]
    return f"ECS_CLUSTER={told(session, instance['InstanceId'])} ({profile or 'no role'})"


def _attempted(session: Session) -> bool:
    """Whether there are other instances than at the start, or the service has been changed."""
    service, ours = _till(session), _ours(session)
    if service is None or [told(session, one["InstanceId"]) for one in ours] != [MISSPELT]:
        return True
    ended = [one for one in service["deployments"] if one["status"] != "PRIMARY"]
    newest = service["deployments"][0]
    asked_again = newest["createdAt"] != service["createdAt"]
    return bool(ended or asked_again or service["desiredCount"] != 2)


def _registered(session: Session) -> Finding:
    found = container_instances(session, MARKET)
    if any(one["status"] == "ACTIVE" and one["agentConnected"] for one in found):
        return MET
    useless = _useless(session)
    alone = f"none; {len(useless)} running: {_said(session, useless)}" if useless else "none"
    look = f"{LOOK_AT_EC2}; user data runs at the first start only, and registering takes a minute"
    return missing(f"a container instance of {MARKET}, ACTIVE and connected", alone, look)


def _two_run(session: Session) -> Finding:
    service = _till(session) or {}
    counts = f"{service.get('runningCount')} RUNNING of {service.get('desiredCount')} desired"
    wanted = "2 RUNNING of 2 desired"
    return MET if counts == wanted else missing(wanted, counts, f"{LOOK}, and its events")


def _none_useless(session: Session) -> Finding:
    useless = _useless(session)
    found = f"still paid for: {_said(session, useless)}"
    return missing("no instance that no cluster knows", found, LOOK_AT_EC2) if useless else MET


def _solve(session: Session) -> None:
    ec2, ecs = session.client("ec2"), session.client("ecs")
    running = {"Name": "instance-state-name", "Values": ["running"]}
    named = {"Name": "tag:Name", "Values": ["till"]}
    found = ec2.describe_instances(Filters=[named, running])
    old = found["Reservations"][0]["Instances"][0]
    ec2.run_instances(
        ImageId=old["ImageId"],
        InstanceType=old["InstanceType"],
        SubnetId=old["SubnetId"],
        IamInstanceProfile={"Arn": old["IamInstanceProfile"]["Arn"]},
        UserData="#!/bin/bash\necho ECS_CLUSTER=market >> /etc/ecs/ecs.config",
        MinCount=1,
        MaxCount=1,
    )
    ec2.terminate_instances(InstanceIds=[old["InstanceId"]])
    ecs.get_waiter("services_stable").wait(cluster="market", services=["till"])


def _cleanup(session: Session) -> None:
    terminate(session, [one["InstanceId"] for one in _ours(session)])
    deregister(session, TILL)
    delete_cluster(session, MARKET)
    delete_agent_role(session, ROLE)


def _wait(session: Session, *, minutes: int = 3) -> None:
    """Let time pass at most so long, until the service is stable."""
    wait = {"Delay": 60, "MaxAttempts": minutes + 1}
    try:
        session.client("ecs").get_waiter("services_stable").wait(**THE_TILL, WaiterConfig=wait)
    except WaiterError:
        return


def _end_the_first(session: Session) -> None:
    terminate(session, [_ours(session)[0]["InstanceId"]])


def _only_tried_again(session: Session) -> None:
    again = {"cluster": MARKET, "service": TILL, "forceNewDeployment": True}
    session.client("ecs").update_service(**again)
    _wait(session)


def _another_of_the_same(session: Session) -> None:
    launch(session, MISSPELT, ROLE)
    _wait(session)


def _mended_and_started_again(session: Session) -> None:
    """cloud-init runs user data once; what it says later reaches nobody."""
    ec2, (one,) = session.client("ec2"), _ours(session)
    ids = [one["InstanceId"]]
    script = f"#!/bin/bash\necho ECS_CLUSTER={MARKET} >> /etc/ecs/ecs.config"
    ec2.stop_instances(InstanceIds=ids)
    given = {"InstanceId": ids[0], "UserData": {"Value": b64encode(script.encode())}}
    ec2.modify_instance_attribute(**given)
    ec2.start_instances(InstanceIds=ids)
    _wait(session)


def _without_a_role(session: Session) -> None:
    launch(session, MARKET, ROLE, IamInstanceProfile=None)
    _wait(session)


def _not_waited(session: Session) -> None:
    launch(session, MARKET, ROLE)


def _made_smaller(session: Session) -> None:
    launch(session, MARKET, ROLE)
    _end_the_first(session)
    session.client("ecs").update_service(cluster=MARKET, service=TILL, desiredCount=1)
    _wait(session)


def _left_running(session: Session) -> None:
    launch(session, MARKET, ROLE)
    _wait(session)


MEND_AN_INSTANCE = Exercise(
    id="ec2-cluster-101",
    lesson="ec2-tutorial",
    goal=(
        f"The service {TILL!r} in the cluster {MARKET!r} has no task, although an EC2 instance was "
        f"launched for it (its tag Name is {TILL!r}). Find out why, have both tasks running, and "
        "leave no instance that does nothing."
    ),
    criteria=(
        Criterion("registered", f"an instance has registered with {MARKET}", _registered),
        Criterion("running", f"both tasks of {TILL} are RUNNING", _two_run, after="registered"),
        Criterion("useless", "no instance runs for nothing", _none_useless, after="registered"),
    ),
    hints=(
        "The event says what the service misses. Which cluster was the instance's agent told?",
        (
            "describe_instance_attribute with Attribute='userData' gives the text, in base64. Compare "
            "its cluster with list_clusters."
        ),
        (
            "User data runs at the first start only. Launch another instance with the right name and "
            "a role for its agent, terminate the old one, and wait for services_stable."
        ),
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution(
            "only tried again", _only_tried_again, "registered", "1 running: ECS_CLUSTER=markt"
        ),
        WrongSolution(
            "another of the same",
            _another_of_the_same,
            "registered",
            "ECS_CLUSTER=markt (market-agent), ECS_CLUSTER=markt",
        ),
        WrongSolution(
            "mended, started again",
            _mended_and_started_again,
            "registered",
            "1 running: ECS_CLUSTER=market",
        ),
        WrongSolution("without a role", _without_a_role, "registered", "market (no role)"),
        WrongSolution(
            "not waited for",
            _not_waited,
            "registered",
            "ECS_CLUSTER=markt (market-agent), ECS_CLUSTER=market (market-agent)",
        ),
        WrongSolution("made smaller", _made_smaller, "running", "1 RUNNING of 1 desired"),
        WrongSolution("left running", _left_running, "useless", "still paid for"),
    ),
    rationale=(
        "The agent joins the cluster that ecs.config names, and only `default` is made when it is "
        "missing. An instance that no cluster knows costs as much as one that works."
    ),
    objective="ec2-tutorial/troubleshooting",
    sources=(
        "Amazon ECS Developer Guide, bootstrapping container instances with user data, checked 2026-11-27",
    ),
)
