"""What comes back at the beginning of a lesson, and what is said at its end."""

from pathlib import Path

import boto3
import pytest

import course
from course.checkpoints.leftovers import leftovers
from course.checkpoints.warmup import AT_MOST, Warmup, told_at_the_end, warmup
from course.curriculum.curriculum import lessons
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank

MISSED = ("fargate-tasks-001", "fargate-services-001", "fargate-services-002")


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    return Record("fargate-tutorial", Journal(tmp_path))


def answered(record: Record, id: str, outcome: str, kind: str = "answered") -> None:
    record.remember(kind, id, response=("x",), outcome=outcome)


def due(record: Record) -> list[str]:
    return [one.question.id for one in warmup(record, bank()).questions]


def test_nothing_is_due_at_first(record: Record) -> None:
    assert repr(warmup(record, bank())).startswith("Nothing to repeat")


def test_what_was_missed_comes_back_the_longest_ago_first(record: Record) -> None:
    for id in MISSED:
        answered(record, id, "wrong")
    assert due(record) == list(MISSED)


def test_what_was_right_once_does_not_come_back(record: Record) -> None:
    for outcome in ("wrong", "right"):
        answered(record, MISSED[0], outcome)
    answered(record, MISSED[1], "partly")
    assert due(record) == [MISSED[1]]


def test_predictions_exercises_and_forgotten_questions_do_not_come_back(record: Record) -> None:
    answered(record, "fargate-predict-001", "wrong", kind="predicted")
    answered(record, "fargate-service-101", "partly", kind="checked")
    answered(record, "withdrawn-question-001", "wrong")
    assert due(record) == []


def test_at_most_three_at_once(record: Record) -> None:
    questions = [id for id in bank().questions if "predict" not in id]
    for id in questions:
        answered(record, id, "wrong")
    assert len(questions) > AT_MOST == len(due(record))


def test_they_are_asked_anew_and_remembered_where_they_were_missed(record: Record) -> None:
    answered(record, MISSED[0], "wrong")
    again = warmup(Record("another-lesson", Journal(record.journal.path.parent)), bank())
    assert "Not attempted yet" in repr(again)
    again[0].answer("asked")
    assert record.item(MISSED[0]).right
    assert due(record) == []


def test_an_empty_warmup_is_text_and_not_a_widget(capsys: pytest.CaptureFixture[str]) -> None:
    Warmup(())._ipython_display_()
    assert capsys.readouterr().out.startswith("Nothing to repeat")


def test_the_end_says_what_comes_back(record: Record) -> None:
    answered(record, MISSED[0], "right")
    answered(record, MISSED[1], "wrong")
    answered(record, "fargate-predict-001", "wrong", kind="predicted")
    asked = (record.summary(), "fargate-tutorial", bank(), ["a-101", "b-001"])
    assert told_at_the_end(*asked, "left", "next").lines == (
        "1 of 2 right.",
        f"These come back in the next warm-up: {MISSED[1]}.",
        "Not attempted: a-101, b-001.",
        "left",
        "next",
    )


def test_what_is_left_in_the_account_is_named(record: Record) -> None:
    lesson = course.lesson("fargate-tutorial")
    assert "Left in this account: nothing." in repr(lesson.finish())
    lesson.client("ecs").create_cluster(clusterName="lab")
    lesson.client("ecr").create_repository(repositoryName="web")
    lesson.client("ec2").create_security_group(GroupName="open", Description="d")
    lesson.client("iam").create_role(RoleName="cook", AssumeRolePolicyDocument="{}")
    assert leftovers(boto3.Session()) == (
        "Left in this account: clusters lab; security groups open; image repositories web; "
        "roles cook."
    )
    lesson._sandbox.close()


def test_machines_left_in_the_account_are_named(record: Record) -> None:
    """They would cost on AWS, busy or idle; one that is terminated does not."""
    lesson = course.lesson("fargate-tutorial")
    ec2, iam = lesson.client("ec2"), lesson.client("iam")
    two = ec2.run_instances(ImageId="ami-1", MinCount=2, MaxCount=2)["Instances"]
    stays, goes = (one["InstanceId"] for one in two)
    ec2.terminate_instances(InstanceIds=[goes])
    iam.create_instance_profile(InstanceProfileName="agent")
    like = {"LaunchTemplateData": {"ImageId": "ami-1", "InstanceType": "t3.micro"}}
    ec2.create_launch_template(LaunchTemplateName="like", **like)
    scaling = lesson.client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="fleet",
        MinSize=0,
        MaxSize=1,
        AvailabilityZones=["us-east-1a"],
        LaunchTemplate={"LaunchTemplateName": "like"},
    )
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    provider = {"autoScalingGroupArn": group["AutoScalingGroupARN"]}
    lesson.client("ecs").create_capacity_provider(name="cars", autoScalingGroupProvider=provider)
    assert leftovers(boto3.Session()) == (
        f"Left in this account: instance profiles agent; EC2 instances {stays}; "
        "launch templates like; Auto Scaling groups fleet; capacity providers cars."
    )
    lesson._sandbox.close()


def test_the_last_lesson_says_so_and_the_others_name_the_next(record: Record) -> None:
    first = course.lesson("start-here")
    assert f"Next: {lessons()[1].notebook}" in repr(first.finish())
    assert "start-here" in first._record.summary().finished
    first._sandbox.close()


def test_finished_is_who_has_tried_all_that_was_asked(record: Record) -> None:
    lesson = course.lesson("fargate-tutorial")
    prediction, question = lesson.predict("fargate-predict-001"), lesson.checkpoint(MISSED[0])
    lesson.exercise("fargate-definition-101")
    untried = "Not attempted: fargate-predict-001, fargate-tasks-001, fargate-definition-101."
    assert untried in repr(lesson.finish())
    prediction.answer("a")
    question.answer("a")
    assert "Not attempted: fargate-definition-101." in repr(lesson.finish())
    assert not record.summary().finished
    lesson._items["fargate-definition-101"].solve()
    lesson.check("fargate-definition-101")
    assert "Not attempted" not in repr(lesson.finish())
    assert record.summary().finished == {"fargate-tutorial"}
    lesson._sandbox.close()
