"""The real aws CLI sets up a VPC link and an HTTP API in front of a load balancer, and observes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]


def ids(shell: Any, command: str) -> str:
    return str(shell.aws(f"{command} --output text"))


@pytest.fixture
def subnets(shell: Any) -> list[str]:
    """Two private subnets of two zones."""
    vpc = ids(shell, "ec2 create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId")
    return [
        ids(
            shell,
            f"ec2 create-subnet --vpc-id {vpc} --cidr-block 10.0.{number}.0/24 "
            f"--availability-zone us-east-1{zone} --query Subnet.SubnetId",
        )
        for number, zone in ((1, "a"), (2, "b"))
    ]


@pytest.fixture
def listener(shell: Any, subnets: list[str]) -> str:
    """The ARN of an internal balancer's listener that answers by itself."""
    front = ids(
        shell,
        f"elbv2 create-load-balancer --name inner --scheme internal --subnets {' '.join(subnets)} "
        "--query LoadBalancers[0].LoadBalancerArn",
    )
    fixed = "Type=fixed-response,FixedResponseConfig={{StatusCode=200,MessageBody=hello}}"
    return ids(
        shell,
        f"elbv2 create-listener --load-balancer-arn {front} --protocol HTTP --port 80 "
        f"--default-actions {fixed} --query Listeners[0].ListenerArn",
    )


def test_an_api_with_a_vpc_link(shell: Any, subnets: list[str], listener: str) -> None:
    made = shell.aws(
        f"apigatewayv2 create-vpc-link --name to-inner --subnet-ids {' '.join(subnets)}"
    )
    assert made["VpcLinkStatus"] == "PENDING"
    link = made["VpcLinkId"]
    status = f"apigatewayv2 get-vpc-link --vpc-link-id {link} --query VpcLinkStatus"
    api = ids(shell, "apigatewayv2 create-api --name shop --protocol-type HTTP --query ApiId")
    integrate = (
        f"apigatewayv2 create-integration --api-id {api} --integration-type HTTP_PROXY "
        f"--integration-method ANY --integration-uri {listener} --connection-type VPC_LINK "
        f"--connection-id {link} --payload-format-version 1.0"
    )
    early = shell.run(integrate)
    assert early.returncode in (254, 255)
    assert "(BadRequestException) when calling the CreateIntegration operation" in early.stderr
    shell.course("clock", advance=60)
    assert ids(shell, status) == "AVAILABLE"
    integration = ids(shell, f"{integrate} --query IntegrationId")
    shell.aws(
        f"apigatewayv2 update-integration --api-id {api} --integration-id {integration} "
        "--request-parameters overwrite:path=$request.path"
    )
    shell.aws(
        f"apigatewayv2 create-route --api-id {api} --route-key 'GET /pets/{{{{id}}}}' "
        f"--target integrations/{integration}"
    )
    stage = shell.aws(f"apigatewayv2 create-stage --api-id {api} --stage-name prod --auto-deploy")
    assert stage["DeploymentId"]
    (deployed,) = shell.aws(f"apigatewayv2 get-deployments --api-id {api}")["Items"]
    assert (deployed["AutoDeployed"], deployed["DeploymentStatus"]) == (True, "DEPLOYED")
    found = shell.aws(f"apigatewayv2 get-integrations --api-id {api}")["Items"]
    assert [one["RequestParameters"] for one in found] == [{"overwrite:path": "$request.path"}]
    (route,) = shell.aws(f"apigatewayv2 get-routes --api-id {api}")["Items"]
    assert route["RouteKey"] == "GET /pets/{id}"
    arn = f"arn:aws:apigateway:us-east-1::/apis/{api}"
    shell.aws(f"apigatewayv2 tag-resource --resource-arn {arn} --tags team=shop")
    assert shell.aws(f"apigatewayv2 get-tags --resource-arn {arn}") == {"Tags": {"team": "shop"}}

    used = shell.run(f"apigatewayv2 delete-vpc-link --vpc-link-id {link}")
    assert f"Vpc link '{link}', is referenced in [GET:{route['RouteId']}]" in used.stderr
    assert shell.aws(f"apigatewayv2 delete-api --api-id {api}") == ""
    assert shell.aws(f"apigatewayv2 delete-vpc-link --vpc-link-id {link}") == ""
    assert ids(shell, status) == "DELETING"
    shell.course("clock", advance=60)
    gone = shell.run(status)
    assert "(NotFoundException) when calling the GetVpcLink operation" in gone.stderr


def test_a_rest_api_is_refused_in_one_line(shell: Any) -> None:
    done = shell.run("apigateway get-rest-apis")
    assert done.returncode and "Traceback" not in done.stderr
    assert json.dumps(done.stderr.strip()).count("\\n") == 0
