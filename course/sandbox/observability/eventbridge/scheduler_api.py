"""EventBridge Scheduler as the sandbox answers it: expressions that are read, roles that trust it; the rest is moto's.

AWS: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from moto.scheduler.responses import EventBridgeSchedulerResponse

from course.sandbox.ecs.errors import Refused
from course.sandbox.observability.eventbridge.permissions import SCHEDULER, role_for
from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import read_schedule


class SchedulerApi(EventBridgeSchedulerResponse):
    """The operations that make and change a schedule."""

    def create_schedule(self) -> str:
        """CreateSchedule, with an expression that can be read and a role that Scheduler can assume."""
        self._check()
        return str(super().create_schedule())

    def update_schedule(self) -> str:
        """UpdateSchedule, checked in the same way."""
        self._check()
        return str(super().update_schedule())

    def _check(self) -> None:
        text, target = self._get_param("ScheduleExpression"), self._get_param("Target")
        zone = self._get_param("ScheduleExpressionTimezone")
        given = isinstance(target, dict) and target.get("Arn") and target.get("RoleArn")
        if not isinstance(text, str) or not given:
            raise _invalid(
                "ScheduleExpression and Target, with Arn and RoleArn, must be given."
            )  # ours
        try:
            read_schedule(text, zone, once=True)
        except BadSchedule as bad:
            raise _invalid(f"Invalid Schedule Expression {text}. {bad}.") from bad  # our words
        name = self.uri.split("?")[0].rsplit("/", 1)[-1]
        group = self._get_param("GroupName") or "default"
        account = self.current_account
        source = f"arn:aws:scheduler:{self.region}:{account}:schedule/{group}/{name}"
        if ":ecs:" in target["Arn"] and not target.get("EcsParameters"):
            raise _invalid("EcsParameters must be provided for a target of ECS.")  # our words
        if role_for(SCHEDULER, target["RoleArn"], source) is None:
            raise _invalid(
                "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
            )


def _invalid(message: str) -> Refused:
    return Refused("ValidationException", message)
