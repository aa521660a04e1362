"""What holds for every exercise of the catalogue; a new one is tested by being listed.

The start state scores 0, the solution scores full, each wrong solution fails
with its own words, checking changes nothing, cleaning up leaves nothing.
"""

from dataclasses import replace
from itertools import islice, permutations
from typing import Any

import pytest

from course.checkpoints.exercise import Result
from course.curriculum.curriculum import lessons
from course.exercises.catalogue import MODULES, UnknownExercise, exercises, find_exercise
from course.exercises.exercise import Exercise, WrongSolution, check, is_attempted, score
from course.exercises.instances import container_instances, terminate

EVERY = list(exercises().values())


def parametrized(exercise: Exercise, *more: Any, id: str) -> Any:
    """One that runs real processes is slow."""
    marks = [pytest.mark.slow] if exercise.done_in == "folder" else []
    return pytest.param(exercise, *more, id=id, marks=marks)


WRONG = [(exercise, wrong) for exercise in EVERY for wrong in exercise.wrong_solutions]

every_exercise = pytest.mark.parametrize(
    "exercise", [parametrized(one, id=one.id) for one in EVERY]
)
every_wrong_solution = pytest.mark.parametrize(
    ("exercise", "wrong"),
    [parametrized(one, wrong, id=f"{one.id}: {wrong.what}") for one, wrong in WRONG],
)


READS = ("Describe", "List", "Get", "Simulate", "Lookup")
"""How the calls begin that only look; IAM's simulator tries policies out and changes nothing."""


def checked(exercise: Exercise, place: Any) -> Result:
    """What the check finds; it reads, and nothing is different after it, however often it is asked."""
    before, mark = place.fingerprint(), len(place.aws.world.history)
    lines = check(exercise, place.given(exercise))
    result = Result(exercise, lines, is_attempted(exercise, place.given(exercise)))
    assert check(exercise, place.given(exercise)) == lines
    calls = place.calls_since(mark)
    assert all(call.startswith(READS) for call in calls), calls
    assert place.fingerprint() == before
    return result


def state(result: Result) -> dict[str, str]:
    return {line.criterion.id: line.state for line in result.lines}


@every_exercise
def test_the_start_state_scores_0_and_is_not_attempted(exercise: Exercise, place: Any) -> None:
    exercise.setup(place.given(exercise))
    result = checked(exercise, place)
    assert score(result.lines) == 0
    assert result.outcome == "not attempted"
    assert repr(result).splitlines()[0] == (
        f"{exercise.id}: 0 of {len(exercise.criteria)} met, not attempted yet"
    )
    assert "expected" not in repr(result)


@every_exercise
def test_the_solution_scores_full(exercise: Exercise, place: Any) -> None:
    exercise.setup(place.given(exercise))
    exercise.solve(place.given(exercise))
    result = checked(exercise, place)
    assert result.outcome == "right"
    assert score(result.lines) == len(exercise.criteria)
    assert " ".join(exercise.rationale.split()) in " ".join(repr(result).split())


@every_wrong_solution
def test_a_wrong_solution_fails_in_its_own_words_and_can_be_cleared_away_and_solved(
    exercise: Exercise, wrong: WrongSolution, place: Any
) -> None:
    exercise.setup(place.given(exercise))
    wrong.act(place.given(exercise))
    result = checked(exercise, place)
    assert result.attempted
    assert result.outcome in ("wrong", "partly")
    (failed, *_) = (line for line in result.lines if line.state == "not yet")
    assert failed.criterion.id == wrong.fails
    assert failed.finding
    assert failed.finding.expected
    assert failed.finding.look
    said = [one for one in exercise.wrong_solutions if one.message in failed.finding.found]
    assert said == [wrong], "its own words, and not those of another wrong solution"
    seen = exercise.observe(place.given(exercise))
    for order in islice(filter(_causes_first, permutations(exercise.criteria)), 4):
        lines = check(replace(exercise, criteria=order, observe=lambda _: seen), place)
        assert {line.criterion.id: line.state for line in lines} == state(result)
    exercise.cleanup(place.given(exercise))
    assert place.left() == {}
    exercise.setup(place.given(exercise))
    assert checked(exercise, place).outcome == "not attempted"
    exercise.solve(place.given(exercise))
    assert checked(exercise, place).outcome == "right"


def _causes_first(criteria: tuple[Any, ...]) -> bool:
    seen = {""}
    for criterion in criteria:
        if criterion.after not in seen:
            return False
        seen.add(criterion.id)
    return True


@every_exercise
def test_a_criterion_rests_on_one_that_stands_before_it(exercise: Exercise) -> None:
    ids = [criterion.id for criterion in exercise.criteria]
    assert len(set(ids)) == len(ids)
    assert _causes_first(exercise.criteria)
    assert len(exercise.wrong_solutions) >= 2
    assert {wrong.fails for wrong in exercise.wrong_solutions} <= set(ids)


@every_exercise
def test_every_criterion_is_refused_by_some_wrong_solution(exercise: Exercise) -> None:
    assert {criterion.id for criterion in exercise.criteria} == {
        wrong.fails for wrong in exercise.wrong_solutions
    }


@every_exercise
@pytest.mark.parametrize("done", ["nothing", "set up", "solved"])
def test_cleaning_up_leaves_nothing_and_may_be_done_twice(
    exercise: Exercise, place: Any, done: str
) -> None:
    if done != "nothing":
        exercise.setup(place.given(exercise))
    if done == "solved":
        exercise.solve(place.given(exercise))
    for _ in range(2):
        exercise.cleanup(place.given(exercise))
        assert place.left() == {}


@every_exercise
def test_what_the_learner_deleted_already_is_no_hindrance(exercise: Exercise, place: Any) -> None:
    """The clusters go first, as a tidy learner's would; what lies outside them is still ours."""
    exercise.setup(place.given(exercise))
    exercise.solve(place.given(exercise))
    _delete_clusters(place)
    exercise.cleanup(place.given(exercise))
    assert place.left() == {}


CLUSTER = {"DescribeClusters", "DescribeServices", "ListTasks", "DescribeTasks"}
LOOKS_AT_A_CLUSTER = CLUSTER | {"DescribeTargetHealth"}
"""What an exercise asks whose goal lies in a cluster; that of one about IAM alone does not."""


def _delete_clusters(place: Any) -> None:
    ecs = place.session.client("ecs")
    for cluster in ecs.list_clusters()["clusterArns"]:
        for service in ecs.list_services(cluster=cluster)["serviceArns"]:
            ecs.delete_service(cluster=cluster, service=service, force=True)
        for task in ecs.list_tasks(cluster=cluster)["taskArns"]:
            ecs.stop_task(cluster=cluster, task=task)
        place.aws.clock.advance(minutes=6)  # targets drain for five, unless somebody said less
        terminate(place.session, _machines(place, cluster))
        ecs.delete_cluster(cluster=cluster)


def _machines(place: Any, cluster: str) -> list[str]:
    return [one["ec2InstanceId"] for one in container_instances(place.session, cluster)]


@every_exercise
@pytest.mark.parametrize("before", ["setup", "solve"])
def test_a_check_after_the_clusters_are_gone_is_readable(
    exercise: Exercise, place: Any, before: str
) -> None:
    exercise.setup(place.given(exercise))
    if before == "solve":
        exercise.solve(place.given(exercise))
    if not place.session.client("ecs").list_clusters()["clusterArns"]:
        pytest.skip("this exercise has no cluster")
    mark = len(place.aws.world.history)
    as_before = checked(exercise, place).outcome
    looks_at_it = not LOOKS_AT_A_CLUSTER.isdisjoint(place.calls_since(mark))
    _delete_clusters(place)
    result = checked(exercise, place)
    worse = ("wrong", "partly")  # what looks at targets only may still find them gone
    assert result.outcome in (worse if looks_at_it else (as_before, *worse))
    assert "Traceback" not in repr(result)
    assert all(len(line) <= 110 for line in repr(result).splitlines())


@every_exercise
def test_a_check_where_nothing_was_ever_set_up_is_readable(exercise: Exercise, place: Any) -> None:
    result = checked(exercise, place)
    assert score(result.lines) == 0
    assert "expected" in repr(result) or result.outcome == "not attempted"  # nothing to set up


@every_exercise
def test_setting_up_twice_keeps_what_was_begun(exercise: Exercise, place: Any) -> None:
    exercise.setup(place.given(exercise))
    exercise.solve(place.given(exercise))
    exercise.setup(place.given(exercise))
    assert checked(exercise, place).outcome == "right"


@every_exercise
def test_it_is_well_formed(exercise: Exercise) -> None:
    assert exercise.lesson in {entry.name for entry in lessons()}
    assert exercise.objective.startswith(f"{exercise.lesson}/")
    assert exercise.sources
    assert all("checked 20" in source for source in exercise.sources)
    assert len(set(exercise.hints)) == len(exercise.hints) == 3
    says = [criterion.says for criterion in exercise.criteria]
    assert len(set(says)) == len(says)


def test_ids_are_used_once() -> None:
    listed = [one.id for module in MODULES for one in module.EXERCISES]
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize(
    ("id", "says"),
    [
        (
            "fargate-service-110",
            "There is no exercise 'fargate-service-110'; did you mean 'fargate",
        ),
        ("zzz", "There is no exercise 'zzz'."),
    ],
)
def test_an_unknown_exercise_names_the_nearest(id: str, says: str) -> None:
    with pytest.raises(UnknownExercise) as unknown:
        find_exercise(id)
    assert says in str(unknown.value)
