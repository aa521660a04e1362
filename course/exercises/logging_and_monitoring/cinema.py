"""The cinema of the lesson: a service of two tasks that log and trace, and a queue for alerts.

It runs, and it is well; what the lesson looks at happens later, before the learner's eyes.
"""

from typing import Any

from course.exercises.balancers import PORT, create_group, delete_groups, open_port
from course.exercises.ecs import delete_cluster, deregister, latest, public_network
from course.exercises.exercise import Session
from course.exercises.policies import allow, create_role, delete_roles, document
from course.exercises.queues import create_queue, delete_queues

CINEMA = "cinema"
TICKETS = "tickets"
LOGS = "/ecs/tickets"
ALERTS = "alerts"
EXECUTION, TASK = "tickets-execution", "tickets-task"
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"


def open_cinema(session: Session) -> None:
    """Two tasks that serve; a cinema that is open already is kept."""
    if latest(session, TICKETS):
        return
    group = create_group(session, TICKETS)
    open_port(session, group, PORT, "0.0.0.0/0")
    create_queue(session, ALERTS)
    session.client("logs").create_log_group(logGroupName=LOGS)
    ecs = session.client("ecs")
    ecs.create_cluster(clusterName=CINEMA)
    _register(session)
    place = public_network(session)
    place["awsvpcConfiguration"]["securityGroups"] = [group]
    ecs.create_service(
        cluster=CINEMA,
        serviceName=TICKETS,
        taskDefinition=TICKETS,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=place,
    )
    ecs.get_waiter("services_stable").wait(cluster=CINEMA, services=[TICKETS])


def _register(session: Session) -> None:
    """``tickets:1``: the web app, and beside it a collector that may hand on traces."""
    execution = create_role(session, EXECUTION)
    task = create_role(session, TASK)
    iam = session.client("iam")
    iam.attach_role_policy(RoleName=EXECUTION, PolicyArn=MANAGED)
    traces = document(allow("xray:PutTraceSegments", "*"))
    iam.put_role_policy(RoleName=TASK, PolicyName="traces", PolicyDocument=traces)
    app = {
        "name": "app",
        "image": "registry.example.com/web:1",
        "portMappings": [{"containerPort": PORT}],
        "logConfiguration": log_to(LOGS, TICKETS),
    }
    beside = {"name": "collector", "image": COLLECTOR, "essential": False}
    session.client("ecs").register_task_definition(
        family=TICKETS,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=execution,
        taskRoleArn=task,
        containerDefinitions=[app, {**beside, "logConfiguration": log_to(LOGS, TICKETS)}],
    )


def log_to(group: str, prefix: str) -> dict[str, Any]:
    """A container's log configuration for this group, with this prefix of its streams."""
    options = {"awslogs-group": group, "awslogs-region": "us-east-1"}
    return {"logDriver": "awslogs", "options": {**options, "awslogs-stream-prefix": prefix}}


def close_cinema(session: Session) -> None:
    """Clear everything away; what is gone already is no error."""
    delete_cluster(session, CINEMA)
    deregister(session, TICKETS)
    delete_roles(session, EXECUTION, TASK)
    delete_queues(session, ALERTS)
    delete_groups(session, TICKETS)
    delete_log_group(session, LOGS)


def delete_log_group(session: Session, name: str) -> None:
    """Delete a log group with its streams; one that is not there is no error."""
    logs = session.client("logs")
    for group in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])
