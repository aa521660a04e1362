"""What an exam asks, and what the bank holds of it: domains by weight, topics with how far one is. Pure."""

from collections import Counter
from collections.abc import Sequence

from course.curriculum.handout import Handout
from course.exam.blueprint import blueprint, domain_of, exam_version, seats, weights
from course.exam.draw import most
from course.exam.report import Report
from course.progress.summary import Summary
from course.questions.model import Question


def holdings(version: str, items: Sequence[Question], summary: Summary) -> Report:
    """Two tables over the bank's *items* of a version: its domains, and the topics.

    Raises LookupError for an unknown version.
    """
    return Report((_domains(version, items), _topics(items, summary)))


def _domains(version: str, items: Sequence[Question]) -> Handout:
    exam, shares = exam_version(version), weights(exam_version(version))
    held = Counter(domain_of(one, version) for one in items)
    length = most(items, version, blueprint().mock.items)
    asked = seats(shares, length)
    rows = [
        [f"{share} %", str(asked[number]), str(held[number]), f"{number} {domain.title}"]
        for (number, share), domain in zip(shares.items(), exam.domain, strict=True)
    ]
    lead = f"{exam.exam}, used {exam.used}. Items in a mock, {length} together, and in the bank:"
    return Handout(lead, ("weight", "mock", "bank", "domain"), rows)


def _topics(items: Sequence[Question], summary: Summary) -> Handout:
    right = {id for (_, id), item in summary.items.items() if item.scored and item.right}
    rows = []
    for name, topic in blueprint().topic.items():
        held = [one.id for one in items if one.topic == name]
        if held:
            count = len(right.intersection(held))
            rows.append([name, f"{count} of {len(held)}", topic.title])
    last = (
        "A question counts as right once you had it right, in a lesson, in practice or in a mock."
    )
    return Handout("", ("topic", "you had right", "what it is about"), rows, last)
