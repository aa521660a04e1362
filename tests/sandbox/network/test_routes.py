"""The longest prefix decides, whatever the order; a prefix list is as long as its block that fits."""

import pytest

from course.sandbox.network.picture import Network, Route, RouteTable
from course.sandbox.network.routes import route_for

LISTS = {"pl-s3": ("52.216.0.0/15", "3.5.0.0/19")}


@pytest.mark.parametrize(
    ("routes", "address", "target"),
    [
        ({}, "10.0.0.9", None),
        ({"10.0.0.0/16": "local"}, "10.0.3.9", "local"),
        ({"10.0.0.0/16": "local"}, "10.1.0.9", None),
        ({"0.0.0.0/0": "igw", "10.0.0.0/16": "local"}, "10.0.3.9", "local"),
        ({"10.0.0.0/16": "local", "0.0.0.0/0": "igw"}, "8.8.8.8", "igw"),
        ({"0.0.0.0/0": "igw", "8.8.8.0/24": "nat"}, "8.8.8.8", "nat"),
        ({"0.0.0.0/1": "nat", "128.0.0.0/1": "igw"}, "200.0.0.1", "igw"),
        ({"0.0.0.0/0": "nat", "pl-s3": "vpce"}, "52.217.0.1", "vpce"),
        ({"0.0.0.0/0": "nat", "pl-s3": "vpce"}, "3.5.0.7", "vpce"),
        ({"0.0.0.0/0": "nat", "pl-s3": "vpce"}, "8.8.8.8", "nat"),
        ({"52.216.0.0/16": "nat", "pl-s3": "vpce"}, "52.216.0.1", "nat"),
        ({"pl-unknown": "vpce"}, "52.216.0.1", None),
    ],
)
def test_the_most_specific_route_decides(
    routes: dict[str, str], address: str, target: str | None
) -> None:
    network = Network("us-east-1", prefix_lists=LISTS)
    table = RouteTable("rtb", tuple(Route(to, by) for to, by in routes.items()))
    found = route_for(network, table, address)
    assert (found and found.target) == target
