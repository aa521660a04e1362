"""Every recipe: its app is well, the cause is read where the recipe says, the repair heals.

The causes are worked out by the engine from the resources; nothing in it knows a recipe.
"""

import ast
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from course.exercises.failures import app as apps
from course.exercises.failures.app import App
from course.exercises.failures.recipe import EVIDENCE, STAGES, Recipe, recipes

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "course" / "exercises" / "failures"
ENGINE = [one for one in (ROOT / "course" / "sandbox").rglob("*") if one.suffix in (".py", ".toml")]
MINUTES = 3
GROUPS = ("pulls", "initialization", "containers")

every_recipe = pytest.mark.parametrize("recipe", recipes(), ids=lambda one: one.name)


@dataclass
class Shop:
    """An app in a sandbox, with what a recipe does to it and what its owner then sees."""

    aws: Any
    session: Any
    app: App

    def begin(self) -> None:
        apps.begin(self.session, self.app)
        self.aws.clock.advance(minutes=MINUTES)

    def cause(self, recipe: Recipe) -> dict[str, Any]:
        """The task in which the cause is seen first."""
        recipe.cause(self.session, self.app)
        if recipe.seen_by == "stop":
            return self._stopped()
        provoke = {"deployment": apps.deploy, "replacement": apps.lose_a_task}[recipe.seen_by]
        provoke(self.session, self.app)
        self.aws.clock.advance(minutes=MINUTES)
        failed = apps.failed_tasks(self.session, self.app)
        assert len(failed) > 1, "nothing has failed, or only once: it heals by itself"
        assert all(recipe.reads_as(self.reads(recipe, one)) for one in failed)
        return failed[0]

    def _stopped(self) -> dict[str, Any]:
        """A task that runs well, and is asked to stop."""
        apps.deploy(self.session, self.app)
        self.aws.clock.advance(minutes=MINUTES)
        self.is_well()
        apps.lose_a_task(self.session, self.app)
        self.aws.clock.advance(minutes=MINUTES)
        return apps.tasks(self.session, self.app, "STOPPED")[-1]

    def repair(self, recipe: Recipe) -> None:
        recipe.repair(self.session, self.app)
        apps.deploy(self.session, self.app)
        self.aws.clock.advance(minutes=MINUTES)

    def is_well(self) -> None:
        """One task runs for good, of a deployment that has completed, and nobody complains."""
        service = apps.service(self.session, self.app)
        (deployment,) = service["deployments"]
        assert deployment["rolloutState"] == "COMPLETED"
        (task,) = apps.tasks(self.session, self.app)
        assert task["lastStatus"] == "RUNNING" and task["startedBy"] == deployment["id"]
        assert "stoppedReason" not in task
        (container,) = task["containers"]
        assert not {"reason", "exitCode"} & set(container)

    def reads(self, recipe: Recipe, task: dict[str, Any]) -> str:
        """What stands where the recipe says."""
        (container,) = task["containers"]
        if recipe.field == "log":
            return "\n".join(apps.log_lines(self.session, self.app, task))
        if recipe.field == "containers[].reason":
            return str(container.get("reason", ""))
        return str(task["stoppedReason"])


def stage(task: dict[str, Any]) -> str:
    """How far a task got, by its timestamps, as the order of diagnosis has it."""
    if "startedAt" in task:
        return "run"
    if "pullStoppedAt" in task:
        return "start"
    return "pull" if "pullStartedAt" in task else "before the pull"


def stop_code(recipe: Recipe) -> str:
    if recipe.seen_by == "stop":
        return "UserInitiated"
    return "EssentialContainerExited" if recipe.stage == "run" else "TaskFailedToStart"


@pytest.fixture
def make_shop(place: Any) -> Callable[..., Shop]:
    def make(*needs: str) -> Shop:
        return Shop(place.aws, place.session, apps.build(place.session, needs))

    return make


@every_recipe
def test_the_cause_gives_these_words_and_the_repair_heals(
    recipe: Recipe, make_shop: Callable[..., Shop]
) -> None:
    shop = make_shop(*recipe.needs)
    shop.begin()
    shop.is_well()
    assert apps.failed_tasks(shop.session, shop.app) == []
    task = shop.cause(recipe)
    assert recipe.reads_as(shop.reads(recipe, task)), shop.reads(recipe, task)
    assert stage(task) == recipe.stage
    assert task["stopCode"] == stop_code(recipe)
    assert task["containers"][0].get("exitCode") == recipe.exit_code
    shop.repair(recipe)
    shop.is_well()


@pytest.mark.parametrize("needs", [(), *apps.NEEDS.items()], ids=lambda one: one and one[0])
def test_without_a_cause_no_deployment_and_no_lost_task_shows_a_thing(
    needs: Any, make_shop: Callable[..., Shop]
) -> None:
    """The healthy twin of every recipe: what is done to it is done to this one, less the cause."""
    shop = make_shop(*needs[:1])
    shop.begin()
    for provoke in (apps.deploy, apps.lose_a_task):
        provoke(shop.session, shop.app)
        shop.aws.clock.advance(minutes=MINUTES)
        shop.is_well()
        assert apps.failed_tasks(shop.session, shop.app) == []


# --- What a recipe is made of


def test_there_are_recipes_for_each_part_of_a_tasks_start() -> None:
    by_group = {group: [one for one in recipes() if one.group == group] for group in GROUPS}
    assert len(recipes()) >= 20
    assert all(len(some) >= 5 for some in by_group.values())
    assert {one.stage for one in recipes()} == set(STAGES)


@every_recipe
def test_a_recipe_says_where_its_words_are_from(recipe: Recipe) -> None:
    assert recipe.evidence in EVIDENCE and 1 <= recipe.row <= 52
    assert recipe.field in ("stoppedReason", "containers[].reason", "log")
    assert recipe.cause_is.endswith(".") and recipe.repair_is.endswith(".")


@every_recipe
def test_a_recipe_imports_nothing_of_the_courses(recipe: Recipe) -> None:
    tree = ast.parse(source(recipe).read_text("utf-8"))
    imported = [one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom)]
    names = {
        one.module if isinstance(one, ast.ImportFrom) else one.names[0].name for one in imported
    }
    allowed = {*sys.stdlib_module_names, "boto3", "botocore"}
    assert {str(name).partition(".")[0] for name in names} <= allowed


@every_recipe
def test_the_engine_has_never_heard_of_a_recipe(recipe: Recipe) -> None:
    """Nothing is scripted: no file of the sandbox names a recipe, however it is spelt."""
    words = recipe.name.split("-")
    spelt = re.compile("[-_ ]?".join(words), re.IGNORECASE)
    knowing = [path.name for path in ENGINE if spelt.search(path.read_text("utf-8"))]
    assert len(words) > 1 and not knowing


def test_the_search_for_names_finds_what_is_there() -> None:
    """What the test above leans on: the engine's files are read, and a name in them is seen."""
    assert any(re.search("cannot[-_ ]?pull", one.read_text("utf-8")) for one in ENGINE)


def test_words_that_are_only_known_are_never_matched() -> None:
    (first, *_) = recipes()
    known = replace(first, evidence="K")
    assert known.reads_as("whatever AWS says") and not known.reads_as("")
    assert not first.reads_as("whatever AWS says")


def source(recipe: Recipe) -> Path:
    return FOLDER / recipe.group / f"{recipe.name.replace('-', '_')}.py"
