"""Account settings through boto3."""

from __future__ import annotations

from typing import Any

import pytest

ROOT = "arn:aws:iam::123456789012:root"


def insights(lab: Any, name: str) -> str:
    """What a new cluster of this name has for Container Insights."""
    (setting,) = lab.ecs.create_cluster(clusterName=name)["cluster"]["settings"]
    return str(setting["value"])


def test_a_new_account_has_container_insights_off(lab: Any) -> None:
    assert insights(lab, "new") == "disabled"


def test_container_insights_of_new_clusters(lab: Any) -> None:
    made = lab.ecs.put_account_setting(name="containerInsights", value="enhanced")["setting"]
    assert (made["name"], made["value"], made["type"]) == ("containerInsights", "enhanced", "user")
    assert insights(lab, "new") == "enhanced"
    (kept,) = lab.ecs.describe_clusters(clusters=["lab"], include=["SETTINGS"])["clusters"]
    assert kept["settings"][0]["value"] == "disabled", "clusters that exist keep theirs"
    own = [{"name": "containerInsights", "value": "disabled"}]
    assert lab.ecs.create_cluster(clusterName="own", settings=own)["cluster"]["settings"] == own


def test_the_accounts_default_holds_for_new_clusters(lab: Any) -> None:
    made = lab.ecs.put_account_setting_default(name="containerInsights", value="enabled")
    assert made["setting"]["principalArn"] == ROOT
    assert insights(lab, "new") == "enabled"
    lab.ecs.put_account_setting(name="containerInsights", value="enhanced")
    assert insights(lab, "mine") == "enhanced", "the caller's own goes first"


def test_a_deleted_setting_falls_back(lab: Any) -> None:
    lab.ecs.put_account_setting_default(name="containerInsights", value="enabled")
    lab.ecs.put_account_setting(name="containerInsights", value="enhanced")
    gone = lab.ecs.delete_account_setting(name="containerInsights")["setting"]
    assert gone["value"] == "enabled"
    assert insights(lab, "new") == "enabled"
    lab.ecs.delete_account_setting(name="containerInsights", principalArn=ROOT)
    assert insights(lab, "newer") == "disabled"


def test_what_was_set_is_listed(lab: Any) -> None:
    who = lab.aws.client("sts").get_caller_identity()["Arn"]
    assert lab.ecs.list_account_settings()["settings"] == []
    lab.ecs.put_account_setting(name="containerInsights", value="enabled")
    expected = {
        "name": "containerInsights",
        "value": "enabled",
        "principalArn": who,
        "type": "user",
    }
    listed = lab.ecs.list_account_settings
    assert listed()["settings"] == [expected]
    assert listed(name="containerInsights", value="enabled")["settings"] == [expected]
    assert listed(name="containerInsights", value="disabled")["settings"] == []
    assert listed(principalArn=ROOT)["settings"] == []


def test_what_holds_is_listed_in_pages_of_ten(lab: Any) -> None:
    lab.ecs.put_account_setting_default(name="defaultLogDriverMode", value="blocking")
    first = lab.ecs.list_account_settings(effectiveSettings=True)
    second = lab.ecs.list_account_settings(effectiveSettings=True, nextToken=first["nextToken"])
    assert (len(first["settings"]), "nextToken" in second) == (10, False)
    values = {one["name"]: one["value"] for one in first["settings"] + second["settings"]}
    assert values["defaultLogDriverMode"] == "blocking"
    assert values["serviceLongArnFormat"] == "enabled"
    assert values["fargateTaskRetirementWaitPeriod"] == "7"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nope", "enabled"),
        ("containerInsights", "very much"),
        ("awsvpcTrunking", "on"),
        ("guardDutyActivate", "on"),  # another service's
        ("fargateTaskRetirementWaitPeriod", "14"),  # the root user's alone
    ],
)
def test_what_a_setting_does_not_take(lab: Any, refused: Any, name: str, value: str) -> None:
    found = refused(lab.ecs.put_account_setting, name=name, value=value)
    assert found.code == "InvalidParameterException"
    assert lab.ecs.list_account_settings()["settings"] == []


def test_the_wait_before_retirement_is_the_accounts(lab: Any) -> None:
    lab.ecs.put_account_setting_default(name="fargateTaskRetirementWaitPeriod", value="14")
    listed = lab.ecs.list_account_settings(
        name="fargateTaskRetirementWaitPeriod", effectiveSettings=True
    )
    assert [one["value"] for one in listed["settings"]] == ["14"]


def test_a_value_alone_is_no_filter(lab: Any, refused: Any) -> None:
    assert refused(lab.ecs.list_account_settings, value="on").code == "InvalidParameterException"
