"""A row: several short questions in one place, one shown at a time.

What is answered is each question's own: the journal, the hints and the warm-up
know nothing of rows.
"""

from collections.abc import Sequence
from dataclasses import replace

from course.checkpoints.checkpoint import Checkpoint, State, Told
from course.checkpoints.form import Form
from course.checkpoints.item import Item
from course.questions.grading import BadResponse, Outcome


class Row(Item):
    """Questions one after the other; made by ``lesson.checkpoint(id, id, ...)``.

    It opens at the first that is not right yet. ``.answer("b")`` answers the one
    shown, ``.answer("b", "a c")`` that and the next; ``.move(1)`` goes on, and
    ``row[2]`` is the third.
    """

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        super().__init__()
        self.checkpoints = tuple(checkpoints)
        open_ = [n for n, one in enumerate(self.checkpoints) if not _is_right(one)]
        self._place = open_[0] if open_ else 0
        for one in self.checkpoints:
            one.listen(self._changed)

    def __getitem__(self, place: int) -> Checkpoint:
        return self.checkpoints[place]

    def __len__(self) -> int:
        return len(self.checkpoints)

    def __repr__(self) -> str:
        right = len([one for one in self.checkpoints if _is_right(one)])
        head = f"Question {self._place + 1} of {len(self)}, {right} right so far. On: .move(1)"
        return f"{head}\n{self._shown!r}"

    @property
    def _shown(self) -> Checkpoint:
        return self.checkpoints[self._place]

    @property
    def state(self) -> State:
        """The state of the question shown: the view tells its notices there."""
        return self._shown.state

    def form(self) -> Form:
        return replace(self._shown.form(), place=self._place + 1, places=len(self))

    def move(self, by: int) -> "Row":
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


def _is_right(checkpoint: Checkpoint) -> bool:
    return checkpoint.state.outcome == Outcome.RIGHT
