"""What a front end shows of an item, as plain data: the words, the controls, where it stands.

Pure: the view draws exactly this, and needs to know nothing about questions.
"""

from dataclasses import dataclass

NOT_YET = "Not attempted yet."


@dataclass(frozen=True)
class Choice:
    """One option or step on offer. *mark* is "right" or "not right" once it was graded."""

    id: str
    letter: str
    text: str
    mark: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Form:
    """One item as it stands.

    *kind* is single, multiple, ordering or text, and decides the controls;
    *asks* says what to do and *button* what the main button is called. With
    *hints_in_all* there is a Hint button, with *reveals* a Solution button. With
    *places* it is one of so many in a row, at *place*, and there are buttons to move; *one* is
    what each of them is called. A card that was turned has *ratings* to choose from, until
    *rating* is the one that was chosen.
    """

    kind: str
    stem: str
    asks: str
    button: str
    choices: tuple[Choice, ...] = ()
    response: tuple[str, ...] = ()
    text: str = ""
    outcome: str = ""
    summary: str = NOT_YET
    why: str = ""
    hints: tuple[str, ...] = ()
    hints_in_all: int = 0
    reveals: bool = False
    solution_title: str = "Solution"
    solution: tuple[str, ...] = ()
    notice: str = ""
    place: int = 0
    places: int = 0
    one: str = "Question"
    ratings: tuple[str, ...] = ()
    rating: str = ""
