"""Service deployments and revisions: list, describe, stop.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations, missing
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.deployments import summary
from course.sandbox.ecs.errors import Refused, invalid_parameter, service_not_found
from course.sandbox.ecs.resources import Service, ServiceDeployment, ServiceRevision

DESCRIBED_AT_ONCE = 20
STOPPABLE = ("PENDING", "IN_PROGRESS")
ALARMS = {"status": "DISABLED"}
"""CloudWatch alarms of a deployment are kept, and watched by nobody here so far."""


class DeploymentOperations(EcsOperations):
    """The operations on service deployments and service revisions, one method each."""

    @behaves("api/test_deployments.py::test_the_list_by_status_and_time_in_pages")
    def list_service_deployments(self) -> ActionResult:
        """ListServiceDeployments, newest first, by status and time of creation; twenty a page."""
        service = self._service(self.given("service", ""))
        wanted, created = self.given("status", []), self.given("createdAt", {})
        records = [
            _brief(one)
            for one in service.service_deployments
            if (not wanted or one.status in wanted) and _is_within(one.created_at, created)
        ]
        return self.page("serviceDeployments", records, default=20)

    def _service(self, name: str) -> Service:
        """A service by name in the cluster the call names, or by its ARN, which names its own."""
        if name.startswith("arn:"):
            key = name.rsplit(":", 1)[-1].removeprefix("service/").replace("/", ":", 1)
            found = self.ecs.services.get(key)
            found = found if found and found.service_arn == name else None
        else:
            found = self.find_service(self.cluster(), name)
        if found is None:
            raise service_not_found()
        return found

    @behaves("api/test_deployments.py::test_a_newer_deployment_stops_the_one_before_it")
    def describe_service_deployments(self) -> ActionResult:
        """DescribeServiceDeployments, up to 20; what is not there comes back as MISSING."""
        found, failures = [], []
        for arn in self._arns("serviceDeploymentArns"):
            held = self._find_record(arn)
            if held:
                found.append(_shown(*held))
            else:
                failures.append(missing(arn))
        return ActionResult({"serviceDeployments": found, "failures": failures})

    @behaves("api/test_deployments.py::test_a_revision_is_what_was_to_be_run")
    def describe_service_revisions(self) -> ActionResult:
        """DescribeServiceRevisions, up to 20; what is not there comes back as MISSING."""
        found, failures = [], []
        for arn in self._arns("serviceRevisionArns"):
            revision = self._find_revision(arn)
            if revision:
                found.append(revision)
            else:
                failures.append(missing(arn))
        return ActionResult({"serviceRevisions": found, "failures": failures})

    def _arns(self, member: str) -> Sequence[str]:
        arns: Sequence[str] = self.given(member, [])
        if not 1 <= len(arns) <= DESCRIBED_AT_ONCE:
            raise invalid_parameter(
                f"Name 1 to {DESCRIBED_AT_ONCE} {member}, not {len(arns)}."
            )  # our words
        return arns

    @behaves("api/test_deployments.py::test_stop_rolls_back_to_what_completed")
    def stop_service_deployment(self) -> ActionResult:
        """StopServiceDeployment: ROLLBACK to what completed last, or ABORT where it stands.

        One that is stopping or rolling back already goes on with that. Raises
        ServiceDeploymentNotFoundException, and ConflictException for one that has ended.
        """
        service, record = self._record(self.given("serviceDeploymentArn", ""))
        kind = self.given("stopType", "ROLLBACK")
        if not record.is_ongoing:
            raise Refused(  # our words
                "ConflictException",
                f"The service deployment has ended with {record.status}: there is nothing to stop.",
            )
        if record.status in STOPPABLE:
            self.plane.world.record(
                "you", f"StopServiceDeployment of {service.service_name}, {kind}"
            )
            self.plane.stop_deployment(service, record, back=kind == "ROLLBACK")
        return ActionResult({"serviceDeploymentArn": record.service_deployment_arn})

    def _record(self, arn: str) -> tuple[Service, ServiceDeployment]:
        held = self._find_record(arn)
        if held is None:
            raise Refused(  # our words
                "ServiceDeploymentNotFoundException", f"There is no service deployment {arn}."
            )
        return held

    def _find_record(self, arn: str) -> tuple[Service, ServiceDeployment] | None:
        service = self._owner(arn, "service-deployment")
        for record in service.service_deployments if service else []:
            if service and record.service_deployment_arn == arn:
                return service, record
        return None

    def _find_revision(self, arn: str) -> ServiceRevision | None:
        service = self._owner(arn, "service-revision")
        return service.revisions.get(arn) if service else None

    def _owner(self, arn: str, kind: str) -> Service | None:
        """The service whose name stands in the ARN of one of its deployments or revisions."""
        found, _, rest = arn.rsplit(":", 1)[-1].partition("/")
        if found != kind:
            return None
        return self.ecs.services.get(rest.rsplit("/", 1)[0].replace("/", ":", 1))

    @behaves("api/test_deployments.py::test_services_by_namespace")
    def list_services_by_namespace(self) -> ActionResult:
        """ListServicesByNamespace: services whose Service Connect names it, in all clusters.

        Raises NamespaceNotFoundException.
        """
        name = self.given("namespace", "")
        names = self._names_of(name)
        arns = [
            service.service_arn
            for service in self.ecs.services.values()
            if service.status == "ACTIVE" and _namespace(service) in names
        ]
        if not arns and names == {name}:
            raise Refused(  # our words
                "NamespaceNotFoundException", f"There is no Cloud Map namespace {name}."
            )
        return self.page("serviceArns", arns, default=10)

    def _names_of(self, name: str) -> set[str]:
        """The name and the ARN of a namespace of Cloud Map; of an unknown one just what was given."""
        held = self.cloud_map.namespaces()
        known = [{one.name, one.arn} for one in held if name in (one.name, one.arn)]
        return known[0] if known else {name}


def _namespace(service: Service) -> str | None:
    connect = service.service_connect_configuration or {}
    return connect.get("namespace") if connect.get("enabled") else None


def _is_within(created: datetime, given: dict[str, datetime]) -> bool:
    """Whether a time is after ``after`` and before ``before``, where they are given."""
    ends = {end: _aware(when) for end, when in given.items() if when is not None}
    return ends.get("after", created) <= created <= ends.get("before", created)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _brief(record: ServiceDeployment) -> dict[str, Any]:
    target = record.target.revision
    return _present(
        serviceDeploymentArn=record.service_deployment_arn,
        serviceArn=record.service_arn,
        clusterArn=record.cluster_arn,
        createdAt=record.created_at,
        startedAt=record.started_at,
        finishedAt=record.finished_at,
        targetServiceRevisionArn=target.service_revision_arn if target else None,
        status=record.status,
        statusReason=record.status_reason,
    )


def _shown(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    counted = summary(service, record)
    return _present(
        serviceDeploymentArn=record.service_deployment_arn,
        serviceArn=record.service_arn,
        clusterArn=record.cluster_arn,
        createdAt=record.created_at,
        startedAt=record.started_at,
        finishedAt=record.finished_at,
        stoppedAt=record.stopped_at,
        updatedAt=record.updated_at,
        sourceServiceRevisions=counted["sourceServiceRevisions"],
        targetServiceRevision=counted["targetServiceRevision"],
        status=record.status,
        statusReason=record.status_reason,
        deploymentConfiguration=counted["deploymentConfiguration"],
        rollback=record.rollback,
        deploymentCircuitBreaker=_breaker(record, counted),
        alarms=ALARMS,
    )


def _breaker(record: ServiceDeployment, counted: dict[str, Any]) -> dict[str, Any]:
    """The circuit breaker: watching, tripped, done watching, or not in use."""
    if not counted["threshold"]:
        return {"status": "DISABLED", "failureCount": 0, "threshold": 0}
    watching = "MONITORING" if record.is_ongoing else "MONITORING_COMPLETE"
    return {
        "status": "TRIGGERED" if counted["tripped"] else watching,
        "failureCount": counted["failureCount"],
        "threshold": counted["threshold"],
    }


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
