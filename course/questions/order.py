"""The order in which options are shown, and the letters that go with it.

The seed belongs to the notebook or the workshop, so that "option B" means the
same on every screen in the room; answers are kept by option id.
"""

from random import Random
from string import ascii_lowercase

from course.questions.model import Option, Question


def shown(question: Question, seed: str) -> tuple[Option, ...]:
    """The options in the order shown. An ordering question is never shown solved."""
    options = list(question.options)
    if question.keep_order and question.kind != "ordering":
        return tuple(options)
    chance = Random(f"{seed}/{question.id}")
    chance.shuffle(options)
    if question.kind == "ordering" and options == list(question.options):
        options.append(options.pop(0))
    return tuple(options)


def ids_for(answer: str, options: tuple[Option, ...]) -> list[str]:
    """Option ids for an answer in letters or ids: ``"b"``, ``"b d"``, ``"b,d"``, ``"bd"``, ``"b)"``, an id.

    What is neither is left as it stands, for grading to refuse by name.
    """
    letters = dict(zip(ascii_lowercase, (option.id for option in options), strict=False))
    known = {option.id for option in options}
    words = [word.strip("().") for word in answer.replace(",", " ").split()]
    if len(words) == 1 and set(words[0].lower()) <= set(letters):  # no id reads so: see content
        words = list(words[0])
    return [word if word in known else letters.get(word.lower(), word) for word in words]
