"""A load balancer for exercises: its security groups, a service behind it, and where its rules lead.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

import re
from typing import Any

from course.exercises.ecs import public_network
from course.exercises.exercise import Session

PORT = 8080
QUICK: dict[str, Any] = {
    "HealthCheckIntervalSeconds": 5,
    "HealthCheckTimeoutSeconds": 4,
    "HealthyThresholdCount": 2,
}
"""Health checks that find a target healthy within ten seconds; the timeout is below the interval."""


def open_port(session: Session, group: str, port: int, source: str) -> None:
    """Let a security group take TCP on one port, from another group or from an address range."""
    rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if source.startswith("sg-"):
        rule["UserIdGroupPairs"] = [{"GroupId": source}]
    else:
        rule["IpRanges"] = [{"CidrIp": source}]
    session.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])


def create_group(session: Session, name: str) -> str:
    """Make a security group of the default VPC, closed so far; returns its id."""
    given = {"GroupName": name, "Description": name, "VpcId": vpc(session)}
    return str(session.client("ec2").create_security_group(**given)["GroupId"])


def vpc(session: Session) -> str:
    """The id of the default VPC."""
    return str(session.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"])


def create_balancer(session: Session, name: str, group: str, **changes: Any) -> str:
    """Make a balancer with a listener on port 80 and a target group of its own name; returns its ARN."""
    elb = session.client("elbv2")
    subnets = public_network(session)["awsvpcConfiguration"]["subnets"]
    given = {"Name": name, "Subnets": subnets, "SecurityGroups": [group]}
    made = elb.create_load_balancer(**given | changes)
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    targets = create_targets(session, name, HealthCheckPath="/health")
    forward = {"Type": "forward", "TargetGroupArn": targets}
    elb.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[forward]
    )
    return targets


def create_targets(session: Session, name: str, **changes: Any) -> str:
    """Make a target group for tasks in awsvpc; returns its ARN."""
    given = {"Name": name, "Protocol": "HTTP", "Port": PORT, "TargetType": "ip", **QUICK}
    made = session.client("elbv2").create_target_group(VpcId=vpc(session), **{**given, **changes})
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def register(session: Session, family: str, image: str) -> None:
    """Register a task definition for Fargate with one container, ``app``, on port 8080."""
    app = {"name": "app", "image": image, "portMappings": [{"containerPort": PORT}]}
    session.client("ecs").register_task_definition(
        family=family,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[app],
    )


def create_service(
    session: Session, cluster: str, name: str, targets: str, group: str, **changes: Any
) -> None:
    """Make a service of the task definition of the same name, behind a target group."""
    place = public_network(session)
    place["awsvpcConfiguration"]["securityGroups"] = [group]
    behind = {"targetGroupArn": targets, "containerName": "app", "containerPort": PORT}
    given = {
        "cluster": cluster,
        "serviceName": name,
        "taskDefinition": name,
        "desiredCount": 2,
        "launchType": "FARGATE",
        "networkConfiguration": place,
        "loadBalancers": [behind],
    }
    session.client("ecs").create_service(**{**given, **changes})


def balancers(session: Session, name: str) -> list[dict[str, Any]]:
    """The load balancer of a name, in a list; an empty one where it is not there."""
    found = session.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return [one for one in found if one["LoadBalancerName"] == name]


def target_groups(session: Session) -> dict[str, dict[str, Any]]:
    """Every target group, by its name."""
    found = session.client("elbv2").describe_target_groups()["TargetGroups"]
    return {one["TargetGroupName"]: one for one in found}


def health(session: Session, targets: str) -> list[str]:
    """How each target of a group fares: its state, and the reason where there is one."""
    asked = session.client("elbv2").describe_target_health(TargetGroupArn=targets)
    found = [one["TargetHealth"] for one in asked["TargetHealthDescriptions"]]
    return sorted(" ".join([one["State"], one.get("Reason", "")]).strip() for one in found)


def rules(session: Session, balancer: str) -> list[dict[str, Any]]:
    """The rules of a balancer's listener on port 80, in the order in which they are tried."""
    elb = session.client("elbv2")
    for one in balancers(session, balancer):
        listeners = elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])["Listeners"]
        for listener in (held for held in listeners if held["Port"] == 80):
            found = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            return sorted(found, key=lambda rule: int(rule["Priority"].replace("default", "99999")))
    return []


def leads_to(session: Session, balancer: str, path: str) -> str:
    """The name of the target group that gets requests for a path; what else becomes of them otherwise."""
    for rule in rules(session, balancer):
        if all(_matches(one, path) for one in rule["Conditions"]):
            (action, *_) = rule["Actions"]
            arns = [one.get("TargetGroupArn", "") for one in _forwards(action)]
            return " and ".join(one.split("/")[1] for one in arns) or str(action["Type"])
    return "nobody"


def _matches(condition: dict[str, Any], path: str) -> bool:
    """Whether a condition holds for a path; one that asks for anything else does not hold for all."""
    if condition["Field"] != "path-pattern":
        return False
    patterns = condition.get("PathPatternConfig", {}).get("Values") or condition.get("Values", [])
    return any(re.fullmatch(_regex(one), path) for one in patterns)


def _regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


def _forwards(action: dict[str, Any]) -> list[dict[str, Any]]:
    if action.get("TargetGroupArn"):
        return [action]
    groups: list[dict[str, Any]] = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return groups


def security_group(session: Session, name: str) -> dict[str, Any] | None:
    """A security group by its name."""
    found = session.client("ec2").describe_security_groups()["SecurityGroups"]
    return next((one for one in found if one["GroupName"] == name), None)


def lets_in(session: Session, name: str) -> list[str]:
    """What a security group lets in: ``8080 from sg-name``, ``80 from 0.0.0.0/0``, in its order."""
    found = session.client("ec2").describe_security_groups()["SecurityGroups"]
    names = {one["GroupId"]: one["GroupName"] for one in found}
    said = []
    for rule in (one for group in found if group["GroupName"] == name for one in _rules(group)):
        sources = [names.get(one["GroupId"], "?") for one in rule.get("UserIdGroupPairs", [])]
        sources += [one["CidrIp"] for one in rule.get("IpRanges", [])]
        said += [f"{_ports(rule)} from {one}" for one in sources]
    return said


def _rules(group: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = group["IpPermissions"]
    return found


def _ports(rule: dict[str, Any]) -> str:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    if low is None:
        return "everything"
    return str(low) if low == high else f"{low}-{high}"


def delete_balancer(session: Session, name: str) -> None:
    """Delete a load balancer and its listeners; one that is not there is no error."""
    for one in balancers(session, name):
        session.client("elbv2").delete_load_balancer(LoadBalancerArn=one["LoadBalancerArn"])


def delete_targets(session: Session, *names: str) -> None:
    """Delete target groups by name, after what sends to them; those not there are no error."""
    for name, one in target_groups(session).items():
        if name in names:
            session.client("elbv2").delete_target_group(TargetGroupArn=one["TargetGroupArn"])


def delete_groups(session: Session, *names: str) -> None:
    """Delete security groups by name, in this order; those not there are no error."""
    for name in names:
        found = security_group(session, name)
        if found:
            session.client("ec2").delete_security_group(GroupId=found["GroupId"])
