"""The tasks of services in Cloud Map: when they come and go, as what, and how they are there."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.discovery.cloud_map import healthy_instances

CHECK = {
    "healthCheck": {
        "command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
        "interval": 10,
        "retries": 2,
    }
}


def started(lab: Any, registry: dict[str, Any], desired: int = 2, **more: Any) -> None:
    """A service ``web`` of the API, registered there, with all its tasks."""
    ports = more.pop("ports", {})
    given = [{"registryArn": registry["Arn"], **ports}]
    lab.steady(desired=desired, taskDefinition="api", serviceRegistries=given, **more)


def test_every_task_that_runs_is_an_instance(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry)
    found = discovery.instances(registry)
    assert set(found) == set(discovery.running())
    for arn in lab.arns():
        task = lab.task(arn)
        (container,) = task["containers"]
        assert found[arn[-32:]] == {
            "AWS_INSTANCE_IPV4": container["networkInterfaces"][0]["privateIpv4Address"],
            "AWS_INIT_HEALTH_STATUS": "HEALTHY",
            "AVAILABILITY_ZONE": task["availabilityZone"],
            "REGION": "us-east-1",
            "ECS_SERVICE_NAME": "web",
            "ECS_CLUSTER_NAME": "lab",
            "ECS_TASK_DEFINITION_FAMILY": "api",
        }
    answer = discovery.api.discover_instances(
        NamespaceName="api.internal",
        ServiceName="api",
        QueryParameters={"AVAILABILITY_ZONE": "us-east-1b"},
    )
    (one,) = answer["Instances"]
    assert one["HealthStatus"] == "HEALTHY" and one["Attributes"] == found[one["InstanceId"]]
    assert lab.describe()["serviceRegistries"] == [{"registryArn": registry["Arn"]}]


def test_it_comes_while_activating_and_goes_while_deactivating(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    lab.service(
        taskDefinition="api", desired=1, serviceRegistries=[{"registryArn": registry["Arn"]}]
    )
    (arn,) = lab.arns()
    seen = {}
    for _ in range(60):
        seen.setdefault(lab.task(arn)["lastStatus"], len(discovery.instances(registry)))
        lab.clock.advance(1)
    assert seen == {"PROVISIONING": 0, "PENDING": 0, "ACTIVATING": 1, "RUNNING": 1}
    lab.update(desiredCount=0)
    for _ in range(40):
        seen[lab.task(arn)["lastStatus"]] = len(discovery.instances(registry))
        lab.clock.advance(1)
    gone = ("DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")
    assert seen["RUNNING"] == 1 and [seen[one] for one in gone] == [0, 0, 0, 0]


def test_stopped_while_activating_it_goes_too(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    given = [{"registryArn": registry["Arn"]}]
    lab.service(taskDefinition="api", desired=1, serviceRegistries=given)
    (arn,) = lab.arns()
    while lab.task(arn)["lastStatus"] != "ACTIVATING":
        lab.clock.advance(1)
    assert list(discovery.instances(registry)) == [arn[-32:]]
    lab.stop(arn)
    lab.clock.advance(1)
    assert lab.task(arn)["lastStatus"] == "STOPPING"
    assert arn[-32:] not in discovery.instances(registry)


@pytest.mark.parametrize("ports", [{"port": 8080}, {"containerName": "app", "containerPort": 8080}])
def test_an_srv_record_brings_the_port(lab: Any, discovery: Any, ports: dict[str, Any]) -> None:
    registry = discovery.registry(record="SRV")
    started(lab, registry, desired=1, ports=ports)
    ((_, found),) = discovery.instances(registry).items()
    assert found["AWS_INSTANCE_PORT"] == "8080"
    assert list(healthy_instances(registry["Arn"])) == [(found["AWS_INSTANCE_IPV4"], 8080)]


def test_on_an_instance_under_bridge_it_is_the_instances_address_and_port(
    lab: Any, discovery: Any
) -> None:
    (machine,) = lab.launch()
    lab.define_ec2()
    registry = discovery.registry(record="SRV")
    port = {"containerName": "app", "containerPort": 80}
    lab.service_ec2(serviceRegistries=[{"registryArn": registry["Arn"], **port}])
    lab.clock.advance(minutes=3)
    found = discovery.instances(registry)
    (shown,) = lab.ec2.describe_instances(InstanceIds=[machine])["Reservations"][0]["Instances"]
    assert len(found) == 2
    for arn in lab.arns():
        (binding,) = lab.task(arn)["containers"][0]["networkBindings"]
        mine = found[arn[-32:]]
        assert mine["AWS_INSTANCE_IPV4"] == shown["PrivateIpAddress"]
        assert mine["AWS_INSTANCE_PORT"] == str(binding["hostPort"])
        assert mine["EC2_INSTANCE_ID"] == machine


def test_its_custom_health_follows_its_container(lab: Any, discovery: Any) -> None:
    discovery.define(container=CHECK)
    registry = discovery.registry()
    given = [{"registryArn": registry["Arn"]}]
    lab.service(desired=1, taskDefinition="api", serviceRegistries=given)
    (arn,) = lab.arns()
    seen = []
    for _ in range(100):
        state = lab.task(arn)["healthStatus"], discovery.health(registry).get(arn[-32:])
        done = lab.describe()["deployments"][0]["rolloutState"]
        if (*state, done) not in seen:
            seen.append((*state, done))
        lab.clock.advance(1)
    assert seen == [
        ("UNKNOWN", None, "IN_PROGRESS"),
        ("UNKNOWN", "UNHEALTHY", "IN_PROGRESS"),
        ("HEALTHY", "UNHEALTHY", "IN_PROGRESS"),
        ("HEALTHY", "HEALTHY", "COMPLETED"),
    ]


def test_what_cloud_map_says_is_unhealthy_is_replaced(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry)
    sick = discovery.running()[0]
    discovery.api.update_instance_custom_health_status(
        ServiceId=registry["Id"], InstanceId=sick, Status="UNHEALTHY"
    )
    lab.clock.advance(minutes=3)
    running = discovery.running()
    assert sick not in running and len(running) == 2
    assert discovery.health(registry) == dict.fromkeys(running, "HEALTHY")
    told = f"(service web) (task {sick}) is unhealthy in (service-registry {registry['Id']})."
    assert told in lab.said()


def test_a_registry_that_is_gone_registers_nobody_and_the_service_says_so(
    lab: Any, discovery: Any, refused: Any
) -> None:
    registry = discovery.registry()
    started(lab, registry, desired=1)
    assert refused(discovery.api.delete_service, Id=registry["Id"]).code == "ResourceInUse"
    lab.update(desiredCount=0)
    lab.clock.advance(minutes=1)
    discovery.api.delete_service(Id=registry["Id"])
    lab.update(desiredCount=1)
    lab.clock.advance(minutes=2)
    (task,) = discovery.running()
    assert any(
        one.startswith(f"(service web) (task {task}) was not registered with service discovery")
        for one in lab.said()
    )


def test_an_instance_taken_out_by_hand_stays_out(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry, desired=1)
    (task,) = discovery.running()
    discovery.api.deregister_instance(ServiceId=registry["Id"], InstanceId=task)
    lab.clock.advance(minutes=1)
    assert discovery.instances(registry) == {} and discovery.running() == [task]
    lab.stop(lab.arns()[0])
    lab.clock.advance(minutes=3)
    assert set(discovery.instances(registry)) == set(discovery.running()) != {task}


def test_attributes_changed_by_hand_go_with_their_task(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry, desired=1)
    ((task, found),) = discovery.instances(registry).items()
    discovery.api.register_instance(
        ServiceId=registry["Id"], InstanceId=task, Attributes=found | {"color": "green"}
    )
    lab.clock.advance(5)
    assert discovery.instances(registry)[task]["color"] == "green"
    lab.delete()
    lab.clock.advance(minutes=2)
    assert discovery.instances(registry) == {}


def test_another_registry_is_another_deployment(lab: Any, discovery: Any) -> None:
    old, new = discovery.registry("old"), discovery.registry("new")
    started(lab, old)
    lab.update(serviceRegistries=[{"registryArn": new["Arn"]}])
    assert len(lab.describe()["deployments"]) == 2
    lab.clock.advance(minutes=4)
    assert discovery.instances(old) == {}
    assert set(discovery.instances(new)) == set(discovery.running())
    lab.update(serviceRegistries=[])
    lab.clock.advance(minutes=4)
    assert discovery.instances(new) == {} and len(discovery.running()) == 2


def test_a_task_set_registers_with_its_own(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    controller = {"type": "EXTERNAL"}
    given = {"taskDefinition": None, "launchType": None, "networkConfiguration": None}
    lab.service(desired=1, deploymentController=controller, **given)
    lab.ecs.create_task_set(
        cluster="lab",
        service="web",
        externalId="blue",
        taskDefinition="api",
        launchType="FARGATE",
        networkConfiguration=lab.network(),
        serviceRegistries=[{"registryArn": registry["Arn"]}],
        scale={"value": 100, "unit": "PERCENT"},
    )
    lab.clock.advance(minutes=2)
    ((_, found),) = discovery.instances(registry).items()
    assert found["ECS_TASK_SET_EXTERNAL_ID"] == "blue"


def test_what_ecs_refuses_creates_nothing(lab: Any, discovery: Any, refused: Any) -> None:
    registry = discovery.registry(record="SRV")
    given = [{"registryArn": registry["Arn"]}]
    found = refused(lab.service, taskDefinition="api", serviceRegistries=given)
    assert found.code == "InvalidParameterException"
    assert found.message.endswith(f"Registry: {registry['Arn']}")
    assert lab.ecs.list_services(cluster="lab")["serviceArns"] == []


def test_healthy_instances_are_those_that_are_not_unhealthy(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry)
    addresses = {
        one: held["AWS_INSTANCE_IPV4"] for one, held in discovery.instances(registry).items()
    }
    assert list(healthy_instances(registry["Arn"])) == [(one, None) for one in addresses.values()]
    sick, well = addresses
    discovery.api.update_instance_custom_health_status(
        ServiceId=registry["Id"], InstanceId=sick, Status="UNHEALTHY"
    )
    lab.clock.advance(30)
    assert list(healthy_instances(registry["Arn"])) == [(addresses[well], None)]
    assert list(healthy_instances(f"{registry['Arn']}x")) == []


def test_a_snapshot_brings_instances_and_tasks_back_together(lab: Any, discovery: Any) -> None:
    registry = discovery.registry()
    started(lab, registry)
    kept, running = lab.aws.snapshot(), discovery.running()
    lab.delete()
    lab.clock.advance(minutes=3)
    assert discovery.instances(registry) == {}
    for _ in range(2):
        kept.restore()
        assert set(discovery.instances(registry)) == set(running)
        lab.delete()
        lab.clock.advance(minutes=3)
        assert discovery.instances(registry) == {}
