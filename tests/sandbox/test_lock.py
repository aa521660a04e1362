"""The world's lock: re-entrant, and handed on in the order of asking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from course.sandbox.lock import FairLock

PATIENCE = 10  # wall seconds after which a thread is stuck; never waited for when all is well


@contextmanager
def thread(run: Callable[[], Any]) -> Iterator[Thread]:
    started = Thread(target=run, daemon=True)
    started.start()
    yield started
    started.join(PATIENCE)
    assert not started.is_alive(), "a thread is stuck"


def until_waiting(lock: FairLock, count: int) -> None:
    """Spin until that many threads stand in the queue; they need no lock to get there."""
    for _ in range(10_000_000):
        if lock.waiting >= count:
            return
    pytest.fail(f"{lock.waiting} of {count} threads are waiting")


def test_one_thread_may_take_it_again() -> None:
    lock = FairLock()
    with lock, lock:
        assert repr(lock) == "FairLock(held, 0 waiting)"
    assert repr(lock) == "FairLock(free, 0 waiting)"


def test_a_busy_loop_and_a_newcomer_take_turns() -> None:
    """The loop never lets go for long, and the other thread still gets every second turn."""
    lock, turns = FairLock(), []

    def newcomer() -> None:
        for _ in range(5):
            with lock:
                turns.append("newcomer")

    lock.acquire()
    with thread(newcomer):
        for _ in range(5):
            until_waiting(lock, 1)
            lock.release()
            lock.acquire()  # at once, as a cell in a loop does
            turns.append("loop")
        lock.release()
    assert turns == ["newcomer", "loop"] * 5


def test_it_is_handed_on_in_the_order_of_asking() -> None:
    lock, order = FairLock(), []

    def ask(name: int) -> None:
        with lock:
            order.append(name)

    lock.acquire()
    askers = [Thread(target=ask, args=(name,), daemon=True) for name in range(4)]
    for count, asker in enumerate(askers, 1):
        asker.start()
        until_waiting(lock, count)
    lock.release()
    for asker in askers:
        asker.join(PATIENCE)
    assert order == [0, 1, 2, 3]


def test_inner_turns_do_not_hand_it_on() -> None:
    lock, order = FairLock(), []

    def ask() -> None:
        with lock:
            order.append("asker")

    with lock, thread(ask) as asker:
        until_waiting(lock, 1)
        with lock:
            pass
        order.append("owner")
        lock.release()
        asker.join(PATIENCE)
        lock.acquire()
    assert order == ["owner", "asker"]


class Interrupted(Exception):
    """Stands for the KeyboardInterrupt of a stopped cell."""


def test_who_gives_up_waiting_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FairLock()
    with thread(lock.acquire):
        pass
    monkeypatch.setattr("course.sandbox.lock.Lock", InterruptedWait)
    with pytest.raises(Interrupted):
        lock.acquire()
    assert lock.waiting == 0


class InterruptedWait:
    """A lock whose second acquiring, the waiting one, is interrupted."""

    def __init__(self) -> None:
        self.taken = False

    def acquire(self) -> None:
        if self.taken:
            raise Interrupted
        self.taken = True


def test_an_interrupt_at_the_moment_of_handing_over_passes_it_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = FairLock()

    class HandedOver(InterruptedWait):
        def acquire(self) -> None:
            if self.taken:
                lock._hand_over()
            super().acquire()

        def release(self) -> None: ...

    with thread(lock.acquire):
        pass
    monkeypatch.setattr("course.sandbox.lock.Lock", HandedOver)
    with pytest.raises(Interrupted):
        lock.acquire()
    assert repr(lock) == "FairLock(free, 0 waiting)"


def test_only_its_owner_may_release_it() -> None:
    with pytest.raises(RuntimeError, match="does not have it"):
        FairLock().release()
