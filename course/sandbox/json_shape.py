"""Does the JSON body of a call have the shape that AWS's own model gives it?

AWS reads a call by its model before it looks at any resource. So does the gate,
with botocore's copy of the model: a wrong type, a missing member, a body that is
no object is refused in the service's words before anything is changed, and before
moto meets a value that it never expected.

Members the model does not know are ignored, a null member counts as absent, and
lengths, patterns and enumerations are left to whoever answers.

The texts on types are AWS's, as users met them: "STRING_VALUE cannot be converted
to Integer" of ECS (aws-cdk-cli pull request 973, December 2025), the others of
EventBridge Scheduler (floci pull request 2686, 2026); AWS does not say where, we
add it. "1 validation error detected ..." is that of CloudWatch Logs
(cloudwatch-logs-centralize-logs issue 5, December 2017).
"""

import base64
import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.utils import parse_timestamp

from course.sandbox.ecs.errors import Refused

WIDTHS = {"integer": 32, "long": 64, "short": 16, "byte": 8}
"""How many bits each whole number of the model has."""

_TOO_DEEP = "The body is nested too deeply."  # our words
_NO_SUCH_BYTES = bytes(set(range(32)) - {9, 10, 13}).decode()


def check_json(operation: OperationModel, body: bytes) -> None:
    """Refuse the body of a call unless it has the operation's shape.

    Raises Refused: SerializationException for what cannot be read as the model's
    types, the service's own validation error for what is missing.
    """
    try:
        given = json.loads(body.decode(), parse_constant=_no_number) if body.strip() else {}
        if not isinstance(given, dict):
            raise _unreadable("The body of a request must be an object.")  # our words
        if operation.input_shape is not None:
            _JsonCheck(_validation_code(operation)).structure(operation.input_shape, given, "")
    except RecursionError:
        raise _unreadable(_TOO_DEEP) from None
    except ValueError as error:  # no JSON, no UTF-8, a number of 5,000 digits
        raise _unreadable(f"The body is not JSON: {error}.") from None  # our words


def _unreadable(message: str) -> Refused:
    return Refused("SerializationException", message)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _validation_code(operation: OperationModel) -> str:
    """The name of the error with which an operation says that a parameter is missing."""
    modelled = {shape.name for shape in operation.error_shapes}
    for code in ("ValidationException", "InvalidParameterException"):
        if code in modelled:
            return code
    return "ValidationException"


def missing_member(code: str, path: str) -> Refused:
    """The refusal of a call that lacks what its model requires, or has a null in a list."""
    return Refused(
        code,
        f"1 validation error detected: Value null at '{path}' failed to satisfy constraint: "
        "Member must not be null",
    )


def below(path: str, name: str) -> str:
    """The path of a member, as AWS's validation writes it."""
    return f"{path}.{name}" if path else name


class _JsonCheck:
    """One walk through a body and the shapes of its members."""

    def __init__(self, validation_code: str) -> None:
        self._code = validation_code
        self._checks: dict[str, Callable[[Any, Any, str], None]] = {
            "structure": self.structure,
            "list": self.list,
            "map": self.map,
            "string": self.string,
            "boolean": self.boolean,
            "timestamp": self.timestamp,
            "blob": self.blob,
        }

    def any(self, shape: Shape, value: Any, path: str) -> None:
        check: Callable[[Any, Any, str], None] = self._checks.get(shape.type_name, self.number)
        check(shape, value, path)

    def structure(self, shape: StructureShape, value: Any, path: str) -> None:
        if shape.is_document_type:
            return
        if not isinstance(value, dict):
            raise self._misfit(value, "Expected null", path)
        for name in shape.required_members:
            if value.get(_json_name(shape, name)) is None:
                raise missing_member(self._code, below(path, name))
        for name, member in shape.members.items():
            given = value.get(member.serialization.get("name", name))
            if given is not None:
                self.any(member, given, below(path, name))

    def list(self, shape: ListShape, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise self._misfit(value, "Expected list or null", path)
        for place, one in enumerate(value, 1):
            inner = f"{path}.{place}.member"
            if one is None:
                raise missing_member(self._code, inner)
            self.any(shape.member, one, inner)

    def map(self, shape: MapShape, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise self._misfit(value, "Expected map or null", path)  # our words
        for key, one in value.items():
            self.string(shape.key, key, path)
            if one is not None:
                self.any(shape.value, one, f"{path}.{key}.member")

    def string(self, shape: Shape, value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise self._misfit(value, f"{_token(value)} can not be converted to a String", path)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                # our words
                raise self._misfit(value, "Half of a surrogate pair is no text", path) from None

    def boolean(self, shape: Shape, value: Any, path: str) -> None:
        if not isinstance(value, bool):
            # our words
            raise self._misfit(value, f"{_token(value)} can not be converted to a Boolean", path)

    def number(self, shape: Shape, value: Any, path: str) -> None:
        kind = shape.type_name.capitalize()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._misfit(value, f"{_token(value)} cannot be converted to {kind}", path)
        bits = WIDTHS.get(shape.type_name)
        if not math.isfinite(value) or (bits and not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)):
            raise self._misfit(value, f"NUMBER_VALUE is out of range for {kind}", path)  # our words

    def timestamp(self, shape: Shape, value: Any, path: str) -> None:
        try:
            parse_timestamp("" if isinstance(value, bool) else value)
        except Exception:  # noqa: BLE001  botocore and dateutil raise a good many
            text = f"{_token(value)} can not be converted to a Timestamp"  # our words
            raise self._misfit(value, text, path) from None

    def blob(self, shape: Shape, value: Any, path: str) -> None:
        try:
            base64.b64decode(value)
        except (ValueError, TypeError):
            text = f"{_token(value)} can not be converted to a Blob"  # our words
            raise self._misfit(value, text, path) from None

    def _misfit(self, value: Any, text: str, path: str) -> Refused:
        if isinstance(value, dict):
            text = "Start of structure or map found where not expected"
        elif isinstance(value, list):
            text = "Start of list found where not expected"  # our words
        return _unreadable(f"{text} (parameter {path})")


def _json_name(shape: StructureShape, member: str) -> str:
    found = shape.members.get(member)
    return str(found.serialization.get("name", member)) if found is not None else member


def _token(value: Any) -> str:
    """What the reader of JSON calls a value."""
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
