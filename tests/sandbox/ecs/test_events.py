"""Service event messages: AWS's words, at most ten tasks to a message."""

from __future__ import annotations

from course.sandbox.ecs import events


def test_the_words() -> None:
    assert events.started("web", ["a"]) == ["(service web) has started 1 tasks: (task a)."]
    assert events.stopped("web", ["a", "b"]) == [
        "(service web) has stopped 2 running tasks: (task a) (task b)."
    ]
    assert events.steady("web") == "(service web) has reached a steady state."
    assert events.inconsistent_starts("web") == (
        "(service web) is unable to consistently start tasks successfully."
    )
    assert events.blocked_by_percents("web") == (
        "(service web) was unable to stop or start tasks during a deployment because of the service "
        "deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try "
        "again."
    )
    assert events.no_instances("web") == (
        "(service web) was unable to place a task because no container instance met all of its "
        "requirements. Reason: No Container Instances were found in your cluster."
    )


def test_a_completed_deployment_is_named() -> None:
    assert events.deployment_completed("web", "ecs-svc/1").startswith(
        "(service web) (deployment ecs-svc/1) deployment completed"
    )


def test_ten_tasks_to_a_message() -> None:
    ids = [f"t{number}" for number in range(23)]
    messages = events.started("web", ids)
    assert [message.split()[4] for message in messages] == ["10", "10", "3"]
    assert [f"(task {one})" in "".join(messages) for one in ids] == [True] * 23


def test_nothing_to_say_of_no_tasks() -> None:
    assert events.started("web", []) == events.stopped("web", []) == []
