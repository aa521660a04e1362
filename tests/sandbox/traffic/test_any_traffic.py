"""Whatever happens to a site under traffic, its ledger adds up, and says of each request what became of it.

Hypothesis makes the histories up and shows a failing one as the steps to
repeat. 40 of them run with ``--all``; ``COURSE_HISTORIES=400`` runs more, and other ones.
"""

from __future__ import annotations

import os

import moto.settings
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from course import sandbox
from course.traffic_times import Site

HISTORIES = int(os.environ.get("COURSE_HISTORIES", "40"))
TWINS = ("web", "web-drops", "web-deaf", "web-sick", "web-elsewhere", "web-leaks")


class AnyTraffic(RuleBasedStateMachine):
    """A service behind a load balancer, two loads, and everything that can happen to them."""

    @initialize()
    def begin(self) -> None:
        self.real_amis = moto.settings.ec2_load_default_amis
        moto.settings.ec2_load_default_amis = lambda: False
        self.aws = sandbox.open()
        self.site = Site(self.aws, 2, cpu="256")
        self.loads = [self.aws.traffic(self.site.url, rate=rate) for rate in (30, 0.7)]
        self.before = [0, 0]

    def teardown(self) -> None:
        if hasattr(self, "aws"):
            try:
                for load in self.loads:
                    load.stop()
                    assert load.under_way == 0
                    assert load.sent == load.answered + load.refused + load.dropped
            finally:
                self.aws.close()
                moto.settings.ec2_load_default_amis = self.real_amis

    @rule(twin=st.sampled_from(TWINS))
    def roll(self, twin: str) -> None:
        self.site.define(f"registry.example.com/{twin}")
        self.site.update(taskDefinition="bench")

    @rule(desired=st.integers(0, 4))
    def scale(self, desired: int) -> None:
        self.site.update(desiredCount=desired)

    @rule(place=st.integers(0, 9))
    def stop_task(self, place: int) -> None:
        arns = self.site.ecs.list_tasks(cluster="bench")["taskArns"]
        if arns:
            self.site.ecs.stop_task(cluster="bench", task=arns[place % len(arns)])

    @rule(seconds=st.sampled_from([0, 5, 300]))
    def delay(self, seconds: int) -> None:
        self.site.elb.modify_target_group_attributes(
            TargetGroupArn=self.site.targets,
            Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(seconds)}],
        )

    @rule(open_=st.booleans())
    def security_group(self, open_: bool) -> None:
        held = self.site.ec2.describe_security_groups(GroupIds=[self.site.group])
        (group,) = held["SecurityGroups"]
        if open_ != bool(group["IpPermissions"]):
            act = "authorize" if open_ else "revoke"
            getattr(self.site.ec2, f"{act}_security_group_ingress")(
                GroupId=self.site.group,
                IpProtocol="tcp",
                FromPort=80,
                ToPort=8080,
                CidrIp="0.0.0.0/0",
            )

    @rule(seconds=st.sampled_from([1, 7, 30, 90, 400]))
    def advance(self, seconds: int) -> None:
        self.aws.clock.advance(seconds)

    @invariant()
    def every_request_is_somewhere(self) -> None:
        for place, load in enumerate(self.loads):
            total = load.answered + load.refused + load.dropped + load.under_way
            assert load.sent == total >= self.before[place]
            assert min(load.answered, load.refused, load.dropped, load.under_way) >= 0
            assert sum(load.by_status.values()) == total - load.under_way
            assert sum(load.by_task.values()) == load.answered
            assert sum(one.sent for one in load.minutes) == load.sent
            self.before[place] = load.sent

    @invariant()
    def one_request_agrees_with_many(self) -> None:
        """Whoever asks once is answered, or not, as the traffic is at this moment."""
        before = dict(self.loads[0].by_status)
        reply = self.aws.get(self.site.url)
        kept = self.aws.snapshot()
        self.aws.clock.advance(1)
        after = self.loads[0].by_status
        grown = {status for status in after if after[status] > before.get(status, 0)}
        kept.restore()
        assert reply.status in grown or not grown


TestAnyTraffic = pytest.mark.slow(AnyTraffic.TestCase)
TestAnyTraffic.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=10,
    deadline=None,
    derandomize="COURSE_HISTORIES" not in os.environ,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
