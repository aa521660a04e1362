"""The blank ____: a call that holds one says so in one line, and the notebook goes on."""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import nbformat
import pytest
from nbclient import NotebookClient

import course
from course import sandbox
from course.exercises.blank import BLANK, NotAttempted, refuse_blanks


class Model:
    """The part of botocore's operation model that the hook reads."""

    name = "CreateService"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"desiredCount": BLANK}, "one blank in CreateService: desiredCount"),
        ({"a": BLANK, "b": 1, "c": BLANK}, "2 blanks in CreateService: a, c"),
        ({"a": {"b": {"c": BLANK}}}, "one blank in CreateService: c"),
        ({"subnets": ["s-1", BLANK]}, "one blank in CreateService: subnets[1]"),
        (
            {"a": [{"name": "web"}, {"name": BLANK, "cpu": BLANK}]},
            "2 blanks in CreateService: name, cpu",
        ),
        ({"a": ({"b": [BLANK]},)}, "one blank in CreateService: b[0]"),
        ({"policy": json.dumps({"Action": BLANK})}, "one blank in CreateService: Action"),
        (
            {"policy": json.dumps({"Action": ["a:B", BLANK], "If": {"Is": {"x:Y": BLANK}}})},
            "2 blanks in CreateService: Action[1], x:Y",
        ),
        (
            {"policy": json.dumps({"Of": [BLANK, {"Action": BLANK}]}, indent=2)},
            "2 blanks in CreateService: Of[0], Action",
        ),
    ],
)
def test_blanks_are_named_as_in_the_cell(params: dict[str, Any], told: str) -> None:
    with pytest.raises(NotAttempted) as stopped:
        refuse_blanks(params, Model)
    assert str(stopped.value) == f"Not attempted yet, {told}."


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"a": "____", "b": [None, {"c": 0}], "d": b"_"},
        {"policy": json.dumps({"Action": ["a:____", "____b"]}), "text": 'say "____" {'},
    ],
)
def test_what_is_filled_in_passes(params: dict[str, Any]) -> None:
    refuse_blanks(params, Model)


def test_the_blank_is_one_thing_and_looks_like_itself() -> None:
    assert course.____ is BLANK
    assert repr(course.____) == "____"


@pytest.fixture
def lesson() -> Iterator[Any]:
    yield course.lesson("start-here")
    opened = sandbox.current()
    assert opened
    opened.close()


def test_a_lessons_clients_stop_at_a_blank_and_change_nothing(lesson: Any) -> None:
    for ecs in (boto3.client("ecs"), lesson.client("ecs"), boto3.Session().client("ecs")):
        with pytest.raises(
            NotAttempted, match=r"^Not attempted yet, one blank in CreateCluster: clusterName"
        ):
            ecs.create_cluster(clusterName=course.____)
        assert ecs.list_clusters()["clusterArns"] == []


def test_another_member_that_is_wrong_does_not_come_first(lesson: Any) -> None:
    with pytest.raises(NotAttempted, match="one blank in CreateService: desiredCount"):
        lesson.client("ecs").create_service(serviceNam="x", desiredCount=course.____)


CELLS = {
    "open": (
        'import boto3\nimport course\nfrom course import ____\nlesson = course.lesson("start-here")'
        '\necs = boto3.client("ecs")'
    ),
    "one": "ecs.create_cluster(clusterName=____)",
    "nested": (
        'ecs.register_task_definition(\n    family="web",\n    cpu=____,\n'
        '    containerDefinitions=[{"name": "web", "image": ____}],\n)'
    ),
    "stopped": 'ecs.create_cluster(clusterName=____)\nprint("not reached")',
    "other": 'ecs.create_cluster(cluster="x")',
    "after": 'print("clusters:", ecs.list_clusters()["clusterArns"])',
    "alone": "____",
}


def run(cells: dict[str, str]) -> dict[str, list[Any]]:
    """What each cell of a notebook shows in a real kernel; each may raise, by its tag."""
    notebook = nbformat.v4.new_notebook()
    metadata = {"tags": ["raises-exception"]}
    notebook.cells = [
        nbformat.v4.new_code_cell(source, metadata=metadata) for source in cells.values()
    ]
    client = NotebookClient(notebook, timeout=60, kernel_name="python3")
    kernel = client.create_kernel_manager()
    assert kernel.kernel_spec
    kernel.kernel_spec.argv[0] = sys.executable
    client.execute(env=dict(os.environ))
    return dict(zip(cells, (cell.outputs for cell in notebook.cells), strict=True))


def printed(outputs: list[Any]) -> str:
    """What a cell printed; a busy kernel may send it in pieces."""
    return "".join(output.text for output in outputs)


@pytest.mark.slow
def test_in_a_notebook_it_is_exactly_one_line_and_run_all_goes_on() -> None:
    shown = run(CELLS)
    for cell, line in {
        "one": "Not attempted yet, one blank in CreateCluster: clusterName.",
        "nested": "Not attempted yet, 2 blanks in RegisterTaskDefinition: cpu, image.",
    }.items():
        kinds = {output.output_type for output in shown[cell]}
        assert kinds == {"stream"}  # an error would be drawn on red
        assert printed(shown[cell]) == f"{line}\n"
    assert "not reached" not in printed(shown["stopped"])
    assert shown["other"][0].output_type == "error"
    assert printed(shown["after"]) == "clusters: []\n"
    assert shown["alone"][0].data["text/plain"] == "____"
