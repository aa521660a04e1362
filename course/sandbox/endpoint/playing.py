"""The endpoint of a lesson: beside the notebook a terminal, and time that runs while it is open.

A notebook's time stands still until a cell waits, and a terminal has no cell
that could. So the lesson's clock runs for as long as the terminal may ask.
"""

from course.sandbox.endpoint.server import Endpoint
from course.sandbox.sandbox import Sandbox

SPEED = 10
"""Virtual seconds in a real one."""


class Playing(Endpoint):
    """An endpoint, serving from the start, whose world's clock runs until it is closed."""

    def __init__(self, aws: Sandbox, speed: float = SPEED) -> None:
        super().__init__(aws)
        self._aws = aws
        self.speed = speed
        self.open = True
        aws.clock.run(speed)
        self.start()

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        if not self.open:
            return [f"{self.url} is closed; lesson.endpoint() opens another one."]
        return [
            f"{self.url} serves this lesson's world, and its time runs at {self.speed:g}x until",
            "close() is called on this, or another lesson replaces it.",
            "",
            f"In a cell:      !aws --endpoint-url {self.url} ecs list-clusters",
            "In a terminal:  paste the lines of its shell first; aws ecs list-clusters works then.",
            "",
            super().__repr__(),
        ]

    def close(self) -> None:
        """Answer nobody from now on, and let time stand still again; twice does nothing."""
        if self.open:
            self.open = False
            super().close()
            self._aws.clock.run(0)
