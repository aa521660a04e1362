"""The picture of a way through the network, and its text twin."""

from xml.etree import ElementTree

import pytest

from course.diagrams.picture import Picture
from course.diagrams.way import way
from course.sandbox.network.verdict import Step, Verdict
from course.sandbox.tracer import Leg, Trace

GROUP = Step(
    "security group", "sg-1", True, "sg-1 allows tcp 443 outbound to internet 203.0.113.10"
)
NO_ROUTE = Step("route table", "rtb-1", False, "rtb-1 of subnet-1 has no route to <internet> & co")
ROUTE = Step("route table", "rtb-1", True, "rtb-1 sends it to nat-1")


def _leg(to: str, *steps: Step) -> Leg:
    last = steps[-1]
    return Leg(to, 443, Verdict(last.passes, last.element, last.says, steps))


def _drawn(picture: Picture) -> str:
    assert picture.svg
    ElementTree.fromstring(picture.svg)
    return picture.svg


@pytest.fixture
def stopped() -> Picture:
    legs = (_leg("ecr.api", GROUP, ROUTE), _leg("ecr.dkr", GROUP, NO_ROUTE))
    return way(Trace("task 0123abcd", "ecr", legs))


def test_the_text_names_every_element_and_the_one_that_decides(stopped: Picture) -> None:
    assert repr(stopped).splitlines() == [
        "From task 0123abcd to ecr: not reached: rtb-1 decides",
        "  to ecr.api, port 443: reached",
        "    x security group   sg-1 allows tcp 443 outbound to internet 203.0.113.10",
        "    x route table      rtb-1 sends it to nat-1",
        "  to ecr.dkr, port 443: not reached",
        "    x security group   sg-1 allows tcp 443 outbound to internet 203.0.113.10",
        "    ! route table      rtb-1 of subnet-1 has no route to <internet> & co",
    ]


def test_the_alt_text_says_what_decides(stopped: Picture) -> None:
    assert stopped.alt == (
        "From task 0123abcd to ecr: not reached. The route table decides: rtb-1 of subnet-1 has "
        "no route to <internet> & co."
    )
    assert way(Trace("a", "b", (_leg("b", GROUP),))).alt == "From a to b: reached."


def test_it_is_drawn_step_by_step(stopped: Picture) -> None:
    drawn = _drawn(stopped)
    assert (drawn.count(">PASSES<"), drawn.count(">STOPS<")) == (3, 1)
    assert drawn.index("to ecr.api") < drawn.index("to ecr.dkr") < drawn.index(">STOPS<")


def test_it_is_as_narrow_as_a_phone_and_the_same_each_time(stopped: Picture) -> None:
    drawn = _drawn(stopped)
    assert float(ElementTree.fromstring(drawn).attrib["width"]) <= 360
    legs = (_leg("ecr.api", GROUP, ROUTE), _leg("ecr.dkr", GROUP, NO_ROUTE))
    assert _drawn(way(Trace("task 0123abcd", "ecr", legs))) == drawn
