"""HTTP APIs in front of a load balancer, by a VPC link: made, read, and cleared away.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
"""

from contextlib import suppress
from typing import Any

from botocore.exceptions import WaiterError

from course.exercises.balancers import balancers
from course.exercises.ecs import public_network
from course.exercises.exercise import Session


def create_link(session: Session, name: str) -> None:
    """Make a VPC link into the default VPC; it is PENDING for some minutes."""
    subnets = public_network(session)["awsvpcConfiguration"]["subnets"]
    session.client("apigatewayv2").create_vpc_link(Name=name, SubnetIds=subnets)


def links(session: Session, name: str) -> list[dict[str, Any]]:
    """The VPC links of a name that are not on their way out."""
    found = session.client("apigatewayv2").get_vpc_links()["Items"]
    return [one for one in found if one["Name"] == name and one["VpcLinkStatus"] != "DELETING"]


def apis(session: Session, name: str) -> list[dict[str, Any]]:
    """The HTTP APIs of a name."""
    found = session.client("apigatewayv2").get_apis()["Items"]
    return [one for one in found if one["Name"] == name]


def inside(session: Session, api: str, what: str) -> list[dict[str, Any]]:
    """What an API has of a kind: ``routes``, ``stages`` or ``integrations``."""
    ask = getattr(session.client("apigatewayv2"), f"get_{what}")
    found: list[dict[str, Any]] = ask(ApiId=api)["Items"]
    return found


def listener(session: Session, name: str) -> str:
    """The ARN of a load balancer's listener on port 80; empty where there is none."""
    elb = session.client("elbv2")
    for one in balancers(session, name):
        asked = elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])
        return next((held["ListenerArn"] for held in asked["Listeners"] if held["Port"] == 80), "")
    return ""


def create_front(session: Session, name: str) -> str:
    """An HTTP API that leads everything through the link to the listener of that name; returns its URL."""
    gateway = session.client("apigatewayv2")
    (link,) = links(session, name)
    api = gateway.create_api(Name=name, ProtocolType="HTTP")
    made = integrate(session, api["ApiId"], link["VpcLinkId"], listener(session, name))
    target = f"integrations/{made}"
    gateway.create_route(ApiId=api["ApiId"], RouteKey="$default", Target=target)
    gateway.create_stage(ApiId=api["ApiId"], StageName="$default", AutoDeploy=True)
    return str(api["ApiEndpoint"])


def integrate(session: Session, api: str, link: str, uri: str, **changes: Any) -> str:
    """A private integration of an API; returns its id."""
    given = {
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "PayloadFormatVersion": "1.0",
        "ConnectionType": "VPC_LINK",
        "ConnectionId": link,
        "IntegrationUri": uri,
    }
    kept = {name: one for name, one in {**given, **changes}.items() if one is not None}
    made = session.client("apigatewayv2").create_integration(ApiId=api, **kept)
    return str(made["IntegrationId"])


def delete_api(session: Session, name: str) -> None:
    """Delete the HTTP APIs of a name; none is no error."""
    for one in apis(session, name):
        session.client("apigatewayv2").delete_api(ApiId=one["ApiId"])


def delete_links(session: Session, name: str) -> None:
    """Delete the VPC links of a name, and wait until their network interfaces are gone.

    A link that is still led through is not deleted: APIs of whatever name that do so go first.
    """
    gateway, ec2 = session.client("apigatewayv2"), session.client("ec2")
    for one in links(session, name):
        for api in _led_through(session, one["VpcLinkId"]):
            gateway.delete_api(ApiId=api)
        every = ec2.describe_network_interfaces()["NetworkInterfaces"]
        own = [eni["NetworkInterfaceId"] for eni in every if one["VpcLinkId"] in eni["Description"]]
        gateway.delete_vpc_link(VpcLinkId=one["VpcLinkId"])
        with suppress(WaiterError):  # that it is not found is what we wait for
            ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=own)


def _led_through(session: Session, link: str) -> list[str]:
    """The ids of the APIs that have an integration by a link."""
    every = [one["ApiId"] for one in session.client("apigatewayv2").get_apis()["Items"]]
    used = {
        api: [one.get("ConnectionId") for one in inside(session, api, "integrations")]
        for api in every
    }
    return [api for api, held in used.items() if link in held]
