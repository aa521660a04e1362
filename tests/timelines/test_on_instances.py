"""Stories of ECS on EC2 in plain boto3: instances that drain, are cut off, come and go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
AMI = "ami-05fb4f257abd42992"
USER_DATA = "#!/bin/bash\necho ECS_CLUSTER=lab >> /etc/ecs/ecs.config"


def trusting(service: str) -> str:
    """A trust policy for one service of AWS."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Lab:
    """A cluster, a task definition for instances, and the role their agents work with."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.ecs: Any = boto3.client("ecs")
        self.ec2: Any = boto3.client("ec2")
        self._role()
        self.ecs.create_cluster(clusterName="lab")
        container = {
            "name": "app",
            "image": "public.ecr.aws/docker/library/httpd:2.4",
            "cpu": 256,
            "memory": 256,
            "portMappings": [{"containerPort": 80, "hostPort": 80}],
        }
        self.ecs.register_task_definition(family="web", containerDefinitions=[container])

    def _role(self) -> None:
        iam: Any = boto3.client("iam")
        name = "ecsInstanceRole"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusting("ec2"))
        iam.attach_role_policy(RoleName=name, PolicyArn=POLICY)
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    def launch(self, count: int, **more: Any) -> None:
        self.ec2.run_instances(
            ImageId=AMI,
            InstanceType="t3.micro",
            MinCount=count,
            MaxCount=count,
            IamInstanceProfile={"Name": "ecsInstanceRole"},
            UserData=USER_DATA,
            **more,
        )

    def instances(self) -> list[str]:
        return list(self.ecs.list_container_instances(cluster="lab")["containerInstanceArns"])

    def service(self, **more: Any) -> None:
        given = {
            "cluster": "lab",
            "serviceName": "web",
            "taskDefinition": "web",
            "launchType": "EC2",
        }
        self.ecs.create_service(**(given | more))

    def target_group(self) -> dict[str, Any]:
        """A target group behind a load balancer, as a service names it; ``group`` lets its requests in."""
        elb: Any = boto3.client("elbv2")
        subnets = [one["SubnetId"] for one in self.ec2.describe_subnets()["Subnets"][:2]]
        vpc = self.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        (default,) = self.ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
        everybody = [{"CidrIp": "0.0.0.0/0"}]
        web = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": everybody}
        self.group = default["GroupId"]
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[web])
        front = elb.create_load_balancer(
            Name="front", Subnets=subnets, SecurityGroups=[self.group]
        )["LoadBalancers"][0]
        made = elb.create_target_group(
            Name="web", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="instance"
        )["TargetGroups"][0]
        forward = {"Type": "forward", "TargetGroupArn": made["TargetGroupArn"]}
        elb.create_listener(
            LoadBalancerArn=front["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[forward],
        )
        return {
            "targetGroupArn": made["TargetGroupArn"],
            "containerName": "app",
            "containerPort": 80,
        }

    def drain(self, instance: str) -> None:
        self.ecs.update_container_instances_state(
            cluster="lab", containerInstances=[instance], status="DRAINING"
        )


@pytest.fixture
def lab() -> Iterator[Lab]:
    with sandbox.open() as opened:
        yield Lab(opened)


def since(aws: Sandbox, minutes: float) -> Any:
    """What the last minutes brought, in the timeline's own form."""
    shown = type(aws.timeline)(aws.timeline.start)
    first = aws.clock.now().timestamp() - 60 * minutes
    shown.entries = [one for one in aws.timeline.entries if one.when.timestamp() >= first]
    return shown


def test_an_instance_is_drained(lab: Lab, golden: Any) -> None:
    """Port 80 is fixed: the replacement needs the third instance, and comes before the old task goes."""
    lab.launch(3)
    lab.aws.clock.advance(minutes=2)
    lab.service(desiredCount=2)
    lab.aws.clock.advance(minutes=2)
    (task, *_) = lab.ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"]
    described = lab.ecs.describe_tasks(cluster="lab", tasks=[task])["tasks"][0]
    lab.drain(described["containerInstanceArn"])
    lab.aws.clock.advance(minutes=2)
    golden.check(since(lab.aws, 2))


def test_a_host_port_is_taken_and_then_any_will_do(lab: Lab, golden: Any) -> None:
    """One instance: the second copy finds no place until the port is left to Docker."""
    lab.launch(1)
    lab.aws.clock.advance(minutes=2)
    lab.service(desiredCount=2)
    lab.aws.clock.advance(minutes=5)
    container = {
        "name": "app",
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "memory": 256,
        "portMappings": [{"containerPort": 80, "hostPort": 0}],
    }
    lab.ecs.register_task_definition(family="web", containerDefinitions=[container])
    lab.ecs.update_service(cluster="lab", service="web", taskDefinition="web")
    lab.aws.clock.advance(minutes=2)
    golden.check(since(lab.aws, 7))


def test_a_daemon_on_three_instances(lab: Lab, golden: Any) -> None:
    lab.launch(2)
    lab.aws.clock.advance(minutes=2)
    lab.service(schedulingStrategy="DAEMON")
    lab.aws.clock.advance(minutes=1)
    lab.launch(1)
    lab.aws.clock.advance(minutes=3)
    lab.drain(lab.instances()[0])
    lab.aws.clock.advance(minutes=1)
    golden.check(lab.aws.timeline)


def test_no_capacity_then_capacity_arrives(lab: Lab, golden: Any) -> None:
    lab.service(desiredCount=2)
    lab.aws.clock.advance(minutes=10)
    lab.launch(1)
    lab.aws.clock.advance(minutes=10)
    lab.launch(1)
    lab.aws.clock.advance(minutes=3)
    golden.check(lab.aws.timeline)


def test_an_agent_is_lost_and_comes_back(lab: Lab, golden: Any) -> None:
    """Nothing is replaced meanwhile; a task asked to stop is seen to stop when the agent is back."""
    lab.launch(2)
    lab.aws.clock.advance(minutes=2)
    lab.service(desiredCount=1)
    lab.aws.clock.advance(minutes=2)
    (task,) = lab.ecs.list_tasks(cluster="lab", serviceName="web")["taskArns"]
    described = lab.ecs.describe_tasks(cluster="lab", tasks=[task])["tasks"][0]
    lab.aws.set_agent(described["containerInstanceArn"], connected=False)
    lab.aws.clock.advance(minutes=5)
    lab.ecs.stop_task(cluster="lab", task=task)
    lab.aws.clock.advance(minutes=5)
    lab.aws.set_agent(described["containerInstanceArn"], connected=True)
    lab.aws.clock.advance(minutes=2)
    golden.check(since(lab.aws, 12))


def test_a_services_own_role_is_changed_and_mended(lab: Lab, golden: Any) -> None:
    """It trusts somebody else: nothing is added, what runs goes on, and later all is done at once."""
    iam: Any = boto3.client("iam")
    iam.create_role(RoleName="ecsServiceRole", AssumeRolePolicyDocument=trusting("ecs"))
    managed = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole"
    iam.attach_role_policy(RoleName="ecsServiceRole", PolicyArn=managed)
    behind = lab.target_group()
    (subnet, *_) = lab.ec2.describe_subnets()["Subnets"]
    lab.launch(2, SecurityGroupIds=[lab.group], SubnetId=subnet["SubnetId"])
    lab.aws.clock.advance(minutes=2)
    lab.service(desiredCount=1, role="ecsServiceRole", loadBalancers=[behind])
    lab.aws.clock.advance(minutes=10)
    iam.update_assume_role_policy(RoleName="ecsServiceRole", PolicyDocument=trusting("ec2"))
    lab.ecs.update_service(cluster="lab", service="web", desiredCount=2)
    lab.aws.clock.advance(hours=7)
    iam.update_assume_role_policy(RoleName="ecsServiceRole", PolicyDocument=trusting("ecs"))
    lab.aws.clock.advance(minutes=40)
    golden.check(since(lab.aws, 460))


def test_tasks_scale_and_instances_do_not(lab: Lab, golden: Any) -> None:
    """Two layers: the service is to have three tasks, and the cluster has one port 80."""
    lab.launch(1)
    lab.aws.clock.advance(minutes=2)
    lab.service(desiredCount=1)
    lab.aws.clock.advance(minutes=2)
    aas, cloudwatch = boto3.client("application-autoscaling"), boto3.client("cloudwatch")
    resource: Any = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/lab/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    aas.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=5)
    step: Any = [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}]
    policy = aas.put_scaling_policy(
        **resource,
        PolicyName="out",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": step,
            "Cooldown": 3600,
        },
    )
    cloudwatch.put_metric_alarm(
        AlarmName="orders-wait",
        Namespace="Shop",
        MetricName="Waiting",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=50,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
        AlarmActions=[policy["PolicyARN"]],
    )
    cloudwatch.put_metric_data(
        Namespace="Shop", MetricData=[{"MetricName": "Waiting", "Value": 80}]
    )
    lab.aws.clock.advance(minutes=15)
    golden.check(since(lab.aws, 15))
    (activity,) = aas.describe_scaling_activities(**resource)["ScalingActivities"]
    assert activity["StatusCode"] == "Unfulfilled"
