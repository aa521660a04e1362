"""Both costs drawn: the text has the sums, the alt text the turn, and own prices count."""

import re

import pytest

from course.costs.model import Size
from course.diagrams.cost_lines import Costs, costs


def drawn(memory: int = 512, instance: str = "m6i.large", fewest: int = 2, **own: float) -> Costs:
    return costs(Size(256, memory), instance, 32, fewest, own)


def test_the_text_says_what_the_lines_show() -> None:
    lines = repr(drawn()).splitlines()
    assert lines[0].startswith("A task: 256 CPU units, 512 MiB. m6i.large has room for 8.")
    assert "2026-11-27" in lines[1] and "a model" in lines[1]
    assert lines[2].split() == ["tasks", "Fargate", "EC2", "cheaper"]
    assert lines[-1] == "EC2 costs less at 13 tasks for the first time, and from 19 on always."
    assert "   16   0.2775  0.2086  EC2" in lines


def test_the_picture_knows_where_it_turns() -> None:
    assert (drawn().first, drawn().for_good) == (13, 19)
    never = drawn(memory=2048)
    assert (never.first, never.for_good) == (None, None)
    assert "EC2 is never cheaper" in never.alt


def test_a_price_of_ones_own_counts() -> None:
    assert (drawn(hour=0.06).first or 0) < 13
    assert (drawn(fargate_vcpu=0.02).first or 99) > 13


def test_the_drawing_has_both_lines_and_says_itself() -> None:
    picture = drawn()
    svg = str(picture.svg)
    assert f'aria-label="{picture.alt}"' in svg
    assert svg.count('class="way"') == 33 and svg.count('class="way ahead"') == 65
    numbers = [float(one) for one in re.findall(r"[ML](-?[\d.]+) ", svg)]
    assert min(numbers) >= 0 and max(numbers) <= 380
    assert drawn().svg == svg


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"vcpu": 1.0}, "not vcpu=1.0"),
        ({"hour": 0.0}, "above 0; not hour=0.0"),
        ({"hour": "0.06"}, "a number above 0; not hour='0.06'"),
        ({"disk": -1.0}, "not disk=-1.0"),
        ({"region": 1.0}, "not region=1.0"),
    ],
)
def test_what_is_no_price_is_refused(changed: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        drawn(**changed)


@pytest.mark.parametrize(("most", "fewest"), [(1, 0), (201, 0), (8, -1)])
def test_a_range_that_cannot_be_drawn_is_refused(most: int, fewest: int) -> None:
    with pytest.raises(ValueError, match="2 to 200 tasks"):
        costs(Size(256, 512), "t3.small", most, fewest, {})
