"""The page on the workload model says what the catalogue and the model say."""

from pathlib import Path

import pytest

from course.sandbox.traffic.model import beyond, latency, under_way, utilisation
from course.sandbox.workloads.images import Image, catalogue, find_image

WEB = "registry.example.com/web"
TWINS = f"{WEB}-", "registry.example.com/worker-"


@pytest.fixture(scope="module")
def page() -> list[list[str]]:
    """The cells of every row of every table."""
    root = Path(__file__).resolve().parents[1]
    lines = (root / "docs" / "workload-model.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in one.strip("|").split("|")] for one in lines if one[:1] == "|"]


def row(image: Image) -> list[str]:
    """An image as its row says it, but for the name."""
    ends = f"exits {image.exits} at once"
    if image.exits is not None:
        return ["-"] * 5 + [ends]
    asked_to_stop = f"exits {image.sigterm} after {image.stops:g} s"
    if image.works:
        return ["-"] * 5 + [asked_to_stop]
    good = ", ".join(f"`{path}`" for path, status in image.paths if status == 200)
    numbers = [f"{image.port}", f"{image.starts:g}", good, f"{image.carries:g}"]
    return [*numbers, f"{image.latency:g}", asked_to_stop]


def test_every_image_is_there_as_it_is(page: list[list[str]]) -> None:
    rows = {cell.strip("`"): one[1:] for one in page for cell in one[0].split(", ")}
    twins = [name for name in catalogue() if name.startswith(TWINS)]
    for name, image in catalogue().items():
        if name != "*" and name not in twins:
            assert rows[name] == row(image), name
    told = {name for name in rows if name.startswith(("web-", "worker-"))}
    assert told == {name.rpartition("/")[2] for name in twins}


def test_the_figures_of_a_quarter_vcpu(page: list[list[str]]) -> None:
    web = find_image(WEB)
    capacity, checked = web.carries / 4, 0
    for cells in page:
        if len(cells) == 5 and cells[0].isdigit():
            rate = int(cells[0])
            used = utilisation(rate, capacity)
            seconds = latency(web.latency, used)
            going = int(under_way(rate, capacity, seconds) + 1e-6)
            shown = [f"{used:.0%}", f"{seconds:.2f}", f"{going}", f"{beyond(used):.0%}"]
            assert [cell.replace(" %", "%") for cell in cells[1:]] == shown
            checked += 1
    assert checked == 5
