"""Manifests that somebody translated by hand: a folder beside the notebook, made once and set aside when edited."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from course.exercises import beside_notebook
from course.portable.described import Described, described
from course.portable.written import read, written

NAME = "quay"

ECS = "ecs.yaml"
"""What the service is in ECS: to read, and no manifest."""

SHIPPED = ("deployment.yaml", "service.yaml", "account.yaml")

SUFFIXES = (".yaml", ".yml", ".json")
"""What ``kubectl apply -f`` reads in a folder."""


def quay() -> Described:
    """The service as it is meant."""
    return described(
        NAME,
        image="registry.example.com/web:1",
        port=8080,
        cpu=0.5,
        memory=1024,
        copies=3,
        health="/health",
        stop=60,
        role="arn:aws:iam::123456789012:role/quay",
    )


def make(folder: Path) -> None:
    """Write the folder ``quay``, unless there is one: its edits are the learner's."""
    if not (folder / NAME).exists():
        (folder / NAME).mkdir()
        for name, text in _shipped().items():
            (folder / NAME / name).write_text(text, "utf-8", newline="\n")


def _shipped() -> dict[str, str]:
    held = files(__package__)
    texts = {name: (held / name).read_text("utf-8") for name in SHIPPED}
    return {ECS: in_ecs(), **texts}


def in_ecs() -> str:
    """What of ECS matters for the translation, as YAML, which the aws CLI takes as well."""
    service = quay().service("pier", [], [], "quay")
    kept = ("serviceName", "desiredCount", "deploymentConfiguration", "loadBalancers")
    told = {name: service[name] for name in kept}
    group = {"HealthCheckPath": quay().target_group("")["HealthCheckPath"]}
    return written(
        {"RegisterTaskDefinition": quay().task_definition()},
        {"CreateService": told},
        {"CreateTargetGroup": group},
    )


def is_edited(folder: Path) -> bool:
    """Whether a manifest differs from the shipped ones, is gone, or is new."""
    return (folder / NAME).exists() and _texts(folder) != {
        name: text for name, text in _shipped().items() if name != ECS
    }


def _texts(folder: Path) -> dict[str, str]:
    """What ``kubectl apply -f quay`` would read, by the file's name."""
    found = sorted(one for one in (folder / NAME).iterdir() if one.suffix in SUFFIXES)
    return {one.name: one.read_text("utf-8-sig") for one in found if one.name != ECS}


def manifests(folder: Path) -> list[Any]:
    """Every manifest in the folder. Raises ValueError, which names the file that is no YAML."""
    found: list[Any] = []
    for name, text in _texts(folder).items():
        try:
            documents = read(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        found.extend(inner for one in documents for inner in _items(one))
    return found


def _items(document: Any) -> list[Any]:
    """A List, as kubectl prints one, holds manifests; everything else is one."""
    if isinstance(document, dict) and document.get("kind") == "List":
        return list(document.get("items") or [])
    return [document]


def clear(folder: Path) -> None:
    """Remove it; what a learner has changed is kept as ``quay.mine-1`` and so on."""
    beside_notebook.clear(folder, NAME, edited=is_edited(folder))
