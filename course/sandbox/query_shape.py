"""Do the parameters of a query protocol have the shape that AWS's own model gives them?

The same check as ``json_shape``, for services that take a form: Elastic Load
Balancing, IAM, EC2, STS, SNS and others. Everything in a form is text, with the
structure in the parameters' names: ``Listeners.member.1.Port``.
"""

import base64
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.utils import parse_timestamp

from course.sandbox.ecs.errors import Refused
from course.sandbox.json_shape import below, missing_member

VALUE = "="
"""Where a node of the tree keeps its own value; no part of a name can be this."""

OTHER_NAMES = ("sqs",)
"""Its model names parameters as in JSON, which it speaks today; in a form they have others."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_query(operation: OperationModel, given: Mapping[str, str]) -> None:
    """Refuse the parameters of a query protocol unless they fit the operation.

    Raises Refused: ValidationError, for EC2 InvalidParameterValue or MissingParameter.
    """
    if operation.input_shape is None or operation.service_model.service_name in OTHER_NAMES:
        return
    tree: dict[str, Any] = {}
    for name, value in given.items():
        node = tree
        for part in name.replace(VALUE, "?").split("."):
            node = node.setdefault(part, {})
        node[VALUE] = value
    ec2 = operation.service_model.metadata.get("protocol") == "ec2"
    _QueryCheck(ec2).structure(operation.input_shape, tree, "")


class _QueryCheck:
    """One walk through the parameters of a query protocol, as a tree by their dots."""

    def __init__(self, ec2: bool) -> None:
        self._ec2 = ec2

    def any(self, shape: Shape, node: Mapping[str, Any], path: str) -> None:
        if isinstance(shape, StructureShape):
            self.structure(shape, node, path)
        elif isinstance(shape, ListShape):
            self.list(shape, node, path)
        elif isinstance(shape, MapShape):
            self.map(shape, node, path)
        elif VALUE in node:
            self.scalar(shape, node[VALUE], path)

    def structure(self, shape: StructureShape, node: Mapping[str, Any], path: str) -> None:
        for name in shape.required_members:
            if self._name(shape.members[name], name) not in node:
                raise self._lacking(below(path, name))
        for name, member in shape.members.items():
            given = node.get(self._name(member, name))
            if given is not None:
                self.any(member, given, below(path, name))

    def list(self, shape: ListShape, node: Mapping[str, Any], path: str) -> None:
        if not self._ec2 and not shape.serialization.get("flattened"):
            node = node.get(self._name(shape.member, "member"), {})
        for place, given in node.items():
            if place != VALUE:
                self.any(shape.member, given, f"{path}.{place}.member")

    def map(self, shape: MapShape, node: Mapping[str, Any], path: str) -> None:
        entries = node if shape.serialization.get("flattened") else node.get("entry", {})
        for place, entry in entries.items():
            if place == VALUE:
                continue
            for half, name in ((shape.key, "key"), (shape.value, "value")):
                given = entry.get(self._name(half, name))
                if given is not None:
                    self.any(half, given, f"{path}.{place}.{name}")

    def scalar(self, shape: Shape, value: str, path: str) -> None:
        try:
            _READERS.get(shape.type_name, _read_text)(value)
        except Exception:  # noqa: BLE001  botocore and dateutil raise a good many
            shown = value if value.isprintable() and len(value) < 100 else f"{value[:40]!a}"
            code = "InvalidParameterValue" if self._ec2 else "ValidationError"
            kind = shape.type_name.capitalize()
            # our words
            raise Refused(code, f"Value ({shown}) for parameter {path} is no {kind}.") from None

    def _lacking(self, path: str) -> Refused:
        if self._ec2:
            message = f"The request must contain the parameter {path}"  # our words
            return Refused("MissingParameter", message)
        return missing_member("ValidationError", path)

    def _name(self, shape: Shape, member: str) -> str:
        if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
            shape = shape.member if "name" in shape.member.serialization else shape
        if self._ec2:
            found = shape.serialization.get("queryName")
            name = str(shape.serialization.get("name", member))
            return str(found) if found else name[:1].upper() + name[1:]
        return str(shape.serialization.get("name", member))


def _read_text(value: str) -> None:
    """Text that can be written into XML again, which is how these protocols answer."""
    if _NOT_IN_XML.search(value):
        raise ValueError(value)


def _read_whole_number(value: str) -> None:
    if not -(2**63) <= int(value) < 2**63:
        raise ValueError(value)


def _read_number(value: str) -> None:
    if not math.isfinite(float(value)):
        raise ValueError(value)


def _read_boolean(value: str) -> None:
    if value.lower() not in ("true", "false"):
        raise ValueError(value)


def _read_timestamp(value: str) -> None:
    parse_timestamp(value)


def _read_blob(value: str) -> None:
    base64.b64decode(value)


_READERS: dict[str, Callable[[str], None]] = {
    "integer": _read_whole_number,
    "long": _read_whole_number,
    "float": _read_number,
    "double": _read_number,
    "boolean": _read_boolean,
    "timestamp": _read_timestamp,
    "blob": _read_blob,
}
