"""Secrets into containers: fetched once when a task starts, put into their environments.

Secrets Manager is asked secret by secret, Parameter Store for all parameters of
a Region at once; whichever comes first is not documented. A container that runs
keeps what it got: a rotated value is seen by new tasks only. What goes wrong is
told without any value.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from course.sandbox.authorize.through_kms import DECRYPT, NO_KMS, of_parameter, of_secret
from course.sandbox.ecs import resource_reasons as reasons
from course.sandbox.ecs.resources import Task
from course.sandbox.ecs.secret_reference import (
    SecretPart,
    StoredParameter,
    Unreadable,
    read_reference,
)
from course.sandbox.ecs.secret_store import (
    MarkedForDeletion,
    NoVersion,
    find_parameter,
    find_secret,
    value_of,
)
from course.sandbox.ecs.service_calls import ServiceCalls
from course.sandbox.ecs.stop_reasons import Stop

GET_SECRET, GET_PARAMETERS = "secretsmanager:GetSecretValue", "ssm:GetParameters"


class _Failed(Exception):
    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.reason)
        self.stop = stop


def inject(task: Task, calls: ServiceCalls) -> Stop | None:
    """Give each container its secrets, or say what keeps the task from starting."""
    if not any(one.secrets for one in task.containers):
        return None
    try:
        values = {**_from_secrets_manager(task, calls), **_from_parameter_store(task, calls)}
    except _Failed as failed:
        return failed.stop
    for container in task.containers:
        given = {one.name: values[one.value_from] for one in container.secrets if not one.of_logger}
        container.environment = {**container.environment, **given}
    return None


def _references(task: Task) -> Iterator[tuple[str, SecretPart | StoredParameter]]:
    """What the containers name, each once, in their order."""
    _, _, _, region, account, _ = task.task_arn.split(":", 5)
    named = dict.fromkeys(one.value_from for each in task.containers for one in each.secrets)
    for given in named:
        found = read_reference(given, region, account)
        if isinstance(found, Unreadable):
            said = f"unexpected ARN format: {given}"  # our words
            raise _Failed(
                reasons.secret_without(given, region, said, on_instance=bool(task.instance))
            )
        yield given, found


def _from_secrets_manager(task: Task, calls: ServiceCalls) -> dict[str, str]:
    found = dict(_references(task))
    return {
        given: _secret(part, calls) for given, part in found.items() if isinstance(part, SecretPart)
    }


def _secret(part: SecretPart, calls: ServiceCalls) -> str:
    """The value of one secret, asked for as the service would: way, permission, secret, key."""
    place: tuple[str, str] = part.arn, part.region
    here = calls.on_instance
    way = calls.way("secretsmanager", part.region, GET_SECRET, part.arn)
    if way and not way.reached and not way.denial:
        raise _Failed(reasons.secret_unreached(*place, on_instance=here))
    kept = find_secret(part)
    denied = calls.denied(GET_SECRET, part.arn)
    denial = (way.denial if way else "") or (denied.denial if denied else "")
    if not denial and kept and kept.key:
        hidden = calls.denied(DECRYPT, kept.key, of_secret(kept.arn))
        denial = NO_KMS if hidden else ""
    if denial:
        error = f"AccessDeniedException: {denial}"
        raise _Failed(reasons.secret_refused(*place, error, on_instance=here))
    if kept is None:
        raise _Failed(reasons.secret_missing(*place, on_instance=here))
    return _value(part, on_instance=here)


def _value(part: SecretPart, *, on_instance: bool) -> str:
    """The text of a secret that is there, or what stands in it under the JSON key."""
    place = part.arn, part.region
    try:
        text = value_of(part)
    except MarkedForDeletion as error:
        said = "InvalidRequestException: the secret is marked for deletion"  # our words
        raise _Failed(reasons.secret_refused(*place, said, on_instance=on_instance)) from error
    except NoVersion as error:
        raise _Failed(reasons.secret_missing(*place, on_instance=on_instance)) from error
    if not part.json_key:
        return text
    document = _document(text)
    if document is None:
        said = "retrieved secret from Secrets Manager is not a JSON object"  # our words
    elif part.json_key not in document:
        said = f"retrieved secret from Secrets Manager did not contain json key {part.json_key}"
    else:
        value = document[part.json_key]
        return value if isinstance(value, str) else json.dumps(value)
    raise _Failed(reasons.secret_without(*place, said, on_instance=on_instance))


def _document(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _from_parameter_store(task: Task, calls: ServiceCalls) -> dict[str, str]:
    wanted = {
        given: found for given, found in _references(task) if isinstance(found, StoredParameter)
    }
    values = dict[str, str]()
    for region in dict.fromkeys(one.region for one in wanted.values()):
        there = {given: one for given, one in wanted.items() if one.region == region}
        values |= _parameters(region, there, calls)
    return values


def _parameters(
    region: str, wanted: dict[str, StoredParameter], calls: ServiceCalls
) -> dict[str, str]:
    """The values of the parameters of one Region: way, permission for each, parameters, keys."""
    here = calls.on_instance
    first = next(iter(wanted.values()))
    way = calls.way("ssm", region, GET_PARAMETERS, first.arn)
    if way and not way.reached and not way.denial:
        raise _Failed(reasons.parameters_unreached(region, on_instance=here))
    denials = [way.denial] if way and way.denial else []
    denials += _denials(calls, [(GET_PARAMETERS, one.arn, {}) for one in wanted.values()])
    found = {given: find_parameter(one) for given, one in wanted.items()}
    missing = [wanted[given].name for given, one in found.items() if one is None]
    kept = {given: one for given, one in found.items() if one is not None}
    if not denials and missing:
        raise _Failed(reasons.parameters_missing(region, missing, on_instance=here))
    # A SecureString under a customer key: KMS's own denial; how a task tells it was not seen.
    keys = [(one.key, wanted[given].arn) for given, one in kept.items() if one.key]
    denials += _denials(calls, [(DECRYPT, key, of_parameter(arn)) for key, arn in keys])
    if denials:
        error = f"AccessDeniedException: {denials[0]}"
        raise _Failed(reasons.parameters_refused(region, error, on_instance=here))
    return {given: one.value for given, one in kept.items()}


def _denials(calls: ServiceCalls, asked: list[tuple[str, str, Mapping[str, object]]]) -> list[str]:
    decisions = [calls.denied(*one) for one in asked]
    return [one.denial for one in decisions if one]
