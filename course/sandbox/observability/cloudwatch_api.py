"""CloudWatch as the sandbox answers it: metrics and alarms are ours; dashboards and tags are moto's.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
"""

from course.sandbox.observability.alarms.alarms_api import AlarmsApi
from course.sandbox.observability.metrics.metrics_api import MetricsApi


class CloudWatchApi(MetricsApi, AlarmsApi):
    """Every CloudWatch operation that the sandbox answers by itself."""
