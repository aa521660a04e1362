"""An exercise as the learner meets it: begun once, checked at will, hinted, solved, remembered."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import course
from course import sandbox
from course.checkpoints.exercise import ExerciseSession, Result, source_of
from course.exercises.catalogue import exercises
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Line,
    WrongSolution,
    check,
    missing,
)
from course.lessons import Lesson
from course.progress.journal import Journal
from course.progress.record import Record

ID = "fargate-service-101"

Words = dict[str, Any]


def _criterion(id: str, word: str, after: str = "") -> Criterion:
    """Met when the word was said; sessions of these tests are dictionaries."""

    def look(session: Words) -> Any:
        said = session.get("said", [])
        return MET if word in said else missing(f"{word!r}", said or "nothing", "what was said")

    return Criterion(id, f"{word} is said", look, after)


def _say(*words: str) -> Any:
    return lambda session: session.setdefault("said", []).extend(words)


TALK = Exercise(
    id="talk-words-101",
    lesson="talk",
    goal="Say it.",
    criteria=(
        _criterion("one", "please"),
        _criterion("two", "thanks", after="one"),
        _criterion("three", "bye", after="two"),
    ),
    hints=("first", "second", "third"),
    setup=_say(),
    attempted=lambda session: bool(session.get("said")),
    solve=_say("please", "thanks", "bye"),
    cleanup=lambda session: session.clear(),
    wrong_solutions=(WrongSolution("silence", _say(), "one", "nothing"),),
    rationale="Manners.",
    objective="talk/words",
    sources=("nowhere, checked 2026-11-02",),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data")


@pytest.fixture
def talk(journal: Journal) -> ExerciseSession:
    session = ExerciseSession(TALK, {}, Record("talk", journal))
    session.begin()
    return session


def _act(session: ExerciseSession, *words: str) -> Result:
    _say(*words)(session._place)
    return session.check()


def _kinds(journal: Journal) -> list[str]:
    return [event.kind for event in journal.read()[0]]


def test_its_repr_is_the_goal_and_when_it_is_done(talk: ExerciseSession) -> None:
    assert repr(talk).splitlines() == [
        "Say it.",
        "Done when:",
        "  - please is said",
        "  - thanks is said",
        "  - bye is said",
    ]


def test_the_four_outcomes(talk: ExerciseSession) -> None:
    assert talk.check().outcome == "not attempted"
    assert _act(talk, "hello").outcome == "wrong"
    assert _act(talk, "please").outcome == "partly"
    assert _act(talk, "thanks", "bye").outcome == "right"


def test_what_rests_on_something_unmet_is_not_reported(talk: ExerciseSession) -> None:
    assert repr(_act(talk, "hello", "bye")).splitlines() == [
        "talk-words-101: 0 of 3 met",
        "  not yet  please is said",
        "           expected 'please'; found ['hello', 'bye']. Look at what was said.",
        "  later    thanks is said (after: please is said)",
        "  later    bye is said (after: thanks is said)",
    ]


def test_when_all_is_met_it_says_why(talk: ExerciseSession) -> None:
    assert repr(_act(talk, "please", "thanks", "bye")).splitlines() == [
        "talk-words-101: 3 of 3 met",
        "  met      please is said",
        "  met      thanks is said",
        "  met      bye is said",
        "Manners.",
    ]


def test_a_check_is_remembered_once_it_is_an_attempt(
    talk: ExerciseSession, journal: Journal
) -> None:
    talk.check()
    assert _kinds(journal) == ["begun"]
    _act(talk, "please")
    *_, last = journal.read()[0]
    assert (last.kind, last.outcome, last.response) == ("checked", "partly", ("one",))


def test_three_hints_and_the_last_one_stays_and_leads_on(
    talk: ExerciseSession, journal: Journal
) -> None:
    told = [repr(talk.hint()) for _ in range(4)]
    last = f'Hint 3 of 3: third\nOne solution: lesson.solution("{talk.exercise.id}")'
    assert told == ["Hint 1 of 3: first", "Hint 2 of 3: second", last, last]
    assert _kinds(journal) == ["begun", "hinted", "hinted", "hinted"]


def test_solve_clears_what_was_tried_and_is_remembered_as_seen(
    talk: ExerciseSession, journal: Journal
) -> None:
    _act(talk, "nonsense")
    talk.solve()
    assert talk.check().outcome == "right"
    assert "nonsense" not in talk._place["said"]
    assert "revealed" in _kinds(journal)


def test_a_disk_that_refuses_is_told_wherever_something_is_to_be_remembered(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").write_text("in the way", "utf-8")
    record = Record("fargate-tutorial", Journal(tmp_path / "data"))
    session = ExerciseSession(TALK, {"said": ["please"]}, record)
    session.begin()
    for told in (session.check(), session.hint()):
        assert "Your progress could not be written" in repr(told).replace("\n", " ")
    real = ExerciseSession(exercises()[ID], None, record)
    assert "could not be written" in repr(real.solution()).replace("\n", " ")


def test_no_criteria_met_though_untouched_is_not_attempted_and_the_reverse_is_partly() -> None:
    lines = (Line(TALK.criteria[0], "met", MET), Line(TALK.criteria[1], "not yet"))
    assert Result(TALK, lines, attempted=False).outcome == "partly"
    assert Result(TALK, lines[1:], attempted=False).outcome == "not attempted"
    assert Result(TALK, lines[1:], attempted=True).outcome == "wrong"


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Lesson]:
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    yield course.lesson("fargate-tutorial")
    opened = sandbox.current()
    assert opened
    opened.close()


@pytest.mark.parametrize(
    "id",
    [
        pytest.param(id, marks=[pytest.mark.slow] if one.done_in == "folder" else [])
        for id, one in exercises().items()
    ],
)
def test_the_solution_shown_can_be_pasted_and_is_right(
    id: str, lesson: Lesson, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With what a notebook's first cell imports, and in the folder the notebook is in."""
    monkeypatch.chdir(tmp_path)
    lesson.exercise(id)
    source = source_of(exercises()[id])
    assert source in repr(lesson.solution(id))
    assert max(len(line) for line in source.splitlines()) <= 96
    exec(source, {"boto3": boto3, "json": json, "Path": Path})  # noqa: S102
    result = lesson.check(id)
    assert isinstance(result, Result)
    assert result.outcome == "right"


def test_the_listing_is_the_body_of_the_solution_as_it_is_written() -> None:
    exercise = exercises()[ID]
    source = source_of(exercise)
    assert "def " not in source
    assert source.splitlines()[:2] == [
        "session = boto3.Session()",
        'ecs, ec2 = session.client("ecs"), session.client("ec2")',
    ]
    assert source.splitlines()[-1].strip() in inspect.getsource(exercise.solve)


def test_a_check_before_it_is_set_up_is_one_line(lesson: Lesson) -> None:
    assert repr(lesson.check(ID)) == (
        "Not set up yet: run lesson.exercise('fargate-service-101') first."
    )


def test_unknown_ids_name_the_nearest(lesson: Lesson) -> None:
    for ask in (lesson.exercise, lesson.check, lesson.hint, lesson.solution):
        with pytest.raises(LookupError, match="did you mean 'fargate-service-101'"):
            ask("fargate-service-011")


def test_run_again_the_cell_keeps_what_was_begun(lesson: Lesson) -> None:
    lesson.exercise(ID)
    ecs = boto3.client("ecs")
    ecs.create_service(
        cluster="practice",
        serviceName="shop",
        taskDefinition=_registered(ecs),
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": _subnets()}},
    )
    lesson.exercise(ID)
    assert ecs.list_services(cluster="practice")["serviceArns"]
    lesson.exercise(ID, restart=True)
    assert not ecs.list_services(cluster="practice")["serviceArns"]
    assert repr(lesson.check(ID)).startswith(f"{ID}: 0 of 5 met, not attempted yet")


def _registered(ecs: Any) -> str:
    definition = ecs.register_task_definition(
        family="shop",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "httpd"}],
    )
    return str(definition["taskDefinition"]["taskDefinitionArn"])


def _subnets() -> list[str]:
    return [one["SubnetId"] for one in boto3.client("ec2").describe_subnets()["Subnets"][:2]]


def test_what_aws_refuses_to_show_is_found_in_its_own_words(lesson: Lesson) -> None:
    lesson.exercise(ID)
    boto3.client("ecs").delete_cluster(cluster="practice")
    told = " ".join(repr(lesson.check(ID)).split())
    assert "task definition shop" in told
    lines = check(exercises()[ID], boto3.Session())
    assert [line.state for line in lines] == ["not yet", *["later"] * 4]
    _registered(boto3.client("ecs"))
    told = " ".join(repr(lesson.check(ID)).split())
    assert "ClusterNotFoundException" in told
    assert "Look at what the call names; it may be deleted." in told
