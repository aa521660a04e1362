"""Lesson: what a notebook opens, and all it needs beside boto3."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

import boto3

from course import sandbox
from course.checkpoints.blanks import show_blanks_as_text
from course.checkpoints.checkpoint import Checkpoint, Told
from course.checkpoints.exercise import ExerciseSession, Result
from course.checkpoints.explanation import Explain
from course.checkpoints.leftovers import leftovers
from course.checkpoints.precheck import advice
from course.checkpoints.prediction import Prediction
from course.checkpoints.row import Row
from course.checkpoints.warmup import Warmup, told_at_the_end, warmup
from course.costs.model import Size
from course.curriculum.curriculum import LessonEntry, find_lesson, lessons
from course.curriculum.exam import by_lesson, by_task
from course.curriculum.glossary import glossary
from course.curriculum.handout import Handout
from course.curriculum.paths import paths
from course.diagrams.architecture import architecture
from course.diagrams.big_picture import big_picture
from course.diagrams.build_steps import build_steps
from course.diagrams.cost_lines import Costs, costs
from course.diagrams.decisions import decisions
from course.diagrams.identities import identities
from course.diagrams.image_layers import image_layers
from course.diagrams.patterns import find_pattern
from course.diagrams.picture import Picture
from course.diagrams.task_life import task_life
from course.diagrams.timeline import TimelinePicture
from course.diagrams.way import way
from course.exam import desk
from course.exam.how_many import how_many
from course.exam.mock import MockExam, NotNow
from course.exam.practice import NothingToPractise
from course.exam.report import Report as ExamReport
from course.exercises.catalogue import find_exercise
from course.exercises.deployed import Deployed, deploy
from course.flashcards import box, transfer
from course.flashcards.deck import Deck
from course.flashcards.pile import Pile, asked_again
from course.images.build_cache import Build, Builder
from course.images.image import Image
from course.in_live import InLive, needs_the_sandbox
from course.live.report import CleanupReport
from course.live.settings import Asked
from course.opening import HANDLERS, banner, mode, opened, show
from course.progress.record import Record
from course.progress.report import Report, report
from course.questions.bank import bank
from course.questions.model import Question
from course.sample_app.project import Project
from course.sandbox.clock import Clock
from course.sandbox.errors import SandboxAlreadyOpen, SandboxClosed, SandboxOnly
from course.sandbox.identity.acts import acts
from course.sandbox.sandbox import Sandbox
from course.skipping import skip_by_mode

if TYPE_CHECKING:
    from course.sandbox.endpoint.playing import Playing
    from course.sandbox.inside import InsideContainer
    from course.sandbox.snapshot import Snapshot
    from course.sandbox.traffic.reply import Reply
    from course.sandbox.traffic.shapes import Shape
    from course.sandbox.traffic.traffic import Traffic

Item = TypeVar("Item", Checkpoint, Prediction, ExerciseSession)


class Lesson:
    """One notebook's session: a sandbox with a fresh world, and its clock and timeline.

    Made by ``course.lesson(name)``. Plain boto3 in the cells talks to the same
    world as ``lesson.client(...)``. Once another lesson has replaced that world,
    its timeline can still be read, and all else raises SandboxClosed.
    """

    def __init__(self, entry: LessonEntry, opened: Sandbox | InLive) -> None:
        self._entry = entry
        self._sandbox = opened
        self._endpoint: Playing | None = None
        self._record = Record(entry.name)
        self._builder = Builder()
        self._items: dict[str, Checkpoint | ExerciseSession] = {}
        self._mock: MockExam | None = None
        self._projects: list[Project] = []
        self._read_only: dict[str, ExerciseSession] = {}  # hints and solutions before it is begun

    def __repr__(self) -> str:
        where = "LIVE" if isinstance(self._sandbox, InLive) else "SANDBOX"
        place = where if self._is_open() else "replaced"
        return f"Lesson({self._entry.name!r}, {place}, {_spoken(self._sandbox)})"

    def client(self, service: str, **kwargs: Any) -> Any:
        """A plain boto3 client, as ``boto3.client(service)`` gives; Region and credentials are set."""
        return self._opened().client(service, **kwargs)

    @property
    def clock(self) -> Clock:
        """Virtual time: ``lesson.clock.advance(minutes=2)`` lets two minutes pass."""
        return self._simulated("clock").clock

    def now(self) -> datetime:
        """The present virtual time, an aware UTC datetime; in LIVE the real one."""
        return self._opened().now()

    def wait_until(self, condition: Callable[[], Any], *, timeout: float = 600) -> datetime:
        """Let virtual time pass until *condition()* is true; returns the time then.

        *timeout* is in virtual seconds. Raises WaitTimeout when they are over. In LIVE the
        seconds are real, and it is asked every five of them.
        """
        place = self._opened()
        if isinstance(place, InLive):
            return place.wait_until(condition, timeout)
        return place.clock.advance_until(condition, timeout)

    def timeline(self, *, since: datetime | None = None) -> TimelinePicture:
        """Who did what, when and why, since this world began or since a moment kept before.

        A notebook shows it drawn; ``print`` shows it as text, as does ``.text(since=...)``.
        """
        of = self._simulated("timeline()") if self._is_open() else self._sandbox
        if isinstance(of, InLive):
            raise SandboxOnly(needs_the_sandbox("lesson.timeline()"))
        return TimelinePicture(of.timeline, of.now(), since)

    def traffic(
        self, url: str, *, rate: "float | Shape" = 10, minutes: float | None = None
    ) -> "Traffic":
        """Send requests to the name of a load balancer or an API, or a task's address, as time passes.

        *rate* is in requests a second, or comes from ``course.wave`` or ``course.spike``.
        With *minutes* so much time passes and it is over; without, it goes on until
        ``.stop()``. Shown, it says what became of every request. What a server
        carries is a model. Raises SandboxError for what is no URL, and no rate.
        """
        return self._simulated("traffic()").traffic(url, rate=rate, minutes=minutes)

    def get(self, url: str) -> "Reply":
        """One request: its answer and which task gave it, or what stood in the way. No time passes."""
        return self._simulated("get()").get(url)

    def inside(self, task_arn: str, container: str | None = None) -> "InsideContainer":
        """A container of a task from within: ``.environment``, ``.get(url)`` of ECS's own address.

        ``inside.get("$ECS_CONTAINER_METADATA_URI_V4/task")`` is the task metadata endpoint. Without a
        name it is the task's first container. Sandbox-only: on AWS one looks with ECS Exec.
        Raises SandboxError for a task or a container that is not there.
        """
        return self._simulated("inside()").inside(task_arn, container)

    def trace(self, source: str, target: str, port: int | None = None) -> Picture:
        """The way from one thing to another, drawn: each element it passes, and the one that stops it.

        *source* is a task's or load balancer's ARN, the id of an instance or a network
        interface, or ``internet``; *target* one of these, ``ecr`` for all that a pull goes to,
        or a service such as ``logs``. The port is 443 to the internet and services, else 80,
        unless given. The sandbox's own verdict, so sandbox-only. Raises LookupError.
        """
        return way(self._simulated("trace()").trace(source, target, port))

    def why(self, operation: str = "") -> Handout:
        """Why a call was allowed or denied: the policies that had a say, and the statement that decided.

        The latest call of a user, of a role's session, or of ECS with a task's role, or the latest
        of an operation such as ``RunTask`` or ``BatchGetImage``, or at which an action such as
        ``iam:PassRole`` was asked. A policy that decided nothing says what came nearest: another
        resource, a condition that does not hold. The sandbox's own decision, so sandbox-only. Raises
        LookupError where nothing was decided; your own key is an administrator's.
        """
        return decisions(self._simulated("why()").decided(operation))

    def build(self, dockerfile: str, files: Mapping[str, str]) -> Build:
        """Build an image without Docker; steps built before in this lesson are reused.

        *files* are the texts beside the Dockerfile, by path. A model: nothing
        runs, but layers and digests are real. Raises DockerfileError.
        """
        return self._builder.build(dockerfile, files)

    def diagram(
        self,
        *,
        cluster: str | None = None,
        task: str | None = None,
        build: Build | None = None,
        image: Image | None = None,
        roles: str | None = None,
    ) -> Picture:
        """What there is, drawn as it stands now: all clusters, the named one, or one task's life.

        One name for every picture of state, because one asks for it in one way:
        nothing named is the whole architecture, and what is named is looked at
        closer. *cluster* is a name, *task* an ARN; *build* is one of ``build``'s, and
        *image* what it made; *roles* is a cluster whose roles are shown, with what was
        asked and allowed or denied. ``print`` shows the same as text. Raises
        LookupError for what is not there.
        """
        if build is not None:
            return build_steps(build)
        if image is not None:
            return image_layers(image)
        session = boto3.Session(region_name=self._opened().region)
        if roles is not None:
            return identities(session, roles, acts(self._simulated("diagram(roles=...)").world))
        if task is None:
            return architecture(session, cluster)
        entries = self._simulated("diagram(task=...)").timeline.entries
        return task_life(session, task, entries, self.now())

    def costs(
        self,
        *,
        cpu: int = 256,
        memory: int = 512,
        instance: str = "t3.small",
        most: int = 32,
        fewest: int = 0,
        **changed: float,
    ) -> Costs:
        """What 1 to *most* equal tasks cost an hour on Fargate and on EC2, drawn, and where they cross.

        *cpu* in CPU units, *memory* in MiB; *fewest* instances are kept whatever runs. Any price of
        ``course/costs/prices.toml`` may be put in, in dollars an hour: ``fargate_vcpu=0.05``, or
        ``hour=`` for the instance. A model with dated prices. Raises UnknownMachine, ValueError.
        """
        return costs(Size(cpu, memory), instance, most, fewest, changed)

    def map(self) -> Picture:
        """The big picture, with the parts lit that this lesson is about."""
        return big_picture(self._entry.number)

    def pattern(self, name: str) -> Picture:
        """A pattern of microservices, drawn from data. Raises UnknownPattern, which names the nearest."""
        return find_pattern(name).picture

    def deploy(self, name: str) -> Deployed:
        """Put a pattern that ECS can host into the account, and let time pass until it serves.

        Shown, it is drawn from the account's state; ``.url`` is its door, ``.cleanup()`` takes
        it out again. One that stands there is kept. Raises UnknownPattern, NotDeployable.
        """
        return deploy(boto3.Session(region_name=self._simulated("deploy()").region), name)

    @overload
    def checkpoint(self, id: str) -> Checkpoint: ...

    @overload
    def checkpoint(self, id: str, *more: str) -> Checkpoint | Row[Checkpoint]: ...

    def checkpoint(self, id: str, *more: str) -> Checkpoint | Row[Checkpoint]:
        """A question, or a row of several; the answers given before are shown again. Raises UnknownId."""
        asked = [Checkpoint(bank().question(one), *self._asked) for one in (id, *more)]
        for one in asked:
            self._keep(one.question.id, one)
        return Row(asked) if more else asked[0]

    @property
    def _asked(self) -> tuple[Record, str]:
        """Where answers are remembered, and the seed of the order in which options are shown."""
        return self._record, self._entry.name

    def predict(self, id: str) -> Prediction:
        """A question to answer before the next cell runs; ``.outcome(observed)`` compares."""
        return self._keep(id, Prediction(bank().question(id), *self._asked))

    def explain(self, id: str) -> Explain:
        """A reason asked for in your own words; a model answer follows. Raises UnknownId."""
        return Explain(bank().explanation(id), self._record)

    def exercise(self, id: str, *, restart: bool = False) -> ExerciseSession:
        """Set up an exercise and state its goal; one begun in this world is kept as it is.

        With *restart* it is cleared away and begun anew. Raises UnknownExercise.
        """
        self._simulated("exercise()")
        begun = self._items.get(id)
        if isinstance(begun, ExerciseSession) and not restart:
            return begun
        fresh = self._session_for(id)
        if begun:
            fresh.cleanup()
        fresh.begin()
        return self._keep(id, fresh)

    def check(self, id: str) -> Result | Told:
        """Look at the state of an exercise: every criterion, met or not. Changes nothing."""
        self._simulated("check()")
        exercise = self._items.get(id)
        if not isinstance(exercise, ExerciseSession):
            find_exercise(id)
            return Told((f"Not set up yet: run lesson.exercise({id!r}) first.",))
        return exercise.check()

    def project(self, name: str) -> Project:
        """A copy of the sample app, ``honest`` or ``broken``, whose processes really run here.

        ``.close()`` ends them and removes the copy; so does the next lesson, and the kernel's end.
        """
        self._opened()
        self._projects.append(Project(name))
        return self._projects[-1]

    def _close_projects(self) -> None:
        while self._projects:
            self._projects.pop().close()

    def notes(self) -> list[str]:
        """What is odd about the journal, if anything: a torn last line, lines of a newer version."""
        self._record.events()
        return self._record.notes

    def warmup(self) -> Warmup:
        """Up to three to begin with: cards that are due, and questions that were missed."""
        return warmup(self._record, bank())

    def card(self, front: str, back: str) -> Told:
        """Keep a flashcard in your own words; it comes back in warm-ups, of all lessons.

        The same front with another back changes the card. Raises NotAttempted
        while a side is a blank, and ValueError when it is empty.
        """
        return box.keep(self._record, front, back)

    def cards(self) -> Deck:
        """The cards you have written, in all lessons, and what else comes back and when."""
        return box.listed(self._record, bank())

    def due_cards(self, items: int = 10) -> Pile | Told:
        """What is due now, one at a time: cards to turn and to rate, and questions you missed.

        Your own cards, those of the closing tables of lessons you finished, and what was not
        right in a lesson or an exam. ``.rate("good")`` decides when a card comes back.
        """
        due = box.stack_of(self._record, bank()).due(self._record.now())[: how_many(items)]
        return (
            Pile(asked_again(due, self._record, bank()))
            if due
            else box.none_due(self._record, bank())
        )

    def export_cards(self, file: str = "cards.apkg", *, replace: bool = False) -> Told:
        """Write your cards beside this notebook: ``.apkg`` for Anki, ``.csv`` for a spreadsheet.

        To Anki goes all that comes back, and a second import there updates it; CSV has the cards
        you wrote. A file that is there is left alone, unless *replace*. Raises ValueError for
        another kind of file.
        """
        return transfer.export_cards(self._record, bank(), Path(file), replace=replace)

    def import_cards(self, file: str = "cards.csv") -> Told:
        """Keep the cards of a CSV file with the columns front and back; twice changes nothing.

        Raises ValueError with the line of each bad row; then nothing of the file was kept.
        """
        return transfer.import_cards(self._record, Path(file))

    def drop_card(self, front: str) -> Told:
        """Throw the card with this front away. Raises UnknownCard, which names the nearest."""
        return box.drop(self._record, front)

    def finish(self) -> Told:
        """The end of the lesson: what was missed or not tried, what is left behind, what comes next.

        It is remembered as finished once all that this run asked has been tried.
        """
        untried = self._untried()
        if not untried:
            self._record.remember("finished")
        summary, name = self._record.summary(), self._entry.name
        after = (self._left(), _next_after(self._entry))
        return told_at_the_end(summary, name, bank(), untried, *after)

    def _left(self) -> str:
        """What is left in the account: in LIVE by the ledger, whose word is enough to say it."""
        if isinstance(self._sandbox, InLive):
            return f"{self._sandbox.state()} Remove it: lesson.cleanup()."
        return leftovers(boto3.Session())

    def _untried(self) -> list[str]:
        """What this run asked and was never answered, in the order of the notebook."""
        known = {id: self._record.item(id) for id in self._items}
        mock = ["the mock exam"] if self._mock and not self._mock.over else []
        return [*(id for id, one in known.items() if not (one.attempts or one.committed)), *mock]

    def progress(self) -> Report:
        """What was answered so far, in all lessons; ``python3 -m course progress`` shows the same."""
        return report()

    def exam(
        self, version: str = "", *, items: int = 0, seed: str | None = None, new: bool = False
    ) -> MockExam:
        """A container mock exam; one that is under way goes on, wherever it was left.

        *version* is C03 or C02, by default the one in use today; without *items* it is as long
        as the bank can fill by the exam's weights, up to the real one's 65. With *new* an attempt
        that is over makes room for the next one. Raises LookupError for an unknown version.
        """
        self._mock = desk.exam(self._record, bank().questions, version, items, seed, new)
        return self._mock

    def exam_report(self, attempt: int = 0) -> ExamReport | Told:
        """What your newest attempt says, or the one of this number: weakest first, with where to read.

        One line while none is over. Raises LookupError for a number that there is not.
        """
        try:
            return desk.exam_report(self._record, bank().questions, attempt)
        except NotNow as too_soon:
            return Told((str(too_soon),))

    def blueprint(self, version: str = "") -> ExamReport:
        """What a version of the exam asks by weight, and by topic what the bank holds and you had right.

        *version* is C03 or C02, by default the one in use today. Raises LookupError for another.
        """
        return desk.blueprint(self._record, bank().questions, version)

    def practice(
        self,
        topic: str = "",
        *,
        lesson: str = "",
        exam: str = "",
        weak: bool = False,
        items: int = 10,
    ) -> Row[Checkpoint] | Told:
        """A quick ten, asked anew and with feedback at once: by topic, lesson, exam version, or need.

        One line if nothing is left to practise. Raises LookupError for what there is not, and
        names what there is.
        """
        wanted = (topic, lesson, exam, weak, items)
        return self._practised(lambda: desk.practice(self._record, bank().questions, *wanted))

    def variations(self, topic: str = "", *, items: int = 5) -> Row[Checkpoint] | Told:
        """Questions with other values each time, to be reckoned and not remembered; of a topic, or any.

        One line for a topic without any. Raises LookupError for a topic that there is not.
        """
        return self._practised(lambda: desk.variations(self._record, topic, items))

    def _practised(self, choose: Callable[[], Sequence[Question]]) -> Row[Checkpoint] | Told:
        """A row of what is chosen, asked anew; or one line, why there is nothing."""
        try:
            return Row([Checkpoint(one, *self._asked, restore=False) for one in choose()])
        except NothingToPractise as done:
            return Told((str(done),))

    def report_item(self, id: str, what: str) -> Told:
        """Write down what is wrong with an item, in a file that is ready to paste into an issue."""
        return desk.report_item(bank().question(id), what, Path.cwd())

    def precheck(self) -> Told:
        """What the questions on Docker in 00-start-here say: skip 01, take it, or take parts of it."""
        return advice(self._record)

    def outcomes(self, exam: str = "") -> Handout:
        """What each lesson leads to, with the exam's task statements; or by task, for C03 or C02."""
        return by_task(exam) if exam else by_lesson()

    def paths(self) -> Handout:
        """Two ways through the course, one evening or all of it, with their minutes."""
        return paths()

    def glossary(self, word: str = "") -> Handout:
        """What a word means, and in which lesson it is taught; all words without one."""
        return glossary(word)

    def hint(self, id: str) -> Told:
        """The next hint for a question or an exercise of this notebook."""
        return self._item(id).hint()

    def solution(self, id: str) -> Told:
        """The solution of a question or an exercise, and why."""
        return self._item(id).solution()

    def _item(self, id: str) -> Checkpoint | ExerciseSession:
        if id in self._items:
            return self._items[id]
        if id in bank().questions:
            return self.checkpoint(id)
        if id not in self._read_only:
            self._read_only[id] = self._session_for(id)
        return self._read_only[id]

    def _session_for(self, id: str) -> ExerciseSession:
        """An exercise where it is done: in the account, or in the notebook's folder."""
        exercise = find_exercise(id)
        place = boto3.Session() if exercise.done_in == "account" else Path.cwd()
        return ExerciseSession(exercise, place, self._record)

    def _keep(self, id: str, item: Item) -> Item:
        self._items[id] = item
        return item

    def snapshot(self) -> "Snapshot":
        """Keep this moment; ``restore()`` on it goes back there, as often as wanted (newest five)."""
        return self._simulated("snapshot()").snapshot()

    def endpoint(self) -> "Playing":
        """Serve this lesson's world to the aws CLI in a terminal; time runs at 10x meanwhile.

        Shown, it says what to export. ``close()`` ends it, as does leaving it as a
        context manager, ``reset()``, and another lesson. One that is open is kept.
        """
        from course.sandbox.endpoint.playing import Playing

        opened = self._simulated("endpoint()")
        if self._endpoint is None or not self._endpoint.open:
            self._endpoint = Playing(opened)
        return self._endpoint

    def reset(self) -> None:
        """Begin again in a fresh world; what was created in the old one is gone."""
        self._simulated("reset()").close()
        self._close_projects()
        self._sandbox = sandbox.open(handlers=HANDLERS)
        self._items.clear()
        print(f"{self._entry.name}: a fresh world, {_spoken(self._sandbox)}")

    def cleanup(self, *, dry_run: bool = False) -> CleanupReport | Told:
        """Clear away what the exercises of this lesson made; in LIVE, all that is left in the account.

        In LIVE that is what this attempt and earlier ones created, and it is looked again
        afterwards; with *dry_run* it only looks.
        """
        place = self._opened()
        if isinstance(place, InLive):
            return place.cleanup(dry=dry_run)
        begun = {id: one for id, one in self._items.items() if isinstance(one, ExerciseSession)}
        if not dry_run:
            for one in begun.values():
                one.cleanup()
        said = "Would clear away" if dry_run else "Cleared away"
        return Told((f"{said}: {', '.join(begun) or 'nothing, no exercise was begun'}.",))

    def _is_open(self) -> bool:
        if isinstance(self._sandbox, InLive):
            return self._sandbox.open
        return sandbox.current() is self._sandbox

    def _simulated(self, what: str) -> Sandbox:
        """The sandbox, for what only it can do. Raises SandboxOnly in LIVE."""
        place = self._opened()
        if isinstance(place, InLive):
            raise SandboxOnly(needs_the_sandbox(f"lesson.{what}"))
        return place

    def _opened(self) -> Sandbox | InLive:
        """The sandbox, if it is still the one of this process: a dead world answers nobody."""
        if not self._is_open():
            raise SandboxClosed(
                f"The world of this lesson is gone: it was closed, or another lesson replaced it. "
                f"Call course.lesson({self._entry.name!r}) again and use what it returns."
            )
        if isinstance(self._sandbox, InLive):
            return self._sandbox
        self._sandbox.clock.catch_up()  # beside an open endpoint time runs, looked at or not
        return self._sandbox


_current: Lesson | None = None


def open_lesson(
    name: str,
    *,
    aws: str | None = None,
    region: str | None = None,
    usd: float | None = None,
    minutes: float | None = None,
) -> Lesson:
    """Open a lesson by its notebook's name without the number; each call starts a fresh world.

    Shows SANDBOX or LIVE, what is open there, when, and what was replaced or set aside.
    With ``aws="live"`` (EXPERIMENTAL) the cells for it run in your own AWS account, once a
    Region, a ceiling in US dollars and minutes are given, and it is confirmed; if anything of
    it is missing it says so and stays in the sandbox. ``COURSE_AWS``, ``COURSE_AWS_REGION``,
    ``COURSE_AWS_USD`` and ``COURSE_AWS_MINUTES`` say the same. Raises UnknownLesson, which
    names the nearest, SandboxAlreadyOpen when a sandbox was opened beside the lessons, and
    LiveError in a kernel of the other mode.
    """
    global _current
    entry = find_lesson(name)
    asked = Asked(aws, region, usd, minutes)
    asked.mode(os.environ)
    replaced = _replace_open_lesson()
    place, more = opened(entry.name, asked)
    show_blanks_as_text()
    _current = Lesson(entry, place)
    skip_by_mode(entry.notebook, mode())
    said = (entry.title, place.region, _spoken(place), replaced, _aside(place))
    show(banner(place, said, (*more, *_current.notes())))
    return _current


def _replace_open_lesson() -> str:
    """Close the world of the lesson opened before in this kernel, and say so."""
    if sandbox.current() is None and not (_current and _current._is_open()):
        return ""
    if _current is None or not _current._is_open():
        raise SandboxAlreadyOpen(
            "course.sandbox.open() has a sandbox open in this process, and there is one world "
            "per process: close it, or leave its with block, and call course.lesson(...) again."
        )
    _current._sandbox.close()
    _current._close_projects()
    return "fresh world, the one before is gone" if mode() == "sandbox" else ""


def _next_after(entry: LessonEntry) -> str:
    later = [one for one in lessons() if one.number > entry.number]
    if not later:
        return "This is the last lesson so far."
    return f"Next: {later[0].notebook}, {later[0].title}, {later[0].minutes} minutes."


def _aside(place: Sandbox | InLive) -> str:
    names = [] if isinstance(place, InLive) else place.set_aside
    return f"set aside here: {', '.join(names)}" if names else ""


def _spoken(place: Sandbox | InLive) -> str:
    kind = "" if isinstance(place, InLive) else "virtual time "
    return f"{kind}{place.now():%Y-%m-%d %H:%M:%S} UTC"
