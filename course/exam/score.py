"""What an attempt was worth: by domain and by topic, the weakest first; sure but wrong before all.

A percentage, and never a scaled score: AWS scales its own exam from 100 to 1000,
nobody outside knows how, and this one asks about containers only. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from course.exam.attempt import Attempt, Given
from course.exam.blueprint import domain_of
from course.questions.grading import BadResponse, Outcome, grade
from course.questions.model import Question


@dataclass(frozen=True)
class Answered:
    """One item of an attempt with what became of it."""

    place: int
    question: Question
    given: Given
    outcome: Outcome

    @property
    def right(self) -> bool:
        return self.outcome is Outcome.RIGHT

    @property
    def sure_but_wrong(self) -> bool:
        return self.given.confidence == "sure" and bool(self.given.response) and not self.right


@dataclass(frozen=True)
class Share:
    """How many of a domain's or topic's items were right."""

    name: str
    right: int
    asked: int

    @property
    def percent(self) -> int:
        return percent(self.right, self.asked)


@dataclass(frozen=True)
class Score:
    """An attempt graded. Items that the bank no longer has are *withdrawn*, and count for nothing."""

    items: tuple[Answered, ...]
    withdrawn: tuple[str, ...]
    version: str

    @property
    def right(self) -> int:
        return len([one for one in self.items if one.right])

    @property
    def percent(self) -> int:
        return percent(self.right, len(self.items))

    def by_domain(self) -> tuple[Share, ...]:
        """The domains, the weakest first."""
        return self._shares(lambda one: str(domain_of(one.question, self.version) or "-"))

    def by_topic(self) -> tuple[Share, ...]:
        """The topics, the weakest first."""
        return self._shares(lambda one: one.question.topic)

    def _shares(self, name: Callable[[Answered], str]) -> tuple[Share, ...]:
        grouped: dict[str, list[Answered]] = defaultdict(list)
        for one in self.items:
            grouped[name(one)].append(one)
        shares = [
            Share(name, len([one for one in group if one.right]), len(group))
            for name, group in grouped.items()
        ]
        return tuple(sorted(shares, key=lambda share: (share.right / share.asked, share.name)))

    def missed(self) -> tuple[Answered, ...]:
        """What was not right: first what the learner was sure of, then the rest, weakest topic first."""
        rank = {share.name: place for place, share in enumerate(self.by_topic())}
        wrong = [one for one in self.items if not one.right]
        return tuple(
            sorted(
                wrong,
                key=lambda one: (not one.sure_but_wrong, rank[one.question.topic], one.place),
            )
        )


def percent(right: int, asked: int) -> int:
    """Whole percent, rounded down: 100 is all of them."""
    return 100 * right // asked if asked else 0


def score(attempt: Attempt, bank: Mapping[str, Question]) -> Score:
    """Grade an attempt with the questions as they are now; an item left open is wrong, as AWS has it."""
    items, withdrawn = [], []
    for place, id in enumerate(attempt.terms.items, 1):
        given = attempt.answers.get(id, Given(()))
        if id not in bank:
            withdrawn.append(id)
            continue
        items.append(Answered(place, bank[id], given, _outcome(bank[id], given.response)))
    return Score(tuple(items), tuple(withdrawn), attempt.terms.version)


def _outcome(question: Question, response: Sequence[str]) -> Outcome:
    """What an answer is worth in an exam: all of it right, or nothing."""
    try:
        return grade(question, response).outcome
    except BadResponse:  # the options have changed since
        return Outcome.WRONG
