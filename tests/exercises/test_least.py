"""What the pipeline did, as the exercise on least privilege has it, is what the account's history says."""

from typing import Any

from course.exercises.security_and_iam.least import DEPLOYER, DID, GIVE_LESS


def test_what_was_used_is_what_the_history_says(place: Any) -> None:
    """So a learner who goes by CloudTrail finds every action but the one that is no call."""
    GIVE_LESS.setup(place.session)
    place.aws.clock.advance(minutes=6)
    by = {"AttributeKey": "Username", "AttributeValue": DEPLOYER}
    events = place.session.client("cloudtrail").lookup_events(LookupAttributes=[by])["Events"]
    assert sorted(f"ecs:{one['EventName']}" for one in events) == list(DID)
    assert {one["EventSource"] for one in events} == {"ecs.amazonaws.com"}


def test_iam_has_no_such_call_as_pass_role(place: Any) -> None:
    assert "PassRole" not in place.session.client("iam").meta.service_model.operation_names
