"""What a service is, in the words of neither orchestrator: one description that both are written from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = re.compile(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?")
"""What both take as a name: a target group's 32 characters, and the label of a DNS name."""

ROLE = re.compile(r"arn:aws:iam::\d{12}:role/\S+")


@dataclass(frozen=True)
class Description:
    """One service of one container.

    *cpu* is in vCPU, *memory* in MiB, *port* where the container listens, *health* the path
    at which it says that it is well. During an update at least *least* percent of the
    *copies* serve, and no more than *most* percent run. *stop* is how many seconds a program
    has to end. *role* is the IAM role of the program (an ARN), *up_to* and *busy* say how far
    it scales, and at which average percentage of CPU. Raises ValueError for what neither takes.
    """

    name: str
    image: str
    port: int
    cpu: float
    memory: int
    copies: int = 2
    health: str = "/"
    environment: Mapping[str, str] = field(default_factory=dict)
    least: int = 100
    most: int = 200
    stop: int = 30
    role: str = ""
    up_to: int = 4
    busy: int = 75

    def __post_init__(self) -> None:
        for what, right, wanted in self._rules():
            if not right:
                raise ValueError(f"{what} {getattr(self, what)!r}: expected {wanted}.")

    @property
    def variables(self) -> list[dict[str, str]]:
        """The environment as both write it: pairs of name and value."""
        return [{"name": name, "value": value} for name, value in self.environment.items()]

    def _rules(self) -> list[tuple[str, bool, str]]:
        """(field, whether it is right, what was expected) for each that has a rule."""
        texts = [(key, value) for key, value in self.environment.items()]
        return [
            ("name", bool(NAME.fullmatch(str(self.name))), "up to 32 of a-z, 0-9 and -"),
            ("image", bool(self.image) and " " not in self.image, "an image such as web:1"),
            ("port", _whole(self.port) and 0 < self.port < 65536, "a port, 1 to 65535"),
            ("cpu", _number(self.cpu) and self.cpu > 0, "vCPU, such as 0.25"),
            ("memory", _whole(self.memory) and self.memory > 0, "MiB, such as 512"),
            ("copies", _whole(self.copies) and self.copies >= 0, "how many copies run"),
            ("health", str(self.health).startswith("/"), "a path that begins with /"),
            ("environment", all(map(_is_text, texts)), "texts by name: {'COLOUR': 'blue'}"),
            ("least", _whole(self.least) and 0 <= self.least <= 100, "a percentage, 0 to 100"),
            ("most", _whole(self.most) and 100 <= self.most <= 200, "a percentage, 100 to 200"),
            ("most", self.least < 100 or self.most > 100, "more than 100 where least is 100"),
            ("stop", _whole(self.stop) and 2 <= self.stop <= 120, "seconds, 2 to 120 on Fargate"),
            ("role", not self.role or bool(ROLE.fullmatch(self.role)), "the ARN of an IAM role"),
            ("up_to", _whole(self.up_to) and self.up_to >= self.copies, "no fewer than copies"),
            ("busy", _whole(self.busy) and 0 < self.busy <= 100, "a percentage, 1 to 100"),
        ]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, float) or _whole(value)


def _is_text(pair: tuple[Any, Any]) -> bool:
    return all(isinstance(one, str) for one in pair)
