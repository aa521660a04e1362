"""A description as ECS wants it: the parameters of its calls, ready for boto3.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
"""

from typing import Any

from course.portable.description import Description
from course.portable.quantities import UNITS

Parameters = dict[str, Any]


def task_definition(described: Description) -> Parameters:
    """What RegisterTaskDefinition gets: the template of a copy, for Fargate.

    CPU is in CPU units, memory in MiB, both as texts. Whether Fargate has such a size
    the call itself says.
    """
    roles = {"taskRoleArn": described.role} if described.role else {}
    return {
        "family": described.name,
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(round(described.cpu * UNITS)),
        "memory": str(described.memory),
        **roles,
        "containerDefinitions": [_container(described)],
    }


def _container(described: Description) -> Parameters:
    named = described.variables
    where = f"http://localhost:{described.port}{described.health}"
    return {
        "name": described.name,
        "image": described.image,
        "portMappings": [{"containerPort": described.port}],
        **({"environment": named} if named else {}),
        "healthCheck": {"command": ["CMD-SHELL", f"curl -f {where} || exit 1"]},
        "stopTimeout": described.stop,
    }


def service(
    described: Description, cluster: str, subnets: list[str], groups: list[str], targets: str
) -> Parameters:
    """What CreateService gets: how many copies, where, behind which target group (its ARN)."""
    place = {"subnets": subnets, "securityGroups": groups, "assignPublicIp": "ENABLED"}
    behind = {"containerName": described.name, "containerPort": described.port}
    return {
        "cluster": cluster,
        "serviceName": described.name,
        "taskDefinition": described.name,
        "desiredCount": described.copies,
        "launchType": "FARGATE",
        "deploymentConfiguration": {
            "minimumHealthyPercent": described.least,
            "maximumPercent": described.most,
        },
        "networkConfiguration": {"awsvpcConfiguration": place},
        "loadBalancers": [{**behind, "targetGroupArn": targets}],
    }


def target_group(described: Description, vpc: str) -> Parameters:
    """What Elastic Load Balancing's CreateTargetGroup gets: addresses as targets, and their check."""
    return {
        "Name": described.name,
        "Protocol": "HTTP",
        "Port": described.port,
        "VpcId": vpc,
        "TargetType": "ip",
        "HealthCheckPath": described.health,
    }


def scaling(described: Description, cluster: str) -> tuple[Parameters, Parameters]:
    """What Application Auto Scaling gets: RegisterScalableTarget's parameters, PutScalingPolicy's."""
    scaled = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{cluster}/{described.name}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    tracking = {"TargetValue": float(described.busy), "PredefinedMetricSpecification": metric}
    return (
        {**scaled, "MinCapacity": described.copies, "MaxCapacity": described.up_to},
        {
            **scaled,
            "PolicyName": described.name,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": tracking,
        },
    )
