"""A Dockerfile taken apart: one instruction a line, comments and continued lines understood.

Docker: https://docs.docker.com/reference/dockerfile/
"""

import json
import re
from dataclasses import dataclass

LAYERS = ("ADD", "COPY", "RUN")
"""Instructions that change the file system, each in a layer of its own."""

SETTINGS = ("CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "USER", "WORKDIR")
"""Instructions that only change the image's configuration (WORKDIR: in this model)."""


class DockerfileError(ValueError):
    """A Dockerfile that cannot be built; the message names the line and what was expected."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its *name* in capitals and what follows it."""

    name: str
    arguments: str

    def __str__(self) -> str:
        return f"{self.name} {self.arguments}"

    @property
    def words(self) -> list[str]:
        """A command in exec form as it stands; in shell form what Docker makes of it.

        Docker gives ENTRYPOINT and CMD without brackets to ``/bin/sh -c``.
        """
        if self.arguments.startswith("["):
            try:
                given = json.loads(self.arguments)
            except ValueError:
                given = None
            if isinstance(given, list) and all(isinstance(one, str) for one in given):
                return given
        return ["/bin/sh", "-c", self.arguments]


def read_dockerfile(text: str) -> list[Instruction]:
    """The instructions in order; the first is FROM.

    Raises DockerfileError for an instruction that the model does not know.
    """
    joined = re.sub(r"\\\n\s*", " ", text)
    lines = [line.strip() for line in joined.splitlines()]
    found = [_read(line) for line in lines if line and not line.startswith("#")]
    if not found or found[0].name != "FROM":
        raise DockerfileError("A Dockerfile begins with FROM and the name of its base image.")
    return found


def _read(line: str) -> Instruction:
    name, _, arguments = line.partition(" ")
    if name.upper() not in ("FROM", *LAYERS, *SETTINGS) or not arguments.strip():
        known = ", ".join(("FROM", *LAYERS, *SETTINGS))
        raise DockerfileError(f"{line!r}: the model knows {known}, each with something after it.")
    return Instruction(name.upper(), arguments.strip())
