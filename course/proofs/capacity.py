"""Proofs on Fargate, EC2 and capacity providers."""

from typing import Any

from course.exercises.instances import container_instances, create_agent_role, launch
from course.exercises.way_out import lead_out_by_nat
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import (
    CLUSTER,
    begin,
    cluster,
    ended,
    refused,
    register,
    register_on_ec2,
    run,
    runs,
    serve,
    task,
    tasks,
    update,
)

Strategy = list[dict[str, Any]]


def with_fargate_providers(aws: Account) -> None:
    """The cluster, with Fargate's own providers."""
    given = {"capacityProviders": ["FARGATE", "FARGATE_SPOT"]}
    aws.client("ecs").create_cluster(clusterName=CLUSTER, **given)


def _provider(name: str, weight: int, base: int = 0) -> dict[str, Any]:
    return {"capacityProvider": name, "weight": weight, "base": base}


@tried("exam-capacity-001", mutated={"sizes": (8,)})
def two_on_demand_and_the_rest_on_spot(
    aws: Account, option: str, sizes: tuple[int, ...] = (8, 4)
) -> bool:
    """Run the service by the option's strategy, with eight tasks and with four, and count On-Demand ones."""
    with_fargate_providers(aws)
    strategy = {
        "base": [_provider("FARGATE", 0, 2), _provider("FARGATE_SPOT", 1)],
        "weight": [_provider("FARGATE", 2), _provider("FARGATE_SPOT", 6)],
        "both": [_provider("FARGATE_SPOT", 1)],
        "spot": [_provider("FARGATE_SPOT", 1, 2), _provider("FARGATE", 0)],
    }[option]
    launch_type = "FARGATE" if option == "both" else None
    on_demand = []
    for size in sizes:
        given: dict[str, Any] = {"launchType": launch_type}
        given["capacityProviderStrategy"] = strategy
        given |= {"serviceName": f"of-{size}", "desiredCount": size}
        made = register(aws)
        if refused(serve, aws=aws, definition=made, **given):
            return False
        held = tasks(aws, serviceName=f"of-{size}")
        on_demand.append([one["capacityProviderName"] for one in held].count("FARGATE"))
    return on_demand == [2] * len(sizes)


@observed(
    "exam-capacity-002",
    says={
        "warning": "stops after 120 s",
        "nothing": "stops at once",
        "move": "runs",
        "hour": "stops after 3600 s",
    },
    mutated={"stop_timeout": 2},
)
def spot_takes_its_capacity_back(aws: Account, stop_timeout: int = 120) -> str:
    """Take the capacity of a program that heeds no signal, and measure how long it goes on."""
    with_fargate_providers(aws)
    given = {"image": "registry.example.com/web-deaf:1", "stopTimeout": stop_timeout}
    spot: dict[str, Any] = {"launchType": None}
    spot["capacityProviderStrategy"] = [_provider("FARGATE_SPOT", 1)]
    made = run(aws, register(aws, given), **spot)
    aws.sandbox.interrupt_spot(made["taskArn"])
    aws.clock.advance(minutes=10)
    seen = task(aws, made["taskArn"])
    if not ended(seen):
        return "runs"
    seconds = round((seen["executionStoppedAt"] - seen["stoppingAt"]).total_seconds())
    return f"stops after {seconds} s" if seconds else "stops at once"


def instances(aws: Account, count: int = 1, **changes: Any) -> list[str]:
    """Container instances in the cluster, registered; their ARNs."""
    cluster(aws)
    create_agent_role(aws, "agent")
    for _ in range(count):
        launch(aws, CLUSTER, "agent", **changes)
    aws.wait_until(lambda: len(container_instances(aws, CLUSTER)) == count)
    return sorted(one["containerInstanceArn"] for one in container_instances(aws, CLUSTER))


ON_EC2: dict[str, Any] = {"launchType": "EC2", "networkConfiguration": None}


@observed(
    "exam-capacity-006",
    says={
        "moves": "service elsewhere, RunTask there",
        "kills": "service elsewhere, RunTask gone",
        "all": "service elsewhere, RunTask elsewhere",
        "none": "service there, RunTask there",
    },
    mutated={"status": "ACTIVE"},
)
def an_instance_is_drained(aws: Account, status: str = "DRAINING") -> str:
    """Drain the instance that runs a service's task and one of RunTask, and look where the two are."""
    made = register_on_ec2(aws)
    (first,) = instances(aws)
    serve(aws, made, **ON_EC2)
    alone = begin(aws, made, **ON_EC2)["tasks"][0]["taskArn"]
    aws.clock.advance(minutes=1)
    launch(aws, CLUSTER, "agent")
    aws.wait_until(lambda: len(container_instances(aws, CLUSTER)) == 2)
    aws.client("ecs").update_container_instances_state(
        cluster=CLUSTER, containerInstances=[first], status=status
    )
    aws.clock.advance(minutes=10)
    (of_service,) = tasks(aws, serviceName="web")
    return f"service {_where(of_service, first)}, RunTask {_where(task(aws, alone), first)}"


def _where(made: dict[str, Any], first: str) -> str:
    if not runs(made):
        return "gone"
    return "there" if made["containerInstanceArn"] == first else "elsewhere"


@tried("ec2-instances-001", mutated={"name": "default"})
def an_instance_that_does_not_register(aws: Account, option: str, name: str = "shop") -> bool:
    """Bring the option's cause about, and see whether the instance stays away from the cluster."""
    ecs, ec2 = aws.client("ecs"), aws.client("ec2")
    ecs.create_cluster(clusterName=name)
    create_agent_role(aws, "agent")
    data = f"#!/bin/bash\necho ECS_CLUSTER={name} >> /etc/ecs/ecs.config"
    changes: dict[str, Any] = {"UserData": data}
    if option == "name":
        changes["UserData"] = None
    if option == "role":
        changes["IamInstanceProfile"] = None
    if option == "inbound":
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        given = {"GroupName": "closed", "Description": "closed", "VpcId": vpc}
        changes["SecurityGroupIds"] = [ec2.create_security_group(**given)["GroupId"]]
    launch(aws, name, "agent", **changes)
    if option in ("task-role", "memory"):
        made = register_on_ec2(aws, {"memory": 64_000} if option == "memory" else {})
        on = {"launchType": "EC2", "cluster": name, "taskDefinition": made}
        ecs.create_service(serviceName="web", desiredCount=1, **on)
    aws.clock.advance(minutes=10)
    return not container_instances(aws, name)


@tried("ec2-placement-001", mutated={"hosts": 1})
def the_fewest_instances(aws: Account, option: str, hosts: int = 3) -> bool:
    """Place three tasks on half-empty instances in the option's way, and count the instances used."""
    made = register_on_ec2(aws)
    subnets = [one["SubnetId"] for one in aws.client("ec2").describe_subnets()["Subnets"]]
    cluster(aws)
    create_agent_role(aws, "agent")
    for number in range(hosts):
        launch(aws, CLUSTER, "agent", SubnetId=subnets[number])
    aws.wait_until(lambda: len(container_instances(aws, CLUSTER)) == hosts)
    ways: dict[str, Any] = {
        "binpack": {"placementStrategy": [{"type": "binpack", "field": "memory"}]},
        "spread": {
            "placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
        },
        "random": {"placementStrategy": [{"type": "random"}]},
        "distinct": {"placementConstraints": [{"type": "distinctInstance"}]},
    }
    how = ways[option]
    serve(aws, made, desiredCount=3, **ON_EC2, **how)
    held = tasks(aws)
    return len(held) == 3 and len({one["containerInstanceArn"] for one in held}) == 1


@tried("exam-evidence-003", mutated={"free": True})
def a_place_for_a_task(aws: Account, option: str, free: bool = False) -> bool:
    """Fill an instance but for a rest, change what the option says, and see whether the task runs."""
    instances(aws)
    wanted = {"memory": 1500}
    if not free:
        begin(aws, register_on_ec2(aws, wanted, family="other"), **ON_EC2)
    serve(aws, register_on_ec2(aws, wanted), **ON_EC2)
    ways: dict[str, Any] = {
        "smaller": {"memory": 200},
        "instance": {},
        "image": {**wanted, "image": "registry.example.com/web:small"},
        "logs": wanted,
        "role": wanted,
    }
    changed = ways[option]
    if option == "instance":
        launch(aws, CLUSTER, "agent")
    elif option == "logs":
        aws.client("logs").create_log_group(logGroupName="/shop")
    else:
        update(aws, taskDefinition=register_on_ec2(aws, changed))
    aws.clock.advance(minutes=20)
    return any(map(runs, tasks(aws, serviceName="web")))


@tried("ecs-cost-002", mutated={"privileged": False})
def what_fargate_cannot_meet(aws: Account, option: str, privileged: bool = True) -> bool:
    """Ask Fargate for what the option wants, and see whether it is refused, or does not run."""
    gpu = {"resourceRequirements": [{"type": "GPU", "value": "1"}]}
    ways: dict[str, Any] = {
        "gpu": [gpu],
        "privileged": [{"privileged": privileged}],
        "sidecar": [{}, {"name": "logs", "image": "public.ecr.aws/docker/library/nginx:latest"}],
    }
    given = ways.get(option, [{}])
    more = {"ephemeralStorage": {"sizeInGiB": 100}} if option == "storage" else {}
    if refused(lambda: register(aws, *given, **more)):
        return True
    made = register(aws, *given, **more)
    if option == "private":
        return _public_address(aws, _run_in_private(aws, made))
    return not runs(run(aws, made))


def _run_in_private(aws: Account, definition: str) -> dict[str, Any]:
    """A task in a VPC of its own without public addresses, which leads out by a NAT gateway."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    lead_out_by_nat(ec2, vpc)
    place = {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": "DISABLED"}}
    return run(aws, definition, networkConfiguration=place)


def _public_address(aws: Account, made: dict[str, Any]) -> bool:
    """Whether a task has a public address, or does not run at all."""
    details = {one["name"]: one["value"] for one in made["attachments"][0]["details"]}
    asked = {"NetworkInterfaceIds": [details["networkInterfaceId"]]}
    (face,) = aws.client("ec2").describe_network_interfaces(**asked)["NetworkInterfaces"]
    return not runs(made) or "Association" in face
