"""Every denial of the list of failures whose words were seen on AWS, each brought about by its cause.

The number before a cause is the row in that list. Rows of which only the sense is known are not here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from course.exercises.images import push_image
from course.sandbox.world import ACCOUNT_ID
from tests.sandbox.identity.held import Dev, allow, denial, deny, document, refusal

REGISTRY = f"{ACCOUNT_ID}.dkr.ecr.us-east-1.amazonaws.com"
ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:/ecs/web"
NOTHING = allow("s3:GetObject")

Cause = Callable[[Any, Dev], str]


def definition(lab: Any, role: str, **container: Any) -> None:
    app = {"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4", **container}
    lab.define("web", executionRoleArn=role, containerDefinitions=[app])


def stopped(lab: Any, role: str, **container: Any) -> str:
    """The reason of a task with this execution role, and who its session is, cut out of it."""
    definition(lab, role, **container)
    (arn,) = lab.run()
    lab.clock.advance(minutes=2)
    return str(lab.task(arn)["stoppedReason"]).replace(arn.rpartition("/")[2], "<task>")


def told(action: str, resource: str, role: str = "execution") -> str:
    """AWS's text for a task's role that no policy allows something."""
    who = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/<task>"
    return denial(action, resource, who=who)


def pull(lab: Any, dev: Dev) -> str:
    ecr = lab.aws.client("ecr")
    ecr.create_repository(repositoryName="web")
    push_image(ecr, "web", "1")
    role = lab.role("execution", allow("ecr:GetAuthorizationToken"))
    return stopped(lab, role, image=f"{REGISTRY}/web:1")


def parameter(lab: Any, dev: Dev) -> str:
    lab.aws.client("ssm").put_parameter(Name="/db", Value="1", Type="String")
    return stopped(lab, lab.role(), secrets=[{"name": "DB", "valueFrom": "/db"}])


def secret(lab: Any, dev: Dev) -> str:
    key = lab.aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    made = lab.aws.client("secretsmanager").create_secret(Name="db", SecretString="1", KmsKeyId=key)
    role = lab.role("execution", allow("secretsmanager:GetSecretValue"))
    text = stopped(lab, role, secrets=[{"name": "DB", "valueFrom": made["ARN"]}])
    return text.replace(made["ARN"], "<secret>")


def logging(**options: str) -> dict[str, Any]:
    given = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1"}
    given |= {"awslogs-stream-prefix": "web"}
    more = {f"awslogs-{name.replace('_', '-')}": value for name, value in options.items()}
    return {"logDriver": "awslogs", "options": given | more}


def group(lab: Any, dev: Dev) -> str:
    return stopped(lab, lab.role(), logConfiguration=logging(create_group="true"))


def stream(lab: Any, dev: Dev) -> str:
    lab.aws.client("logs").create_log_group(logGroupName="/ecs/web")
    return stopped(lab, lab.role("execution", NOTHING), logConfiguration=logging())


def balanced(lab: Any) -> list[dict[str, Any]]:
    """The load balancers of a service on instances: one target group, behind a listener."""
    elbv2: Any = boto3.client("elbv2", region_name="us-east-1")
    group = elbv2.create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=lab.vpc, TargetType="instance"
    )["TargetGroups"][0]["TargetGroupArn"]
    balancer = elbv2.create_load_balancer(Name="web", Subnets=lab.subnets)["LoadBalancers"][0]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )  # fmt: skip
    return [{"targetGroupArn": group, "containerName": "app", "containerPort": 80}]


def service_role(lab: Any, dev: Dev) -> str:
    lab.define_ec2()
    return ": ".join(refusal(
        lab.service, taskDefinition="box", launchType="EC2", networkConfiguration=None,
        role=lab.role("service", trusts="ecs-tasks.amazonaws.com"), loadBalancers=balanced(lab),
    ))  # fmt: skip


def with_its_own_role(lab: Any) -> None:
    """A service without tasks, and a role that may all that it needs."""
    lab.define_ec2()
    role = lab.role("service", allow("elasticloadbalancing:*"), trusts="ecs.amazonaws.com")
    lab.service_ec2(desired=0, role=role, loadBalancers=balanced(lab))


def distrusted_later(lab: Any, dev: Dev) -> str:
    with_its_own_role(lab)
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    iam = lab.aws.client("iam")
    iam.update_assume_role_policy(RoleName="service", PolicyDocument=document(trust))
    lab.update(desiredCount=1)
    return "\n".join(lab.said())


def stripped_later(lab: Any, dev: Dev) -> str:
    with_its_own_role(lab)
    lab.aws.client("iam").delete_role_policy(RoleName="service", PolicyName="policy-0")
    lab.update(desiredCount=1)
    return "\n".join(lab.said())


def service_linked(lab: Any, dev: Dev) -> str:
    """Who makes the account's first cluster has it made, unless they may not."""
    lab.ecs.delete_cluster(cluster="lab")
    lab.aws.client("iam").delete_service_linked_role(RoleName="AWSServiceRoleForECS")
    dev.may(allow("ecs:*"), deny("iam:CreateServiceLinkedRole"))
    dev.client("ecs").create_cluster(clusterName="lab")
    network = lab.network()
    return ": ".join(refusal(
        dev.client("ecs").run_task, cluster="lab", taskDefinition="web", networkConfiguration=network,
        launchType="FARGATE",
    ))  # fmt: skip


def infrastructure(lab: Any, dev: Dev) -> str:
    role = lab.role("ecsInfrastructureRole", trusts="ecs-tasks.amazonaws.com")
    volume = {"name": "data", "managedEBSVolume": {"sizeInGiB": 10, "roleArn": role}}
    lab.define("web", volumes=[{"name": "data", "configuredAtLaunch": True}])
    return ": ".join(refusal(lab.service, volumeConfigurations=[volume]))


def mistrusted(lab: Any, dev: Dev) -> str:
    definition(lab, lab.role("execution", trusts="ecs.amazonaws.com"))
    lab.service(desired=1)
    lab.clock.advance(minutes=1)
    return "\n".join(lab.said())


def passing(lab: Any, dev: Dev) -> str:
    lab.role("execution")
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/execution"
    dev.may(allow("ecs:*"))
    app = {"name": "app", "image": "nginx"}
    return ": ".join(refusal(
        dev.client("ecs").register_task_definition, family="web", executionRoleArn=role,
        networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[app],
    ))  # fmt: skip


def running(lab: Any, dev: Dev) -> str:
    return ": ".join(refusal(dev.client("ecs").run_task, cluster="lab", taskDefinition="web"))


def forbidden(lab: Any, dev: Dev) -> str:
    dev.may(allow("ecs:*"), deny("ecs:RunTask"))
    return running(lab, dev)


ROWS: list[tuple[str, Cause, str]] = [
    ("1", pull,
     ("CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the permissions to "
     "pull images from the registry. ")),
    ("1", pull, "denied: " + told("ecr:BatchGetImage", f"arn:aws:ecr:us-east-1:{ACCOUNT_ID}:repository/web")),
    ("21", parameter,
     "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
     "unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: "
     + told("ssm:GetParameters", f"arn:aws:ssm:us-east-1:{ACCOUNT_ID}:parameter/db")),
    ("22", secret,
     "failed to fetch secret <secret> from secrets manager: AccessDeniedException: Access to KMS is not allowed"),
    ("30", group,
     "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed "
     "to create Cloudwatch log group: AccessDeniedException: "
     + told("logs:CreateLogGroup", f"{GROUP}:log-stream:") + " : exit status 1"),
    ("31", stream,
     ("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed "
     "to create Cloudwatch log stream: AccessDeniedException: ")),
    ("97", service_role,
     ("InvalidParameterException: Unable to assume role and validate the specified targetGroupArn. Please verify "
     "that the ECS service role being passed has the proper permissions.")),
    ("98", service_linked,
     ("InvalidParameterException: Unable to assume the service linked role. Please verify that the ECS service "
     "linked role exists.")),
    ("99", infrastructure,
     ("InvalidParameterException: ECS was unable to assume the configured ECS Infrastructure Role "
     f"'arn:aws:iam::{ACCOUNT_ID}:role/ecsInfrastructureRole'. Please verify that the role being passed has the "
     "proper trust relationship with Amazon ECS.")),
    ("100", mistrusted,
     ("failed to launch a task with (error ECS was unable to assume the role "
     f"'arn:aws:iam::{ACCOUNT_ID}:role/execution' that was provided for this task. Please verify that the role "
     "being passed has the proper trust relationship and permissions and that your IAM user has permissions to "
     "pass this role.)")),
    ("101", passing,
     "AccessDeniedException: " + denial("iam:PassRole", f"arn:aws:iam::{ACCOUNT_ID}:role/execution")),
    ("102", running,
     "AccessDeniedException: " + denial("ecs:RunTask", f"{ECS}:task-definition/web:1")),
    ("123", distrusted_later,
     "IAM trust relationship has been misconfigured or changed, and ECS can no longer maintain your service"),
    ("123", stripped_later,
     "IAM permissions policies have been misconfigured or changed, and ECS can no longer maintain your service"),
    ("102, by a deny", forbidden, "with an explicit deny in an identity-based policy"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "cause", "said"), ROWS, ids=[f"{row}-{one.__name__}" for row, one, _ in ROWS]
)
def test_the_row_is_what_its_cause_brings(
    lab: Any, dev: Dev, row: str, cause: Cause, said: str
) -> None:
    assert said in cause(lab, dev)
