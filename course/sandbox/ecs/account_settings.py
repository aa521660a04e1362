"""Account settings: which there are, which values they take, and what holds for whom.

A user's own value goes before the account's default (the root user's), and
that before what AWS gives a new account.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
"""

from collections.abc import Mapping, Sequence

from course.sandbox.ecs.errors import invalid_parameter

ON_OFF = ("enabled", "disabled")
LOG_MODES = ("blocking", "non-blocking")

INSIGHTS = "containerInsights"

SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "serviceLongArnFormat": ("enabled", ON_OFF),
    "taskLongArnFormat": ("enabled", ON_OFF),
    "containerInstanceLongArnFormat": ("enabled", ON_OFF),
    "awsvpcTrunking": ("disabled", ON_OFF),
    INSIGHTS: ("disabled", ("disabled", "enabled", "enhanced")),
    "dualStackIPv6": ("enabled", ON_OFF),
    "fargateFIPSMode": ("disabled", ON_OFF),
    "tagResourceAuthorization": ("off", ("on", "off")),
    "fargateTaskRetirementWaitPeriod": ("7", ("0", "7", "14")),
    "guardDutyActivate": ("off", ("on", "off")),
    "defaultLogDriverMode": ("non-blocking", LOG_MODES),
    "fargateEventWindows": ("disabled", ON_OFF),
}
"""Each setting with the value a new account has, and the values it takes."""

AWS_MANAGED = ("guardDutyActivate",)
"""Read-only: another service of AWS sets it."""

ROOT_ONLY = ("fargateTaskRetirementWaitPeriod",)
"""Set for the whole account or not at all."""

Changed = Mapping[str, Mapping[str, str]]


def root_of(account_id: str) -> str:
    """The principal whose settings are the account's defaults."""
    return f"arn:aws:iam::{account_id}:root"


def check_setting(name: str) -> None:
    """Refuse a setting that ECS does not have. Raises InvalidParameterException."""
    if name not in SETTINGS:
        raise invalid_parameter(f"{name!r} should be one of {', '.join(SETTINGS)}.")  # our words


def check_change(name: str, value: str, principal: str) -> None:
    """Refuse a value, or a principal, that a setting does not take."""
    check_setting(name)
    values = SETTINGS[name][1]
    if name in AWS_MANAGED:
        raise invalid_parameter(f"{name} is managed by AWS and cannot be changed.")  # our words
    if value not in values:
        raise invalid_parameter(f"{name} takes {', '.join(values)}, not {value!r}.")  # our words
    if name in ROOT_ONLY and not principal.endswith(":root"):
        raise invalid_parameter(  # our words
            f"{name} is set for the account as a whole: use the root user, or PutAccountSettingDefault."
        )


def check_cluster_settings(settings: Sequence[Mapping[str, str]]) -> None:
    """Refuse a value that a cluster's one setting, containerInsights, does not take.

    It goes before the account's setting of the same name; other names the model rules out.
    """
    values = SETTINGS[INSIGHTS][1]
    for value in (one.get("value") for one in settings):
        if value not in values:
            said = f"{INSIGHTS} takes {', '.join(values)}, not {value!r}."  # our words
            raise invalid_parameter(said)


def effective(changed: Changed, name: str, principal: str, root: str) -> str:
    """The value that holds for a principal."""
    for whose in (principal, root):
        if name in changed.get(whose, {}):
            return changed[whose][name]
    return SETTINGS[name][0]
