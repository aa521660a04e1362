"""The lessons solved: every answer and solution put in, every check green, twice the same text.

What a learner sees who gets everything right. Answers come from the bank, and
solutions from the exercises, so that neither can drift from its notebook.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.checkpoints.exercise import source_of
from course.curriculum.curriculum import LessonEntry, lessons
from course.curriculum.minutes import calls
from course.exercises.catalogue import exercises
from course.questions.bank import bank

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

PARCELS = 'json.dumps({"deadLetterTargetArn": lost, "maxReceiveCount": 3})'
FILLED = {
    "ecr-repository-101": ('"IMMUTABLE"', "True"),
    "patterns-queue-101": ('"600"', '"1209600"', PARCELS),
    "fargate-definition-101": ("80", '"FARGATE"', '"awsvpc"', '"512"'),
    "ecs-service-101": ('"kiosk"', "3", '"FARGATE"'),
    "ec2-definition-101": ("256", "0", '"EC2"', '"bridge"'),
    "eks-definition-101": ('"512"', '"1024"', "8080", "45"),
    "load-groups-101": ('"ip"', '"/health"', "10", "2"),
    "iam-policy-101": ('"ecs:RunTask"', '"iam:PassRole"', '"ecs-tasks.amazonaws.com"'),
    "iam-secret-101": ('"secretsmanager:GetSecretValue"', "secret", '"intake-execution"'),
    "logs-alert-101": (
        '"STOPPED"',
        '"EssentialContainerExited"',
        '"ECS Task State Change"',
        "crashed",
    ),
    "use-spot-101": ("2", "0", '"FARGATE_SPOT"', "1"),
    "factors-definition-101": ("8000", '"8000"', '"awslogs"', "role"),
}
"""What goes into the blanks of a cell, in their order, by the exercise that the cell checks."""

whole_lessons = [one for one in lessons() if one.name not in ("start-here", "practice-exam")]
every_whole_lesson = pytest.mark.parametrize("entry", whole_lessons, ids=lambda entry: entry.name)


def solved(entry: LessonEntry) -> Any:
    """The notebook with every question answered, every blank filled and every goal reached."""
    notebook = nbformat.read(NOTEBOOKS / entry.notebook, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = re.sub(ROW, _answered, cell.source)
            for name, id in list(calls(cell.source)):
                cell.source = _put_in(cell.source, name, id)
    return notebook


ROW = r'(lesson\.checkpoint\()((?:\s*"[\w-]+",\s*)+"[\w-]+",?\s*)\)'


def _answered(row: re.Match[str]) -> str:
    """A checkpoint of several questions, with an answer to each."""
    answers = [" ".join(bank().question(id).key) for id in re.findall(r'"([\w-]+)"', row[2])]
    return f"{row[0]}.answer(*{answers!r})"


def _put_in(source: str, name: str, id: str) -> str:
    asked = f'lesson.{name}("{id}")'
    if name in ("checkpoint", "predict"):
        answer = " ".join(bank().question(id).key)
        if name == "predict":
            return f'{source}.answer("{answer}")'  # its last line is the name of the prediction
        return source.replace(asked, f'{asked}.answer("{answer}")')
    if name == "explain":
        return source.replace(asked, f'{asked}.answer("Because it is so.")')
    if name == "card":
        return source.replace("____", '"in words of my own"')
    if name != "check":
        return source
    if "____" in source:
        values = iter(FILLED[id])
        return re.sub("____", lambda _: next(values), source)
    return f"{source_of(exercises()[id])}\n{asked}"


@pytest.fixture(scope="session")
def texts(run: Callable[..., Any]) -> Callable[[str, int], dict[str, str]]:
    """``texts(lesson, n)``: what the cells of the solved notebook print in the nth run, by id."""

    def of(name: str, number: int) -> dict[str, str]:
        (entry,) = (one for one in whole_lessons if one.name == name)
        notebook = solved(entry)
        done = run(notebook, PYTHONHASHSEED=str(number))
        ids = [cell.id.rpartition("-")[0] for cell in done.runs[0]]
        return dict(zip(ids, done.text(), strict=True))

    return cache(of)


def _asked(entry: LessonEntry, *names: str) -> Iterator[tuple[str, str]]:
    """(cell id, id) of what is asked for by one of these names."""
    for cell in nbformat.read(NOTEBOOKS / entry.notebook, as_version=4).cells:
        if cell.cell_type == "code":
            yield from ((cell.id, id) for name, id in calls(cell.source) if name in names)


@every_whole_lesson
def test_every_answer_is_right_and_every_goal_reached(entry: LessonEntry, texts: Any) -> None:
    said = texts(entry.name, 1)
    for cell, id in _asked(entry, "checkpoint"):
        count = len([one for one, _ in _asked(entry, "checkpoint") if one == cell])
        assert said[cell].count("Right.") == count, (cell, id)
    for cell, _ in _asked(entry, "predict"):
        assert "Committed." in said[cell]
    predictions = len(list(_asked(entry, "predict")))
    assert sum(text.count("As predicted.") for text in said.values()) == predictions
    for cell, id in _asked(entry, "check"):
        goals = len(exercises()[id].criteria)
        assert f"{id}: {goals} of {goals} met" in said[cell]


@every_whole_lesson
def test_the_end_says_all_right_and_nothing_left(entry: LessonEntry, texts: Any) -> None:
    end = texts(entry.name, 1)["finish"]
    attempted, right = re.findall(r"(\d+) of (\d+) right", end)[0]
    counted = list(_asked(entry, "checkpoint", "check"))
    assert int(attempted) == int(right) == len(counted)
    assert "Not attempted" not in end
    assert "Left in this account: nothing." in end


ERROR = r"^\w+: An error occurred"
"""botocore's error as a cell ends with it; in a log that a cell prints it is somebody else's."""


@every_whole_lesson
def test_no_cell_fails_but_where_the_lesson_wants_it(entry: LessonEntry, texts: Any) -> None:
    """A filled blank no longer stops its cell; errors of AWS that are read together do."""
    said = texts(entry.name, 1)
    failed = [cell for cell, text in said.items() if re.search(ERROR, text, re.MULTILINE)]
    notebook = nbformat.read(NOTEBOOKS / entry.notebook, as_version=4)
    wanted = [
        cell.id
        for cell in notebook.cells
        if "raises-exception" in cell.metadata.get("tags", []) and "____" not in cell.source
    ]
    assert failed == wanted


@every_whole_lesson
@pytest.mark.slow
def test_a_second_run_prints_the_same(entry: LessonEntry, texts: Any) -> None:
    assert texts(entry.name, 1) == texts(entry.name, 2)
