"""Things to put an API in front of: a link, and a listener of a load balancer."""

from __future__ import annotations

from typing import Any

import pytest


class Shop:
    """A lab with an API Gateway client, an API and a load balancer's listener."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.api = lab, lab.aws.client("apigatewayv2")
        self.elb = lab.aws.client("elbv2")
        made = self.elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)[
            "LoadBalancers"
        ][0]
        fixed = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "hello"}
        self.listener = str(
            self.elb.create_listener(
                LoadBalancerArn=made["LoadBalancerArn"],
                Protocol="HTTP",
                Port=80,
                DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": fixed}],
            )["Listeners"][0]["ListenerArn"]
        )
        created = self.api.create_api(Name="shop", ProtocolType="HTTP")
        self.id, self.url = str(created["ApiId"]), str(created["ApiEndpoint"])

    def link(self, name: str = "link", *, minutes: float = 3) -> str:
        """The id of a VPC link, so many minutes later."""
        made = self.api.create_vpc_link(Name=name, SubnetIds=self.lab.subnets)
        self.lab.clock.advance(minutes=minutes)
        return str(made["VpcLinkId"])

    def integrate(self, link: str, **more: Any) -> str:
        given = {
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "ANY",
            "IntegrationUri": self.listener,
            "ConnectionType": "VPC_LINK",
            "ConnectionId": link,
            "PayloadFormatVersion": "1.0",
        } | more
        given = {name: one for name, one in given.items() if one is not None}
        return str(self.api.create_integration(ApiId=self.id, **given)["IntegrationId"])

    def route(self, key: str, integration: str) -> str:
        made = self.api.create_route(
            ApiId=self.id, RouteKey=key, Target=f"integrations/{integration}"
        )
        return str(made["RouteId"])


@pytest.fixture
def shop(lab: Any) -> Shop:
    return Shop(lab)
