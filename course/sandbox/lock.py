"""The world's lock: whoever has waited longest comes next.

A cell that calls in a loop gives a plain lock back and takes it again before
anybody else wakes up: beside such a loop the endpoint answered one call in four
seconds. Here the lock is handed to the first in the queue, so two threads that
both want it take turns.
"""

from collections import deque
from threading import Lock, get_ident


class FairLock:
    """A re-entrant lock that is given to waiting threads in the order they came."""

    def __init__(self) -> None:
        self._guard = Lock()  # held for a few lines at a time, never while waiting
        self._owner: int | None = None
        self._depth = 0
        self._queue: deque[tuple[int, Lock]] = deque()

    def __repr__(self) -> str:
        return f"FairLock({'held' if self._owner else 'free'}, {len(self._queue)} waiting)"

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *exc: object) -> None:
        self.release()

    @property
    def waiting(self) -> int:
        """How many threads stand in the queue."""
        return len(self._queue)

    def acquire(self) -> None:
        """Take the lock, or one more turn of it in the thread that has it; waits for its place."""
        me = get_ident()
        with self._guard:
            if self._owner in (None, me):
                self._owner = me
                self._depth += 1
                return
            called = Lock()
            called.acquire()
            self._queue.append((me, called))
        try:
            called.acquire()  # until a release hands the lock over
        except BaseException:  # a cell interrupted while it waits must not block the others
            self._give_up(me, called)
            raise

    def release(self) -> None:
        """Give one turn back; the last one hands the lock to the first in the queue.

        Raises RuntimeError in a thread that does not have it.
        """
        with self._guard:
            if self._owner != get_ident():
                raise RuntimeError(
                    "the world's lock was released by a thread that does not have it"
                )
            self._depth -= 1
            if not self._depth:
                self._hand_over()

    def _hand_over(self) -> None:
        self._owner = None
        if self._queue:
            self._owner, called = self._queue.popleft()
            self._depth = 1
            called.release()

    def _give_up(self, me: int, called: Lock) -> None:
        """Leave the queue, or pass on what was handed over at the same moment."""
        with self._guard:
            if (me, called) in self._queue:
                self._queue.remove((me, called))
            elif self._owner == me:
                self._depth = 0
                self._hand_over()
