"""What of ECS lies outside the sandbox, and why.

A test compares this with botocore's model: an operation that is neither
answered nor named here is new, and somebody has to decide.
"""

REASONS: dict[str, tuple[str, ...]] = {
    "only the container agent on an instance calls it": (
        "DiscoverPollEndpoint",
        "SubmitAttachmentStateChanges",
        "SubmitContainerStateChange",
        "SubmitTaskStateChange",
    ),
    "no deployment pauses at a lifecycle hook here, so there is nothing to continue": (
        "ContinueServiceDeployment",
    ),
    "Express Mode makes a load balancer, scaling and a service in one call; here they are made one by one": (
        "CreateExpressGatewayService",
        "DeleteExpressGatewayService",
        "DescribeExpressGatewayService",
        "UpdateExpressGatewayService",
    ),
    "ECS gateways are not modelled; put a load balancer in front of a service": (
        "AssociateGatewayWithCluster",
        "CreateGateway",
        "DeleteGateway",
        "DescribeGateway",
        "DescribeGatewayResources",
        "DescribeGatewayRoute",
        "DisassociateGatewayFromCluster",
        "ListGatewayClusterAssociations",
        "ListGatewayRoutes",
        "ListGateways",
        "UpdateGateway",
    ),
    "managed daemons run on ECS Managed Instances, which are not modelled": (
        "CreateDaemon",
        "DeleteDaemon",
        "DeleteDaemonTaskDefinition",
        "DescribeDaemon",
        "DescribeDaemonDeployments",
        "DescribeDaemonRevisions",
        "DescribeDaemonTaskDefinition",
        "ListDaemonDeployments",
        "ListDaemonTaskDefinitions",
        "ListDaemons",
        "RegisterDaemonTaskDefinition",
        "UpdateDaemon",
    ),
}
"""Operations that are refused, by the reason a learner is given."""

NEWER = "it is newer than this sandbox"

_WHY = {operation: reason for reason, named in REASONS.items() for operation in named}


def why_outside(operation: str) -> str:
    """The reason for one operation, to stand in the middle of a sentence."""
    return _WHY.get(operation, NEWER)
