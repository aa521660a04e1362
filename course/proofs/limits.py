"""Proofs on what a call takes and refuses: sizes, counts, strategies, ports, controllers."""

from typing import Any

from botocore.exceptions import ParamValidationError

from course.exercises.ecr import put_lifecycle_policy
from course.exercises.ecs import public_network
from course.exercises.images import push_image
from course.proofs.account import Account
from course.proofs.capacity import ON_EC2, instances
from course.proofs.proof import observed, tried, tried_together
from course.proofs.worlds import (
    CLUSTER,
    begin,
    cluster,
    ended,
    refused,
    register,
    register_on_ec2,
    repository,
    run,
    runs,
    serve,
    service,
    shell,
    tasks,
)


@tried("proved-objects-001", mutated={"standalone": False})
def twenty_five_tasks(aws: Account, option: str, standalone: bool = True) -> bool:
    """Start the tasks in the option's way, and count them; none of them may be a service's."""
    made = register(aws)
    calls = {"three": (10, 10, 5), "two": (13, 12)}
    if option == "start":
        try:
            aws.client("ecs").start_task(cluster=cluster(aws), taskDefinition=made, count=25)
        except ParamValidationError:
            return False
    elif option == "service":
        serve(aws, made, desiredCount=25, minutes=0)
    elif any(refused(begin, aws=aws, definition=made, count=one) for one in calls[option]):
        return False
    aws.clock.advance(minutes=2)
    of_service = [one for one in tasks(aws) if one["group"].startswith("service:")]
    return len(tasks(aws)) == 25 and not (standalone and of_service)


@tried("proved-objects-002", mutated={"launch": "EC2"})
def a_pair_that_exists(aws: Account, option: str, launch: str = "FARGATE") -> bool:
    """Change cpu or memory as the option says, and see whether the definition is registered."""
    size = {
        "smaller": ("256", "512"),
        "larger": ("512", "1024"),
        "between": ("512", "768"),
        "both": ("1024", "512"),
        "more": ("2048", "512"),
    }[option]
    given = {"cpu": size[0], "memory": size[1], "requiresCompatibilities": [launch]}
    return not refused(lambda: register(aws, **given))


@observed(
    "proved-objects-003",
    says={
        "refused": "InvalidParameterException",
        "one": "1 task",
        "zone": "2 tasks",
        "count": "3 tasks",
    },
    mutated={"strategy": "REPLICA"},
)
def a_daemon_on_fargate(aws: Account, strategy: str = "DAEMON") -> str:
    """Ask for a service of this strategy on Fargate, and count what comes of it."""
    count = 3 if strategy == "REPLICA" else None
    how = {"schedulingStrategy": strategy, "desiredCount": count}
    made = register(aws)
    code = refused(serve, aws=aws, definition=made, **how)
    return code or f"{len(tasks(aws))} tasks"


@tried("proved-objects-004", mutated={"zones": 1})
def tasks_apart_on_fargate(aws: Account, option: str, zones: int = 2) -> bool:
    """Make the service as the option says, and see whether its two tasks are in two zones."""
    spread = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
    how: dict[str, Any] = {
        "leave": {},
        "binpack": {"placementStrategy": [{"type": "binpack", "field": "memory"}]},
        "attribute": {"placementStrategy": spread},
        "distinct": {"placementConstraints": [{"type": "distinctInstance"}]},
    }
    given = {"desiredCount": 2, "networkConfiguration": public_network(aws, zones)} | how[option]
    if refused(serve, aws=aws, definition=register(aws), **given):
        return False
    return len({one["availabilityZone"] for one in tasks(aws)}) == 2


@tried("proved-objects-005", mutated={"crashes": False})
def a_job_that_crashed(aws: Account, option: str, crashes: bool = True) -> bool:
    """Start the job in the option's way, let it crash, and see whether it runs again five minutes later."""
    given: dict[str, Any] = shell("sleep 600", "exit 1") if crashes else shell("sleep 99999")
    if option == "policy":
        given["restartPolicy"] = {"enabled": True}
    if option == "essential":
        given["essential"] = True
    made = register(aws, given)
    if option == "service":
        serve(aws, made, minutes=15)
    else:
        run(aws, made, minutes=15, group="nightly" if option == "group" else None)
    return any(map(runs, tasks(aws)))


@tried("proved-network-001", mutated={"mode": "bridge"})
def two_programs_with_a_port(aws: Account, option: str, mode: str = "awsvpc") -> bool:
    """Give the second container its ports as the option says, and see whether the definition is taken."""
    ports = {
        "other": {"containerPort": 9090},
        "zero": {"containerPort": 8080, "hostPort": 0},
        "map": {"containerPort": 8080, "hostPort": 9090},
        "bridge": {"containerPort": 8080, "hostPort": 9090},
    }[option]
    both: list[dict[str, Any]] = [
        {"portMappings": [{"containerPort": 8080}]},
        {"name": "two", "portMappings": [ports]},
    ]
    if mode == "bridge":
        return not refused(lambda: register_on_ec2(aws, *both))
    changed = {"networkMode": "bridge"} if option == "bridge" else {}
    return not refused(lambda: register(aws, *both, **changed))


@tried("proved-network-002", mutated={"host_port": 0})
def two_copies_with_a_host_port(aws: Account, option: str, host_port: int = 80) -> bool:
    """Change what the option says, and see whether both tasks come to run."""
    port = 0 if option == "zero" else host_port
    wanted: dict[str, Any] = {"portMappings": [{"containerPort": 80, "hostPort": port}]}
    if option == "memory":
        wanted["memory"] = 128
    instances(aws, 2 if option == "instance" else 1)
    more: dict[str, Any] = {}
    if option == "strategy":
        more["placementStrategy"] = [{"type": "binpack", "field": "memory"}]
    if option == "percent":
        more["deploymentConfiguration"] = {"maximumPercent": 400}
    serve(aws, register_on_ec2(aws, wanted), desiredCount=2, **ON_EC2, **more)
    return len(list(filter(runs, tasks(aws)))) == 2


@tried("proved-network-003", mutated={"launch": "FARGATE"})
def a_public_address_on_an_instance(aws: Account, option: str, launch: str = "EC2") -> bool:
    """Change what the option says, and see whether RunTask takes it."""
    if launch == "EC2":
        instances(aws)
    place = public_network(aws)
    inner = place["awsvpcConfiguration"]
    if option == "disabled":
        inner["assignPublicIp"] = "DISABLED"
    if option == "group":
        (group, *_) = aws.client("ec2").describe_security_groups()["SecurityGroups"]
        inner["securityGroups"] = [group["GroupId"]]
    made = register(aws, requiresCompatibilities=[launch])
    given = {"launchType": launch, "networkConfiguration": place}
    return not refused(begin, aws=aws, definition=made, **given)


@tried("proved-deployments-002", mutated={"asks": False})
def the_breaker_of_a_controller(aws: Account, option: str, asks: bool = True) -> bool:
    """Make the service as the option says, and see whether it is taken and has the breaker."""
    controller = {"ecs": "ECS", "external": "EXTERNAL"}.get(option, "CODE_DEPLOY")
    settings: dict[str, Any] = {}
    if asks:
        settings["deploymentCircuitBreaker"] = {"enable": True, "rollback": option != "alarm"}
    if option == "percent":
        settings["maximumPercent"] = 200
    given: dict[str, Any] = {
        "deploymentController": {"type": controller},
        "deploymentConfiguration": settings or None,
    }
    if refused(serve, aws=aws, definition=register(aws), **given):
        return False
    breaker = service(aws)["deploymentConfiguration"].get("deploymentCircuitBreaker", {})
    return bool(breaker.get("enable"))


@tried("proved-deployments-003", mutated={"tag": "v2"})
def a_tested_tag_is_pushed_again(aws: Account, option: str, tag: str = "v1") -> bool:
    """Set the repository as the option says, and see whether a push under the tested tag fails."""
    ecr = aws.client("ecr")
    kind = {"imageTagMutability": "IMMUTABLE"} if option == "immutable" else {}
    scan = {"imageScanningConfiguration": {"scanOnPush": True}} if option == "scan" else {}
    repository(aws, "app", "v1", **kind, **scan)
    if option == "lifecycle":
        one = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}
        put_lifecycle_policy(ecr, "app", one)
    return bool(refused(push_image, ecr=ecr, repository="app", tag=tag, content="another"))


def _group(aws: Account, *, protected: bool) -> str:
    """An Auto Scaling group without instances; its ARN."""
    ec2, scaling = aws.client("ec2"), aws.client("autoscaling")
    image = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
    ami = aws.client("ssm").get_parameter(Name=image)["Parameter"]["Value"]
    data = {"ImageId": ami, "InstanceType": "t3.small"}
    ec2.create_launch_template(LaunchTemplateName="host", LaunchTemplateData=data)
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="hosts",
        LaunchTemplate={"LaunchTemplateName": "host", "Version": "$Latest"},
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=0,
        VPCZoneIdentifier=subnet,
        NewInstancesProtectedFromScaleIn=protected,
    )
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    return str(group["AutoScalingGroupARN"])


@tried("proved-capacity-001", mutated={"mixed": False})
def providers_of_two_kinds(aws: Account, option: str, mixed: bool = True) -> bool:
    """Change the strategy as the option says, and see whether CreateService takes it."""
    ecs = aws.client("ecs")
    arn = _group(aws, protected=False)
    ecs.create_capacity_provider(
        name="hosts", autoScalingGroupProvider={"autoScalingGroupArn": arn}
    )
    names = ["FARGATE", "FARGATE_SPOT", "hosts"]
    ecs.create_cluster(clusterName=CLUSTER, capacityProviders=names)
    other = "hosts" if mixed and option != "kinds" else "FARGATE_SPOT"
    strategy: list[dict[str, Any]] = [
        {"capacityProvider": other, "weight": 1},
        {"capacityProvider": "FARGATE", "weight": 1},
    ]
    if option == "base":
        strategy[1]["base"] = 1
    if option == "order":
        strategy.reverse()
    kind = "FARGATE" if option == "type" else None
    given = {"launchType": kind, "capacityProviderStrategy": strategy}
    return not refused(serve, aws=aws, definition=register(aws), minutes=0, **given)


@tried_together("proved-capacity-002", mutated={"protects": False})
def instances_that_are_not_ended(
    aws: Account, options: tuple[str, ...], protects: bool = True
) -> bool:
    """Set group and provider as two options say, and see whether the capacity provider is taken."""
    arn = _group(aws, protected="group" in options)
    given: dict[str, Any] = {
        "autoScalingGroupArn": arn,
        "managedScaling": {"status": "ENABLED" if "scaling" in options else "DISABLED"},
        "managedTerminationProtection": "ENABLED" if protects else "DISABLED",
    }
    if "drain" in options:
        given["managedDraining"] = "DISABLED"
    create = aws.client("ecs").create_capacity_provider
    return not refused(create, name="hosts", autoScalingGroupProvider=given)


@observed(
    "proved-evidence-001",
    says={
        "missing": "MISSING",
        "stopped": "STOPPED",
        "error": "InvalidParameterException",
        "inactive": "INACTIVE",
    },
    mutated={"hours": 0.5},
)
def a_task_of_three_hours_ago(aws: Account, hours: float = 3) -> str:
    """Let a task end and time pass, and describe it."""
    made = run(aws, register(aws, shell("exit 0")))
    assert ended(made)
    aws.clock.advance(hours=hours)
    asked = {"cluster": CLUSTER, "tasks": [made["taskArn"]]}
    code = refused(aws.client("ecs").describe_tasks, **asked)
    if code:
        return code
    answer = aws.client("ecs").describe_tasks(**asked)
    shown = [one["reason"] for one in answer["failures"]]
    return str((shown or [one["lastStatus"] for one in answer["tasks"]])[0])


@tried("proved-evidence-002", mutated={"command": "ls"})
def a_command_that_is_not_found(aws: Account, option: str, command: str = "curl --version") -> bool:
    """Change what the option says, and see whether the container ends with 0."""
    known = "cat /etc/hostname" if option == "name" else command
    image = "nginx" if option == "image" else "httpd"
    given = {"image": f"public.ecr.aws/docker/library/{image}:latest", **shell(known)}
    if option == "memory":
        given["memory"] = 512
    made = run(aws, register(aws, given, cpu="512", memory="1024"))
    return bool(made["containers"][0].get("exitCode") == 0)
