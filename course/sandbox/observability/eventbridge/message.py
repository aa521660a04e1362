"""What a target is given of an event: all of it, a part, a constant, or a text of one's own. Pure.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from course.sandbox.observability.eventbridge.event import Event

_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]|\.\*|\[\*\]")
_PLACE = re.compile(r"<([^<>\s]+)>")
MISSING = object()


class BadPath(ValueError):
    """No JSONPath, or one that is not valid here."""


def message(target: Mapping[str, Any], event: Event, rule: tuple[str, str] = ("", "")) -> str:
    """The text that a target gets; *rule* is the ARN and the name of the rule."""
    if "Input" in target:
        return str(target["Input"])
    envelope = event.envelope
    if "InputPath" in target:
        found = at(envelope, target["InputPath"])
        return "" if found is MISSING else json.dumps(found, separators=(",", ":"))
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(envelope, separators=(",", ":"))
    paths = transformer.get("InputPathsMap") or {}
    values = {name: at(envelope, path) for name, path in paths.items()} | {
        "aws.events.rule-arn": rule[0],
        "aws.events.rule-name": rule[1],
        "aws.events.event.ingestion-time": envelope["time"],
        "aws.events.event": {key: one for key, one in envelope.items() if key != "detail"},
        "aws.events.event.json": envelope,
    }
    return filled(transformer["InputTemplate"], values)


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its places filled: raw inside quotes, as JSON outside; a missing value leaves nothing."""
    pieces, end = list[str](), 0
    for place in _PLACE.finditer(template):
        if place[1] not in values:
            continue
        pieces.append(template[end : place.start()])
        quoted = _inside_quotes(template[: place.start()])
        pieces.append(_written(values[place[1]], quoted))
        end = place.end()
    return "".join([*pieces, template[end:]])


def _inside_quotes(before: str) -> bool:
    return re.sub(r"\\.", "", before).count('"') % 2 == 1


def _written(value: Any, quoted: bool) -> str:
    if value is MISSING:
        return ""
    if isinstance(value, str):
        return json.dumps(value)[1:-1] if quoted else json.dumps(value)
    text = json.dumps(value, separators=(",", ":"))
    return json.dumps(text)[1:-1] if quoted else text


def at(value: Any, path: str) -> Any:
    """What a JSONPath leads to; MISSING where nothing is. Raises BadPath."""
    if path == "$":
        return value
    steps = list(_STEP.finditer(path))
    if not path.startswith("$") or "".join(one[0] for one in steps) != path[1:]:
        raise BadPath(path)
    return _walk(value, [one for one in steps])


def _walk(value: Any, steps: list[re.Match[str]]) -> Any:
    for number, step in enumerate(steps):
        name, index = step[1] or step[3], step[2]
        if name is None and index is None:  # .* or [*]: each of them
            every = value.values() if isinstance(value, Mapping) else value
            if not isinstance(value, Mapping | list):
                return MISSING
            found = [_walk(one, steps[number + 1 :]) for one in every]
            return [one for one in found if one is not MISSING]
        if index is not None and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        elif name is not None and isinstance(value, Mapping) and name in value:
            value = value[name]
        else:
            return MISSING
    return value
