"""What kind of event a call is in CloudTrail: read or write, management or data, of which source. Pure.

Management events stand in the event history; data events, what is done with the
contents of a bucket, a queue, a table or a topic, only in trails that ask for them.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
"""

READS = (
    *("Describe", "List", "Get", "Head", "BatchGet", "BatchCheck", "Lookup", "Search", "Query"),
    *("Scan", "Select", "Simulate", "Filter", "Test", "Check", "Validate", "Estimate"),
)
ALSO_READS = ("AssumeRole", "StartQuery", "Decrypt", "DiscoverPollEndpoint")

SOURCES = {
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "cloudwatch": "monitoring",
    "stepfunctions": "states",
    "apigatewayv2": "apigateway",
    "route53resolver": "route53",
}
"""Where the name of a source is not that of the service."""

GLOBAL = ("iam", "route53", "cloudfront", "organizations")
"""Services whose events stand in the history of us-east-1, whichever Region was called."""

DATA = {
    "s3": (
        *("GetObject", "PutObject", "HeadObject", "DeleteObject", "DeleteObjects", "CopyObject"),
        *("ListObjects", "ListObjectsV2", "CreateMultipartUpload", "UploadPart", "RestoreObject"),
        *("CompleteMultipartUpload", "AbortMultipartUpload", "GetObjectAcl", "PutObjectAcl"),
        *("GetObjectTagging", "PutObjectTagging", "GetObjectAttributes", "SelectObjectContent"),
    ),
    "dynamodb": (
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem"),
        *("BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
    ),
    "sqs": (
        *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage"),
        *("DeleteMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"),
    ),
    "sns": ("Publish", "PublishBatch"),
    "lambda": ("Invoke", "InvokeAsync"),
    "logs": ("PutLogEvents",),
    "events": ("PutEvents",),
    "cloudwatch": ("PutMetricData", "GetMetricData"),
}


def is_read(operation: str) -> bool:
    """Whether an operation changes nothing."""
    return operation.startswith(READS) or operation in ALSO_READS


def is_data(service: str, operation: str) -> bool:
    """Whether a call is a data event, which the event history does not show."""
    return operation in DATA.get(service, ())


def source(service: str) -> str:
    """The event source of a service: ``ecs.amazonaws.com``."""
    return f"{SOURCES.get(service, service)}.amazonaws.com"


def region_of(service: str, called: str) -> str:
    """The Region in whose history a call stands."""
    return "us-east-1" if service in GLOBAL else called
