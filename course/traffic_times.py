"""How long a virtual day of traffic takes: a wave of 1,000 requests a second on average, over a service.

The service stands behind an Application Load Balancer, grows by a fifth for the
busy third of the day, and shrinks again. A figure for ``python3 -m course bench``.
"""

import time
from collections.abc import Callable
from typing import Any

LOW, HIGH = 400, 1600
TARGET = 11.0
"""Percent of CPU that the scaled day tracks: about so many tasks on average as it began with."""
TASKS = (10, 50)
"""How many tasks share the day's requests; time a task is the same for both where it is linear."""


def traffic_times() -> dict[str, float]:
    """Wall seconds of the day for each number of tasks. Raises RuntimeError where requests got lost."""
    return {f"a day over {count} tasks, s": _day(count) for count in TASKS}


def scaling_times() -> dict[str, float]:
    """Wall seconds of the same day, each task with the same share, while target tracking scales the service.

    Raises RuntimeError where requests got lost, or nothing was scaled.
    """
    return {f"a scaled day of about {count} tasks, s": _scaled_day(count) for count in TASKS}


def _scaled_day(count: int) -> float:
    from course import sandbox
    from course.sandbox.traffic.shapes import wave

    share = count / max(TASKS)
    with sandbox.open() as aws:
        site = Site(aws, count, cpu="1024")
        activities = site.scale(aws, count * 2)
        start = time.perf_counter()
        load = aws.traffic(site.url, rate=wave(LOW * share, HIGH * share, hours=24))
        aws.clock.advance(hours=24)
        load.stop()
        took = time.perf_counter() - start
        if load.sent != load.answered or not activities():
            raise RuntimeError(f"requests were lost, or nothing was scaled: {load}")
        return took


def _day(count: int) -> float:
    from course import sandbox
    from course.sandbox.traffic.shapes import wave

    with sandbox.open() as aws:
        site = Site(aws, count, cpu="1024")
        start = time.perf_counter()
        load = aws.traffic(site.url, rate=wave(LOW, HIGH, hours=24))
        for desired in (count * 6 // 5, count):
            aws.clock.advance(hours=8)
            site.update(desiredCount=desired)
        aws.clock.advance(hours=8)
        load.stop()
        took = time.perf_counter() - start
        if (load.sent, load.answered) != (24 * 3600 * (LOW + HIGH) // 2,) * 2:
            raise RuntimeError(f"not all of a day's requests were answered: {load}")
        return took


class Site:
    """A service of web apps behind a load balancer that the internet reaches, healthy."""

    def __init__(self, aws: Any, count: int, cpu: str) -> None:
        self.ec2, self.elb, self.ecs = (aws.client(name) for name in ("ec2", "elbv2", "ecs"))
        self._cpu = cpu
        self.subnets, self.group = self._network()
        self.url, self.targets = self._balancer()
        self.ecs.create_cluster(clusterName="bench")
        self.define("registry.example.com/web")
        self._serve(count)
        aws.clock.advance(minutes=5)

    def define(self, image: str) -> None:
        """The next revision of its task definition."""
        ports = [{"containerPort": 8080}]
        self.ecs.register_task_definition(
            family="bench",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu=self._cpu,
            memory=str(2 * int(self._cpu)),
            containerDefinitions=[{"name": "app", "image": image, "portMappings": ports}],
        )

    def update(self, **given: Any) -> None:
        """Change its service."""
        self.ecs.update_service(cluster="bench", service="web", **given)

    def scale(self, aws: Any, most: int) -> Callable[[], list[Any]]:
        """Track the CPU utilization with up to so many tasks; a look at what became of it."""
        scaling = aws.client("application-autoscaling")
        resource = {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/bench/web",
            "ScalableDimension": "ecs:service:DesiredCount",
        }
        scaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=most)
        cpu = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
        scaling.put_scaling_policy(
            **resource,
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": TARGET,
                "PredefinedMetricSpecification": cpu,
            },
        )
        return lambda: list(scaling.describe_scaling_activities(**resource)["ScalingActivities"])

    def _network(self) -> tuple[list[str], str]:
        """Two public subnets, and a security group that lets in what the site listens on."""
        ec2 = self.ec2
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        own = [{"Name": "vpc-id", "Values": [vpc]}]
        (table,) = ec2.describe_route_tables(Filters=own)["RouteTables"]
        ec2.create_route(
            RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
        )
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{zone}.0/24", AvailabilityZone=name)
            for zone, name in enumerate(("us-east-1a", "us-east-1b"))
        ]
        made = ec2.create_security_group(GroupName="site", Description="site", VpcId=vpc)
        ec2.authorize_security_group_ingress(
            GroupId=made["GroupId"], IpProtocol="tcp", FromPort=80, ToPort=8080, CidrIp="0.0.0.0/0"
        )
        return [one["Subnet"]["SubnetId"] for one in subnets], made["GroupId"]

    def _balancer(self) -> tuple[str, str]:
        """The URL of a load balancer, and its target group."""
        made = self.elb.create_load_balancer(
            Name="bench", Subnets=self.subnets, SecurityGroups=[self.group]
        )["LoadBalancers"][0]
        targets = self.elb.create_target_group(
            Name="bench", Protocol="HTTP", Port=8080, VpcId=made["VpcId"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        self.elb.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}],
        )
        return f"http://{made['DNSName']}/", targets

    def _serve(self, count: int) -> None:
        network = {"subnets": self.subnets, "securityGroups": [self.group]}
        target = {"targetGroupArn": self.targets, "containerName": "app", "containerPort": 8080}
        self.ecs.create_service(
            cluster="bench",
            serviceName="web",
            taskDefinition="bench",
            desiredCount=count,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network | {"assignPublicIp": "ENABLED"}},
            loadBalancers=[target],
        )


def lines(seconds: dict[str, float], day: str = "that day") -> list[str]:
    """A line for each number of tasks, and how the time for one task compares."""
    told = [f"{name:48}{value:10.2f}" for name, value in seconds.items()]
    few, many = (value / count for value, count in zip(seconds.values(), TASKS, strict=True))
    compared = f"time a task of {day}, {TASKS[1]} against {TASKS[0]}"
    return [*told, f"{compared:48}{many / few:10.2f}  (1 is linear)"]
