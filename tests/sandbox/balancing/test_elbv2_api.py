"""Load balancers, listeners and targets through plain boto3, as a learner makes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.balancing.conftest import Balanced


def forward(arn: str) -> list[dict[str, str]]:
    return [{"Type": "forward", "TargetGroupArn": arn}]


def interfaces(lab: Any) -> list[dict[str, Any]]:
    """The network interfaces of load balancers."""
    found = lab.ec2.describe_network_interfaces()["NetworkInterfaces"]
    return [one for one in found if one["Description"].startswith("ELB ")]


# --- Load balancers


def test_a_load_balancer_is_provisioned_and_then_active(lab: Any) -> None:
    elb = lab.aws.client("elbv2")
    made = elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)
    assert made["LoadBalancers"][0]["State"] == {"Code": "provisioning"}
    for _ in range(2):  # to look at it does not make it active
        (seen,) = elb.describe_load_balancers()["LoadBalancers"]
        assert seen["State"] == {"Code": "provisioning"}
    elb.get_waiter("load_balancer_available").wait(Names=["front"])
    (seen,) = elb.describe_load_balancers()["LoadBalancers"]
    assert seen["State"] == {"Code": "active"}
    assert (lab.clock.now() - lab.aws.timeline.start).total_seconds() == 120


def test_it_has_an_interface_in_each_subnet_and_the_default_security_group(lab: Any) -> None:
    elb, free = lab.aws.client("elbv2"), lab.free_addresses()
    (made,) = elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)[
        "LoadBalancers"
    ]
    found = interfaces(lab)
    name = made["LoadBalancerArn"].partition("loadbalancer/")[2]
    assert {one["Description"] for one in found} == {f"ELB {name}"}
    assert {one["SubnetId"] for one in found} == set(lab.subnets)
    assert made["SecurityGroups"] == [found[0]["Groups"][0]["GroupId"]]
    assert lab.free_addresses() == free - 2
    elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    assert interfaces(lab) == []
    assert lab.free_addresses() == free


def test_one_that_faces_the_internet_needs_a_gateway(lab: Any, refused: Any) -> None:
    elb, ec2 = lab.aws.client("elbv2"), lab.ec2
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")
        for cidr, zone in (("10.1.1.0/24", "a"), ("10.1.2.0/24", "b"))
    ]
    given = {"Name": "front", "Subnets": [one["Subnet"]["SubnetId"] for one in subnets]}
    assert str(refused(elb.create_load_balancer, **given)) == (
        f"InvalidSubnet: VPC {vpc} has no internet gateway"
    )
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    (made,) = elb.create_load_balancer(**given)["LoadBalancers"]
    assert made["Scheme"] == "internet-facing"
    assert made["DNSName"].startswith("front-")


def test_the_same_load_balancer_again_is_the_same(balanced: Balanced, refused: Any) -> None:
    given = {"Name": "front", "Scheme": "internal", "Subnets": balanced.lab.subnets}
    (again,) = balanced.elb.create_load_balancer(**given)["LoadBalancers"]
    assert again["LoadBalancerArn"] == balanced.balancer
    assert len(balanced.elb.describe_load_balancers()["LoadBalancers"]) == 1
    other = given | {"Type": "network"}
    assert refused(balanced.elb.create_load_balancer, **other).code == "DuplicateLoadBalancerName"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Subnets": 1}, "ValidationError"),
        ({"Subnets": 0}, "ValidationError"),
        ({"Subnets": ["subnet-0"]}, "SubnetNotFound"),
        ({"SecurityGroups": ["sg-0"]}, "InvalidSecurityGroup"),
    ],
)
def test_a_load_balancer_that_is_refused_is_not_made(
    lab: Any, refused: Any, changes: dict[str, Any], code: str
) -> None:
    elb = lab.aws.client("elbv2")
    given = {"Name": "front", "Scheme": "internal", "Subnets": lab.subnets} | changes
    if isinstance(given["Subnets"], int):
        given["Subnets"] = lab.subnets[: given["Subnets"]]
    assert refused(elb.create_load_balancer, **given).code == code
    assert elb.describe_load_balancers()["LoadBalancers"] == []
    assert interfaces(lab) == []


def test_a_network_load_balancer_is_one_by_its_arn(lab: Any) -> None:
    """One subnet is enough for it, and it has no security group unless one is given."""
    elb = lab.aws.client("elbv2")
    given = {"Name": "front", "Type": "network", "Scheme": "internal"}
    (made,) = elb.create_load_balancer(
        **given, Subnets=lab.subnets[:1], Tags=[{"Key": "course", "Value": "yes"}]
    )["LoadBalancers"]
    arn = made["LoadBalancerArn"]
    assert ":loadbalancer/net/front/" in arn
    assert not made.get("SecurityGroups")
    assert made["DNSName"] == f"front-{arn.rsplit('/', 1)[-1]}.elb.us-east-1.amazonaws.com"
    assert elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] == [
        {"Key": "course", "Value": "yes"}
    ]
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]


def test_one_that_is_protected_stays(balanced: Balanced, refused: Any) -> None:
    protect = {"Key": "deletion_protection.enabled", "Value": "true"}
    balanced.elb.modify_load_balancer_attributes(
        LoadBalancerArn=balanced.balancer, Attributes=[protect]
    )
    delete = balanced.elb.delete_load_balancer
    assert refused(delete, LoadBalancerArn=balanced.balancer).code == "OperationNotPermitted"


# --- Listeners


def test_protocols_that_do_not_go_together(balanced: Balanced, refused: Any) -> None:
    tcp = balanced.group("tcp", Protocol="TCP")
    assert refused(balanced.listen, tcp, 81).code == "IncompatibleProtocols"
    assert refused(balanced.listen, balanced.tg, 80).code == "DuplicateListener"


def test_a_target_group_belongs_to_one_load_balancer(balanced: Balanced, refused: Any) -> None:
    (other,) = balanced.elb.create_load_balancer(
        Name="other", Scheme="internal", Subnets=balanced.lab.subnets
    )["LoadBalancers"]
    arn = other["LoadBalancerArn"]
    found = refused(balanced.listen, balanced.tg, 80, LoadBalancerArn=arn)
    assert found.code == "TargetGroupAssociationLimit"


def test_a_target_group_shows_the_load_balancers_that_use_it_now(balanced: Balanced) -> None:
    def shown() -> list[str]:
        (found,) = balanced.elb.describe_target_groups(TargetGroupArns=[balanced.tg])[
            "TargetGroups"
        ]
        return list(found["LoadBalancerArns"])

    balanced.listen(balanced.tg, 81)
    assert shown() == [balanced.balancer]
    for listener in balanced.elb.describe_listeners(LoadBalancerArn=balanced.balancer)["Listeners"]:
        balanced.elb.delete_listener(ListenerArn=listener["ListenerArn"])
    assert shown() == []


@pytest.mark.parametrize(
    "given",
    [
        {"HealthCheckIntervalSeconds": 600},
        {"Matcher": {"HttpCode": "200,503"}},
        {"HealthCheckIntervalSeconds": 5},  # not longer than the timeout, which nobody has changed
        {"HealthCheckIntervalSeconds": 20, "HealthCheckTimeoutSeconds": 20},
    ],
)
def test_a_health_check_out_of_its_ranges(
    balanced: Balanced, refused: Any, given: dict[str, Any]
) -> None:
    assert refused(balanced.group, "more", **given).code == "ValidationError"
    found = refused(balanced.elb.modify_target_group, TargetGroupArn=balanced.tg, **given)
    assert found.code == "ValidationError"


# --- Targets that the learner registers


def states(balanced: Balanced, arn: str = "") -> list[str]:
    return [state for state, _ in balanced.health(arn)]


def test_the_same_instance_under_two_ports_is_two_targets(balanced: Balanced) -> None:
    arn = balanced.group("boxes", TargetType="instance")
    balanced.listen(arn, 81)
    (instance,) = balanced.lab.launch()
    targets = [{"Id": instance, "Port": 32768}, {"Id": instance, "Port": 32769}]
    balanced.elb.register_targets(TargetGroupArn=arn, Targets=targets)
    assert balanced.registered(arn) == [(instance, 32768), (instance, 32769)]
    balanced.elb.deregister_targets(TargetGroupArn=arn, Targets=targets[:1])
    assert states(balanced, arn) == ["draining", "initial"]
    balanced.clock.advance(60)
    assert balanced.registered(arn) == [(instance, 32769)]


def test_a_target_nobody_sends_to_is_unused(balanced: Balanced) -> None:
    """In use by a listener, then not; a target that was never registered; one in another zone."""
    arn = balanced.group("lonely")
    target = {"Id": "10.0.1.77", "Port": 8080}
    balanced.elb.register_targets(TargetGroupArn=arn, Targets=[target])
    assert balanced.health(arn) == [("unused", "Target.NotInUse")]
    listener = balanced.listen(arn, 81)
    assert balanced.health(arn) == [("initial", "Elb.RegistrationInProgress")]
    balanced.elb.delete_listener(ListenerArn=listener)
    assert balanced.health(arn) == [("unused", "Target.NotInUse")]
    assert balanced.health(arn, {"Id": "10.0.1.78", "Port": 80}) == [
        ("unused", "Target.NotRegistered")
    ]


def test_a_target_in_a_zone_that_the_load_balancer_is_not_in(balanced: Balanced) -> None:
    balanced.lab.subnet("10.0.3.0/24", "c")
    target = {"Id": "10.0.3.77", "Port": 8080}
    balanced.elb.register_targets(TargetGroupArn=balanced.tg, Targets=[target])
    assert balanced.health() == [("unused", "Target.NotInUse")]


def test_a_task_registered_by_hand_is_checked_like_any_other(balanced: Balanced) -> None:
    (arn,) = balanced.lab.run()
    balanced.clock.advance(30)
    (container,) = balanced.lab.task(arn)["containers"]
    address = container["networkInterfaces"][0]["privateIpv4Address"]
    balanced.elb.register_targets(TargetGroupArn=balanced.tg, Targets=[{"Id": address}])
    balanced.clock.advance(20)
    assert states(balanced) == ["healthy"]
    balanced.clock.advance(minutes=10)
    balanced.lab.stop(arn)
    balanced.clock.advance(30)
    assert balanced.health() == [("unhealthy", "Target.Timeout")]  # nobody has its address


def test_an_instance_that_stops_and_starts(balanced: Balanced) -> None:
    arn = balanced.group("boxes", TargetType="instance")
    balanced.listen(arn, 81)
    (instance,) = balanced.lab.launch()
    balanced.elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": instance}])
    balanced.clock.advance(30)
    assert balanced.health(arn) == [("unhealthy", "Target.FailedHealthChecks")]
    balanced.lab.ec2.stop_instances(InstanceIds=[instance])
    assert balanced.health(arn) == [("unused", "Target.InvalidState")]
    balanced.lab.ec2.start_instances(InstanceIds=[instance])
    assert states(balanced, arn) == ["initial"]
    balanced.lab.ec2.terminate_instances(InstanceIds=[instance])
    assert states(balanced, arn) == ["draining"]
    balanced.clock.advance(60)
    assert balanced.health(arn) == []


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"Id": "8.8.8.8"}, "ValidationError"),
        ({"Id": "10.9.9.9"}, "ValidationError"),
        ({"Id": "i-0123"}, "ValidationError"),
    ],
)
def test_a_target_that_is_refused(
    balanced: Balanced, refused: Any, target: dict[str, str], code: str
) -> None:
    register = balanced.elb.register_targets
    assert refused(register, TargetGroupArn=balanced.tg, Targets=[target]).code == code
    assert balanced.health() == []


def test_what_is_not_registered_can_be_deregistered(balanced: Balanced) -> None:
    target = {"Id": "10.0.1.77", "Port": 8080}
    balanced.elb.deregister_targets(TargetGroupArn=balanced.tg, Targets=[target])
    assert balanced.health() == []


def test_while_the_load_balancer_is_provisioned_nothing_is_checked(lab: Any) -> None:
    elb = lab.aws.client("elbv2")
    (front,) = elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)[
        "LoadBalancers"
    ]
    (group,) = elb.create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=lab.vpc, TargetType="ip"
    )["TargetGroups"]
    arn = group["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=front["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=forward(arn),
    )
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.0.1.77"}])

    def reason() -> str:
        (found,) = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return str(found["TargetHealth"]["Reason"])

    lab.clock.advance(119)
    assert reason() == "Elb.RegistrationInProgress"
    lab.clock.advance(1 + 30)
    assert reason() == "Elb.InitialHealthChecking"
