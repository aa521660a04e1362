"""Load balancers and roles that CreateService refuses: rows 93 to 97 and 99 of the list of failures."""

from __future__ import annotations

from typing import Any

import pytest

INVALID = "InvalidParameterException"


class Balanced:
    """A lab with a web server on port 80, an Application Load Balancer and a listener."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.elb = lab, lab.aws.client("elbv2")
        one = {"name": "app", "image": "httpd", "portMappings": [{"containerPort": 80}]}
        lab.define("api", containerDefinitions=[one])
        made = self.elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)
        self.balancer = made["LoadBalancers"][0]["LoadBalancerArn"]

    def group(self, kind: str = "ip", *, port: int | None = 80) -> str:
        """ARN of a target group, behind a listener on that port."""
        made = self.elb.create_target_group(
            Name=f"{kind}-{port}", Protocol="HTTP", Port=80, VpcId=self.lab.vpc, TargetType=kind
        )
        arn = str(made["TargetGroups"][0]["TargetGroupArn"])
        if port:
            self.elb.create_listener(
                LoadBalancerArn=self.balancer,
                Protocol="HTTP",
                Port=port,
                DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
            )
        return arn

    def create(self, arn: str, container: str = "app", port: int = 80, **more: Any) -> Any:
        one = {"targetGroupArn": arn, "containerName": container, "containerPort": port}
        return self.lab.service(taskDefinition="api", loadBalancers=[one], **more)


@pytest.fixture
def balanced(lab: Any) -> Balanced:
    return Balanced(lab)


def test_what_fits_is_kept(balanced: Balanced) -> None:
    arn = balanced.group()
    made = balanced.create(arn)
    assert made["loadBalancers"][0]["targetGroupArn"] == arn
    assert balanced.lab.describe()["loadBalancers"] == made["loadBalancers"]


def test_a_target_group_of_the_other_kind(balanced: Balanced, refused: Any) -> None:
    arn = balanced.group("instance")
    assert str(refused(balanced.create, arn)) == (
        f"{INVALID}: The provided target group {arn} has target type instance, which is "
        "incompatible with the awsvpc network mode specified in the task definition."
    )
    assert balanced.lab.ecs.list_services(cluster="lab")["serviceArns"] == []


def test_on_a_bridge_it_is_the_instances(balanced: Balanced, refused: Any) -> None:
    one = {"name": "app", "image": "httpd", "memory": 128, "portMappings": [{"containerPort": 80}]}
    bare = dict.fromkeys(("requiresCompatibilities", "cpu", "memory"))
    balanced.lab.define("api", networkMode="bridge", containerDefinitions=[one], **bare)
    on_ec2 = {"launchType": "EC2", "networkConfiguration": None}
    found = refused(balanced.create, balanced.group("ip"), **on_ec2)
    assert (found.code, "incompatible with the bridge network mode" in found.message) == (
        INVALID,
        True,
    )
    assert balanced.create(balanced.group("instance", port=81), **on_ec2)["loadBalancers"]


def test_a_target_group_that_no_load_balancer_sends_to(balanced: Balanced, refused: Any) -> None:
    arn = balanced.group(port=None)
    assert str(refused(balanced.create, arn)) == (
        f"{INVALID}: The target group with targetGroupArn {arn} does not have an associated load "
        "balancer."
    )


def test_a_rule_of_a_listener_is_enough(balanced: Balanced) -> None:
    balanced.group("instance", port=80)
    arn = balanced.group(port=None)
    listeners = balanced.elb.describe_listeners(LoadBalancerArn=balanced.balancer)["Listeners"]
    balanced.elb.create_rule(
        ListenerArn=listeners[0]["ListenerArn"],
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/api/*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    assert balanced.create(arn)["status"] == "ACTIVE"


def test_a_classic_load_balancer_that_is_not_there(balanced: Balanced, refused: Any) -> None:
    """The name of an Application Load Balancer is none, which is the usual mistake."""
    one = {"loadBalancerName": "front", "containerName": "app", "containerPort": 80}
    found = refused(balanced.lab.service, taskDefinition="api", loadBalancers=[one])
    assert str(found) == f"{INVALID}: The load balancer front does not exist."


@pytest.mark.parametrize(("container", "port"), [("web", 80), ("app", 8080)])
def test_a_container_or_port_that_the_tasks_do_not_have(
    balanced: Balanced, refused: Any, container: str, port: int
) -> None:
    arn = balanced.group()
    assert refused(balanced.create, arn, container, port).code == INVALID


def test_an_unknown_target_group(balanced: Balanced, refused: Any) -> None:
    arn = balanced.group().replace("ip-80", "other")
    assert refused(balanced.create, arn).code == INVALID


def test_an_update_is_held_to_it_too(balanced: Balanced, refused: Any) -> None:
    balanced.create(balanced.group())
    one = {
        "targetGroupArn": balanced.group(port=None),
        "containerName": "app",
        "containerPort": 80,
    }
    before = balanced.lab.describe()
    assert refused(balanced.lab.update, loadBalancers=[one]).code == INVALID
    assert balanced.lab.describe() == before


def test_a_service_role_that_ecs_cannot_assume(balanced: Balanced, refused: Any) -> None:
    arn = balanced.group()
    other = balanced.lab.role("other", trusts="ec2.amazonaws.com")
    for role in (other, "nobody"):
        assert str(refused(balanced.create, arn, role=role)) == (
            f"{INVALID}: Unable to assume role and validate the specified targetGroupArn. Please "
            "verify that the ECS service role being passed has the proper permissions."
        )
    good = balanced.lab.role("ecsServiceRole", trusts="ecs.amazonaws.com")
    assert balanced.create(arn, role=good)["status"] == "ACTIVE"


def test_an_infrastructure_role_trusts_ecs(lab: Any, refused: Any) -> None:
    def volume(role: str) -> list[dict[str, Any]]:
        return [{"name": "data", "managedEBSVolume": {"roleArn": role, "sizeInGiB": 10}}]

    one = lab.role("infrastructure", trusts="ec2.amazonaws.com")
    assert str(refused(lab.service, volumeConfigurations=volume(one))) == (
        f"{INVALID}: ECS was unable to assume the configured ECS Infrastructure Role '{one}'. "
        "Please verify that the role being passed has the proper trust relationship with Amazon ECS."
    )
    good = lab.role("infrastructure-2", trusts="ecs.amazonaws.com")
    assert lab.service(volumeConfigurations=volume(good))["status"] == "ACTIVE"
