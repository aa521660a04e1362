"""Practice: exam items with feedback at once, by topic, by lesson, by what is weak, or a quick ten. Pure.

Beside them questions with other values each time, which no memory of an answer helps with.

The order is by need: what was answered and is not right, then what was never
asked, then what was right, the longest ago first.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from random import Random

from course.exam.blueprint import blueprint, exam_version
from course.exam.how_many import how_many
from course.exam.pool import exam_items, items_for
from course.progress.summary import Summary
from course.questions.families.family import PREFIX, SEEDS, instances
from course.questions.model import Question


class NothingToPractise(LookupError):
    """No item is left by what was asked for; the message says what there is."""


def chosen(
    questions: Mapping[str, Question],
    summary: Summary,
    *,
    topic: str = "",
    lesson: str = "",
    exam: str = "",
    weak: bool = False,
    items: int = 10,
) -> tuple[Question, ...]:
    """So many items to practise, those most needed first. With *weak*, only those not right yet.

    Raises LookupError for a topic, a lesson or a version that there is not, and NothingToPractise.
    """
    how_many(items)
    pool = list(items_for(questions, _known_version(exam)) if exam else exam_items(questions))
    if topic:
        pool = [one for one in pool if one.topic == _known_topic(topic)]
    if lesson:
        pool = [one for one in pool if one.objective.partition("/")[0] == lesson]
    if weak:
        pool = [one for one in pool if _need(one, summary) == 0]
    if not pool:
        raise NothingToPractise(_what_there_is(questions, lesson, weak))
    seed = sum(item.attempts for item in summary.items.values())
    Random(f"practice/{seed}").shuffle(pool)
    pool.sort(key=lambda one: _need(one, summary))
    return tuple(pool[:items])


def varied(summary: Summary, *, topic: str = "", items: int = 5) -> tuple[Question, ...]:
    """So many questions with values of their own, one of a family, the families most needed first.

    The values are others once one was answered. Raises LookupError for a topic that there is
    not, NothingToPractise for one that no family belongs to.
    """
    how_many(items)
    answered = {id: item for (_, id), item in summary.items.items() if id.startswith(PREFIX)}
    chance = Random(f"variations/{sum(item.attempts for item in answered.values())}")
    pool = list(instances(chance.randrange(SEEDS)))
    topics = sorted({one.topic for one in pool})
    if topic:
        pool = [one for one in pool if one.topic == _known_topic(topic)]
    if not pool:
        raise NothingToPractise(
            f"No question with values belongs to {topic!r}; there are some of {', '.join(topics)}."
        )
    newest = {_family(id): item.right for id, item in answered.items()}
    chance.shuffle(pool)
    pool.sort(key=lambda one: {False: 0, None: 1, True: 2}[newest.get(_family(one.id))])
    return tuple(pool[:items])


def _family(id: str) -> str:
    return id.rpartition("-")[0]


def _known_version(exam: str) -> str:
    exam_version(exam)
    return exam


def _known_topic(topic: str) -> str:
    topics = blueprint().topic
    if topic in topics:
        return topic
    near = get_close_matches(topic, topics, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(topics)}."
    raise LookupError(f"There is no topic {topic!r}; {hint}")


def _need(question: Question, summary: Summary) -> int:
    """0 answered and not right, 1 never asked, 2 right before."""
    answers = [item for (_, id), item in summary.items.items() if id == question.id and item.scored]
    if not answers:
        return 1
    return 2 if any(item.right for item in answers) else 0


def _what_there_is(questions: Mapping[str, Question], lesson: str, weak: bool) -> str:
    if weak:
        return "Nothing is weak: no exam item was answered and is not right. Leave weak=True out."
    lessons: Sequence[str] = sorted(
        {one.objective.partition("/")[0] for one in exam_items(questions)}
    )
    return f"No exam item belongs to lesson {lesson!r}; there are items of {', '.join(lessons)}."
