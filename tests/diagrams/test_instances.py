"""Container instances in the architecture: which task is on which, and what each has left."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from course.diagrams.architecture import SHOWN, architecture, to_graph
from course.diagrams.graph import Group
from course.diagrams.reading import read

Golden = Callable[[str, str], None]

PACKED = [{"type": "binpack", "field": "memory"}]
SPREAD = [{"type": "spread", "field": "instanceId"}]


def frames(shop: Any) -> dict[str, Group]:
    """The instances' frames by the ids of their EC2 instances, wherever they stand."""
    found: dict[str, Group] = {}

    def look(group: Group) -> None:
        if group.kind == "container-instance":
            found[group.title] = group
        for inner in group.groups:
            look(inner)

    for group in to_graph(read(shop.session)).groups:
        look(group)
    return found


def on_each(shop: Any) -> list[int]:
    """How many cards of tasks stand on each instance."""
    cards = (frame.nodes for frame in frames(shop).values())
    return sorted(sum(node.title != "No task" for node in nodes) for nodes in cards)


@pytest.mark.parametrize(("strategy", "counts"), [(PACKED, [0, 0, 3]), (SPREAD, [1, 1, 1])])
def test_each_task_stands_on_its_instance(
    shop: Any, strategy: list[dict[str, str]], counts: list[int]
) -> None:
    shop.open_on_instances(0, 0, 1, placementStrategy=strategy)
    assert on_each(shop) == counts
    arns = {node.id for frame in frames(shop).values() for node in frame.nodes}
    assert set(shop.arns()) <= arns


def test_packed_onto_one_of_two(shop: Any, golden: Golden) -> None:
    shop.open_on_instances(0, 1, placementStrategy=PACKED)
    picture = architecture(shop.session)
    golden("packed.txt", repr(picture))
    assert picture.alt == (
        "Architecture of us-east-1: cluster shop with service web (3 of 3 tasks running in "
        f"{re.findall('us-east-1[ab]', picture.alt)[0]}), 2 container instances."
    )
    assert picture.svg
    for svg in (str(picture.svg), str(picture.narrow_svg)):
        ElementTree.fromstring(svg)
        assert svg.count("RUNNING</text>") == 3
        assert svg.count("No task</text>") == 1
        for word in re.findall(r"<text[^>]*>([^<]+)</text>", svg):
            assert word.removesuffix("…").removeprefix("← ") in repr(picture)


def test_an_instance_that_drains_or_is_cut_off_says_so(shop: Any) -> None:
    """Both leave a task where it is: nothing else can take the second, and a lost agent is unseen."""
    shop.open_on_instances(0, desired=1)
    (frame,) = frames(shop).values()
    assert frame.note == "t3.small, 1792 CPU units, 1481 MiB left"
    assert frame.short == "1792 CPU units, 1481 MiB left"
    (arn,) = shop.ecs.list_container_instances(cluster="shop")["containerInstanceArns"]
    given = {"cluster": "shop", "containerInstances": [arn], "status": "DRAINING"}
    shop.ecs.update_container_instances_state(**given)
    shop.aws.set_agent(arn, connected=False)
    (frame,) = frames(shop).values()
    assert frame.note == ("t3.small, DRAINING, agent disconnected, 1792 CPU units, 1481 MiB left")
    assert frame.short == "DRAINING, agent disconnected"
    assert on_each(shop) == [1]


def test_a_host_port_is_said_and_what_containers_ask_for(shop: Any) -> None:
    shop.open_on_instances(0, desired=2)
    said = repr(architecture(shop.session))
    assert re.search(r"task \w+ RUNNING: host port 32768 to 80\n", said)
    assert re.search(r"task \w+ RUNNING: host port 32769 to 80\n", said)
    assert "task definition web:1: 256 CPU units, 512 MiB, image httpd" in said


def test_an_instance_without_a_subnet_stands_alone(shop: Any) -> None:
    """One outside AWS has neither subnet nor EC2 instance; here both are taken from an answer."""
    shop.open_on_instances(0, desired=1)
    account = read(shop.session)
    (instance,) = account.instances
    instance["attributes"] = []
    del instance["ec2InstanceId"]
    short = instance["containerInstanceArn"].rpartition("/")[2][:8]
    *_, alone = to_graph(account).groups
    assert (alone.kind, alone.title) == ("container-instance", short)
    assert [node.title.startswith("task ") for node in alone.nodes] == [True]


def test_many_tasks_are_counted_on_each_instance(shop: Any) -> None:
    shop.open_on_instances(0, 0, 1, 1, desired=SHOWN + 1)
    titles = [node.title for frame in frames(shop).values() for node in frame.nodes]
    assert sorted(titles) == ["2 tasks", "2 tasks", "2 tasks", "3 tasks"]


def test_beside_fargate_in_one_subnet(shop: Any) -> None:
    shop.open_on_instances(0, desired=1)
    shop.define("job")
    given = shop.network()
    subnet = given["networkConfiguration"]["awsvpcConfiguration"]["subnets"][0]
    given["networkConfiguration"]["awsvpcConfiguration"]["subnets"] = [subnet]
    shop.run(taskDefinition="job", **given)
    shop.advance(60)
    (vpc,) = [one for one in to_graph(read(shop.session)).groups if one.kind == "vpc"]
    (only,) = vpc.groups
    assert (len(only.groups), len(only.nodes)) == (1, 1)
