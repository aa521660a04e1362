"""Drawing an exam: items by the weights of the domains, and within a domain by topic.

The same seed draws the same exam from the same bank; no item comes twice. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

from course.exam.blueprint import domain_of, exam_version, seats, weights
from course.questions.model import Question


class TooFewItems(LookupError):
    """A domain has fewer items than the exam asks for; the message says how many there are."""


def most(pool: Sequence[Question], version: str, at_most: int) -> int:
    """The longest exam, up to *at_most* items, that the pool fills by the version's weights."""
    held = Counter(domain_of(question, version) for question in pool)
    shares = weights(exam_version(version))
    lengths = range(at_most, 0, -1)
    fits = (
        items
        for items in lengths
        if all(held[domain] >= wanted for domain, wanted in seats(shares, items).items())
    )
    return next(fits, 0)


def draw(pool: Sequence[Question], version: str, seed: str, items: int) -> tuple[Question, ...]:
    """So many items of the pool, shared out by the version's domain weights, in a shuffled order.

    Raises TooFewItems, and LookupError for an unknown version.
    """
    chance = Random(f"{version}/{seed}/{items}")
    by_domain: dict[int, list[Question]] = defaultdict(list)
    for question in sorted(pool, key=lambda one: one.id):
        domain = domain_of(question, version)
        if domain is not None:
            by_domain[domain].append(question)
    drawn: list[Question] = []
    for domain, wanted in seats(weights(exam_version(version)), items).items():
        held = by_domain[domain]
        if len(held) < wanted:
            raise TooFewItems(
                f"{version} has {wanted} of {items} items in domain {domain}, and the bank holds "
                f"{len(held)}: ask for fewer items."
            )
        drawn += _spread(held, wanted, chance)
    chance.shuffle(drawn)
    return tuple(drawn)


def _spread(held: Sequence[Question], wanted: int, chance: Random) -> list[Question]:
    """So many of those held, each topic by its share: every n-th of the topics laid end to end."""
    by_topic: dict[str, list[Question]] = defaultdict(list)
    for question in held:
        by_topic[question.topic].append(question)
    topics = sorted(by_topic)
    chance.shuffle(topics)
    laid: list[Question] = []
    for topic in topics:
        chance.shuffle(by_topic[topic])
        laid += by_topic[topic]
    if not wanted:
        return []
    step = len(laid) / wanted
    start = chance.random() * step
    places = (min(int(start + number * step), len(laid) - 1) for number in range(wanted))
    return [laid[place] for place in places]
