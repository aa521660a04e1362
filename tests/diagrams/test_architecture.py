"""Architecture from a session: what is read, what is drawn, what is said."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from course.diagrams.architecture import SHOWN, architecture, to_graph
from course.diagrams.picture import Picture
from course.diagrams.reading import interface_detail, read

Golden = Callable[[str, str], None]


def drawn(picture: Picture) -> str:
    """The wide SVG, checked for what every picture has."""
    assert picture.svg
    for one in (picture.svg, picture.narrow_svg):
        root = ElementTree.fromstring(str(one))
        assert root.get("role") == "img"
        assert root.get("aria-label") == picture.alt
        assert root.get("viewBox")
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == repr(picture)
    assert picture.alt in bundle["text/html"].replace("&#x27;", "'")
    return picture.svg


def test_an_empty_account(shop: Any) -> None:
    picture = architecture(shop.session)
    assert repr(picture) == "No cluster in us-east-1"
    assert picture.alt == "Architecture of us-east-1: no cluster."
    assert "No cluster in us-east-1" in drawn(picture)


def test_a_cluster_with_nothing_in_it(shop: Any, golden: Golden) -> None:
    shop.ecs.create_cluster(clusterName="shop")
    picture = architecture(shop.session)
    assert picture.alt == ("Architecture of us-east-1: cluster shop with no service and no task.")
    golden("empty-cluster.txt", repr(picture))
    assert "No service, no task" in drawn(picture)


def test_a_service_that_is_steady(shop: Any, golden: Golden) -> None:
    shop.open_service(2)
    picture = architecture(shop.session)
    golden("steady.txt", repr(picture))
    assert picture.alt == (
        "Architecture of us-east-1: cluster shop with service web "
        "(2 of 2 tasks running in us-east-1a, us-east-1b)."
    )
    svg = drawn(picture)
    assert svg.count("RUNNING</text>") == 2
    assert svg.count('class="arrow"') == 3


def test_every_word_of_the_picture_is_in_its_twin(shop: Any) -> None:
    """The narrow one as well; what was cut short is there as far as it goes."""
    shop.open_service(2)
    shop.update(forceNewDeployment=True)
    shop.advance(12)
    picture = architecture(shop.session)
    for svg in (drawn(picture), str(picture.narrow_svg)):
        for word in re.findall(r"<text[^>]*>([^<]+)</text>", svg):
            assert word.removesuffix("…").removeprefix("← ") in repr(picture)


def test_a_rolling_update_shows_both_deployments_and_their_tasks(shop: Any, golden: Golden) -> None:
    shop.open_service(2)
    shop.define(cpu="512", memory="1024")
    shop.update(taskDefinition="web:2")
    shop.advance(64)
    picture = architecture(shop.session)
    golden("rolling.txt", repr(picture))
    assert picture.alt.endswith("with 2 deployments).")
    assert drawn(picture).count('class="arrow"') == 6


def test_tasks_on_their_own_belong_to_their_cluster(shop: Any, golden: Golden) -> None:
    shop.open_service(1)
    shop.ecs.create_cluster(clusterName="jobs")
    shop.run("jobs", count=2)
    shop.advance(30)
    picture = architecture(shop.session)
    golden("on-their-own.txt", repr(picture))
    assert "cluster jobs with 2 tasks without a service" in picture.alt
    assert "← Tasks on their own" in str(picture.narrow_svg)


def test_one_cluster_can_be_asked_for(shop: Any) -> None:
    shop.open_service(1)
    shop.ecs.create_cluster(clusterName="jobs")
    assert repr(architecture(shop.session, "jobs")).startswith("cluster jobs")
    assert "shop" not in repr(architecture(shop.session, "jobs"))


def test_a_cluster_that_never_was_is_an_error_that_names_those_there(shop: Any) -> None:
    shop.open_service(1)
    with pytest.raises(LookupError, match="there is no cluster 'shp' here; there is shop"):
        architecture(shop.session, "shp")


def test_a_deleted_cluster_says_so(shop: Any) -> None:
    shop.ecs.create_cluster(clusterName="gone")
    shop.ecs.delete_cluster(cluster="gone")
    picture = architecture(shop.session, "gone")
    assert repr(picture).startswith("cluster gone: INACTIVE")
    assert picture.alt == ("Architecture of us-east-1: cluster gone, which is deleted (INACTIVE).")
    drawn(picture)
    assert architecture(shop.session).alt == "Architecture of us-east-1: no cluster."


def test_more_than_eight_tasks_are_counted_by_state(shop: Any, golden: Golden) -> None:
    shop.open_service(SHOWN)
    assert repr(architecture(shop.session)).count("    task ") == SHOWN
    shop.update(desiredCount=SHOWN + 4)
    shop.advance(12)
    picture = architecture(shop.session)
    golden("counted.txt", repr(picture))
    assert "8 tasks RUNNING: 3 in us-east-1a, 3 in us-east-1b, 2 in us-east-1c" in repr(picture)
    assert "4 tasks PENDING" in repr(picture)
    drawn(picture)


def test_nine_is_more_than_eight(shop: Any) -> None:
    shop.open_service(SHOWN + 1)
    assert "  9 tasks RUNNING" in repr(architecture(shop.session))


def test_stopped_tasks_are_left_out_and_those_on_their_way_are_not(shop: Any) -> None:
    shop.open_service(1)
    arn = shop.arns()[0]
    shop.ecs.stop_task(cluster="shop", task=arn)
    short = arn.rpartition("/")[2][:8]
    now = repr(architecture(shop.session))
    assert re.search(rf"task {short} RUNNING: .*desiredStatus STOPPED", now)
    shop.advance(60)
    assert short not in repr(architecture(shop.session))


def test_a_service_being_deleted_keeps_its_tasks_in_sight(shop: Any) -> None:
    shop.open_service(1)
    shop.ecs.delete_service(cluster="shop", service="web", force=True)
    picture = architecture(shop.session)
    assert "service web: DRAINING" in repr(picture)
    drawn(picture)


def test_an_internet_gateway_and_a_revision_that_is_inactive_are_said(shop: Any) -> None:
    shop.open_service(1)
    vpc = shop.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    gateway = shop.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    shop.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    shop.ecs.deregister_task_definition(taskDefinition="web:1")
    said = repr(architecture(shop.session))
    assert f"vpc {vpc}: 172.31.0.0/16, {gateway}" in said
    assert "task definition web:1 INACTIVE" in said


def test_roles_and_logs_of_a_definition(shop: Any) -> None:
    role = "arn:aws:iam::123456789012:role/"
    container = {"name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:7"}
    container |= {"logConfiguration": {"logDriver": "awslogs", "options": {
        "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "web"}}}  # fmt: skip
    shop.ecs.create_cluster(clusterName="shop")
    roles = {"executionRoleArn": role + "pulls", "taskRoleArn": role + "app"}
    shop.define(containerDefinitions=[container], **roles)
    given = {"cluster": "shop", "serviceName": "web", "taskDefinition": "web"}
    shop.ecs.create_service(**given, desiredCount=0, **shop.network())
    said = repr(architecture(shop.session))
    assert "image 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:7, logs in /ecs/web" in said
    assert "execution role pulls, task role app" in said


def test_the_same_state_gives_the_same_bytes(shop: Any) -> None:
    shop.open_service(3)
    one, other = architecture(shop.session), architecture(shop.session)
    assert one is not other
    assert one._repr_mimebundle_() == other._repr_mimebundle_()


def test_reading_changes_nothing_and_leaves_no_line_in_the_timeline(shop: Any) -> None:
    shop.open_service(2)
    before, now = repr(shop.aws.timeline), shop.aws.now()
    drawn(architecture(shop.session))
    assert (repr(shop.aws.timeline), shop.aws.now()) == (before, now)


def test_more_tasks_than_one_describe_call_takes(shop: Any) -> None:
    shop.open_service(0)
    shop.update(desiredCount=130)
    shop.advance(10)
    account = read(shop.session)
    assert len(account.clusters[0].tasks) == 130
    assert len(account.interfaces) == 130
    assert (
        len({interface_detail(task, "privateIPv4Address") for task in account.clusters[0].tasks})
        == 130
    )
    graph = to_graph(account)
    assert sum(node.title == "130 tasks" for node in graph.all_nodes()) == 1


def test_no_place_in_memory_and_no_machine_in_a_picture(shop: Any) -> None:
    shop.open_service(1)
    everything = str(architecture(shop.session)._repr_mimebundle_())
    assert " at 0x" not in everything
    assert "glyphs/" not in everything
