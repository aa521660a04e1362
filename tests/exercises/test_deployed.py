"""A pattern in the account by one call: its picture is the pattern's own data, and nothing stays behind."""

from typing import Any

import pytest

from course.diagrams.in_front import in_front, to_graph
from course.diagrams.patterns import UnknownPattern, find_pattern
from course.exercises.deployed import DEPLOYABLE, NotDeployable, deploy
from tests.diagrams.isomorphism import same

every_deployable = pytest.mark.parametrize("name", DEPLOYABLE)


@every_deployable
def test_what_is_drawn_from_state_is_the_pattern(place: Any, name: str) -> None:
    deployed = deploy(place.session, name)
    drawn = to_graph(place.session, deployed.cluster)
    assert same(find_pattern(name).graph, drawn)
    assert [one for one in DEPLOYABLE if same(find_pattern(one).graph, drawn)] == [name]


@every_deployable
def test_it_serves_and_shows_itself(place: Any, name: str) -> None:
    deployed = deploy(place.session, name)
    assert place.aws.get(deployed.url).status == 200
    assert repr(deployed) == f"{deployed.picture!r}\nat {deployed.url}"
    assert "2 of 2 running" in repr(deployed)
    bundle = deployed._repr_mimebundle_()
    assert bundle["text/plain"] == repr(deployed)
    assert deployed.picture.alt in bundle["text/html"]


@every_deployable
def test_one_that_stands_there_is_kept(place: Any, name: str) -> None:
    first = deploy(place.session, name)
    before = place.fingerprint()
    assert deploy(place.session, name).url == first.url
    assert place.fingerprint() == before


@every_deployable
def test_it_goes_without_a_trace_and_may_be_told_so_twice(place: Any, name: str) -> None:
    deployed = deploy(place.session, name)
    for _ in range(2):
        deployed.cleanup()
        assert place.left() == {}


def test_the_picture_follows_the_state(place: Any) -> None:
    """It is no copy of the pattern: without its listener, the load balancer leads nowhere."""
    deployed = deploy(place.session, "ecs-behind-alb")
    elb = place.session.client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    elb.delete_listener(ListenerArn=listener["ListenerArn"])
    drawn = to_graph(place.session, deployed.cluster)
    assert not same(find_pattern("ecs-behind-alb").graph, drawn)
    assert [node.kind for node in drawn.all_nodes()] == ["image", "service"]
    assert in_front(place.session, deployed.cluster).alt == (
        "In front of cluster ecs-behind-alb: image stock:1 to service stock."
    )


def test_what_is_drawn_only_says_so(place: Any) -> None:
    with pytest.raises(NotDeployable, match="'lambda' is drawn here, and not deployed: ECS hosts"):
        deploy(place.session, "lambda")
    with pytest.raises(UnknownPattern, match="did you mean 'ecs-behind-alb'"):
        deploy(place.session, "ecs-behind-al")
    assert place.left() == {}


def test_there_is_no_picture_of_no_cluster(place: Any) -> None:
    with pytest.raises(LookupError, match="there is no cluster 'shop' here"):
        in_front(place.session, "shop")
