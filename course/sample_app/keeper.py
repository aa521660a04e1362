"""Runs one process of a project, and ends it when whoever started it is gone.

A program of its own, started by path with nothing but the standard library. Its
standard input is the leash: a line ``TERM`` or ``KILL`` is passed on as that
signal, and the end of the input (the kernel was stopped, or killed) ends the
process. As in a container, the end of the first process is the end of all that
it started, and the exit code is 128 + N for a process ended by signal N.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress


def keep(command: Sequence[str]) -> int:
    """Run *command* to its end and return its exit code as Docker and ECS tell it."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_obey, args=(process,), daemon=True).start()
    code = process.wait()
    _end_what_it_started(process.pid)
    return code if code >= 0 else 128 - code


def _end_what_it_started(group: int) -> None:
    if sys.platform != "win32":
        with suppress(ProcessLookupError):  # there may be nobody left
            os.killpg(group, signal.SIGKILL)


def _obey(process: "subprocess.Popen[bytes]") -> None:
    for line in sys.stdin:
        if line.strip() == "TERM":
            process.terminate()
        elif line.strip() == "KILL":
            process.kill()
    process.kill()


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
