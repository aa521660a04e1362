"""A row: several short questions in one place, one shown at a time.

What is answered is each question's own: the journal, the hints and the warm-up
know nothing of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from course.checkpoints.checkpoint import State, Told
from course.checkpoints.form import Form
from course.checkpoints.item import Item
from course.questions.grading import BadResponse


class Asked(Protocol):
    """What can stand in a row: it is shown, answered by a line of code, and done at some time."""

    state: State

    @property
    def done(self) -> bool: ...

    def form(self) -> Form: ...

    def listen(self, listener: Callable[[], None]) -> None: ...

    def answer(self, answer: str, /) -> Told: ...

    def respond(self, ids: Sequence[str]) -> None: ...

    def hint(self) -> Told: ...

    def solution(self) -> Told: ...


One = TypeVar("One", bound=Asked)


class Row(Item, Generic[One]):
    """Questions one after the other; made by ``lesson.checkpoint(id, id, ...)``.

    It opens at the first that is not right yet. ``.answer("b")`` answers the one
    shown, ``.answer("b", "a c")`` that and the next; ``.move(1)`` goes on, and
    ``row[2]`` is the third.
    """

    one, so_far = "Question", "right"

    def __init__(self, asked: Sequence[One]) -> None:
        super().__init__()
        self.asked = tuple(asked)
        open_ = [n for n, one in enumerate(self.asked) if not one.done]
        self._place = open_[0] if open_ else 0
        for one in self.asked:
            one.listen(self._changed)

    def __getitem__(self, place: int) -> One:
        return self.asked[place]

    def __len__(self) -> int:
        return len(self.asked)

    def __repr__(self) -> str:
        done = len([one for one in self.asked if one.done])
        where = f"{self.one} {self._place + 1} of {len(self)}, {done} {self.so_far} so far."
        return f"{where} On: .move(1)\n{self._shown!r}"

    @property
    def _shown(self) -> One:
        return self.asked[self._place]

    @property
    def state(self) -> State:
        """The state of the question shown: the view tells its notices there."""
        return self._shown.state

    def form(self) -> Form:
        shown = self._shown.form()
        return replace(shown, one=self.one, place=self._place + 1, places=len(self))

    def move(self, by: int) -> "Row[One]":
        """Show the question that many places on; at either end it stays. Returns the row."""
        self._place = min(max(self._place + by, 0), len(self) - 1)
        self._changed()
        return self

    def answer(self, *answers: str) -> Told:
        """Answer the question shown, and with more answers those that follow, as a checkpoint.

        Raises BadResponse for an answer that a question cannot have, or for more
        answers than there are questions left.
        """
        left = len(self) - self._place
        if len(answers) > left:
            raise BadResponse(f"{len(answers)} answers for the {left} questions from here on.")
        told: list[str] = []
        for number, answer in enumerate(answers):
            self.move(min(number, 1))
            told.extend(self._shown.answer(answer).lines)
        return Told(tuple(told))

    def respond(self, ids: Sequence[str]) -> None:
        self._shown.respond(ids)

    def hint(self) -> Told:
        return self._shown.hint()

    def solution(self) -> Told:
        return self._shown.solution()
