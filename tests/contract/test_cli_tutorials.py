"""The real aws CLI against ``python3 -m course sandbox``: AWS's two Fargate tutorials for it, as written.

"Using the AWS CLI to create an Amazon ECS Linux task for Fargate" (2023), with its
public and its private network, and the tutorial "amazon-ecs-fargate-linux" of AWS's
sample-developer-tutorials. A terminal of these tests has what the sandbox says
to export, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

pytestmark = pytest.mark.contract

COUNTERS = (
    "registeredContainerInstancesCount",
    "runningTasksCount",
    "pendingTasksCount",
    "activeServicesCount",
)
ACCOUNT = "123456789012"
ARN = f"arn:aws:ecs:us-east-1:{ACCOUNT}"
TASK_ID = "[0-9a-f]{32}"

START = """/bin/sh -c "echo '<h1>It runs</h1>' > htdocs/index.html && httpd-foreground\""""
"""A shell in the shell that entryPoint is, as on the page; what it writes is ours."""

FARGATE_TASK = {
    "family": "sample-fargate",
    "networkMode": "awsvpc",
    "containerDefinitions": [
        {
            "name": "fargate-app",
            "image": "public.ecr.aws/docker/library/httpd:latest",
            "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
            "essential": True,
            "entryPoint": ["sh", "-c"],
            "command": [START],
        }
    ],
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
}


# --- What every run checks


def test_a_short_story(shell: Any) -> None:
    """One line on standard output; the CLI finds the sandbox by the exports; Ctrl-C ends it well."""
    made = shell.aws("ecs create-cluster --cluster-name short")["cluster"]
    assert made["clusterArn"] == f"{ARN}:cluster/short"
    assert shell.aws("ecs list-clusters --query clusterArns --output text") == made["clusterArn"]
    refused = shell.run("ecs delete-cluster --cluster nothing")
    assert refused.returncode in (254, 255)  # which of them depends on the CLI's version
    assert "(ClusterNotFoundException) when calling the DeleteCluster" in refused.stderr
    before = shell.course("clock")["now"]
    after = shell.course("clock", advance=3600)["now"]
    assert after[:11] >= before[:11] and after > before
    assert shell.line.count("\n") == 1
    if os.name != "nt":  # where a process cannot be sent a Ctrl-C of its own
        assert shell.end() == (0, "", "The sandbox has ended; its world is gone.\n")


# --- The tutorials


def create_cluster(shell: Any, name: str, more: str = "") -> dict[str, Any]:
    cluster = shell.aws(f"ecs create-cluster --cluster-name {name} {more}")["cluster"]
    assert cluster["clusterArn"] == f"{ARN}:cluster/{name}"
    assert (cluster["clusterName"], cluster["status"]) == (name, "ACTIVE")
    assert [cluster[one] for one in COUNTERS] == [0, 0, 0, 0]
    assert cluster["statistics"] == []
    return dict(cluster)


def register(shell: Any, definition: dict[str, Any]) -> dict[str, Any]:
    tasks = shell.home / "tasks"
    tasks.mkdir()
    (tasks / "fargate-task.json").write_text(json.dumps(definition), "utf-8")
    given = "file://{home}/tasks/fargate-task.json"
    answer = shell.aws(
        f"ecs register-task-definition --cli-input-json {given}", home=str(shell.home)
    )
    made = answer["taskDefinition"]
    assert made["taskDefinitionArn"] == f"{ARN}:task-definition/sample-fargate:1"
    assert (made["revision"], made["status"]) == (1, "ACTIVE")
    assert made["compatibilities"] == ["EC2", "FARGATE"]
    assert {"name": "ecs.capability.task-eni"} in made["requiresAttributes"]
    assert {"name": "com.amazonaws.ecs.capability.docker-remote-api.1.18"} in made[
        "requiresAttributes"
    ]
    assert made["containerDefinitions"][0]["command"] == [START]
    return dict(made)


def is_a_new_service(service: dict[str, Any], name: str, cluster: str) -> None:
    """What both tutorials say of a service that has just been created, and none of its tasks yet."""
    assert service["serviceArn"] == f"{ARN}:service/{cluster}/{name}"
    assert (service["status"], service["desiredCount"]) == ("ACTIVE", 1)
    assert (service["launchType"], service["schedulingStrategy"]) == ("FARGATE", "REPLICA")
    assert service["platformVersion"] == "LATEST"
    assert service["roleArn"].endswith(
        ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    )
    percents = service["deploymentConfiguration"]
    assert (percents["maximumPercent"], percents["minimumHealthyPercent"]) == (200, 100)
    (deployment,) = service["deployments"]
    assert re.fullmatch(r"ecs-svc/\d{19}", deployment["id"])
    assert deployment["status"] == "PRIMARY"
    assert deployment["taskDefinition"] == f"{ARN}:task-definition/sample-fargate:1"


def interface_of(shell: Any, cluster: str, task: str) -> dict[str, Any]:
    """The network interface that a RUNNING task is attached to, as EC2 describes it."""
    described = shell.aws(f"ecs describe-tasks --cluster {cluster} --task {task}")
    assert described["failures"] == []
    (found,) = described["tasks"]
    assert (found["lastStatus"], found["desiredStatus"]) == ("RUNNING", "RUNNING")
    (attachment,) = found["attachments"]
    assert (attachment["type"], attachment["status"]) == ("ElasticNetworkInterface", "ATTACHED")
    details = {one["name"]: one["value"] for one in attachment["details"]}
    assert {"subnetId", "networkInterfaceId", "macAddress", "privateIPv4Address"} <= details.keys()
    interface = details["networkInterfaceId"]
    (eni,) = shell.aws(f"ec2 describe-network-interfaces --network-interface-id {interface}")[
        "NetworkInterfaces"
    ]
    assert (eni["SubnetId"], eni["PrivateIpAddress"]) == (
        details["subnetId"],
        details["privateIPv4Address"],
    )
    return dict(eni)


def default_network(shell: Any) -> tuple[str, str]:
    """A subnet and the security group of the default VPC."""
    subnet = shell.aws("ec2 describe-subnets --query Subnets[0].SubnetId --output text")
    group = shell.aws(
        "ec2 describe-security-groups --filters Name=group-name,Values=default "
        "--query SecurityGroups[0].GroupId --output text"
    )
    return subnet, group


def private_network(shell: Any) -> tuple[str, str]:
    """A subnet whose way out is a NAT gateway, which the tutorial takes for granted."""
    public, group = default_network(shell)
    vpc = shell.aws("ec2 describe-vpcs --query Vpcs[0].VpcId --output text")
    subnet = shell.aws(
        f"ec2 create-subnet --vpc-id {vpc} --cidr-block 172.31.240.0/24 "
        "--query Subnet.SubnetId --output text"
    )
    address = shell.aws("ec2 allocate-address --domain vpc --query AllocationId --output text")
    gateway = shell.aws(
        f"ec2 create-nat-gateway --subnet-id {public} --allocation-id {address} "
        "--query NatGateway.NatGatewayId --output text"
    )
    table = shell.aws(
        f"ec2 create-route-table --vpc-id {vpc} --query RouteTable.RouteTableId --output text"
    )
    shell.aws(
        f"ec2 create-route --route-table-id {table} --destination-cidr-block 0.0.0.0/0 "
        f"--nat-gateway-id {gateway}"
    )
    shell.aws(f"ec2 associate-route-table --route-table-id {table} --subnet-id {subnet}")
    return subnet, group


@pytest.mark.slow
@pytest.mark.parametrize("public", [True, False], ids=["public", "private"])
def test_a_fargate_task_for_the_cli_of_2023(shell: Any, public: bool) -> None:
    create_cluster(shell, "fargate-cluster")
    register(shell, FARGATE_TASK)
    listed = shell.aws("ecs list-task-definitions")["taskDefinitionArns"]
    assert listed == [f"{ARN}:task-definition/sample-fargate:1"]

    subnet, group = default_network(shell) if public else private_network(shell)
    network = f"subnets=[{subnet}],securityGroups=[{group}]" + ",assignPublicIp=ENABLED" * public
    service = shell.aws(
        "ecs create-service --cluster fargate-cluster --service-name fargate-service "
        '--task-definition sample-fargate:1 --desired-count 1 --launch-type "FARGATE" '
        f'--network-configuration "awsvpcConfiguration={{{{{network}}}}}"'
    )["service"]
    is_a_new_service(service, "fargate-service", "fargate-cluster")
    assert (service["runningCount"], service["pendingCount"]) == (0, 0)
    given = service["networkConfiguration"]["awsvpcConfiguration"]
    assert given.get("assignPublicIp", "DISABLED") == ("ENABLED" if public else "DISABLED")

    listed = shell.aws("ecs list-services --cluster fargate-cluster")["serviceArns"]
    assert listed == [f"{ARN}:service/fargate-cluster/fargate-service"]

    shell.course("clock", advance=30)  # while the reader reads on
    described = shell.aws(
        "ecs describe-services --cluster fargate-cluster --services fargate-service"
    )
    assert described["failures"] == []
    (service,) = described["services"]
    is_a_new_service(service, "fargate-service", "fargate-cluster")
    assert (service["runningCount"], service["pendingCount"]) == (1, 0)
    started = service["events"][-1]["message"]
    assert re.fullmatch(
        rf"\(service fargate-service\) has started 1 tasks: \(task {TASK_ID}\)\.", started
    )

    (task,) = shell.aws("ecs list-tasks --cluster fargate-cluster --service fargate-service")[
        "taskArns"
    ]
    assert re.fullmatch(rf"{ARN}:task/fargate-cluster/{TASK_ID}", task)
    assert task.rpartition("/")[2] in started
    eni = interface_of(shell, "fargate-cluster", task)
    assert eni["SubnetId"] == subnet
    assert [one["GroupId"] for one in eni["Groups"]] == [group]
    assert bool(eni.get("Association", {}).get("PublicIp")) == public

    deleted = shell.aws(
        "ecs delete-service --cluster fargate-cluster --service fargate-service --force"
    )["service"]
    assert (deleted["status"], deleted["desiredCount"]) == ("DRAINING", 0)
    shell.course("clock", advance=60)
    gone = shell.aws("ecs delete-cluster --cluster fargate-cluster")["cluster"]
    assert gone["status"] == "INACTIVE"


@pytest.mark.slow
def test_amazon_ecs_fargate_linux(shell: Any) -> None:
    cluster = create_cluster(shell, "my-fargate-cluster")
    assert cluster["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert (cluster["capacityProviders"], cluster["defaultCapacityProviderStrategy"]) == ([], [])

    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    (shell.home / "trust.json").write_text(json.dumps(trust), "utf-8")
    role = shell.aws(
        "iam create-role --role-name ecsTaskExecutionRole "
        "--assume-role-policy-document file://{home}/trust.json --query Role.Arn --output text",
        home=str(shell.home),
    )
    shell.aws(
        "iam attach-role-policy --role-name ecsTaskExecutionRole "
        "--policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    )
    made = register(shell, FARGATE_TASK | {"executionRoleArn": role})
    assert made["executionRoleArn"] == role

    vpc = shell.aws(
        "ec2 describe-vpcs --filters Name=is-default,Values=true --query Vpcs[0].VpcId --output text"
    )
    group = shell.aws(
        f"ec2 create-security-group --group-name ecs-fargate-sg --description tutorial "
        f"--vpc-id {vpc} --query GroupId --output text"
    )
    rule = shell.aws(
        f"ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 80 "
        "--cidr 0.0.0.0/0"
    )
    assert rule["Return"] is True
    (allowed,) = rule["SecurityGroupRules"]
    assert (allowed["FromPort"], allowed["ToPort"], allowed["CidrIpv4"]) == (80, 80, "0.0.0.0/0")
    subnets = shell.aws(
        f"ec2 describe-subnets --filters Name=vpc-id,Values={vpc} "
        "--query Subnets[*].SubnetId --output text"
    ).split()

    network = f"subnets=[{','.join(subnets)}],securityGroups=[{group}],assignPublicIp=ENABLED"
    service = shell.aws(
        "ecs create-service --cluster my-fargate-cluster --service-name my-fargate-service "
        "--task-definition sample-fargate --desired-count 1 --launch-type FARGATE "
        f'--network-configuration "awsvpcConfiguration={{{{{network}}}}}"'
    )["service"]
    is_a_new_service(service, "my-fargate-service", "my-fargate-cluster")
    assert service["events"] == []
    assert service["deployments"][0]["platformVersion"] == "1.4.0"
    assert service["healthCheckGracePeriodSeconds"] == 0

    named = "--cluster my-fargate-cluster --services my-fargate-service"
    before = shell.asked("DescribeServices")
    shell.aws(f"ecs wait services-stable {named}")
    assert shell.asked("DescribeServices") - before <= 2

    shell.course("clock", advance=30)  # until the deployment is COMPLETED too
    (service,) = shell.aws(f"ecs describe-services {named}")["services"]
    assert (service["runningCount"], service["pendingCount"]) == (1, 0)
    assert service["deployments"][0]["rolloutState"] == "COMPLETED"
    said = [one["message"] for one in service["events"]]
    assert "(service my-fargate-service) has reached a steady state." in said

    (task,) = shell.aws(
        "ecs list-tasks --cluster my-fargate-cluster --service-name my-fargate-service"
    )["taskArns"]
    attached = shell.aws(
        f"ecs describe-tasks --cluster my-fargate-cluster --tasks {task} --query "
        "\"tasks[0].attachments[0].details[?name=='networkInterfaceId'].value\" --output text"
    )
    address = shell.aws(
        f"ec2 describe-network-interfaces --network-interface-ids {attached} "
        "--query NetworkInterfaces[0].Association.PublicIp --output text"
    )
    assert re.fullmatch(r"(\d{1,3}\.){3}\d{1,3}", address)

    one = "--cluster my-fargate-cluster --service my-fargate-service"
    refused = shell.run(f"ecs delete-service {one}")
    assert "The service cannot be stopped while it is scaled above 0." in refused.stderr
    service = shell.aws(f"ecs update-service {one} --desired-count 0")["service"]
    assert (service["desiredCount"], service["runningCount"]) == (0, 1)
    before = shell.asked("DescribeServices")
    shell.aws(f"ecs wait services-stable {named}")
    assert shell.asked("DescribeServices") - before <= 2
    stopped = shell.aws("ecs list-tasks --cluster my-fargate-cluster --desired-status STOPPED")
    assert stopped["taskArns"] == [task]
    assert shell.aws(f"ecs delete-service {one}")["service"]["status"] in ("DRAINING", "INACTIVE")
    shell.course("clock", advance=60)  # until the interface is gone, which the group waits for
    gone = shell.aws("ecs delete-cluster --cluster my-fargate-cluster")["cluster"]
    assert gone["status"] == "INACTIVE"
    shell.aws(f"ec2 delete-security-group --group-id {group}")
    left = shell.run(f"ec2 describe-security-groups --group-ids {group}")
    assert "InvalidGroup.NotFound" in left.stderr


# --- On instances: "... Linux task for the EC2 launch type" (2023), and "ecs-ec2" of sample-developer-tutorials


INSTANCE_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
USER_DATA = "#!/bin/bash\necho ECS_CLUSTER=MyCluster >> /etc/ecs/ecs.config"
"""With a new line where the page has \\n between single quotes: as printed there it is one comment."""

NGINX_TASK = {
    "family": "nginx-task",
    "requiresCompatibilities": ["EC2"],
    "networkMode": "bridge",
    "containerDefinitions": [
        {
            "name": "nginx",
            "image": "public.ecr.aws/docker/library/nginx:latest",
            "cpu": 256,
            "memory": 512,
            "essential": True,
            "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
        }
    ],
}
SLEEP_TASK = {
    "family": "sleep360",
    "containerDefinitions": [
        {
            "name": "sleep",
            "image": "busybox",
            "cpu": 10,
            "command": ["sleep", "360"],
            "memory": 10,
            "essential": True,
        }
    ],
}


def instance_role(shell: Any) -> None:
    """ecsInstanceRole and its instance profile, which both pages take for granted."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (shell.home / "ec2-trust.json").write_text(trust, "utf-8")
    shell.aws(
        "iam create-role --role-name ecsInstanceRole "
        "--assume-role-policy-document file://{home}/ec2-trust.json",
        home=str(shell.home),
    )
    shell.aws(f"iam attach-role-policy --role-name ecsInstanceRole --policy-arn {INSTANCE_POLICY}")
    shell.aws("iam create-instance-profile --instance-profile-name ecsInstanceRole")
    shell.aws(
        "iam add-role-to-instance-profile --instance-profile-name ecsInstanceRole "
        "--role-name ecsInstanceRole"
    )


def resources(described: dict[str, Any], member: str) -> dict[str, Any]:
    """Registered or remaining resources by name."""
    return {
        one["name"]: one["stringSetValue"] if one["type"] == "STRINGSET" else one["integerValue"]
        for one in described[member]
    }


@pytest.mark.slow
def test_an_ec2_task_for_the_cli_of_2023(shell: Any) -> None:
    create_cluster(shell, "MyCluster")
    instance_role(shell)
    name = "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id"
    image = shell.aws(
        f"ssm get-parameters --names {name} --query Parameters[0].Value --output text"
    )
    shell.aws(
        f"ec2 run-instances --image-id {image} --instance-type t2.micro "
        "--iam-instance-profile Name=ecsInstanceRole"
    )
    shell.course("clock", advance=120)  # until the agent has registered, with the default cluster
    (arn,) = shell.aws("ecs list-container-instances --cluster default")["containerInstanceArns"]
    assert re.fullmatch(rf"{ARN}:container-instance/default/{TASK_ID}", arn)
    described = shell.aws(
        f"ecs describe-container-instances --cluster default --container-instances {arn}"
    )
    (instance,) = described["containerInstances"]
    assert (instance["status"], instance["agentConnected"]) == ("ACTIVE", True)
    assert instance["versionInfo"].keys() >= {"agentVersion", "dockerVersion"}
    for member in ("registeredResources", "remainingResources"):
        found = resources(instance, member)
        assert (found["CPU"], found["MEMORY"], found["PORTS_UDP"]) == (1024, 995, [])
        assert set(found["PORTS"]) >= {"22", "2375", "2376", "51678"}
    assert {one["name"] for one in instance["attributes"]} >= {"ecs.ami-id", "ecs.instance-type"}

    (shell.home / "sleep360.json").write_text(json.dumps(SLEEP_TASK), "utf-8")
    made = shell.aws(
        "ecs register-task-definition --cli-input-json file://{home}/sleep360.json",
        home=str(shell.home),
    )["taskDefinition"]
    assert made["taskDefinitionArn"] == f"{ARN}:task-definition/sleep360:1"
    again = shell.aws(
        "ecs register-task-definition --family sleep360 --container-definitions {given}",
        given=json.dumps(SLEEP_TASK["containerDefinitions"]),
    )["taskDefinition"]
    assert again["revision"] == 2
    listed = shell.aws("ecs list-task-definitions")["taskDefinitionArns"]
    assert listed == [f"{ARN}:task-definition/sleep360:{revision}" for revision in (1, 2)]

    run = shell.aws("ecs run-task --cluster default --task-definition sleep360:1 --count 1")
    (task,) = run["tasks"]
    assert (task["lastStatus"], task["desiredStatus"], run["failures"]) == (
        "PENDING",
        "RUNNING",
        [],
    )
    assert task["containerInstanceArn"] == arn
    assert shell.aws("ecs list-tasks --cluster default")["taskArns"] == [task["taskArn"]]
    shell.course("clock", advance=20)
    (task,) = shell.aws(f"ecs describe-tasks --cluster default --task {task['taskArn']}")["tasks"]
    assert (task["lastStatus"], task["launchType"]) == ("RUNNING", "EC2")
    assert task["containers"][0]["networkBindings"] == []


@pytest.mark.slow
def test_ecs_ec2(shell: Any) -> None:
    assert shell.aws("sts get-caller-identity")["Account"] == ACCOUNT
    create_cluster(shell, "MyCluster")
    assert f"{ARN}:cluster/MyCluster" in shell.aws("ecs list-clusters")["clusterArns"]
    instance_role(shell)
    whole = shell.aws(
        "ssm get-parameters --names /aws/service/ecs/optimized-ami/amazon-linux-2/recommended "
        "--query Parameters[0].Value --output text"
    )
    group = shell.aws(
        "ec2 create-security-group --group-name ecs-tutorial-sg --description tutorial "
        "--query GroupId --output text"
    )
    shell.aws(
        f"ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 80 "
        "--cidr 0.0.0.0/0"
    )
    shell.aws("ec2 create-key-pair --key-name ecs-tutorial-key --query KeyMaterial --output text")
    (machine,) = shell.aws(
        f"ec2 run-instances --image-id {whole['image_id']} --instance-type t3.micro "
        f"--key-name ecs-tutorial-key --security-group-ids {group} "
        "--iam-instance-profile Name=ecsInstanceRole --user-data {user_data}",
        user_data=USER_DATA,
    )["Instances"]

    shell.course("clock", advance=120)  # "after a few minutes"
    (arn,) = shell.aws("ecs list-container-instances --cluster MyCluster")["containerInstanceArns"]
    assert re.fullmatch(rf"{ARN}:container-instance/MyCluster/{TASK_ID}", arn)
    (instance,) = shell.aws(
        f"ecs describe-container-instances --cluster MyCluster --container-instances {arn}"
    )["containerInstances"]
    assert (instance["ec2InstanceId"], instance["status"]) == (machine["InstanceId"], "ACTIVE")
    assert (instance["runningTasksCount"], instance["agentConnected"]) == (0, True)
    assert resources(instance, "remainingResources")["CPU"] == 2048  # the page prints a t2.micro's

    (shell.home / "nginx-task.json").write_text(json.dumps(NGINX_TASK), "utf-8")
    made = shell.aws(
        "ecs register-task-definition --cli-input-json file://{home}/nginx-task.json",
        home=str(shell.home),
    )["taskDefinition"]
    assert (made["networkMode"], made["requiresCompatibilities"]) == ("bridge", ["EC2"])
    service = shell.aws(
        "ecs create-service --cluster MyCluster --service-name nginx-service "
        "--task-definition nginx-task:1 --desired-count 1"
    )["service"]
    assert (service["launchType"], service["status"]) == ("EC2", "ACTIVE")
    shell.course("clock", advance=60)
    one = "--cluster MyCluster --service nginx-service"
    named = "--cluster MyCluster --services nginx-service"
    (service,) = shell.aws(f"ecs describe-services {named}")["services"]
    assert (service["runningCount"], service["pendingCount"]) == (1, 0)
    assert re.fullmatch(
        rf"\(service nginx-service\) has started 1 tasks: \(task {TASK_ID}\)\.",
        service["events"][-1]["message"],
    )
    (task,) = shell.aws("ecs list-tasks --cluster MyCluster --service-name nginx-service")[
        "taskArns"
    ]
    (task,) = shell.aws(f"ecs describe-tasks --cluster MyCluster --tasks {task}")["tasks"]
    assert (task["lastStatus"], task["containerInstanceArn"]) == ("RUNNING", arn)
    assert task["containers"][0]["networkBindings"] == [
        {"bindIP": "0.0.0.0", "containerPort": 80, "hostPort": 80, "protocol": "tcp"}
    ]
    address = shell.aws(
        f"ec2 describe-instances --instance-ids {machine['InstanceId']} "
        "--query Reservations[0].Instances[0].PublicIpAddress --output text"
    )
    assert re.fullmatch(r"(\d{1,3}\.){3}\d{1,3}", address)

    shell.aws(f"ecs update-service {one} --desired-count 2")  # ours: a second copy on a taken port
    shell.course("clock", advance=300)
    (service,) = shell.aws(f"ecs describe-services {named}")["services"]
    assert (service["desiredCount"], service["runningCount"], service["pendingCount"]) == (2, 1, 0)
    assert service["events"][0]["message"] == (
        "(service nginx-service) was unable to place a task because no container instance met all "
        f"of its requirements. The closest matching (container-instance {arn.rpartition('/')[2]}) "
        "is already using a port required by your task."
    )

    shell.aws(f"ecs update-service {one} --desired-count 0")
    shell.course("clock", advance=60)
    assert shell.aws("ecs list-tasks --cluster MyCluster")["taskArns"] == []
    deleted = shell.aws(f"ecs delete-service {one}")["service"]
    assert deleted["status"] in ("DRAINING", "INACTIVE")
    (ending,) = shell.aws(f"ec2 terminate-instances --instance-ids {machine['InstanceId']}")[
        "TerminatingInstances"
    ]
    assert (ending["CurrentState"]["Code"], ending["CurrentState"]["Name"]) == (32, "shutting-down")
    shell.course("clock", advance=60)
    shell.aws(f"ec2 delete-security-group --group-id {group}")
    shell.aws("ec2 delete-key-pair --key-name ecs-tutorial-key")
    gone = shell.aws("ecs delete-cluster --cluster MyCluster")["cluster"]
    assert gone["status"] == "INACTIVE"
