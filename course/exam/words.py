"""What is said about a mock exam: before it, under it, and at its end; and its form as plain text. Pure."""

from textwrap import fill, indent

from course.checkpoints.checkpoint import WIDTH
from course.exam.attempt import Attempt
from course.exam.blueprint import Mock, blueprint, exam_version
from course.exam.form import ExamForm, Mark
from course.exam.score import Score

BROADER = "It asks about containers; the real exam is broader."


def intro(version: str, items: int) -> list[str]:
    """What the learner reads before the clock starts."""
    exam, mock = exam_version(version), blueprint().mock
    minutes = max(1, round(mock.minutes * items / mock.items))
    lines = [
        (
            f"A container mock exam for {exam.exam}: {items} items in {minutes} minutes. "
            f"{BROADER}{'' if items == mock.items else _real(mock)}"
        ),
        (
            "Every item counts, an open one is wrong, and nothing is told before the end. The clock runs "
            "on when the notebook is closed; what was answered is kept."
        ),
    ]
    if not exam.format_seen:
        lines.append(
            f"The form of {exam.exam} has not been seen yet; it is taken to be that of the version before."
        )
    return lines


def _real(mock: Mock) -> str:
    return f" It has {mock.items} items in {mock.minutes} minutes."


def counted(attempt: Attempt) -> str:
    """How many items are answered, and how many are flagged."""
    answered = len(attempt.terms.items) - len(attempt.open_items())
    flags = len(attempt.flags)
    return f"{answered} answered" + (f", {flags} flagged" if flags else "")


def spoken_time(seconds: int) -> str:
    """Time left in whole minutes, in seconds under the last one."""
    if seconds < 60:
        return f"{seconds} s left"
    return f"{seconds // 60} min left"


def summary(attempt: Attempt, score: Score) -> list[str]:
    """The end: percent, and what it is not; the domains, the weakest first."""
    exam = exam_version(attempt.terms.version)
    in_time = attempt.submitted is not None and attempt.submitted < attempt.deadline
    how = "" if in_time else " The time was over."
    lines = [
        (
            f"{score.right} of {len(score.items)} right, {score.percent} %.{how} "
            "This is not a scaled score: AWS's pass mark of 720 is one, and cannot be compared."
        ),
    ]
    titles = dict(enumerate((one.title for one in exam.domain), 1))
    for share in score.by_domain():
        title = titles[int(share.name)]
        lines.append(
            f"Domain {share.name}, {title}: {share.right} of {share.asked}, {share.percent} %."
        )
    sure = len([one for one in score.items if one.sure_but_wrong])
    if sure:
        lines.append(f"Sure and yet wrong: {sure}. The report puts that first.")
    if score.withdrawn:
        lines.append(f"Withdrawn since, and not counted: {', '.join(score.withdrawn)}.")
    lines.append(
        f"Seed {attempt.terms.seed}: the same seed draws the same exam. What to read next is in "
        "lesson.exam_report(); lesson.exam(new=True) draws another one."
    )
    return lines


def text_of(form: ExamForm) -> str:
    """The form in plain text, for front ends without widgets, for screen readers and for tests."""
    notice = [form.notice] if form.notice else []
    if form.phase == "start":
        body = [*form.lines, "Not begun yet; by code: .begin()"]
    elif form.phase == "over":
        body = list(form.lines)
    elif form.phase == "review":
        body = [_head(f"Review of {form.places} items", form), " ".join(map(_mark, form.marks))]
        body.append("+ answered, - open, ! flagged. By code: .go(number), .submit()")
    else:
        return "\n".join([*_item(form), *notice])
    return "\n".join(fill(line, WIDTH) for line in [*body, *notice])


def _head(where: str, form: ExamForm) -> str:
    return f"{where} · {form.counted} · {spoken_time(form.seconds_left)}"


def _mark(mark: Mark) -> str:
    return f"{mark.place}{'+' if mark.answered else '-'}{'!' if mark.flagged else ''}"


def _item(form: ExamForm) -> list[str]:
    chosen = [offer.letter for offer in form.offers if offer.id in form.response]
    said = f"Your answer: {', '.join(chosen)}." if chosen else "No answer yet."
    sure = f" You are {form.confidence}." if form.confidence else ""
    return [
        _head(f"Item {form.place} of {form.places}", form),
        fill(form.stem, WIDTH),
        *(indent(f"{offer.letter}) {offer.text}", "  ") for offer in form.offers),
        f"{form.asks} {said}{sure}{' Flagged.' if form.flagged else ''}",
    ]
