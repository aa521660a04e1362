"""What holds for every test written in Python."""

import gc
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Thousands of worlds in one process: looking for garbage after every 700 objects, beside
# all of botocore's models, took a third of the time of a run.
gc.set_threshold(100_000, 50, 1000)

# Durations never decide: on a busy machine the first example alone can take seconds.
settings.register_profile("course", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")


# Fine rules of the engine and of the tree. In a user's run the golden stories, the contracts and
# the notebooks stand for them: it is to say in five minutes that the course works here.
DETAILS = (
    "house",
    "exercises/failures",
    "proofs",
    *(
        f"sandbox/{name}"
        for name in (
            "api_gateway",
            "authorize",
            "balancing",
            "discovery",
            "ecs/api",
            "identity",
            "messaging",
            "observability",
            "registry",
            "scaling/application",
            "schedules",
            "traffic",
        )
    ),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = [ROOT / "tests" / name for name in DETAILS]
    for item in items:
        if any(folder in item.path.parents for folder in folders):
            item.add_marker(pytest.mark.detail)


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-coverage",
        action="store_true",
        help="write docs/coverage.md anew from the curriculum; read the difference",
    )
    parser.addoption(
        "--rewrite-failures",
        action="store_true",
        help="write docs/failures.md anew from the recipes; read the difference",
    )


@pytest.fixture
def rewrite_coverage(request: pytest.FixtureRequest) -> bool:
    """Whether docs/coverage.md is to be written anew."""
    return bool(request.config.getoption("--rewrite-coverage", default=False))


@pytest.fixture
def rewrite_failures(request: pytest.FixtureRequest) -> bool:
    """Whether docs/failures.md is to be written anew."""
    return bool(request.config.getoption("--rewrite-failures", default=False))


@pytest.fixture(autouse=True)
def no_real_sleep(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtual time is the only time: a unit test that sleeps fails."""
    if not {"slow", "browser"} & {mark.name for mark in request.node.iter_markers()}:
        monkeypatch.setattr(time, "sleep", _refuse)


def _refuse(seconds: float) -> None:
    raise AssertionError(f"time.sleep({seconds}) in a test: move the clock instead")
