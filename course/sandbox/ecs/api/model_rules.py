"""What botocore's model of ECS says of a call and botocore itself does not check: names of values, bounds.

A misspelt ``launchType`` leaves botocore unhindered; ECS refuses it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from course.sandbox.ecs.errors import Refused, client_exception, invalid_parameter

BY_THEIR_OWN_RULES = ("Tags", "TagKeys", "SettingName")
"""Shapes that other rules check, with more to say."""

IN_A_TASK_DEFINITION = "RegisterTaskDefinition"


def check_values(operation: OperationModel, given: dict[str, Any]) -> None:
    """Refuse a value that the operation's model does not have.

    Raises ClientException in a task definition and for a launch type,
    InvalidParameterException elsewhere.
    """
    if operation.input_shape is not None:
        _check(operation.name, operation.input_shape, given, "")


def _check(operation: str, shape: Shape, value: Any, path: str) -> None:
    if value is None or shape.name in BY_THEIR_OWN_RULES:
        return
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, member in shape.members.items():
            _check(operation, member, value.get(name), f"{path}.{name}" if path else name)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for item in value:
            _check(operation, shape.member, item, path)
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for item in value.values():
            _check(operation, shape.value, item, path)
    else:
        _check_one(operation, shape, value, path)


def _check_one(operation: str, shape: Shape, value: Any, path: str) -> None:
    values: list[str] = getattr(shape, "enum", [])
    if values and isinstance(value, str) and value not in values:
        raise _refused(operation, path, f"{_words(path)} should be one of [{','.join(values)}]")
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"between {least} and {most}" if most is not None else f"at least {least}"
        raise _refused(operation, path, f"{path} must be {bounds}, not {value}.")  # our words


def _refused(operation: str, path: str, message: str) -> Refused:
    task_definition = operation == IN_A_TASK_DEFINITION or path == "launchType"
    return client_exception(message) if task_definition else invalid_parameter(message)


def _words(path: str) -> str:
    """``launch type`` for launchType, as ECS says it; any other member by its own name."""
    return "launch type" if path == "launchType" else path
