"""The clinic of the lesson: one task definition, two roles, a secret, an image, a queue, and a trainee.

As somebody left it who was in a hurry: nobody may do anything yet, and one role
trusts the wrong service. Two exercises and the cells between them put it right.
"""

from typing import Any

from course.exercises.ecr import delete_repository
from course.exercises.ecs import delete_cluster, deregister
from course.exercises.exercise import Session
from course.exercises.images import push_image
from course.exercises.policies import (
    TASKS,
    allow,
    create_role,
    create_secret,
    delete_roles,
    delete_secret,
    delete_user,
    document,
    has_user,
    passing,
    role_arn,
    trusting,
)

CLINIC = "clinic"
INTAKE = "intake"
EXECUTION = "intake-execution"
TASK = "intake-task"
SECRET = "clinic/records"
LOGS = "/ecs/intake"
QUEUE = "referrals"
TRAINEE = "trainee"
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def open_clinic(session: Session) -> None:
    """Everything there, and nobody allowed; a clinic that is open already is kept."""
    if has_user(session, TRAINEE):
        return
    ecr = session.client("ecr")
    made = ecr.create_repository(repositoryName=INTAKE, imageTagMutability="IMMUTABLE")
    push_image(ecr, INTAKE, "1.0")
    secret = create_secret(session, SECRET, user="intake", password="not-a-real-one")
    session.client("logs").create_log_group(logGroupName=LOGS)
    roles = {
        "executionRoleArn": create_role(session, EXECUTION, "ecs.amazonaws.com"),
        "taskRoleArn": create_role(session, TASK),
    }
    session.client("ecs").create_cluster(clusterName=CLINIC)
    _register(session, made["repository"]["repositoryUri"], secret, roles)
    session.client("iam").create_user(UserName=TRAINEE)


def _register(session: Session, image: str, secret: str, roles: dict[str, str]) -> None:
    """``intake:1``: a program that signs in with what the secret says, and one that reads a queue."""
    queue = session.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    app = {
        "name": "app",
        "image": f"{image}:1.0",
        "command": ["sh", "-c", "echo signed in as $DB_USER; sleep infinity"],
        "secrets": [
            {"name": "DB_USER", "valueFrom": f"{secret}:user::"},
            {"name": "DB_PASSWORD", "valueFrom": f"{secret}:password::"},
        ],
        "logConfiguration": _log(),
    }
    mail = {
        "name": "mail",
        "image": "registry.example.com/worker:1",
        "environment": [{"name": "QUEUE_URL", "value": queue}],
        "logConfiguration": _log(),
    }
    session.client("ecs").register_task_definition(
        family=INTAKE,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[app, mail],
        **roles,
    )


def _log() -> dict[str, Any]:
    options = {"awslogs-group": LOGS, "awslogs-region": "us-east-1"}
    return {"logDriver": "awslogs", "options": {**options, "awslogs-stream-prefix": "intake"}}


def open_for_the_trainee(session: Session) -> None:
    """The same a few repairs later: whoever may run it may, and the image can be pulled."""
    if has_user(session, TRAINEE):
        return
    open_clinic(session)
    iam = session.client("iam")
    roles = [role_arn(session, one) for one in (EXECUTION, TASK)]
    start = allow("ecs:RunTask", intake(session))
    policy = document(start, passing(roles))
    iam.put_user_policy(UserName=TRAINEE, PolicyName="start", PolicyDocument=policy)
    iam.update_assume_role_policy(RoleName=EXECUTION, PolicyDocument=trusting(TASKS))
    iam.attach_role_policy(RoleName=EXECUTION, PolicyArn=MANAGED)


def intake(session: Session) -> str:
    """The ARN of all revisions of the task definition."""
    newest = session.client("ecs").describe_task_definition(taskDefinition=INTAKE)
    arn: str = newest["taskDefinition"]["taskDefinitionArn"]
    return f"{arn.rpartition(':')[0]}:*"


def close_clinic(session: Session) -> None:
    """Clear everything away; what is gone already is no error."""
    delete_cluster(session, CLINIC)
    deregister(session, INTAKE)
    delete_user(session, TRAINEE)
    delete_roles(session, EXECUTION, TASK)
    delete_secret(session, SECRET)
    delete_repository(session, INTAKE)
    sqs = session.client("sqs")
    for url in sqs.list_queues(QueueNamePrefix=QUEUE).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)
    logs = session.client("logs")
    for group in logs.describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])
