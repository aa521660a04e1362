"""A denial as a service writes it: its error code, and the text. Pure.

Most of it goes by the service's protocol. SQS speaks JSON, and keeps the code it had
before, with the action in small letters (keystone.guru#3901, 2026-08; aspire#3333, 2024-04).
S3 quotes the resource (serverless-patterns#2457, 2024-08; noobaa-core#10060, 2026-09), and Secrets
Manager names no ``*`` (AWSSecretsManagerConfigurationExtensions#78, 2022-11).

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from course.sandbox.authorize.decision import Decision

CODES = {"ec2": "UnauthorizedOperation", "query": "AccessDenied", "rest-xml": "AccessDenied"}
"""The error code of a denial by the protocol of the service; all others say AccessDeniedException."""

EC2_SAYS = "You are not authorized to perform this operation. "
"""What EC2 puts before the text; the encoded message that follows it on AWS is left out."""

EVERYTHING = " on resource: *"

PROTOCOLS = {"s3": "rest-xml", "sns": "query", "sts": "query", "iam": "query", "ec2": "ec2"}
"""Those of services that do not speak JSON, as far as programs in containers call them."""


def protocol_of(service: str) -> str:
    """The protocol of a service that a program in a container calls."""
    return PROTOCOLS.get(service, "json")


def code(decision: Decision, protocol: str) -> str:
    """The error code of a denial."""
    return "AccessDenied" if _of_sqs(decision) else CODES.get(protocol, "AccessDeniedException")


def text(decision: Decision, protocol: str) -> str:
    """AWS's text for a denial, in the service's own form."""
    asked = decision.request
    if _of_sqs(decision):
        return decision.denial_on(asked.resource, asked.action.lower())
    if protocol == "rest-xml":
        return decision.denial_on(f'"{asked.resource}"')
    if asked.action.startswith("secretsmanager:"):
        return decision.denial.replace(EVERYTHING, "")
    return EC2_SAYS + decision.denial if protocol == "ec2" else decision.denial


def _of_sqs(decision: Decision) -> bool:
    return decision.request.action.startswith("sqs:")
