"""Parameters and answers as CloudTrail writes them: names in small first letters, secrets left out.

What AWS's own models mark as sensitive is hidden: values of environment variables
and parameters, passwords, keys. Secrets Manager leaves its members out altogether.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
LARGEST = 100_000
"""Characters; what is longer AWS leaves out (record contents, as of 2026: 100 KB)."""


def shown(given: Mapping[str, Any], shape: Shape | None, *, hidden: str | None = HIDDEN) -> str:
    """JSON of a call's parameters or its answer; empty where CloudTrail writes null.

    *hidden* takes the place of what is sensitive; None leaves it out.
    """
    value = _shown(dict(given), shape, hidden) if shape else {}
    text = json.dumps(value, default=str, separators=(",", ":")) if value else ""
    return text if len(text) <= LARGEST else ""


def _shown(value: Any, shape: Shape, hidden: str | None) -> Any:
    if value is None:
        return None
    if shape.metadata.get("sensitive"):
        return hidden
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return _members(value, shape, hidden)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_shown(one, shape.member, hidden) for one in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {str(name): _shown(one, shape.value, hidden) for name, one in value.items()}
    if shape.type_name == "timestamp":
        return _time(value)
    return None if shape.type_name == "blob" else value


def _members(value: Mapping[str, Any], shape: StructureShape, hidden: str | None) -> dict[str, Any]:
    found = {
        name: _shown(value[name], member, hidden)
        for name, member in shape.members.items()
        if name in value
    }
    return {name[:1].lower() + name[1:]: one for name, one in found.items() if one is not None}


def _time(value: Any) -> str:
    """A time as CloudTrail writes it in parameters: ``Nov 2, 2026, 9:00:00 AM``."""
    if isinstance(value, int | float):
        value = datetime.fromtimestamp(value, UTC)
    if not isinstance(value, datetime):
        return str(value)
    hour = value.strftime("%I").lstrip("0")
    return f"{value:%b} {value.day}, {value:%Y}, {hour}:{value:%M:%S %p}"
