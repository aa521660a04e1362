"""Any history of tasks on container instances: none is over-committed, and what was held comes back.

Hypothesis makes the histories up: services, DAEMONs and single tasks come and go,
instances drain, are cut off, stop, start and end. All is asked through boto3.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SIZES = {"small": (128, 64), "large": (1024, 400), "port": (64, 64)}
STEPS = st.one_of(
    st.tuples(st.just("run"), st.sampled_from(list(SIZES)), st.integers(1, 5)),
    st.tuples(st.just("scale"), st.sampled_from(["web", "api"]), st.integers(0, 5)),
    st.tuples(st.just("daemon"), st.just(""), st.integers(0, 1)),
    st.tuples(st.just("stop_task"), st.just(""), st.integers(0, 9)),
    st.tuples(
        st.sampled_from(["drain", "activate", "cut", "mend", "halt", "start", "end", "force"]),
        st.just(""),
        st.integers(0, 2),
    ),
    st.tuples(st.just("advance"), st.just(""), st.sampled_from([1, 5, 45, 120])),
)


class Story:
    """One history in a lab of three t3.micro."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.hosts = lab.launch(3)
        self.arns = lab.instances()
        self.free = {arn: lab.remaining(arn) for arn in self.arns}
        for name, (cpu, memory) in SIZES.items():
            ports = [{"containerPort": 80, "hostPort": 8080 if name == "port" else 0}]
            lab.define_ec2(name, cpu=cpu, memory=memory, portMappings=ports)
        lab.service_ec2("web", 1, taskDefinition="small")
        lab.service_ec2("api", 1, taskDefinition="port")

    def do(self, what: str, name: str, number: int) -> None:
        try:
            getattr(self, f"_{what}")(name, number)
        except ClientError as error:
            assert error.response["Error"]["Code"] not in ("SandboxFailure", "InternalFailure"), (
                error
            )

    def _run(self, size: str, count: int) -> None:
        self.lab.run_ec2(count, taskDefinition=size)

    def _scale(self, name: str, desired: int) -> None:
        self.lab.update(name, desiredCount=desired)

    def _daemon(self, _: str, begins: int) -> None:
        if begins:
            self.lab.service_ec2("every", None, taskDefinition="small", schedulingStrategy="DAEMON")
        else:
            self.lab.delete("every")

    def _stop_task(self, _: str, place: int) -> None:
        arns = self.lab.arns()
        if arns:
            self.lab.stop(arns[place % len(arns)])

    def _state(self, place: int, status: str) -> None:
        self.lab.ecs.update_container_instances_state(
            cluster="lab", containerInstances=[self.arns[place]], status=status
        )

    def _drain(self, _: str, place: int) -> None:
        self._state(place, "DRAINING")

    def _activate(self, _: str, place: int) -> None:
        self._state(place, "ACTIVE")

    def _cut(self, _: str, place: int) -> None:
        if self.lab.instance(self.arns[place])["status"] != "INACTIVE":
            self.lab.aws.set_agent(self.arns[place], connected=False)

    def _mend(self, _: str, place: int) -> None:
        if self.lab.instance(self.arns[place])["status"] != "INACTIVE":
            self.lab.aws.set_agent(self.arns[place], connected=True)

    def _halt(self, _: str, place: int) -> None:
        self.lab.ec2.stop_instances(InstanceIds=[self.hosts[place]])

    def _start(self, _: str, place: int) -> None:
        self.lab.ec2.start_instances(InstanceIds=[self.hosts[place]])

    def _end(self, _: str, place: int) -> None:
        self.lab.ec2.terminate_instances(InstanceIds=[self.hosts[place]])

    def _force(self, _: str, place: int) -> None:
        self.lab.ecs.deregister_container_instance(
            cluster="lab", containerInstance=self.arns[place], force=True
        )

    def _advance(self, _: str, seconds: int) -> None:
        self.lab.clock.advance(seconds)

    def alive(self) -> list[dict[str, Any]]:
        arns = [
            one for status in ("RUNNING", "STOPPED") for one in self.lab.arns(desiredStatus=status)
        ]
        tasks = [self.lab.task(arn) for arn in arns]
        return [one for one in tasks if one["lastStatus"] != "STOPPED"]

    def check(self) -> None:
        """What tasks hold and what an instance has left are what it has in all, and never more."""
        by_instance: dict[str, list[dict[str, Any]]] = {arn: [] for arn in self.arns}
        for task in self.alive():
            by_instance[task["containerInstanceArn"]].append(task)
        for arn, tasks in by_instance.items():
            left, free = self.lab.remaining(arn), self.free[arn]
            sizes = [
                SIZES[one["taskDefinitionArn"].rsplit("/", 1)[-1].split(":")[0]] for one in tasks
            ]
            assert left["CPU"] == free["CPU"] - sum(cpu for cpu, _ in sizes) >= 0
            assert left["MEMORY"] == free["MEMORY"] - sum(memory for _, memory in sizes) >= 0
            fixed = [one for one in tasks if "/port:" in one["taskDefinitionArn"]]
            assert len(fixed) <= 1
            assert ("8080" in left["PORTS"]) == bool(fixed)
            bound = Counter(
                binding["hostPort"]
                for one in tasks
                for container in one["containers"]
                for binding in container["networkBindings"]
            )
            assert not bound or max(bound.values()) == 1
            shown = self.lab.instance(arn)
            running = [one for one in tasks if one["lastStatus"] == "RUNNING"]
            assert shown["runningTasksCount"] == len(running)
        cluster = self.lab.cluster()
        active = [arn for arn in self.arns if self.lab.instance(arn)["status"] != "INACTIVE"]
        assert cluster["registeredContainerInstancesCount"] == len(active)
        assert cluster["runningTasksCount"] == sum(
            one["lastStatus"] == "RUNNING" for one in self.alive()
        )


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=5, max_size=20))
def test_no_instance_is_over_committed(make_lab: Any, steps: list[tuple[str, str, int]]) -> None:
    lab = make_lab()
    try:
        story = Story(lab)
        for what, name, number in steps:
            story.do(what, name, number)
            story.check()
        for name in ("web", "api", "every"):
            story.do("scale", name, 0)
            with suppress(ClientError):
                lab.delete(name)
        for place in range(3):
            story.do("mend", "", place)
        for task in lab.arns():
            lab.stop(task)
        lab.clock.advance(minutes=5)
        connected = [arn for arn in story.arns if lab.instance(arn)["agentConnected"]]
        for arn in connected:
            assert lab.remaining(arn) == story.free[arn]
    finally:
        lab.aws.close()
