"""The timeline drawn: lanes, bars with their words, what is folded, and its text as it was."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from course.diagrams import svg
from course.diagrams.timeline import LANES, TimelinePicture, lives, shortened
from course.sandbox.clock import START
from course.sandbox.timeline import Timeline

SVG = "{http://www.w3.org/2000/svg}"


def picture(shop: Any, since: Any = None) -> TimelinePicture:
    return TimelinePicture(shop.aws.timeline, shop.aws.now(), since)


def root(drawn: TimelinePicture) -> Any:
    return ElementTree.fromstring(str(drawn.svg))


def words(drawn: TimelinePicture) -> list[str]:
    return [str(one.text) for one in root(drawn).iter(f"{SVG}text")]


def rolled(shop: Any) -> Any:
    """A rolling update, and when it began."""
    shop.open_service(2)
    since = shop.aws.now()
    shop.update(forceNewDeployment=True)
    shop.advance(120)
    return since


def test_as_text_it_is_the_timeline(shop: Any) -> None:
    since = rolled(shop)
    assert repr(picture(shop)) == repr(shop.aws.timeline)
    assert picture(shop).text(since=since) == shop.aws.timeline.text(since=since)
    assert repr(picture(shop, since)) == shop.aws.timeline.text(since=since)
    assert len(picture(shop)) == len(shop.aws.timeline)


def test_nothing_happened() -> None:
    drawn = TimelinePicture(Timeline(START), START)
    assert drawn.svg is None
    assert drawn._repr_mimebundle_() == {"text/plain": "nothing has happened yet"}
    assert drawn.alt == "Timeline: nothing has happened yet."


def test_a_picture_kept_does_not_change_when_time_goes_on(shop: Any) -> None:
    shop.open_service(1)
    kept = picture(shop)
    before = repr(kept), kept.svg, len(kept)
    shop.update(desiredCount=3)
    shop.advance(60)
    assert (repr(kept), kept.svg, len(kept)) == before


def test_the_alt_text_counts(shop: Any) -> None:
    since = rolled(shop)
    assert picture(shop, since).alt == (
        "Timeline from +2:00 to +4:00: one call of yours, and tasks seen: 4, "
        "of which 2 RUNNING at the end."
    )
    assert root(picture(shop, since)).get("aria-label") == picture(shop, since).alt


def test_a_lane_for_you_for_ecs_and_for_each_life(shop: Any) -> None:
    said = words(picture(shop, rolled(shop)))
    assert said.count("you") == said.count("ECS") == 1
    assert len([one for one in said if re.match(r"tasks? [0-9a-f]{8}", one)]) == 2
    assert {"started 2 tasks", "stopped 2 tasks", "deployment completed", "steady state"} <= {*said}


def test_agents_and_auto_scaling_have_lanes_where_there_are_instances(shop: Any) -> None:
    """Who launched, who registered and who drained, stands there in the fewest words."""
    assert not {"agents", "Auto Scaling"} & {*words(picture(shop, rolled(shop)))}
    (instance,) = shop.launch(0)
    since = shop.aws.now()
    shop.aws.world.record("scaling", "Launching a new EC2 instance: i-0123")
    (arn,) = shop.ecs.list_container_instances(cluster="shop")["containerInstanceArns"]
    given = {"cluster": "shop", "containerInstances": [arn], "status": "DRAINING"}
    shop.ecs.update_container_instances_state(**given)
    said = words(picture(shop))
    id = arn.rpartition("/")[2]
    assert {"agents", f"starts on {instance}"} <= {*said}
    assert any(one.startswith(f"{instance} is {id[:8]}") for one in said)
    later = words(picture(shop, since))
    assert {"agents", "Auto Scaling", "launches i-0123"} <= {*later}
    assert any(one.startswith(id[:8]) and "DRAINING" in one for one in later)


def test_a_lane_for_traffic_and_one_for_targets() -> None:
    timeline = Timeline(START)
    timeline.record(START, "traffic", "80 requests/s to http://web/")
    timeline.record(START, "elb", "initial -> healthy in web", subject="0" * 32)
    timeline.record(START, "traffic", "3 requests dropped", why="the deregistration delay was over")
    drawn = TimelinePicture(timeline, START + timedelta(minutes=1))
    said = words(drawn)
    assert said.count("traffic") == said.count("targets") == 1
    assert {"80 requests/s to http://web/", "initial -> healthy in web"} <= set(said)
    assert "3 requests dropped (the deregistration delay was over)" in str(drawn.svg)


def test_a_bar_says_the_whole_time_also_of_what_began_before(shop: Any) -> None:
    since = rolled(shop)
    assert "2 min 41 s" in words(picture(shop, since))  # +0:23 to +3:04


@pytest.mark.parametrize("part", [True, False])
def test_every_bar_is_as_wide_as_its_word(shop: Any, part: bool) -> None:
    since = rolled(shop)
    drawn = root(picture(shop, since if part else None))
    bars = [one for one in drawn.iter(f"{SVG}g") if len(one) == 4]  # title, box, word, seconds
    assert len(bars) >= 5
    for _, box, word, _ in bars:
        assert float(box.get("width")) >= svg.width(word.text, 11, bold=True)


def test_bars_of_one_task_meet_and_do_not_overlap(shop: Any) -> None:
    since = rolled(shop)
    rows: dict[str, list[tuple[float, float]]] = {}
    for group in root(picture(shop, since)).iter(f"{SVG}g"):
        if len(group) == 4:
            box = group[1]
            place = float(box.get("x")), float(box.get("x")) + float(box.get("width"))
            rows.setdefault(str(box.get("y")), []).append(place)
    assert len(rows) == 2
    for row in rows.values():
        assert all(-0.5 <= after[0] - before[1] <= 1.5 for before, after in pairwise(sorted(row)))


def test_times_on_top_do_not_run_into_each_other(shop: Any) -> None:
    rolled(shop)
    ticks = [
        one for one in root(picture(shop)).iter(f"{SVG}text") if "mono" in one.get("class", "")
    ]
    assert len(ticks) >= 8
    for before, after in pairwise(ticks):
        assert float(after.get("x")) - float(before.get("x")) >= 0.6 * 11 * len(before.text)


def test_marks_of_one_lane_do_not_cover_each_other(shop: Any) -> None:
    rolled(shop)
    pills = [one for one in root(picture(shop)).iter(f"{SVG}rect") if one.get("rx") == "9"]
    rows: dict[str, list[tuple[float, float]]] = {}
    for pill in pills:
        x = float(pill.get("x"))
        rows.setdefault(str(pill.get("y")), []).append((x, x + float(pill.get("width"))))
    assert len(pills) >= 8
    for row in rows.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(row)))


@pytest.mark.parametrize("seconds", [62, 120])
def test_everything_is_inside_the_picture(shop: Any, seconds: int) -> None:
    """Also the words of what happened last of all, +1:03 in a service's life."""
    shop.open_service(1)
    shop.update(forceNewDeployment=True)
    shop.advance(seconds)
    shop.ecs.create_cluster(clusterName="a-cluster-with-a-long-name")
    drawn = root(picture(shop))
    wide, high = float(drawn.get("width")), float(drawn.get("height"))
    for box in drawn.iter(f"{SVG}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= wide
        assert float(box.get("y")) + float(box.get("height")) <= high


def test_many_lives_are_folded_and_none_is_forgotten(shop: Any) -> None:
    shop.open_service(0)
    for _ in range(LANES + 3):
        newest = shop.run()[0].rpartition("/")[2]
        shop.advance(3)
    said = words(picture(shop))
    assert len([one for one in said if re.match(r"task [0-9a-f]{8}", one)]) == LANES
    assert f"task {newest[:8]}" in said
    assert "and 3 tasks before" in said
    assert f"tasks seen: {LANES + 3}" in picture(shop).alt


def test_many_tasks_of_one_life_are_one_lane(shop: Any) -> None:
    shop.open_service(20)
    assert len(lives(shop.aws.timeline.entries)) == 1
    assert any(one.endswith("and 17 more") for one in words(picture(shop)))


def test_tasks_that_were_over_before_are_left_out(shop: Any) -> None:
    rolled(shop)
    shop.advance(60)
    said = words(picture(shop, shop.aws.now() - timedelta(seconds=1)))
    assert "STOPPED" not in said
    assert "RUNNING" in said


@pytest.mark.parametrize(
    ("message", "short"),
    [
        ("(service web) has started 1 tasks: (task 1f22e0b0).", "started 1 task"),
        ("(service web) has started 3 tasks: (task a) (task b) (task c).", "started 3 tasks"),
        ("(service web) has stopped 2 running tasks: (task a) (task b).", "stopped 2 tasks"),
        ("(service web) (deployment ecs-svc/1) deployment completed.", "deployment completed"),
        ("(service web) has reached a steady state.", "steady state"),
        ("web DRAINING -> INACTIVE", "web DRAINING -> INACTIVE"),
        ("Launching a new EC2 instance: i-1", "launches i-1"),
        ("Terminating EC2 instance: i-1", "terminates i-1"),
        ("of container instance 1f2 is disconnected", "1f2 is disconnected"),
        ("container instance 1f2 is DRAINING", "1f2 is DRAINING"),
        (f"container instance 1f22e0b0{'a' * 24} is DRAINING", "1f22e0b0 is DRAINING"),
        ("i-1 is container instance 1f2 of lab", "i-1 is 1f2 in lab"),
    ],
)
def test_events_say_what_their_lane_does_not(message: str, short: str) -> None:
    assert shortened(message) == short


def test_odd_words_of_a_learner_stay_words() -> None:
    timeline = Timeline(START)
    timeline.record(START, "you", 'StopTask a"b<c>&d', why="</svg><script>")
    drawn = TimelinePicture(timeline, START)
    assert 'StopTask a"b<c>&d' in words(drawn)
    assert "<script>" not in drawn.html


def test_the_same_bytes_twice(shop: Any) -> None:
    rolled(shop)
    assert picture(shop)._repr_mimebundle_() == picture(shop)._repr_mimebundle_()


def test_profile_instant_has_no_bar_without_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = Timeline(START)
    for status in ("PROVISIONING", "PROVISIONING -> PENDING", "PENDING -> RUNNING"):
        timeline.record(START, "task", status, subject="a" * 32)
    assert {"RUNNING"} == {one for one in words(TimelinePicture(timeline, START)) if one.isupper()}
