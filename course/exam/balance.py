"""Where the right answers stand: by letter, over many drawn exams. Pure.

Options are shuffled by the seed of an attempt, so no letter should win. Items that keep
their order are what could tilt it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from course.exam.draw import draw, most
from course.questions.model import Question
from course.questions.order import shown


def places(pool: Sequence[Question], version: str, exams: int, items: int = 65) -> dict[str, float]:
    """The share of each letter among the right answers of single choice, over so many drawn exams."""
    longest = most(pool, version, items)
    letters: Counter[str] = Counter()
    for number in range(exams):
        for item in draw(pool, version, str(number), longest):
            if item.kind == "single":
                letters[_letter(item, f"{version}/{number}")] += 1
    return {letter: count / letters.total() for letter, count in sorted(letters.items())}


def _letter(item: Question, seed: str) -> str:
    order = [option.id for option in shown(item, seed)]
    return ascii_uppercase[order.index(item.key[0])]


def even(shares: Mapping[str, float]) -> bool:
    """Whether each of four letters has 20 to 30 percent."""
    return len(shares) == 4 and all(0.2 <= share <= 0.3 for share in shares.values())
