"""VPC links through boto3: their lives, their addresses, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def status(shop: Any, link: str) -> str:
    return str(shop.api.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"])


def test_a_link_is_pending_and_then_available(lab: Any, shop: Any) -> None:
    made = shop.api.create_vpc_link(Name="link", SubnetIds=lab.subnets, Tags={"team": "shop"})
    assert (made["VpcLinkStatus"], made["VpcLinkVersion"]) == ("PENDING", "V2")
    assert made["VpcLinkStatusMessage"] == "VPC link is provisioning ENIs"
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["CreatedDate"] == lab.aws.now() and made["Tags"] == {"team": "shop"}
    link = made["VpcLinkId"]
    shop.lab.clock.advance(minutes=2)
    assert status(shop, link) == "PENDING"
    shop.lab.clock.advance(minutes=1)
    found = shop.api.get_vpc_link(VpcLinkId=link)
    assert found["VpcLinkStatus"] == "AVAILABLE"
    assert found["VpcLinkStatusMessage"] == "VPC link is ready to route traffic"
    assert found["SubnetIds"] == lab.subnets and found["SecurityGroupIds"] == []
    own = [one for one in lab.interfaces() if one["Description"] == f"VPC link {link}"]
    assert [one["SubnetId"] for one in own] == lab.subnets
    assert [one["Status"] for one in own] == ["in-use"] * 2


def test_a_deleted_link_gives_its_addresses_back(lab: Any, shop: Any, refused: Any) -> None:
    before = lab.free_addresses()
    link = shop.link()
    assert lab.free_addresses() == before - 2
    answer = shop.api.delete_vpc_link(VpcLinkId=link)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert status(shop, link) == "DELETING"
    assert lab.free_addresses() == before - 2
    shop.lab.clock.advance(minutes=1)
    gone = refused(shop.api.get_vpc_link, VpcLinkId=link)
    assert gone.code == "NotFoundException" and link in gone.message
    assert lab.free_addresses() == before
    assert shop.api.get_vpc_links()["Items"] == []


def test_a_link_that_is_deleted_before_it_was_available_does_not_become_so(shop: Any) -> None:
    link = shop.link(minutes=2)
    shop.api.delete_vpc_link(VpcLinkId=link)
    shop.lab.clock.advance(40)
    assert status(shop, link) == "DELETING"


def test_links_are_listed_page_by_page(shop: Any, refused: Any) -> None:
    made = [shop.link(name, minutes=0) for name in "abc"]
    first = shop.api.get_vpc_links(MaxResults="2")
    assert [one["VpcLinkId"] for one in first["Items"]] == made[:2]
    rest = shop.api.get_vpc_links(MaxResults="2", NextToken=first["NextToken"])
    assert [one["Name"] for one in rest["Items"]] == ["c"] and "NextToken" not in rest
    for given in ({"NextToken": "?"}, {"MaxResults": "many"}, {"MaxResults": "0"}):
        assert refused(shop.api.get_vpc_links, **given).code == "BadRequestException"


def test_only_the_name_of_a_link_can_be_changed(lab: Any, shop: Any) -> None:
    link = shop.link()
    assert shop.api.update_vpc_link(VpcLinkId=link, Name="other")["Name"] == "other"
    found = shop.api.get_vpc_link(VpcLinkId=link)
    assert (found["Name"], found["SubnetIds"]) == ("other", lab.subnets)


def test_a_subnet_without_an_address_makes_a_link_that_failed(lab: Any, shop: Any) -> None:
    tight = lab.subnet("10.0.9.0/28")
    for number in range(11):  # all the addresses that AWS leaves of a /28
        shop.api.create_vpc_link(Name=f"link-{number}", SubnetIds=[tight])
    before = lab.free_addresses()
    link = shop.api.create_vpc_link(Name="late", SubnetIds=[lab.subnets[0], tight])["VpcLinkId"]
    assert lab.free_addresses() == before  # nothing is held by what cannot be whole
    shop.lab.clock.advance(minutes=3)
    found = shop.api.get_vpc_link(VpcLinkId=link)
    assert found["VpcLinkStatus"] == "FAILED" and found["VpcLinkStatusMessage"]


NOWHERE: list[tuple[dict[str, Any], str]] = [
    ({"SubnetIds": ["subnet-nowhere"]}, "does not exist"),
    ({"SubnetIds": []}, "At least one subnet"),
    ({"SecurityGroupIds": ["sg-nowhere"]}, "sg-nowhere"),
]


def test_a_link_where_none_can_be_is_refused(
    lab: Any, shop: Any, refused: Callable[..., Any]
) -> None:
    for given, message in NOWHERE:
        found = refused(
            shop.api.create_vpc_link, **({"Name": "x", "SubnetIds": lab.subnets} | given)
        )
        assert found.code == "BadRequestException" and message in found.message
    assert shop.api.get_vpc_links()["Items"] == []


def test_a_link_is_refused_in_a_zone_without_them(lab: Any, shop: Any, refused: Any) -> None:
    zones = lab.ec2.describe_availability_zones()["AvailabilityZones"]
    (name,) = (one["ZoneName"] for one in zones if one["ZoneId"] == "use1-az3")
    subnet = lab.subnet("10.0.8.0/24", name[-1])
    found = refused(shop.api.create_vpc_link, Name="x", SubnetIds=[subnet])
    assert found.message == (
        f"Subnet '{subnet}' is in Availability Zone 'use1-az3' where service is not available"
    )


def test_a_link_that_a_route_leads_to_is_kept(shop: Any, refused: Any) -> None:
    link = shop.link()
    route = shop.route("ANY /a", shop.integrate(link))
    found = refused(shop.api.delete_vpc_link, VpcLinkId=link)
    assert found.code == "BadRequestException"
    assert found.message == (
        f"Cannot delete vpc link. Vpc link '{link}', is referenced in [ANY:{route}] in format of "
        "[Method:Resource]."
    )
    shop.api.delete_route(ApiId=shop.id, RouteId=route)
    shop.api.delete_vpc_link(VpcLinkId=link)


def test_a_snapshot_brings_links_and_apis_back(lab: Any, shop: Any) -> None:
    link = shop.link(minutes=1)
    free = lab.free_addresses()
    kept = lab.aws.snapshot()
    shop.api.delete_api(ApiId=shop.id)
    shop.api.delete_vpc_link(VpcLinkId=link)
    lab.clock.advance(minutes=5)
    for _ in range(2):
        kept.restore()
        assert shop.api.get_api(ApiId=shop.id)["Name"] == "shop"
        assert (status(shop, link), lab.free_addresses()) == ("PENDING", free)
        lab.clock.advance(minutes=2)
        assert status(shop, link) == "AVAILABLE"
        assert shop.integrate(link)
