"""Scaling activities in AWS's words, as DescribeScalingActivities lists them. Pure.

Causes as in outputs of 2019 to 2026; each of their sentences begins with its instant.

AWS: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

RUNS, ENDED = "InProgress", "Successful"


@dataclass
class Activity:
    """One launch or termination of an Auto Scaling group."""

    activity_id: str
    auto_scaling_group_name: str
    auto_scaling_group_arn: str
    description: str
    cause: str
    start_time: datetime
    instance_id: str
    details: str
    end_time: datetime | None = None
    status_code: str = RUNS
    progress: int = 50
    auto_scaling_group_state: str | None = None
    status_message: str | None = None

    def end(self, when: datetime) -> None:
        """It has been carried out."""
        self.end_time, self.status_code, self.progress = when, ENDED, 100

    def fail(self, when: datetime, message: str) -> None:
        """EC2 refused it."""
        self.end(when)
        self.status_code, self.status_message = "Failed", message


def details(subnet: str | None, zone: str) -> str:
    """Where it happens: JSON in a string, as AWS has it."""
    where = {"Subnet ID": subnet} if subnet else {}
    return json.dumps({**where, "Availability Zone": zone}, separators=(",", ":"))


def by_user(when: datetime, *, minimum: int, maximum: int, before: int, desired: int) -> str:
    """Somebody changed the group."""
    return (
        f"At {_at(when)} a user request update of AutoScalingGroup constraints to min: {minimum}, "
        f"max: {maximum}, desired: {desired} changing the desired capacity from {before} to {desired}."
    )


def by_creation(when: datetime, desired: int) -> str:
    """Somebody made the group."""
    return (
        f"At {_at(when)} a user request created an AutoScalingGroup changing the desired capacity "
        f"from 0 to {desired}."
    )


def by_alarm(when: datetime, alarm: str, policy: str, *, before: int, desired: int) -> str:
    """A scaling policy's alarm changed the group."""
    return (
        f"At {_at(when)} a monitor alarm {alarm} in state ALARM triggered policy {policy} "
        f"changing the desired capacity from {before} to {desired}."
    )


def started(when: datetime, *, before: int, after: int) -> str:
    """Why an instance is launched: there are fewer than desired."""
    return (
        f"At {_at(when)} an instance was started in response to a difference between desired and "
        f"actual capacity, increasing the capacity from {before} to {after}."
    )


def taken_out(when: datetime, instances: Sequence[str], *, before: int, after: int) -> str:
    """Why instances go: there are more than desired, and these were chosen."""
    chosen = (f"  At {_at(when)} instance {one} was selected for termination." for one in instances)
    return (
        f"At {_at(when)} an instance was taken out of service in response to a difference between "
        f"desired and actual capacity, shrinking the capacity from {before} to {after}."
        + "".join(chosen)
    )


def unhealthy(when: datetime, *, gone: bool) -> str:
    """Why an instance goes that is stopped or terminated (*gone*), or was set to Unhealthy."""
    check = (
        "an EC2 health check indicating it has been terminated or stopped."
        if gone
        else "a user health-check."  # from memory: no output was seen
    )
    return f"At {_at(when)} an instance was taken out of service in response to {check}"


def replacement(when: datetime) -> str:
    """Why an instance comes in the place of an unhealthy one."""
    return (
        f"At {_at(when)} an instance was launched in response to an unhealthy instance needing to "
        "be replaced."
    )


def by_request(when: datetime, instance_id: str, before: int, desired: int) -> str:
    """Why an instance goes that somebody named."""
    shrinks = f", shrinking the capacity from {before} to {desired}" if desired < before else ""
    return (
        f"At {_at(when)} instance {instance_id} was taken out of service in response to a user "
        f"request{shrinks}."
    )


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
