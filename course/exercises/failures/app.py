"""The app that recipes break: a service of one task on Fargate, well when it begins.

Its image lies in private ECR, it logs to CloudWatch Logs, its execution role has
AWS's managed policy, and its one subnet leads to an internet gateway. Recipes
take ids and names from here, and nothing else of the course's.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from course.exercises.exercise import Session
from course.exercises.images import push_image
from course.exercises.instances import POLICY as AGENT_POLICY
from course.exercises.instances import create_agent_role, launch
from course.exercises.roles import TRUST

CLUSTER = SERVICE = FAMILY = NAME = "shop"
ROLE = "shop-execution"
AGENT_ROLE = "shop-instance"
LOG_GROUP = "/ecs/shop"
PORT = 8080
EVERYWHERE = "0.0.0.0/0"
POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


@dataclass
class App:
    """Ids and names of what is there; *repository* is a URI, *role* a name, *definition* has no containers.

    *container* and *network* are what it is well with.
    """

    region: str
    vpc: str
    subnet: str
    route_table: str
    gateway: str
    security_group: str
    repository: str
    role_arn: str
    definition: dict[str, Any]
    container: dict[str, Any]
    network: dict[str, Any]
    launch_type: str = "FARGATE"
    cluster: str = CLUSTER
    service: str = SERVICE
    name: str = NAME
    role: str = ROLE
    role_policy: str = POLICY
    log_group: str = LOG_GROUP

    @property
    def repository_arn(self) -> str:
        """The ARN of the repository."""
        account, _, rest = self.repository.partition(".")
        return f"arn:aws:ecr:{self.region}:{account}:repository/{rest.partition('/')[2]}"


def build(session: Session, needs: Sequence[str] = ()) -> App:
    """Everything the app stands on; the service itself is begun by ``begin``.

    *needs*: ``endpoints`` in the place of the internet, a ``secret``, a ``parameter``, an
    ``instance`` in the place of Fargate.
    """
    ec2, region = session.client("ec2"), session.client("ec2").meta.region_name
    uri = session.client("ecr").create_repository(repositoryName=NAME)["repository"]
    push_image(session.client("ecr"), NAME, "1.0")
    session.client("logs").create_log_group(logGroupName=LOG_GROUP)
    session.client("ecs").create_cluster(clusterName=CLUSTER)
    role = _role(session)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    (table,) = ec2.describe_route_tables(Filters=own)["RouteTables"]
    (group,) = ec2.describe_security_groups(Filters=own)["SecurityGroups"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    place = {"subnets": [subnet], "assignPublicIp": "ENABLED"}
    app = App(
        region=region,
        vpc=vpc,
        subnet=subnet,
        route_table=table["RouteTableId"],
        gateway=_gateway(ec2, vpc, table["RouteTableId"]),
        security_group=group["GroupId"],
        repository=uri["repositoryUri"],
        role_arn=role,
        definition=_definition(role),
        container=_container(uri["repositoryUri"], region),
        network={"awsvpcConfiguration": place},
    )
    for need in needs:
        NEEDS[need](session, app)
    return app


def _role(session: Session) -> str:
    iam = session.client("iam")
    made = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=POLICY)
    return str(made["Role"]["Arn"])


def _gateway(ec2: Any, vpc: str, table: str) -> str:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, GatewayId=gateway)
    return str(gateway)


def _definition(role: str) -> dict[str, Any]:
    return {
        "family": FAMILY,
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": role,
    }


def _container(repository: str, region: str) -> dict[str, Any]:
    options = {
        "awslogs-group": LOG_GROUP,
        "awslogs-region": region,
        "awslogs-stream-prefix": NAME,
    }
    return {
        "name": NAME,
        "image": f"{repository}:1.0",
        "portMappings": [{"containerPort": PORT}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    }


def _endpoints(session: Session, app: App) -> None:
    """No way to the internet, and endpoints for all that the app and an instance ask AWS for."""
    ec2, agents = session.client("ec2"), ("ecs", "ecs-agent", "ecs-telemetry")
    services = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", *agents)
    ec2.delete_route(RouteTableId=app.route_table, DestinationCidrBlock=EVERYWHERE)
    name = f"com.amazonaws.{app.region}"
    for service in services:
        ec2.create_vpc_endpoint(
            VpcId=app.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"{name}.{service}",
            SubnetIds=[app.subnet],
            SecurityGroupIds=[app.security_group],
            PrivateDnsEnabled=True,
        )
    tables = [app.route_table]
    ec2.create_vpc_endpoint(VpcId=app.vpc, ServiceName=f"{name}.s3", RouteTableIds=tables)


def _secret(session: Session, app: App) -> None:
    """A password in Secrets Manager, and a role that may read it."""
    secrets = session.client("secretsmanager")
    made = secrets.create_secret(Name="shop-password", SecretString="correct horse")
    _give(session, app, "PASSWORD", made["ARN"], "secretsmanager:GetSecretValue", "secrets")


def _parameter(session: Session, app: App) -> None:
    """A currency in Parameter Store, and a role that may read it."""
    ssm = session.client("ssm")
    ssm.put_parameter(Name="/shop/currency", Value="EUR", Type="String")
    arn = ssm.get_parameter(Name="/shop/currency")["Parameter"]["ARN"]
    _give(session, app, "CURRENCY", arn, "ssm:GetParameters", "parameters")


def _instance(session: Session, app: App) -> None:
    """One container instance, whose own role pulls images and writes logs."""
    ec2 = session.client("ec2")
    ec2.modify_subnet_attribute(SubnetId=app.subnet, MapPublicIpOnLaunch={"Value": True})
    create_agent_role(session, AGENT_ROLE)
    launch(session, app.cluster, AGENT_ROLE, SubnetId=app.subnet)
    app.definition = {"family": FAMILY, "networkMode": "bridge"}
    app.container["memory"] = 256
    app.network, app.launch_type = {}, "EC2"
    app.role, app.role_policy = AGENT_ROLE, AGENT_POLICY


def _give(session: Session, app: App, variable: str, arn: str, action: str, policy: str) -> None:
    app.container["secrets"] = [{"name": variable, "valueFrom": arn}]
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    session.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName=policy,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


NEEDS: dict[str, Callable[[Session, App], None]] = {
    "endpoints": _endpoints,
    "secret": _secret,
    "parameter": _parameter,
    "instance": _instance,
}
"""What an app may need beyond the usual; a recipe says so by these names."""


def begin(session: Session, app: App) -> None:
    """Run the app as it is well: one task of a service."""
    ecs = session.client("ecs")
    ecs.register_task_definition(**app.definition, containerDefinitions=[app.container])
    placed = {"networkConfiguration": app.network} if app.network else {}
    ecs.create_service(
        cluster=app.cluster,
        serviceName=app.service,
        taskDefinition=FAMILY,
        desiredCount=1,
        launchType=app.launch_type,
        **placed,
    )


def deploy(session: Session, app: App) -> None:
    """A new deployment of the newest revision, as things are now."""
    session.client("ecs").update_service(
        cluster=app.cluster, service=app.service, taskDefinition=FAMILY, forceNewDeployment=True
    )


def lose_a_task(session: Session, app: App) -> None:
    """Stop the service's tasks: it replaces them within its present deployment."""
    ecs = session.client("ecs")
    for arn in ecs.list_tasks(cluster=app.cluster, serviceName=app.service)["taskArns"]:
        ecs.stop_task(cluster=app.cluster, task=arn)


def service(session: Session, app: App) -> dict[str, Any]:
    """The service as DescribeServices has it."""
    asked = {"cluster": app.cluster, "services": [app.service]}
    (found,) = session.client("ecs").describe_services(**asked)["services"]
    return dict(found)


def tasks(session: Session, app: App, desired: str = "RUNNING") -> list[dict[str, Any]]:
    """The service's tasks of a desiredStatus, oldest first."""
    ecs = session.client("ecs")
    arns = ecs.list_tasks(cluster=app.cluster, serviceName=app.service, desiredStatus=desired)
    if not arns["taskArns"]:
        return []
    found = ecs.describe_tasks(cluster=app.cluster, tasks=arns["taskArns"])["tasks"]
    return sorted(found, key=lambda task: task["createdAt"])


def failed_tasks(session: Session, app: App) -> list[dict[str, Any]]:
    """The service's stopped tasks, but for those that a person or the scheduler stopped."""
    meant = ("UserInitiated", "ServiceSchedulerInitiated")
    stopped = tasks(session, app, "STOPPED")
    return [
        one
        for one in stopped
        if one["lastStatus"] == "STOPPED" and one.get("stopCode") not in meant
    ]


def log_lines(session: Session, app: App, task: dict[str, Any]) -> list[str]:
    """What a task has written, oldest first."""
    stream = f"{app.name}/{app.name}/{task['taskArn'].rpartition('/')[2]}"
    asked = {"logGroupName": app.log_group, "logStreamName": stream}
    events = session.client("logs").get_log_events(**asked, startFromHead=True)["events"]
    return [one["message"] for one in events]
