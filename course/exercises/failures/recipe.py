"""A recipe as its module has it: what goes wrong, where one reads it, where one looks, what heals it.

A module of a recipe holds its functions *cause* and *repair*, and these names:

SYMPTOM    what one reads; ``<name>`` stands for what differs from task to task, ``...`` for what
           may stand between
FIELD      where: stoppedReason, containers[].reason, exitCode or log
STAGE      how far the task got: one of STAGES
EXIT_CODE  the container's exit code, where it got one
LOOK       where the cause is seen
REPAIR     what heals it
ROW        its row in the course's collection of ECS's failures; EVIDENCE where the text is from
NEEDS      what the app has beyond the usual (``app.NEEDS``)
SEEN_BY    "deployment"; "replacement" of a task within the deployment that runs; or a
           "stop" of what was deployed
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from course.exercises.exercise import Session
from course.exercises.failures import containers, initialization, pulls

GROUPS = (pulls, initialization, containers)

STAGES = {
    "before the pull": "No `pullStartedAt`: a secret or the registry's token could not be had",
    "pull": "`pullStartedAt`, no `pullStoppedAt`: the image",
    "start": "`pullStoppedAt`, no `startedAt`: log driver, command",
    "run": "`startedAt`: the program itself, its memory",
}

EVIDENCE = {
    "V": "verbatim in AWS's documentation or API model",
    "VA": "verbatim in the source of ECS's agent",
    "U": "copied by a user from what ECS said",
    "K": "known, and not seen again: the words may differ, so that nothing matches on them",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """One cause; *group* is the part of a task's start that it belongs to."""

    name: str
    group: str
    cause_is: str
    symptom: str
    field: str
    stage: str
    look: str
    repair_is: str
    row: int
    evidence: str
    cause: Callable[[Session, Any], None]
    repair: Callable[[Session, Any], None]
    exit_code: int | None = None
    needs: tuple[str, ...] = ()
    seen_by: str = "deployment"

    def reads_as(self, text: str) -> bool:
        """Whether a field begins with the symptom's words; any text will do where they may differ."""
        if self.evidence == "K":
            return bool(text)
        return re.match(_pattern(self.symptom), text, re.DOTALL) is not None


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe, in the order of the rows."""
    found = [_read(group, name) for group in GROUPS for name in _names(group)]
    return tuple(sorted(found, key=lambda one: (one.row, one.name)))


def _names(group: ModuleType) -> list[str]:
    return [one.name for one in iter_modules(group.__path__)]


def _read(group: ModuleType, name: str) -> Recipe:
    module = import_module(f"{group.__name__}.{name}")
    return Recipe(
        name=name.replace("_", "-"),
        group=group.__name__.rpartition(".")[2],
        cause_is=(module.__doc__ or "").partition("\n")[0],
        symptom=module.SYMPTOM,
        field=module.FIELD,
        stage=module.STAGE,
        look=module.LOOK,
        repair_is=module.REPAIR,
        row=module.ROW,
        evidence=module.EVIDENCE,
        cause=module.cause,
        repair=module.repair,
        exit_code=getattr(module, "EXIT_CODE", None),
        needs=getattr(module, "NEEDS", ()),
        seen_by=getattr(module, "SEEN_BY", "deployment"),
    )


def _pattern(symptom: str) -> str:
    """A regular expression for a symptom's words, and for what is not said of them."""
    words = re.split(r"(<[a-z ]+>|\.\.\.)", symptom)
    free = {"...": ".*?"}
    return "".join(free.get(one, ".+?" if one[:1] == "<" else re.escape(one)) for one in words)
