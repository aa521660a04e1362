"""The small bank of one question a kind, and a way to write a bank that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from course.questions.bank import Bank, load

SAMPLE = Path(__file__).with_name("data") / "sample.toml"


@pytest.fixture(scope="session")
def sample() -> Bank:
    return load([SAMPLE])


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Bank]:
    """Load a bank from texts, a file each: ``written("[[question]] ...", ...)``."""

    def write(*texts: str | bytes) -> Bank:
        paths = [tmp_path / f"{number}.toml" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(paths)

    return write
