"""Whether a manifest is one: Kubernetes' own OpenAPI schema says so, from a package that carries it.

``kubernetes-validate`` has the schemas of many versions, and needs no network. Strict: a
field that Kubernetes does not know is an error here, as it is for ``kubectl`` by default.
"""

import re
from dataclasses import dataclass
from typing import Any

VERSION = "1.36"
"""Of Kubernetes; the newest that the EKS user guide named in November 2026."""

API_VERSION = re.compile(r"([a-z0-9-]+(\.[a-z0-9-]+)*/)?v\d+((alpha|beta)\d+)?")
KIND = re.compile(r"[A-Z][A-Za-z]*")


@dataclass(frozen=True)
class Verdict:
    """What the schema says of a manifest: *fault* is empty where it is valid."""

    what: str
    fault: str = ""

    @property
    def valid(self) -> bool:
        return not self.fault

    def __repr__(self) -> str:
        return f"{self.what}: {self.fault or f'valid (Kubernetes {VERSION})'}"


def validate(manifest: Any) -> Verdict:
    """Hold a manifest (a dict) against Kubernetes' schema, strictly: the first fault, with its place."""
    if not isinstance(manifest, dict):
        return Verdict("not a manifest", f"expected a dict, found {type(manifest).__name__}")
    missing = [key for key in ("apiVersion", "kind") if not isinstance(manifest.get(key), str)]
    if missing:
        return Verdict("not a manifest", f"{missing[0]} is missing, or no text")
    return Verdict(_named(manifest), _fault(manifest))


def _named(manifest: dict[str, Any]) -> str:
    metadata = manifest.get("metadata")
    name = metadata.get("name", "") if isinstance(metadata, dict) else ""
    return f"{manifest['kind']} {name}".strip()


def _fault(manifest: dict[str, Any]) -> str:
    # The first import takes a second, so it waits until somebody asks.
    from kubernetes_validate import SchemaNotFoundError, ValidationError, validate

    unknown = f"Kubernetes {VERSION} has no {manifest['kind']} in {manifest['apiVersion']}"
    if not (KIND.fullmatch(manifest["kind"]) and API_VERSION.fullmatch(manifest["apiVersion"])):
        return unknown  # both become part of a file's name
    try:
        validate(manifest, VERSION, strict=True)
    except SchemaNotFoundError:
        return unknown
    except ValidationError as error:
        return ": ".join(filter(None, [_place(error.absolute_path), _short(error.message)]))
    return ""


def _place(path: Any) -> str:
    """``spec.template.spec.containers[0].image``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _short(message: str) -> str:
    """jsonschema quotes the whole value first; its end says what is wrong with it."""
    return message if len(message) <= 120 else f"... {message[-120:].partition(' ')[2]}"
