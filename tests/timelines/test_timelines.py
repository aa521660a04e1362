"""Stories of ECS in plain boto3; what happened, and when, is in the text file of the same name.

``python3 -m pytest tests/timelines --rewrite-timelines`` writes the files anew.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from course import sandbox
from course.exercises.images import push_image
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.sandbox import Sandbox

EXECUTION_ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        yield opened


@pytest.fixture
def ecs(aws: Sandbox) -> Any:
    """A client, with a cluster and a task definition already there."""
    client = boto3.client("ecs")
    client.create_cluster(clusterName="lab")
    client.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.27"}],
    )
    return client


@pytest.fixture
def network(aws: Sandbox) -> dict[str, Any]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        for number, zone in ((1, "us-east-1a"), (2, "us-east-1b"))
    ]
    ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    lead_out_by_nat(ec2, vpc)
    return {"awsvpcConfiguration": {"subnets": ids}}


@pytest.fixture
def role(network: dict[str, Any]) -> None:
    """The task execution role; after the subnets, whose order goes by moto's dice."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam, name = boto3.client("iam"), "ecsTaskExecutionRole"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName=name, PolicyArn=EXECUTION_POLICY)


@pytest.fixture
def service(aws: Sandbox, ecs: Any, network: dict[str, Any], role: None) -> None:
    """A service of two tasks, steady; its timeline so far is the story of its own."""
    ecs.create_service(
        cluster="lab",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=network,
    )
    aws.clock.advance(minutes=2)


def since(aws: Sandbox, minutes: float) -> Any:
    """What the last minutes brought, in the timeline's own form."""
    shown = type(aws.timeline)(aws.timeline.start)
    first = aws.clock.now().timestamp() - 60 * minutes
    shown.entries = [one for one in aws.timeline.entries if one.when.timestamp() >= first]
    return shown


def test_a_service_starts_and_is_steady(aws: Sandbox, service: None, golden: Any) -> None:
    golden.check(aws.timeline)


def test_a_stopped_task_is_replaced(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    task = ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"][0]
    ecs.stop_task(cluster="lab", task=task, reason="Is it replaced?")
    aws.clock.advance(minutes=2)
    golden.check(since(aws, 2))


def test_two_to_five_to_none(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    for desired in (5, 0):
        ecs.update_service(cluster="lab", service="web", desiredCount=desired)
        aws.clock.advance(minutes=2)
    golden.check(since(aws, 4))


def test_the_nat_gateway_is_removed_and_the_service_scaled_out(
    aws: Sandbox, ecs: Any, service: None, golden: Any
) -> None:
    """What runs needs no registry and runs on; what is started now has no way to it, and fails more and more slowly."""
    ec2 = boto3.client("ec2")
    (nat,) = ec2.describe_nat_gateways()["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    aws.clock.advance(minutes=1)
    ecs.update_service(cluster="lab", service="web", desiredCount=3)
    aws.clock.advance(minutes=3)
    golden.check(since(aws, 4))


def test_run_task_and_stop_task(
    aws: Sandbox, ecs: Any, network: dict[str, Any], golden: Any
) -> None:
    (task,) = ecs.run_task(
        cluster="lab", taskDefinition="web", launchType="FARGATE", networkConfiguration=network
    )["tasks"]
    ecs.get_waiter("tasks_running").wait(cluster="lab", tasks=[task["taskArn"]])
    ecs.stop_task(cluster="lab", task=task["taskArn"])
    ecs.get_waiter("tasks_stopped").wait(cluster="lab", tasks=[task["taskArn"]])
    golden.check(aws.timeline)


def test_a_deleted_service_drains(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    ecs.delete_service(cluster="lab", service="web", force=True)
    aws.clock.advance(minutes=1)
    golden.check(since(aws, 1))


def test_a_new_revision_rolls_in(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """minimumHealthyPercent 100, maximumPercent 200: all new tasks first, then the old ones go."""
    release(ecs)
    aws.clock.advance(minutes=2)
    golden.check(since(aws, 2))


def test_a_new_revision_in_the_room_of_the_old(
    aws: Sandbox, ecs: Any, service: None, golden: Any
) -> None:
    """minimumHealthyPercent 50, maximumPercent 100: one old task makes room for one new."""
    ecs.update_service(
        cluster="lab",
        service="web",
        forceNewDeployment=True,
        deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100},
    )
    aws.clock.advance(minutes=4)
    golden.check(since(aws, 4))


def release(ecs: Any, **container: Any) -> None:
    """Register a revision with another container, and roll the service to it."""
    given = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    ecs.register_task_definition(
        **{name: given[name] for name in ("family", "networkMode", "cpu", "memory")},
        requiresCompatibilities=["FARGATE"],
        executionRoleArn=EXECUTION_ROLE,
        containerDefinitions=[
            {"name": "app", "image": "public.ecr.aws/nginx/nginx:1.29", **container}
        ],
    )
    ecs.update_service(cluster="lab", service="web", taskDefinition="web:2")


def test_a_tag_that_was_never_pushed(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """Tasks that never ran are tried again after longer and longer waits; the old ones serve on."""
    repository = boto3.client("ecr").create_repository(repositoryName="web")["repository"]
    release(ecs, image=f"{repository['repositoryUri']}:1.1")
    aws.clock.advance(minutes=3)
    golden.check(since(aws, 3))


BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def never_pushed() -> str:
    """An image of a repository that is there, with a tag that is not."""
    repository = boto3.client("ecr").create_repository(repositoryName="web")["repository"]
    return f"{repository['repositoryUri']}:1.1"


def test_the_circuit_breaker_rolls_back(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """Two rounds of two tasks that never ran: three failures are enough for desired count 2."""
    ecs.update_service(cluster="lab", service="web", deploymentConfiguration=BREAKER)
    release(ecs, image=never_pushed())
    aws.clock.advance(minutes=3)
    golden.check(since(aws, 3))


def test_the_circuit_breaker_has_nothing_to_roll_back_to(
    aws: Sandbox, ecs: Any, network: dict[str, Any], role: None, golden: Any
) -> None:
    """The first deployment of a service never completed: it stalls, and starts nothing more."""
    ecs.register_task_definition(
        family="broken",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=EXECUTION_ROLE,
        containerDefinitions=[{"name": "app", "image": never_pushed()}],
    )
    ecs.create_service(
        cluster="lab",
        serviceName="web",
        taskDefinition="broken",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=network,
        deploymentConfiguration=BREAKER,
    )
    aws.clock.advance(hours=1)
    golden.check(aws.timeline)


def test_a_spot_task_is_interrupted(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """The warning, SIGTERM and the replacement come at once; Spot is replaced by Spot."""
    ecs.put_cluster_capacity_providers(
        cluster="lab", capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=[]
    )
    ecs.update_service(
        cluster="lab",
        service="web",
        forceNewDeployment=True,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    aws.clock.advance(minutes=3)
    aws.interrupt_spot(ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"][0])
    aws.clock.advance(minutes=2)
    golden.check(since(aws, 2))


def test_a_protected_task_at_scale_in(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """From two to none: the one goes, the other stays until its protection ends."""
    task = ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"][0]
    ecs.update_task_protection(
        cluster="lab", tasks=[task], protectionEnabled=True, expiresInMinutes=10
    )
    ecs.update_service(cluster="lab", service="web", desiredCount=0)
    aws.clock.advance(minutes=11)
    golden.check(since(aws, 11))


FAILING = {"command": ["CMD-SHELL", "exit 1"], "interval": 10, "retries": 2}


def test_an_unhealthy_task_is_replaced(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """At maximumPercent already: one unhealthy task at a time makes room; the old ones serve on."""
    release(ecs, healthCheck=FAILING)
    aws.clock.advance(seconds=75)
    golden.check(since(aws, 1.25))


def test_an_execution_role_without_its_policy(
    aws: Sandbox, ecs: Any, service: None, golden: Any
) -> None:
    """No token for the registry, so no pull begins; once the policy is attached the next task runs."""
    iam = boto3.client("iam")
    attached = {"RoleName": "ecsTaskExecutionRole", "PolicyArn": EXECUTION_POLICY}
    iam.detach_role_policy(**attached)
    release(ecs, image=pushed())
    aws.clock.advance(seconds=75)
    iam.attach_role_policy(**attached)
    aws.clock.advance(minutes=3)
    golden.check(since(aws, 4.25))


def pushed() -> str:
    """An image that is there, in the learner's own registry."""
    ecr = boto3.client("ecr")
    uri = ecr.create_repository(repositoryName="app")["repository"]["repositoryUri"]
    push_image(ecr, "app", "1.0")
    return f"{uri}:1.0"


def test_a_lifecycle_policy_expires_the_image_in_use(
    aws: Sandbox, ecs: Any, service: None, golden: Any
) -> None:
    """The two youngest dev images stay, by rule 1; an untagged one goes by rule 2, a release never.

    The service runs on, since its image was pulled long ago; the task that replaces one cannot.
    """
    release_1_0, ecr = pushed(), boto3.client("ecr")
    for number in range(1, 4):
        push_image(ecr, "app", f"dev-{number}")
    release(ecs, image=release_1_0.replace("1.0", "dev-1"))
    aws.clock.advance(minutes=3)
    push_image(ecr, "app", "dev-3", "the same tag, another image")
    put_lifecycle_policy(ecr)
    began = aws.clock.advance(hours=12)
    task = ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"][0]
    ecs.stop_task(cluster="lab", task=task, reason="Does another one start?")
    aws.clock.advance(minutes=1)
    golden.check(since(aws, (aws.clock.now() - began).total_seconds() / 60))


def put_lifecycle_policy(ecr: Any) -> None:
    """Keep two dev images, and no untagged one."""
    dev = {"tagStatus": "tagged", "tagPatternList": ["dev-*"], "countNumber": 2}
    untagged = {"tagStatus": "untagged", "countNumber": 1}
    rules = [
        {
            "rulePriority": priority,
            "selection": {**selection, "countType": "imageCountMoreThan"},
            "action": {"type": "expire"},
        }
        for priority, selection in ((1, dev), (2, untagged))
    ]
    push_image(ecr, "app", "dev-3", "and another one")
    ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=json.dumps({"rules": rules}))


def test_a_container_that_exits_with_1(aws: Sandbox, ecs: Any, service: None, golden: Any) -> None:
    """It has run, so nothing holds the next one back: started, exited, started again."""
    release(ecs, command=["sh", "-c", "sleep 20; exit 1"])
    aws.clock.advance(seconds=75)
    golden.check(since(aws, 1.25))


def run(ecs: Any, network: dict[str, Any], *containers: dict[str, Any]) -> str:
    """A standalone task of these containers, just asked for."""
    ecs.register_task_definition(
        family="made",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=list(containers),
    )
    (task,) = ecs.run_task(
        cluster="lab", taskDefinition="made", launchType="FARGATE", networkConfiguration=network
    )["tasks"]
    return str(task["taskArn"])


def test_an_app_that_waits_for_its_sidecar(
    aws: Sandbox, ecs: Any, network: dict[str, Any], golden: Any
) -> None:
    """PENDING until the proxy is HEALTHY and the app started; at stop the app goes first."""
    proxy = {
        "name": "proxy",
        "image": "public.ecr.aws/docker/library/nginx:1.29",
        "essential": False,
        "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost/"], "interval": 5},
    }
    app = {
        "name": "app",
        "image": "registry.example.com/web:1",
        "dependsOn": [{"containerName": "proxy", "condition": "HEALTHY"}],
    }
    task = run(ecs, network, app, proxy)
    ecs.get_waiter("tasks_running").wait(cluster="lab", tasks=[task])
    ecs.stop_task(cluster="lab", task=task)
    ecs.get_waiter("tasks_stopped").wait(cluster="lab", tasks=[task])
    golden.check(aws.timeline)


def test_a_health_check_that_fails(
    aws: Sandbox, ecs: Any, service: None, network: dict[str, Any], golden: Any
) -> None:
    """httpd's image has no curl: the new task is UNHEALTHY after three checks, and so is the next."""
    check = {"command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"], "interval": 10}
    ecs.update_service(cluster="lab", service="web", desiredCount=1)
    aws.clock.advance(minutes=1)
    release(ecs, image="public.ecr.aws/docker/library/httpd:2.4", healthCheck=check)
    aws.clock.advance(seconds=80)
    golden.check(since(aws, 80 / 60))


def test_a_container_that_ignores_sigterm(
    aws: Sandbox, ecs: Any, network: dict[str, Any], golden: Any
) -> None:
    task = run(ecs, network, {"name": "app", "image": "registry.example.com/web-deaf:1"})
    ecs.get_waiter("tasks_running").wait(cluster="lab", tasks=[task])
    ecs.stop_task(cluster="lab", task=task)
    ecs.get_waiter("tasks_stopped").wait(cluster="lab", tasks=[task])
    golden.check(aws.timeline)


def test_a_restart_policy(aws: Sandbox, ecs: Any, network: dict[str, Any], golden: Any) -> None:
    """Killed for its memory, and started again in its place each time."""
    leaks = {
        "name": "app",
        "image": "registry.example.com/web-leaks:1",
        "memory": 160,
        "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
    }
    run(ecs, network, leaks)
    aws.clock.advance(minutes=4)
    golden.check(aws.timeline)


def test_an_init_container_that_fails(
    aws: Sandbox, ecs: Any, network: dict[str, Any], golden: Any
) -> None:
    migrate = {
        "name": "migrate",
        "image": "public.ecr.aws/docker/library/busybox:1.37",
        "essential": False,
        "command": ["sh", "-c", "sleep 5; exit 1"],
    }
    app = {
        "name": "app",
        "image": "registry.example.com/web:1",
        "dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}],
    }
    run(ecs, network, app, migrate)
    aws.clock.advance(minutes=1)
    golden.check(aws.timeline)


def test_desired_count_changed_in_mid_roll(
    aws: Sandbox, ecs: Any, service: None, golden: Any
) -> None:
    """Both percents are reckoned from the new number at once."""
    release(ecs)
    aws.clock.advance(seconds=30)
    ecs.update_service(cluster="lab", service="web", desiredCount=3)
    aws.clock.advance(minutes=2)
    golden.check(since(aws, 2.5))


def test_every_file_has_its_story() -> None:
    here = Path(__file__).parent
    told = [
        re.findall(r"^def test_(\w+)", one.read_text("utf-8"), re.MULTILINE)
        for one in here.glob("test_*.py")
    ]
    stories = {name.replace("_", "-") for names in told for name in names}
    assert {path.stem for path in here.glob("*.txt")} == stories - {"every-file-has-its-story"}


def make_group(aws: Sandbox, network: dict[str, Any], **changes: Any) -> None:
    """An Auto Scaling group ``fleet`` of instances that join the cluster ``lab``, if their role lets them."""
    parameter = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
    image = boto3.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
    script = b"#!/bin/bash\necho ECS_CLUSTER=lab >> /etc/ecs/ecs.config"
    data = {
        "ImageId": image,
        "InstanceType": "t3.small",
        "UserData": b64encode(script).decode(),
        "IamInstanceProfile": {"Name": "ecsInstanceRole"},
    }
    boto3.client("ec2").create_launch_template(LaunchTemplateName="fleet", LaunchTemplateData=data)
    boto3.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="fleet",
        MinSize=0,
        MaxSize=4,
        VPCZoneIdentifier=",".join(network["awsvpcConfiguration"]["subnets"]),
        LaunchTemplate={"LaunchTemplateName": "fleet"},
        **changes,
    )


def test_an_instance_of_a_group_is_replaced(
    aws: Sandbox, network: dict[str, Any], golden: Any
) -> None:
    """Auto Scaling keeps the desired capacity, and says why each instance comes and goes."""
    scaling = boto3.client("autoscaling")
    make_group(aws, network, DesiredCapacity=2)
    aws.clock.advance(seconds=50)
    group = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    first = group["Instances"][0]["InstanceId"]
    boto3.client("ec2").stop_instances(InstanceIds=[first])
    aws.clock.advance(minutes=3)
    scaling.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=1)
    aws.clock.advance(minutes=2)
    golden.check(aws.timeline)


def test_a_group_grows_and_shrinks_under_managed_scaling(
    aws: Sandbox, network: dict[str, Any], golden: Any
) -> None:
    """Tasks wait for the first two instances, then for one more; fifteen minutes after they go, two go."""
    ecs, iam, name = boto3.client("ecs"), boto3.client("iam"), "ecsInstanceRole"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    policy = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    ecs.create_cluster(clusterName="lab")
    make_group(aws, network, DesiredCapacity=0, NewInstancesProtectedFromScaleIn=True)
    ecs.create_capacity_provider(
        name="machines",
        autoScalingGroupProvider={
            "autoScalingGroupArn": "fleet",
            "managedScaling": {"status": "ENABLED"},
            "managedTerminationProtection": "ENABLED",
        },
    )
    ecs.put_cluster_capacity_providers(
        cluster="lab",
        capacityProviders=["machines"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "machines", "weight": 1}],
    )
    app = {
        "name": "app",
        "image": "public.ecr.aws/nginx/nginx:1.27",
        "cpu": 512,
        "memory": 900,
    }
    ecs.register_task_definition(family="web", containerDefinitions=[app])
    pack = [{"type": "binpack", "field": "memory"}]
    given = {"serviceName": "web", "taskDefinition": "web", "placementStrategy": pack}
    ecs.create_service(cluster="lab", desiredCount=3, **given)
    aws.clock.advance(minutes=6)
    ecs.update_service(cluster="lab", service="web", desiredCount=6)
    aws.clock.advance(minutes=6)
    ecs.update_service(cluster="lab", service="web", desiredCount=1)
    aws.clock.advance(minutes=20)
    golden.check(aws.timeline)
