"""What may be wrong with exam items though each can be read: duplicates, leaks, habits, missing sources. Pure.

A finding names the rule, the item, and what to do. ``python3 -m course questions --lint`` prints them all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from course.curriculum.exam import versions
from course.exam.blueprint import blueprint
from course.exam.pool import has_exam_form
from course.exam.similar import Words, near_duplicates, words
from course.questions.misconceptions import misconceptions
from course.questions.model import Option, Question

LEAKING = 5
"""So many words of a right option in the stem, one after the other, and of no wrong one, give it away."""

LONGER = 1.6
"""A right option may be so many times as long as the longest wrong one."""

WORDY = 25
"""Only from so many letters on: among numbers and names length says nothing."""

LONGEST = 0.4
"""Of the items at most this share may have a right option that is longer than all others."""

PAGES = ("docs.aws.amazon.com", "12factor.net", "docs.docker.com")
"""Where the first source of an item leads: AWS's documentation, the twelve factors' page, or Docker's."""

NEVER = ("of the above", "of the below", "both a and b", "option a")


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found: which *rule*, in which *item* ("" for the bank as a whole)."""

    rule: str
    item: str
    says: str

    def __str__(self) -> str:
        return f"{self.item or 'the bank'}: {self.rule}: {self.says}"


Told = Iterator[tuple[str, str]]
"""Pairs of an item's id and what is wrong with it."""


def findings(items: Sequence[Question], rules: Sequence[str] = ()) -> list[Finding]:
    """What every rule, or those named, found in the exam items."""
    chosen = rules or tuple(RULES)
    return [Finding(rule, id, says) for rule in chosen for id, says in RULES[rule](items)]


def duplicates(items: Sequence[Question]) -> Told:
    """Two items that ask nearly the same."""
    for one, other, alike in near_duplicates(items):
        yield (
            one.id,
            f"asks nearly what {other.id} asks, {alike:.0%} of the words: ask something else.",
        )


def leaks(items: Sequence[Question]) -> Told:
    """A right option whose words stand in the stem, and no wrong option's do."""
    for item in items:
        stem = words(item.stem)
        runs = {option.id: _longest_run(words(option.text), stem) for option in item.options}
        wrong = max(len(runs[option.id]) for option in item.options if not option.right)
        for option in (one for one in item.options if one.right):
            if len(runs[option.id]) >= LEAKING and wrong < len(runs[option.id]) - 1:
                yield (
                    item.id,
                    f"the stem says {' '.join(runs[option.id])!r}, as {option.id} does alone.",
                )


def _longest_run(text: Words, stem: Words) -> Words:
    """The longest row of a text's words that stands in the stem, too."""
    rows = (
        text[start:end]
        for start in range(len(text))
        for end in range(len(text), start, -1)
        if any(stem[at : at + end - start] == text[start:end] for at in range(len(stem)))
    )
    return max(rows, key=len, default=())


def lengths(items: Sequence[Question]) -> Told:
    """A right option that is far longer than every wrong one, and a habit of being the longest."""
    longest = [item for item in items if _excess(item) > 1]
    for item in longest:
        if _excess(item) > LONGER and max(map(_length, item.options)) > WORDY:
            yield item.id, f"a right option is {_excess(item):.1f} times as long as any wrong one."
    if len(longest) > LONGEST * len(items):
        yield "", f"in {len(longest)} of {len(items)} items a right option is the longest."


def _excess(item: Question) -> float:
    """How long the longest right option is, against the longest wrong one."""

    def longest(right: bool) -> int:
        return max(_length(one) for one in item.options if one.right is right)

    return longest(True) / longest(False)


def _length(option: Option) -> int:
    return len(option.text)


def forms(items: Sequence[Question]) -> Told:
    """An item that is not asked as AWS's exam asks, or that names what there is not."""
    topics = blueprint().topic
    for item in items:
        if not has_exam_form(item):
            yield item.id, "an item has one right of 4 options, or several of 5 or more."
        if item.topic not in topics:
            yield item.id, f"topic: {item.topic!r} is not in the blueprint: {', '.join(topics)}."
        for tag in item.exam:
            short, _, task = tag.partition(":")
            if short not in versions() or task not in versions()[short].tasks:
                yield item.id, f"exam: {tag!r} is no task statement; write one such as C03:3.3."
        for option in item.options:
            said = option.text.casefold()
            yield from ((item.id, f"{option.id} says {one!r}.") for one in NEVER if one in said)


def sources(items: Sequence[Question]) -> Told:
    """A source without an address, or an item that leads to no page of documentation."""
    for item in items:
        for one in item.sources:
            if not one.url.startswith("https://"):
                yield item.id, f"sources: {one.title!r} has no address (url)."
        if urlsplit(item.sources[0].url).hostname not in PAGES:
            yield item.id, f"sources: the first leads to none of {', '.join(PAGES)}."


def tested(items: Sequence[Question]) -> Told:
    """A wrong idea that no option is made of, and an option that names one which there is not."""
    known = misconceptions()
    named = [(item, option) for item in items for option in item.options if option.misconception]
    for item, option in named:
        if option.misconception not in known:
            yield item.id, f"{option.id}: there is no misconception {option.misconception}."
        elif option.right:
            yield (
                item.id,
                f"{option.id} is right, and is said to be misconception {option.misconception}.",
            )
    used = {option.misconception for _, option in named}
    for id in untested(used):
        yield "", f"{id} is the idea of no option: {known[id].belief}."


def untested(used: set[str]) -> list[str]:
    """The ids of the misconceptions that are not among those used."""
    return [id for id in misconceptions() if id not in used]


def ideas(options: Sequence[Option]) -> set[str]:
    """The ids of the misconceptions that options are made of."""
    return {one.misconception for one in options if one.misconception}


RULES: dict[str, Callable[[Sequence[Question]], Told]] = {
    "duplicates": duplicates,
    "leaks": leaks,
    "lengths": lengths,
    "forms": forms,
    "sources": sources,
    "misconceptions": tested,
}
"""Each rule by its name."""
