"""Proofs on network modes, ways out, load balancers and their targets."""

from typing import Any

from course.exercises.balancers import (
    create_balancer,
    create_group,
    health,
    open_port,
)
from course.exercises.ecs import public_network
from course.exercises.way_out import EVERYWHERE, lead_out_by_nat, way_out
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import (
    WEB,
    events,
    give,
    log_to,
    refused,
    register,
    repository,
    role,
    run,
    runs,
    serve,
)

MODES = ("awsvpc", "bridge", "host", "none")


@tried("exam-network-001", mutated={"launch": "EC2"})
def the_modes_that_are_taken(aws: Account, option: str, launch: str = "FARGATE") -> bool:
    """Register a definition in each mode; those that are taken must be just those of the option."""
    modes = {"awsvpc": ["awsvpc"], "bridge": ["awsvpc", "bridge"], "host": ["awsvpc", "host"]}
    ecs = aws.client("ecs")
    taken = [
        mode
        for mode in MODES
        if not refused(
            ecs.register_task_definition,
            family="web",
            requiresCompatibilities=[launch],
            networkMode=mode,
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": WEB}],
        )
    ]
    return taken == modes.get(option, list(MODES))


@observed(
    "exam-network-002",
    says={
        "pull": "stops before it runs",
        "run": "runs",
        "slow": "runs later",
        "inbound": "runs, closed",
    },
    mutated={"public": "ENABLED"},
)
def a_public_subnet_without_a_public_address(aws: Account, public: str = "DISABLED") -> str:
    """Run a task with an image in ECR in a public subnet, and see whether it comes to run."""
    uri = repository(aws, "app", "1.0")
    arn = role(aws, "execution", managed=True)
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    place = {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": public}}
    made = register(aws, {"image": f"{uri}:1.0"}, executionRoleArn=arn)
    seen = run(aws, made, minutes=15, networkConfiguration=place)
    if "startedAt" not in seen:
        return "stops before it runs"
    late = (seen["startedAt"] - seen["createdAt"]).total_seconds() > 120
    return "runs later" if late else "runs"


@tried("exam-network-003", mutated={"private": False})
def endpoints_for_a_private_task(aws: Account, option: str, private: bool = True) -> bool:
    """Make the option's endpoints; the task must run, and its subnet must not lead to the internet."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    interface = {
        "four": ("ecr.api", "ecr.dkr", "logs"),
        "two": ("ecr.api", "ecr.dkr"),
        "ecs": ("ecs", "ecs-agent", "ecs-telemetry"),
        "nat": ("ecr.dkr",),
    }[option]
    if option == "nat":
        lead_out_by_nat(ec2, vpc)
    _endpoints(aws, vpc, subnet, interface, gateway=option in ("four", "ecs"))
    uri = repository(aws, "app", "1.0")
    aws.client("logs").create_log_group(logGroupName="/shop")
    given: dict[str, Any] = {"image": f"{uri}:1.0"}
    given["logConfiguration"] = log_to("/shop")
    made = register(aws, given, executionRoleArn=role(aws, "execution", managed=True))
    place = {"awsvpcConfiguration": {"subnets": [subnet]}}
    seen = run(aws, made, minutes=10, networkConfiguration=place)
    return runs(seen) and not (private and way_out(ec2, subnet)[1])


def _endpoints(
    aws: Account, vpc: str, subnet: str, interface: tuple[str, ...], *, gateway: bool
) -> None:
    """Interface endpoints in a subnet, and the gateway endpoint for S3 in the VPC's main route table."""
    ec2 = aws.client("ec2")
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    (group,) = ec2.describe_security_groups(Filters=own)["SecurityGroups"]
    (table, *_) = ec2.describe_route_tables(Filters=own)["RouteTables"]
    for one in interface:
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{aws.region}.{one}",
            SubnetIds=[subnet],
            SecurityGroupIds=[group["GroupId"]],
            PrivateDnsEnabled=True,
        )
    if gateway:
        name = f"com.amazonaws.{aws.region}.s3"
        tables = [table["RouteTableId"]]
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, RouteTableIds=tables)


def balanced(aws: Account) -> tuple[str, str]:
    """A balancer's target group (its ARN), and a security group for tasks that lets the balancer in."""
    front, back = create_group(aws, "front"), create_group(aws, "back")
    open_port(aws, front, 80, EVERYWHERE)
    open_port(aws, back, 8080, front)
    return create_balancer(aws, "shop", front), back


def _behind(targets: str, group: str, place: dict[str, Any]) -> dict[str, Any]:
    """What a service behind a target group is given beside the rest."""
    place["awsvpcConfiguration"]["securityGroups"] = [group]
    behind = {"targetGroupArn": targets, "containerName": "app", "containerPort": 8080}
    return {"networkConfiguration": place, "loadBalancers": [behind]}


PORT = {"portMappings": [{"containerPort": 8080}]}


@tried("load-reach-001", mutated={"lets_in": EVERYWHERE})
def checks_that_time_out(aws: Account, option: str, lets_in: str = "") -> bool:
    """Bring the option's cause about, and see whether checks of the target time out."""
    front, back = create_group(aws, "front"), create_group(aws, "back")
    open_port(aws, front, 80, EVERYWHERE)
    open_port(aws, back, 8080, lets_in or ("172.31.0.0/32" if option == "group" else front))
    matcher = {"Matcher": {"HttpCode": "299"}} if option == "matcher" else {}
    targets = create_balancer(aws, "shop", front)
    elb = aws.client("elbv2")
    if matcher:
        elb.modify_target_group(TargetGroupArn=targets, **matcher)
    made = _behind(targets, back, public_network(aws))
    grace = {"healthCheckGracePeriodSeconds": 0 if option == "grace" else 600}
    serve(aws, register(aws, PORT), minutes=0.5, **made, **grace)
    if option == "listener":
        _leads_nowhere(elb)
    aws.clock.advance(minutes=3)
    return any(one.endswith("Target.Timeout") for one in health(aws, targets))


def _leads_nowhere(elb: Any) -> None:
    """The listener answers by itself, and forwards to no target group."""
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    elb.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=[fixed])


@tried("exam-evidence-007", mutated={"path": "/health"})
def checks_that_get_404(aws: Account, option: str, path: str = "/no-such") -> bool:
    """Bring the option's cause about, and see whether the service's events speak of code 404."""
    front, back = create_group(aws, "front"), create_group(aws, "back")
    open_port(aws, front, 80, EVERYWHERE)
    if option != "group":
        open_port(aws, back, 8080, front)
    targets = create_balancer(aws, "shop", front)
    if option == "path":
        aws.client("elbv2").modify_target_group(TargetGroupArn=targets, HealthCheckPath=path)
    image = "registry.example.com/web-elsewhere:1" if option == "port" else WEB
    serve(
        aws, register(aws, PORT | {"image": image}), **_behind(targets, back, public_network(aws))
    )
    return "404" in events(aws)


@observed(
    "exam-balancing-003",
    says={
        "scheduler": "yes no no",
        "developer": "no no no",
        "balancer": "yes yes yes",
        "task": "no no yes",
    },
    mutated={"named": False},
)
def who_registers_targets(aws: Account, named: bool = True) -> str:
    """Make no call to register: see whether a service's task, a task, and one with a task role become targets."""
    targets, back = balanced(aws)
    arn = role(aws, "task")
    rights = {"Effect": "Allow", "Action": "elasticloadbalancing:*", "Resource": "*"}
    give(aws, "task", rights)
    place = _behind(targets, back, public_network(aws))
    plain, with_role = register(aws, PORT), register(aws, PORT, family="r", taskRoleArn=arn)
    answers = []
    before = 0
    for how in ("service", "task", "task with role"):
        if how == "service":
            serve(aws, plain, **(place if named else {}))
        else:
            made = plain if how == "task" else with_role
            run(aws, made, networkConfiguration=place["networkConfiguration"])
        now = len(health(aws, targets))
        answers.append("yes" if now > before else "no")
        before = now
    return " ".join(answers)
