"""What becomes of a task whose roles are missing, mistrusted, or too weak; and after the repair."""

import json
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.ecs.task_roles import exec_problem

ACCOUNT = "123456789012"
REGISTRY = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
REPOSITORY = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/web"
TOKEN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
MANIFEST = {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": REPOSITORY}
LAYERS = {"Effect": "Allow", "Action": "ecr:GetDownloadUrlForLayer", "Resource": REPOSITORY}
NO_ASSUMING = (
    "ECS was unable to assume the role '{}' that was provided for this task. Please verify that the "
    "role being passed has the proper trust relationship and permissions and that your IAM user has "
    "permissions to pass this role."
)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusting(service: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document(statement | more)


@pytest.fixture
def ecr(lab: Any) -> Any:
    """The learner's registry, with web:1.0 in it."""
    client = lab.aws.client("ecr")
    client.create_repository(repositoryName="web")
    push_image(client, "web", "1.0")
    return client


def pulled_by(lab: Any, role: str, tag: str = "1.0", **container: Any) -> dict[str, Any]:
    """A task of the private image with this execution role, two minutes after RunTask."""
    image = {"name": "app", "image": f"{REGISTRY}/web:{tag}", **container}
    lab.define("private", containerDefinitions=[image], executionRoleArn=role)
    arn = lab.run(taskDefinition="private")[0]
    lab.clock.advance(minutes=2)
    return dict(lab.task(arn))


def session(task: dict[str, Any], role: str = "execution") -> str:
    name = task["taskArn"].rsplit("/", 1)[-1]
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}"


# --- Pulling


def test_the_managed_policy_is_enough_to_pull(lab: Any, ecr: Any) -> None:
    assert pulled_by(lab, lab.role())["lastStatus"] == "RUNNING"


def test_three_actions_on_the_repository_itself_are_enough(lab: Any, ecr: Any) -> None:
    assert pulled_by(lab, lab.role("execution", TOKEN, MANIFEST, LAYERS))["lastStatus"] == "RUNNING"


def test_without_a_token_the_pull_never_begins(lab: Any, ecr: Any) -> None:
    task = pulled_by(lab, lab.role("execution", MANIFEST, LAYERS))
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"] == (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
        "retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 "
        f"time(s): AccessDeniedException: User: {session(task)} is not authorized to perform: "
        "ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the "
        "ecr:GetAuthorizationToken action"
    )
    assert "connectivityAt" in task and "pullStartedAt" not in task


def test_without_the_manifest_the_pull_fails(lab: Any, ecr: Any) -> None:
    other = MANIFEST | {"Resource": f"{REPOSITORY}-other"}
    task = pulled_by(lab, lab.role("execution", TOKEN, LAYERS, other))
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"] == (
        "CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the "
        f"permissions to pull images from the registry. pull access denied for {REGISTRY}/web, "
        f"repository does not exist or may require 'docker login': denied: User: {session(task)} is "
        f"not authorized to perform: ecr:BatchGetImage on resource: {REPOSITORY} because no "
        "identity-based policy allows the ecr:BatchGetImage action"
    )
    assert "pullStartedAt" in task and "pullStoppedAt" not in task
    assert task["containers"][0]["reason"] == task["stoppedReason"]


def test_without_the_layers_the_pull_fails(lab: Any, ecr: Any) -> None:
    reason = pulled_by(lab, lab.role("execution", TOKEN, MANIFEST))["stoppedReason"]
    assert reason.startswith("CannotPullContainerError: error pulling image configuration")
    assert reason.endswith(
        "because no identity-based policy allows the ecr:GetDownloadUrlForLayer action"
    )


def test_permission_is_asked_for_before_the_tag(lab: Any, ecr: Any) -> None:
    denied = pulled_by(lab, lab.role("execution", TOKEN), tag="2.0")
    assert "is not authorized" in denied["stoppedReason"]
    lab.grant("execution", MANIFEST, "manifest")
    lab.grant("execution", LAYERS, "layers")
    assert pulled_by(lab, "execution", tag="2.0")["stoppedReason"].endswith("not found")


def test_a_repository_policy_can_grant_and_deny(lab: Any, ecr: Any) -> None:
    role = lab.role("execution", TOKEN)
    pull = {"Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}
    grant = pull | {"Effect": "Allow", "Principal": {"AWS": role}}
    ecr.set_repository_policy(repositoryName="web", policyText=document(grant))
    assert pulled_by(lab, role)["lastStatus"] == "RUNNING"
    ecr.set_repository_policy(repositoryName="web", policyText=document(grant | {"Effect": "Deny"}))
    lab.grant("execution", MANIFEST)
    denied = pulled_by(lab, role)["stoppedReason"]
    assert denied.endswith("with an explicit deny in a resource-based policy")


def test_public_images_ask_no_role(lab: Any) -> None:
    role = lab.role("execution", {"Effect": "Deny", "Action": "*", "Resource": "*"})
    lab.define("public", executionRoleArn=role)
    arn = lab.run(taskDefinition="public")[0]
    lab.clock.advance(minutes=2)
    assert lab.task(arn)["lastStatus"] == "RUNNING"


def test_another_accounts_repository_takes_both_sides(lab: Any, ecr: Any) -> None:
    role = lab.role()
    lab.define(
        "theirs",
        containerDefinitions=[
            {"name": "app", "image": f"{REGISTRY}/web:1.0".replace(ACCOUNT, "2" * 12)}
        ],
        executionRoleArn=role,
    )
    arn = lab.run(taskDefinition="theirs")[0]
    lab.clock.advance(minutes=2)
    reason = lab.task(arn)["stoppedReason"]
    assert reason.endswith("because no resource-based policy allows the ecr:BatchGetImage action")


# --- On container instances


def agents(lab: Any, *policies: Any) -> None:
    """An instance whose own role has these policies, and may work for ECS and write logs."""
    work = {"Effect": "Allow", "Action": ["ecs:*", "logs:*"], "Resource": "*"}
    profile = lab.instance_profile("agent", work, *policies)
    lab.launch(IamInstanceProfile={"Name": profile})


def pulled_on_instance(lab: Any, role: str | None = None, tag: str = "1.0") -> dict[str, Any]:
    """A task of the private image on the instance, two minutes later."""
    container = {"name": "app", "image": f"{REGISTRY}/web:{tag}", "memory": 64}
    more = {"executionRoleArn": role} if role else {}
    lab.ecs.register_task_definition(family="box", containerDefinitions=[container], **more)
    (task,) = lab.run_ec2()["tasks"]
    lab.clock.advance(minutes=2)
    return dict(lab.task(task["taskArn"]))


def test_the_instances_own_role_pulls_where_the_task_has_none(lab: Any, ecr: Any) -> None:
    agents(lab)
    task = pulled_on_instance(lab)
    (instance,) = lab.ec2.describe_instances()["Reservations"][0]["Instances"]
    user = f"arn:aws:sts::{ACCOUNT}:assumed-role/agent/{instance['InstanceId']}"
    assert task["stoppedReason"] == (
        f"CannotPullECRContainerError: AccessDeniedException: User: {user} is not authorized to "
        "perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy "
        "allows the ecr:GetAuthorizationToken action"
    )
    assert task["stopCode"] == "TaskFailedToStart" and "pullStartedAt" in task
    lab.grant("agent", TOKEN, "token")
    assert "ecr:BatchGetImage on resource" in pulled_on_instance(lab)["stoppedReason"]
    lab.grant("agent", MANIFEST, "manifest")
    lab.grant("agent", LAYERS, "layers")
    assert pulled_on_instance(lab)["lastStatus"] == "RUNNING"


def test_an_execution_role_pulls_in_the_place_of_the_instances(lab: Any, ecr: Any) -> None:
    agents(lab)
    assert pulled_on_instance(lab, lab.role("execution"))["lastStatus"] == "RUNNING"
    weak = lab.role("weak", {"Effect": "Deny", "Action": "ecr:*", "Resource": "*"})
    push_image(ecr, "web", "2.0")
    assert "assumed-role/weak/" in pulled_on_instance(lab, weak, "2.0")["stoppedReason"]


def test_an_image_that_the_instance_has_is_used_when_the_pull_fails(lab: Any, ecr: Any) -> None:
    """The agent pulls first: what the tag names now, and only if that fails what it has."""
    agents(lab, TOKEN, MANIFEST, LAYERS)
    digests = [pulled_on_instance(lab)["containers"][0]["imageDigest"]]
    push_image(ecr, "web", "1.0", "another one")
    digests.append(pulled_on_instance(lab)["containers"][0]["imageDigest"])
    assert len(set(digests)) == 2
    ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageTag": "1.0"}])
    task = pulled_on_instance(lab)
    assert (task["lastStatus"], task["containers"][0]["imageDigest"]) == ("RUNNING", digests[-1])


# --- Assuming


@pytest.mark.parametrize("member", ["executionRoleArn", "taskRoleArn"])
def test_a_role_that_is_not_there_is_refused_when_the_task_is_run(
    lab: Any, refused: Any, member: str
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    lab.define("web", **{member: role})
    error = refused(lab.run)
    assert (error.code, error.message) == ("ClientException", NO_ASSUMING.format(role))
    assert not lab.arns()


def test_a_role_that_trusts_another_service_is_refused(lab: Any, refused: Any) -> None:
    role = lab.role(trusts="ecs.amazonaws.com")
    lab.define("web", taskRoleArn=role)
    assert refused(lab.run).message == NO_ASSUMING.format(role)
    iam = lab.aws.client("iam")
    for condition, allowed in [
        ("arn:aws:ecs:us-east-1:*:*", True),
        ("arn:aws:ecs:eu-*:*:*", False),
    ]:
        trust = trusting(
            "ecs-tasks.amazonaws.com",
            Condition={
                "ArnLike": {"aws:SourceArn": condition},
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
            },
        )
        iam.update_assume_role_policy(RoleName="execution", PolicyDocument=trust)
        if allowed:
            assert lab.run()
        else:
            assert refused(lab.run).code == "ClientException"


def test_overrides_come_first(lab: Any, refused: Any) -> None:
    good, bad = lab.role("good"), f"arn:aws:iam::{ACCOUNT}:role/nobody"
    lab.define("web", taskRoleArn=bad)
    assert lab.run(overrides={"taskRoleArn": good})
    lab.define("web", taskRoleArn="good")  # a short name will do
    assert lab.run()
    assert refused(lab.run, overrides={"executionRoleArn": bad}).message == NO_ASSUMING.format(bad)


def test_a_service_says_so_waits_longer_and_longer_and_recovers(lab: Any) -> None:
    role = lab.role(trusts="ec2.amazonaws.com")
    lab.define("web", executionRoleArn=role)
    assert lab.service(desired=1)["status"] == "ACTIVE"
    lab.clock.advance(minutes=2)
    error = NO_ASSUMING.format(role)
    assert lab.said() == [f"(service web) failed to launch a task with (error {error})."] * 4
    assert not lab.arns(serviceName="web")
    trust = trusting("ecs-tasks.amazonaws.com")
    lab.aws.client("iam").update_assume_role_policy(RoleName="execution", PolicyDocument=trust)
    lab.clock.advance(minutes=4)
    service = lab.describe()
    assert service["runningCount"] == 1
    assert service["deployments"][0]["rolloutState"] == "COMPLETED"
    assert "has reached a steady state" in lab.said()[-1]


def test_a_running_task_keeps_running_when_its_role_is_taken_away(lab: Any) -> None:
    lab.define("web", executionRoleArn=lab.role("execution", TOKEN))
    lab.steady(desired=1)
    iam = lab.aws.client("iam")
    iam.delete_role_policy(RoleName="execution", PolicyName="policy-0")
    iam.delete_role(RoleName="execution")
    lab.clock.advance(minutes=10)
    assert lab.describe()["runningCount"] == 1
    lab.stop(lab.arns(serviceName="web")[0])
    lab.clock.advance(minutes=1)
    assert "failed to launch a task with (error ECS was unable to assume" in lab.said()[-1]


# --- ECS Exec


def test_exec_needs_four_actions_of_the_task_role(lab: Any) -> None:
    lab.define("web", taskRoleArn=lab.role("app", TOKEN))
    arn = lab.run()[0]
    (task,) = lab.held_tasks()
    denial = exec_problem(task)
    assert denial and denial.startswith(
        f"User: {session({'taskArn': arn}, 'app')} is not authorized"
    )
    assert "ssmmessages:CreateControlChannel" in denial
    four = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
    for granted in (3, 4):
        actions = [f"ssmmessages:{name}" for name in four[:granted]]
        lab.grant("app", {"Effect": "Allow", "Action": actions, "Resource": "*"}, "exec")
        problem = exec_problem(task)
        assert (problem is None) == (granted == 4)
    assert exec_problem(task) is None


def test_exec_needs_a_task_role(lab: Any) -> None:
    lab.run()
    (task,) = lab.held_tasks()
    assert "no task role" in (exec_problem(task) or "")
