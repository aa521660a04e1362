"""Cloud Map's API as the sandbox answers it; tags are moto's.

AWS: https://docs.aws.amazon.com/cloud-map/latest/api/API_Operations.html
"""

from course.sandbox.discovery.api.instances import InstanceOperations
from course.sandbox.discovery.api.namespaces import NamespaceOperations
from course.sandbox.discovery.api.services import ServiceOperations


class CloudMapApi(NamespaceOperations, ServiceOperations, InstanceOperations):
    """moto's Cloud Map with what it lacks, one method per operation."""
