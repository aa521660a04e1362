"""The policy of S3's endpoint lets the account's own bucket through, and not ECR's."""

import json
from typing import Any

SYMPTOM = (
    "CannotPullContainerError: ref pull has been retried <n> time(s): failed to copy: "
    "httpReaderSeeker: failed open: unexpected status code"
)
NEEDS = ("endpoints",)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the policy of S3's gateway endpoint: `describe_vpc_endpoints`"
REPAIR = "Allow s3:GetObject on the Region's prod-<region>-starport-layer-bucket."
ROW, EVIDENCE = 9, "V"


def cause(aws: Any, app: Any) -> None:
    """Allow the account's own bucket only."""
    _allow(aws, app, "arn:aws:s3:::shop-invoices/*")


def repair(aws: Any, app: Any) -> None:
    """Allow the bucket that ECR keeps a Region's layers in."""
    _allow(aws, app, f"arn:aws:s3:::prod-{app.region}-starport-layer-bucket/*")


def _allow(aws: Any, app: Any, resource: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": resource,
    }
    ec2 = aws.client("ec2")
    named = {"Name": "service-name", "Values": [f"com.amazonaws.{app.region}.s3"]}
    (one,) = ec2.describe_vpc_endpoints(Filters=[named])["VpcEndpoints"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ec2.modify_vpc_endpoint(VpcEndpointId=one["VpcEndpointId"], PolicyDocument=policy)
