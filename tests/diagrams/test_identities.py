"""Who assumes what: roles by whom they trust, what was asked, and what of it was denied."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import boto3
import pytest

import course
from course import sandbox
from course.diagrams.identities import SHOWN, identities, sentence, to_graph
from course.diagrams.identity_reading import (
    ECS,
    LINKED,
    TASKS,
    Definition,
    Identities,
    Worn,
    read_identities,
)
from course.exercises.ecs import public_network
from course.sandbox.identity.acts import Act

Golden = Callable[[str, str], None]

ACCOUNT = "123456789012"
DEV = f"arn:aws:iam::{ACCOUNT}:user/dev"
PULL = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def session(role: str) -> str:
    """The ARN of a session of a role, as tasks have them."""
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/0123abcd"


def trusting(service: str) -> str:
    who = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [who]})


@pytest.fixture
def roles(shop: Any) -> Any:
    """The shop with a service whose two roles are there, and trusted as they should be."""
    iam: Any = shop.session.client("iam")
    arns = [
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusting(TASKS))["Role"]["Arn"]
        for name in ("web-execution", "web-task")
    ]
    pull = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [pull]})
    iam.put_role_policy(RoleName="web-execution", PolicyName="pull", PolicyDocument=policy)
    shop.ecs.create_cluster(clusterName="shop")
    shop.define(executionRoleArn=arns[0], taskRoleArn=arns[1])
    task = {"cluster": "shop", "taskDefinition": "web"}
    shop.ecs.run_task(**task, **shop.network())
    shop.iam = iam
    return shop


def asked(who: str, *actions: str, allowed: bool = True) -> list[Act]:
    return [Act(who, one, "*", allowed) for one in actions]


def handed_over(role: str, *, allowed: bool = True) -> Act:
    return Act(DEV, "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{role}", allowed)


LIT = [
    Act(DEV, "ecs:RunTask", f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/web:1", False),
    Act(DEV, "ecs:RunTask", f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/web:1", True),
    handed_over("web-execution"),
    handed_over("web-task", allowed=False),
    *asked(session("web-execution"), *PULL),
    *asked(session("web-task"), "s3:GetObject", allowed=False),
]


FOUND = Identities(
    cluster="shop",
    definitions=(
        Definition("web:1", (("execution role", "web-execution"), ("task role", "web-task"))),
    ),
    roles=(
        Worn("web-execution", "execution role", TASKS, (TASKS,), ("pull",)),
        Worn("web-task", "task role", TASKS, (TASKS,), ()),
        Worn(LINKED, "service-linked role", ECS, (ECS,), ("AmazonECSServiceRolePolicy",)),
    ),
)


def told(acts: list[Act], found: Identities = FOUND) -> str:
    return to_graph(found, acts).text()


def with_task_role(**changes: Any) -> Identities:
    execution, task, linked = FOUND.roles
    return replace(FOUND, roles=(execution, replace(task, **changes), linked))


def test_what_a_session_sees_is_read(roles: Any) -> None:
    assert read_identities(roles.session, "shop") == FOUND


def test_everything_that_was_asked_stands_on_who_asked(golden: Golden) -> None:
    golden("identities.txt", told(LIT))
    assert sentence(FOUND, LIT) == (
        "Who assumes what in cluster shop: user dev was denied iam:PassRole web-task; "
        f"execution role web-execution, which {TASKS} may assume, was allowed 3 actions; "
        f"task role web-task, which {TASKS} may assume, was denied s3:GetObject; "
        "service-linked role AWSServiceRoleForECS, which ecs.amazonaws.com may assume."
    )


def test_both_drawings_say_the_same_words(roles: Any) -> None:
    picture = identities(roles.session, "shop", LIT)
    assert repr(picture) == told(LIT)
    for svg in (str(picture.svg), str(picture.narrow_svg)):
        ElementTree.fromstring(svg)
        assert svg.count("DENIED</text>") == 2
        assert svg.count("ALLOWED</text>") == 1
        for word in re.findall(r"<text[^>]*>([^<]+)</text>", svg):
            assert word.removesuffix("…").removeprefix("← ") in repr(picture), word


def test_nobody_asked_yet_and_you_are_the_administrator() -> None:
    assert "user you: administrator, never denied" in told([])
    assert "DENIED" not in told([])


def test_who_asked_about_something_else_is_not_shown() -> None:
    assert "dev" not in told([Act(DEV, "s3:ListAllMyBuckets", "*", True)])


def test_a_role_that_trusts_another_service_says_so() -> None:
    frame = told(LIT, with_task_role(trusted=(ECS,))).partition("trust ecs: ")[2]
    assert f"role web-task NOT TRUSTED: task role, {TASKS} has to be trusted" in frame


def test_a_role_that_is_not_there_says_so() -> None:
    gone = with_task_role(trusted=None, policies=None)
    assert "trust nobody: nobody may assume\n  role web-task NOT THERE: task role" in told([], gone)


def test_a_role_that_was_deleted_is_read_as_not_there(roles: Any) -> None:
    roles.iam.delete_role(RoleName="web-task")
    found = read_identities(roles.session, "shop")
    assert found == with_task_role(trusted=None, policies=None)


def test_the_last_answer_to_a_question_counts() -> None:
    again = [*LIT, *asked(session("web-task"), "s3:GetObject")]
    assert "role web-task ALLOWED" in told(again)
    assert "s3:GetObject allowed after a denial" in told(again)


def test_of_many_questions_the_last_are_counted() -> None:
    many = asked(session("web-task"), *(f"s3:Act{n}" for n in range(SHOWN)))
    more = asked(session("web-task"), "s3:One", "s3:Two", allowed=False)
    assert f"s3:Act{SHOWN - 1} allowed, 2 more, 2 of them denied" in told([*many, *more])
    assert "role web-task DENIED" in told([*many, *more])


def test_an_instance_has_its_own_role(shop: Any) -> None:
    shop.open_on_instances(0, desired=1)
    seen = repr(identities(shop.session, "shop"))
    frame = seen.partition("trust ec2: ec2.amazonaws.com may assume")[2]
    assert "role agent: instance role, policy AmazonEC2ContainerServiceforEC2Role" in frame
    assert "task definition web:1: no role" in seen


def test_a_role_handed_to_ecs_itself_is_an_infrastructure_role(shop: Any) -> None:
    iam: Any = shop.session.client("iam")
    made = iam.create_role(RoleName="disks", AssumeRolePolicyDocument=trusting(ECS))
    disk = {"roleArn": made["Role"]["Arn"], "sizeInGiB": 10}
    shop.ecs.create_cluster(clusterName="shop")
    shop.define(volumes=[{"name": "data", "configuredAtLaunch": True}])
    service = {"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 0}
    volumes = [{"name": "data", "managedEBSVolume": disk}]
    shop.ecs.create_service(**service, **shop.network(), volumeConfigurations=volumes)
    seen = repr(identities(shop.session, "shop"))
    frame = seen.partition("trust ecs: ecs.amazonaws.com may assume")[2]
    assert "role disks: infrastructure role, no policy" in frame


def test_a_cluster_that_is_not_there_is_named(shop: Any) -> None:
    with pytest.raises(LookupError, match="there is no cluster 'shop' here"):
        identities(shop.session, "shop")


def test_a_lesson_draws_what_was_really_asked() -> None:
    """In a lesson the history says it: here a user is denied, and the map knows."""
    lesson = course.lesson("security-and-iam")
    try:
        lesson.exercise("iam-policy-101")
        iam = boto3.client("iam")
        key = iam.create_access_key(UserName="trainee")["AccessKey"]
        keys = key["AccessKeyId"], key["SecretAccessKey"]
        trainee: Any = boto3.Session(*keys, region_name="us-east-1")
        with pytest.raises(trainee.client("ecs").exceptions.ClientError):
            trainee.client("ecs").run_task(cluster="clinic", taskDefinition="intake")
        assert "trainee" not in repr(lesson.diagram(roles="clinic"))
        service = {"cluster": "clinic", "serviceName": "intake", "taskDefinition": "intake"}
        place = {"networkConfiguration": public_network(boto3.Session()), "launchType": "FARGATE"}
        boto3.client("ecs").create_service(**service, **place, desiredCount=0)
        assert "user trainee DENIED: ecs:RunTask denied" in repr(lesson.diagram(roles="clinic"))
    finally:
        opened = sandbox.current()
        assert opened
        opened.close()
