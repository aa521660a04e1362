"""Account settings: put, put as the account's default, list, delete.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
"""

from moto.core.responses import ActionResult

from course.sandbox.ecs.account_settings import (
    AWS_MANAGED,
    SETTINGS,
    check_change,
    check_setting,
    effective,
)
from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter

LISTED_AT_ONCE = 10


class SettingOperations(EcsOperations):
    """The operations on account settings, one method each."""

    @behaves("api/test_settings.py::test_container_insights_of_new_clusters")
    def put_account_setting(self) -> ActionResult:
        """PutAccountSetting: for the caller, unless another principal is named."""
        return self._put(self.given("principalArn", self.caller))

    @behaves("api/test_settings.py::test_the_accounts_default_holds_for_new_clusters")
    def put_account_setting_default(self) -> ActionResult:
        """PutAccountSettingDefault: for everybody who has no setting of their own."""
        return self._put(self.root)

    def _put(self, principal: str) -> ActionResult:
        name, value = self.given("name", ""), self.given("value", "")
        check_change(name, value, principal)
        self.ecs.settings.setdefault(principal, {})[name] = value
        return ActionResult({"setting": _shown(name, value, principal)})

    @behaves("api/test_settings.py::test_a_deleted_setting_falls_back")
    def delete_account_setting(self) -> ActionResult:
        """DeleteAccountSetting: what the account, or AWS, gives holds again."""
        name, principal = self.given("name", ""), self.given("principalArn", self.caller)
        check_setting(name)
        self.ecs.settings.get(principal, {}).pop(name, None)
        value = effective(self.ecs.settings, name, principal, self.root)
        return ActionResult({"setting": _shown(name, value, principal)})

    @behaves("api/test_settings.py::test_what_was_set_is_listed")
    def list_account_settings(self) -> ActionResult:
        """ListAccountSettings: what was set; with ``effectiveSettings``, what holds."""
        principal, wanted = self.given("principalArn", self.caller), self.given("name")
        if wanted is not None:
            check_setting(wanted)
        if self.given("value") is not None and wanted is None:
            raise invalid_parameter("Name a setting beside the value to filter by.")  # our words
        changed = self.ecs.settings
        everything = self.given("effectiveSettings", False)
        names = SETTINGS if everything else changed.get(principal, {})
        shown = [
            _shown(name, effective(changed, name, principal, self.root), principal)
            for name in names
            if wanted in (None, name)
        ]
        value = self.given("value")
        fitting = [one for one in shown if value in (None, one["value"])]
        return self.page("settings", fitting, default=LISTED_AT_ONCE, most=LISTED_AT_ONCE)


def _shown(name: str, value: str, principal: str) -> dict[str, str]:
    kind = "aws_managed" if name in AWS_MANAGED else "user"
    return {"name": name, "value": value, "principalArn": principal, "type": kind}
