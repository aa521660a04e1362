"""What exercises on ECS clear away: a cluster with more in it than one page of an answer holds."""

from __future__ import annotations

from typing import Any

import boto3

from course import sandbox
from course.exercises.ecs import delete_cluster, public_network


def test_a_cluster_in_which_a_hundred_tasks_have_failed_goes_too() -> None:
    """A service whose tasks end again and again has as many within the hour."""
    with sandbox.open():
        session = boto3.Session(region_name="us-east-1")
        ecs: Any = session.client("ecs")
        ecs.create_cluster(clusterName="lab")
        ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "registry.example.com/web:1"}],
        )
        place = {"launchType": "FARGATE", "networkConfiguration": public_network(session)}
        run = {"cluster": "lab", "taskDefinition": "web", "count": 10, **place}
        ends = {"containerOverrides": [{"name": "app", "command": ["false"]}]}
        for _ in range(10):
            made = ecs.run_task(**run, overrides=ends)["tasks"]
        tasks = [one["taskArn"] for one in made]
        ecs.get_waiter("tasks_stopped").wait(cluster="lab", tasks=tasks)
        ecs.run_task(**run)
        ecs.create_service(
            cluster="lab", serviceName="web", taskDefinition="web", desiredCount=2, **place
        )
        delete_cluster(session, "lab")
        (cluster,) = ecs.describe_clusters(clusters=["lab"])["clusters"]
        assert cluster["status"] == "INACTIVE"
