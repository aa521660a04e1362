"""Answers a question over and over, for tests/progress/test_kill.py to end it with SIGKILL.

For each line read (a lesson's name) it forks; the child answers through a real
Checkpoint and writes a line only after an answer has returned.
"""

import itertools
import os
import sys
from pathlib import Path

from course.checkpoints.checkpoint import Checkpoint
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import load

BANK = load([Path(__file__).parents[1] / "questions" / "data" / "sample.toml"])


def answer_for_ever(folder: Path, lesson: str) -> None:
    question = BANK.question("sample-single-001")
    checkpoint = Checkpoint(question, Record(lesson, Journal(folder)), seed="kill")
    for number in itertools.count(1):
        told = checkpoint.answer("abcd"[number % 4])
        assert not checkpoint.state.notice, told
        os.write(1, b"answered\n")


for line in sys.stdin:
    child = os.fork()
    if not child:
        answer_for_ever(Path(sys.argv[1]), line.strip())
    os.write(1, f"pid {child}\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"ended\n")
