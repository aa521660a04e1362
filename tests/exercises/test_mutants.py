"""Each statement of a solution is needed: without it, the check does not say "right".

A mutant is the solution with one statement deleted. It must still compile; it
acts as far as it gets, as a learner's half-finished cell would; then the check
looks. A mutant that is called right shows a criterion that is missing.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from textwrap import dedent
from typing import Any

import pytest

from course.checkpoints.exercise import Result
from course.exercises.catalogue import exercises
from course.exercises.exercise import Exercise, check, is_attempted

SURVIVORS: dict[str, dict[str, str]] = {}
"""By exercise: the statements that a right solution can do without, each with the reason why."""


def mutants(function: Callable[..., None]) -> Iterator[tuple[str, Callable[..., None]]]:
    """(the statement deleted, the function without it) for each statement but the docstring."""
    whole = ast.parse(dedent(inspect.getsource(function)))
    for number, statement in enumerate(_statements(whole.body[0])):
        tree = ast.parse(ast.unparse(whole))
        _delete(tree, list(_statements(tree.body[0]))[number])
        names: dict[str, Any] = dict(function.__globals__)
        exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), names)  # noqa: S102
        yield ast.unparse(statement), names[function.__name__]


def _statements(function: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(function):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and node is not function and not docstring:
            yield node


def _delete(tree: ast.AST, statement: ast.stmt) -> None:
    for parent in ast.walk(tree):
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(parent, block, None)
            if isinstance(statements, list) and statement in statements:
                statements[statements.index(statement)] = ast.Pass()


every_exercise = pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(one, id=one.id, marks=[pytest.mark.slow] if one.done_in == "folder" else [])
        for one in exercises().values()
    ],
)


def outcome(exercise: Exercise, act: Callable[..., None], place: Any) -> str:
    exercise.setup(place.given(exercise))
    with suppress(Exception):
        act(place.given(exercise))
    lines = check(exercise, place.given(exercise))
    return Result(exercise, lines, is_attempted(exercise, place.given(exercise))).outcome


@every_exercise
def test_each_statement_of_the_solution_is_needed(
    exercise: Exercise, make_place: Callable[[], Any], count_mutants: Callable[..., None]
) -> None:
    tried = list(mutants(exercise.solve))
    survived = set()
    for statement, mutant in tried:
        with make_place() as place:
            if outcome(exercise, mutant, place) == "right":
                survived.add(statement)
    count_mutants(exercise.id, len(tried), len(tried) - len(survived))
    assert len(tried) >= 2
    assert survived == set(SURVIVORS.get(exercise.id, {}))


def sample(log: list[str]) -> None:
    """A solution to try the deleting on."""
    log.append("a")
    if log:
        log.append("b")
    for _ in range(2):
        log.append("c")


def test_a_mutant_is_the_solution_less_one_statement() -> None:
    done = {}
    for statement, mutant in mutants(sample):
        log: list[str] = []
        mutant(log)
        done[statement.splitlines()[0]] = "".join(log)
    assert done == {
        "log.append('a')": "cc",
        "if log:": "acc",
        "for _ in range(2):": "ab",
        "log.append('b')": "acc",
        "log.append('c')": "ab",
    }


@every_exercise
def test_the_whole_solution_goes_the_same_way(exercise: Exercise, place: Any) -> None:
    assert outcome(exercise, exercise.solve, place) == "right"
