"""Golden timelines: each story is a text file that a reviewer reads as ECS."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-timelines",
        action="store_true",
        help="write tests/timelines/*.txt anew from what happens now; read the difference",
    )


class Golden:
    """Compares a timeline with the file of its story, or writes the file."""

    def __init__(self, story: str, rewrite: bool) -> None:
        self.path = FOLDER / f"{story}.txt"
        self._rewrite = rewrite

    def check(self, timeline: object) -> None:
        told = f"{timeline!r}\n"
        if self._rewrite:
            self.path.write_text(told, "utf-8")
        assert self.path.exists(), "a new story: run pytest tests/timelines --rewrite-timelines"
        assert told == self.path.read_text("utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The file named after the test: test_scaled_to_none -> scaled-to-none.txt."""
    story = request.node.name.removeprefix("test_").replace("_", "-")
    return Golden(story, request.config.getoption("--rewrite-timelines", default=False))
