"""The resources that a call names, by the types that AWS Config has for them. Pure.

On AWS it differs from service to service which events carry resources; here every
parameter that names one of these does, with the value that it was given.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-console.html
"""

import json
from collections.abc import Iterator

TYPES: dict[str, dict[str, str]] = {
    "ecs": {
        "cluster": "AWS::ECS::Cluster",
        "clusterName": "AWS::ECS::Cluster",
        "clusters": "AWS::ECS::Cluster",
        "service": "AWS::ECS::Service",
        "serviceName": "AWS::ECS::Service",
        "services": "AWS::ECS::Service",
        "taskDefinition": "AWS::ECS::TaskDefinition",
        "family": "AWS::ECS::TaskDefinition",
        "task": "AWS::ECS::Task",
        "tasks": "AWS::ECS::Task",
    },
    "ecr": {"repositoryName": "AWS::ECR::Repository", "repositoryNames": "AWS::ECR::Repository"},
    "iam": {
        "roleName": "AWS::IAM::Role",
        "userName": "AWS::IAM::User",
        "policyArn": "AWS::IAM::Policy",
        "policyName": "AWS::IAM::Policy",
        "instanceProfileName": "AWS::IAM::InstanceProfile",
    },
    "sts": {"roleArn": "AWS::IAM::Role"},
    "secretsmanager": {"secretId": "AWS::SecretsManager::Secret", "name": "AWS::SecretsManager::Secret"},
    "logs": {"logGroupName": "AWS::Logs::LogGroup"},
    "elbv2": {
        "loadBalancerArn": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "targetGroupArn": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "listenerArn": "AWS::ElasticLoadBalancingV2::Listener",
    },
    "ec2": {
        "instanceIds": "AWS::EC2::Instance",
        "instanceId": "AWS::EC2::Instance",
        "vpcId": "AWS::EC2::VPC",
        "subnetId": "AWS::EC2::Subnet",
        "groupId": "AWS::EC2::SecurityGroup",
    },
    "autoscaling": {"autoScalingGroupName": "AWS::AutoScaling::AutoScalingGroup"},
    "events": {"name": "AWS::Events::Rule", "rule": "AWS::Events::Rule"},
    "scheduler": {"name": "AWS::Scheduler::Schedule"},
    "s3": {"bucket": "AWS::S3::Bucket"},
    "sqs": {"queueName": "AWS::SQS::Queue", "queueUrl": "AWS::SQS::Queue"},
    "sns": {"topicArn": "AWS::SNS::Topic", "name": "AWS::SNS::Topic"},
    "lambda": {"functionName": "AWS::Lambda::Function"},
    "ssm": {"name": "AWS::SSM::Parameter", "names": "AWS::SSM::Parameter"},
    "kms": {"keyId": "AWS::KMS::Key"},
}  # fmt: skip


def resources(service: str, parameters: str) -> Iterator[tuple[str, str]]:
    """Type and name of each resource in a call's parameters, which are JSON or empty."""
    types = TYPES.get(service, {})
    given = json.loads(parameters) if parameters and types else {}
    for name, kind in types.items():
        value = given.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield kind, one
