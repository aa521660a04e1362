"""In which words a bad key is refused: each protocol has its own code for one, and for one that expired. Pure.

Evidence: users' outputs, by date. Bad keys: JSON UnrecognizedClientException (aws-sdk-php#1114,
2016-10), REST too (iamlive#58, 2022-08), query InvalidClientTokenId (okta-awscli#145, 2020-09),
EC2 AuthFailure (Awesome-CloudOps-Automation#899, 2023), S3 InvalidAccessKeyId (boto3#2815, 2021-04).
Expired ones: cq-provider-aws#1171 (2022-07), jenkinsci/ec2-plugin#1008 (2024-11),
aws-sdk-java#1443 (2018-01), aws-sdk-cpp#1843 (2022-01).
"""

from course.sandbox.ecs.errors import Refused

_INVALID = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"

JSON = (("UnrecognizedClientException", _INVALID), ("ExpiredTokenException", _EXPIRED))
"""Code and text of a bad key, and of an expired one."""

BY_PROTOCOL = {
    "query": (("InvalidClientTokenId", _INVALID), ("ExpiredToken", _EXPIRED)),
    "ec2": (
        ("AuthFailure", "AWS was not able to validate the provided access credentials"),
        ("RequestExpired", "Request has expired."),
    ),
    "rest-xml": (
        ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
        ("ExpiredToken", "The provided token has expired."),
    ),
}
"""All other protocols refuse as JSON's services do."""


class UnusableKey(Exception):
    """A key that IAM or STS gave and that is good no more."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "invalid")
        self.expired = expired


def key_refusal(key: UnusableKey, protocol: str) -> Refused:
    """What whoever uses a bad key is told."""
    invalid, expired = BY_PROTOCOL.get(protocol, JSON)
    return Refused(*(expired if key.expired else invalid))
