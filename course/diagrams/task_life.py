"""The life of a task: the eight statuses, which of them this task passed, and for how long.

DescribeTasks gives some moments; the sandbox's timeline, where it is handed in, all.
On a real account the seconds between moments that AWS does not give are left open.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import TYPE_CHECKING

from course.diagrams import svg
from course.diagrams.picture import Picture
from course.diagrams.reading import Session, Shape
from course.diagrams.tones import tone

if TYPE_CHECKING:
    from course.sandbox.timeline import Entry

CHAIN = {
    "PROVISIONING": "its network interface is created",
    "PENDING": "waits for ECS's agent; its image is pulled",
    "ACTIVATING": "with a load balancer or service discovery",
    "RUNNING": "its containers run",
    "DEACTIVATING": "leaves load balancer and service discovery, if any",
    "STOPPING": "stop signal; after stopTimeout SIGKILL",
    "DEPROVISIONING": "its network interface is deleted",
    "STOPPED": "",
}
"""Every lastStatus in order, and what goes on meanwhile."""

STAMPS = {"PROVISIONING": "createdAt", "RUNNING": "startedAt"} | {
    "STOPPING": "stoppingAt",
    "STOPPED": "stoppedAt",
}
"""The statuses whose beginning DescribeTasks tells."""

WIDTH, ROW, RAIL, LEFT = 300, 46, 22, 42


@dataclass(frozen=True, slots=True)
class Step:
    """One status in one task's life. *reach* is passed, present, ahead or skipped."""

    status: str
    reach: str
    seconds: int | None
    note: str


def task_life(
    session: Session, task: str, entries: Iterable["Entry"] = (), now: datetime | None = None
) -> Picture:
    """The picture of the life of the task with this ARN.

    *entries* are the timeline's, *now* the time to which the present status is
    counted. Raises LookupError when ECS does not know the task (any more).
    """
    shape = _described(session, task)
    found = steps(shape, _entered(shape, entries), now)
    heading = _heading(shape)
    return Picture(
        _text(heading, found), _sentence(shape, found), lambda alt: _draw(heading, found, alt)
    )


def _described(session: Session, arn: str) -> Shape:
    parts = arn.split("/")
    if len(parts) != 3:
        raise LookupError(f"{arn!r} is not a task's ARN, which ends in task/<cluster>/<id>")
    answer = session.client("ecs").describe_tasks(cluster=parts[1], tasks=[arn])
    if not answer["tasks"]:
        raise LookupError(
            f"ECS does not know task {parts[2][:8]} in {parts[1]}: it never was, or it stopped "
            "more than about an hour ago; list_tasks names those it knows"
        )
    shape: Shape = answer["tasks"][0]
    return shape


def _entered(task: Shape, entries: Iterable["Entry"]) -> dict[str, datetime]:
    """When the task entered each status: by the timeline, else by its timestamps."""
    own = task["taskArn"].rpartition("/")[2]
    seen = {
        entry.text.rpartition("-> ")[2]: entry.when
        for entry in entries
        if entry.subject == own and entry.actor == "task"
    }
    told = {status: task[stamp] for status, stamp in STAMPS.items() if stamp in task}
    return {status: when for status, when in (seen or told).items() if status in CHAIN}


def steps(task: Shape, entered: dict[str, datetime], now: datetime | None) -> list[Step]:
    """The eight statuses as this task's steps."""
    order = list(CHAIN)
    present = order.index(task["lastStatus"]) if task["lastStatus"] in order else len(order) - 1
    told_all = "PENDING" in entered or len(entered) == 1
    found = []
    for place, status in enumerate(order):
        reach = _reach(task, status, place - present, entered, told_all)
        seconds = _seconds(order, place, present, entered, told_all, now)
        found.append(Step(status, reach, seconds, _note(task, status, reach)))
    return found


def _reach(
    task: Shape, status: str, away: int, entered: dict[str, datetime], told_all: bool
) -> str:
    if away >= 0:
        return "present" if away == 0 else "ahead"
    if told_all:
        return "passed" if status in entered else "skipped"
    ran = "startedAt" in task
    never = status == "ACTIVATING" or (status in ("RUNNING", "DEACTIVATING") and not ran)
    return "skipped" if never else "passed"


def _seconds(
    order: list[str],
    place: int,
    present: int,
    entered: dict[str, datetime],
    told_all: bool,
    now: datetime | None,
) -> int | None:
    """How long the task was in one status; None where nobody knows, and at the end."""
    begun = entered.get(order[place])
    if begun is None or place > present or place == len(order) - 1:
        return None
    if place == present:
        return int((now - begun).total_seconds()) if now else None
    later = [entered[one] for one in order[place + 1 :] if one in entered]
    return int((later[0] - begun).total_seconds()) if told_all and later else None


def _note(task: Shape, status: str, reach: str) -> str:
    if reach == "skipped":
        optional = status == "ACTIVATING" and "startedAt" in task
        return "only " + CHAIN[status] if optional else "never reached"
    if status == "PENDING" and "pullStoppedAt" in task:
        pull = task["pullStoppedAt"] - task["pullStartedAt"]
        return f"{CHAIN[status]} in {int(pull.total_seconds())} s"
    if status == "RUNNING" and "startedAt" in task:
        after = task["startedAt"] - task["createdAt"]
        return f"{CHAIN[status]}, from {int(after.total_seconds())} s after createdAt"
    if status == "STOPPED" and reach == "present":
        return "; ".join(_ending(task))
    return CHAIN[status]


def _ending(task: Shape) -> Iterator[str]:
    """Why the task stopped, and what its containers ended with."""
    yield ": ".join(filter(None, (task.get("stopCode"), task.get("stoppedReason"))))
    for container in task["containers"]:
        if "exitCode" in container:
            yield f"container {container['name']} exited with {container['exitCode']}"


def _heading(task: Shape) -> tuple[str, ...]:
    title = f"task {task['taskArn'].rpartition('/')[2][:8]}"
    return title, f"lastStatus {task['lastStatus']}", f"desiredStatus {task['desiredStatus']}"


def _text(heading: tuple[str, ...], found: list[Step]) -> str:
    rows = [f"  {_row(step)}".rstrip() for step in found]
    return "\n".join((", ".join(heading), *rows))


def _row(step: Step) -> str:
    mark = {"passed": "x", "present": ">", "ahead": " ", "skipped": "-"}[step.reach]
    return f"{mark} {step.status:<15}{spoken(step.seconds):>8}  {step.note}"


def spoken(seconds: int | None) -> str:
    """A length of time in minutes and seconds; nothing where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _sentence(task: Shape, found: list[Step]) -> str:
    """The alt text: the path so far, and what ended it."""
    path = [
        f"{step.status} {spoken(step.seconds)}".strip()
        for step in found
        if step.reach in ("passed", "present")
    ]
    last = found[-1]
    ended = f" ({last.note})" if last.reach == "present" and last.note else ""
    return f"Life of {_heading(task)[0]}: {', '.join(path)}{ended}."


def _draw(heading: tuple[str, ...], found: list[Step], alt: str) -> str:
    notes = [wrap(step.note, 38, break_on_hyphens=False) or [""] for step in found]
    tops = [76.0]
    for lines in notes:
        tops.append(tops[-1] + ROW + 16 * (len(lines) - 1))
    pieces = [
        svg.glyph(RAIL - 10, 16, "task"),
        svg.text(LEFT, 25, heading[0], "title"),
        *(svg.text(LEFT, 42 + 16 * i, one, "soft") for i, one in enumerate(heading[1:])),
    ]
    for step, top, below in zip(found[1:], tops, tops[1:], strict=False):
        way = "way" if step.reach in ("passed", "present", "skipped") else "way ahead"
        pieces.append(svg.line(RAIL, top + 9, RAIL, below + 9, way))
    for step, lines, top in zip(found, notes, tops, strict=False):
        pieces += _step(step, lines, top)
    return svg.picture(WIDTH, tops[-1] + 2, pieces, alt, least=250)


def _step(step: Step, notes: list[str], top: float) -> Iterator[str]:
    there = step.reach in ("passed", "present")
    yield svg.circle(RAIL, top + 9, 7 if step.reach == "present" else 5, f"stop {step.reach}")
    if there:
        yield svg.pill(LEFT, top, step.status, tone(step.status))
    else:
        yield svg.text(LEFT + 7, top + 13, step.status, "soft word")
    seconds = "skipped" if step.reach == "skipped" else spoken(step.seconds)
    beside = LEFT + svg.pill_width(step.status) + 10
    yield svg.text(beside, top + 13, seconds, "word" if there else "soft")
    for number, line in enumerate(notes):
        yield svg.text(LEFT + 7, top + 33 + 16 * number, line, "soft")
