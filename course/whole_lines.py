"""A file of lines that is only ever added to: each is on disk when the call returns, or there was an error.

What a killed process leaves is at worst a torn last line, and the next one gets a
line of its own. The journal of progress and the ledger of LIVE are such files.
"""

import errno
import os
from pathlib import Path


def append(path: Path, lines: bytes) -> None:
    """Write whole lines as they stand, in one call, so that lines of two kernels never mix.

    Returns when they are on disk. Raises OSError when they are not, or not all.
    """
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0) as file:
        start = b"" if _ends_whole(path) else b"\n"
        written = file.write(start + lines)
        if written < len(start + lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())


def _ends_whole(path: Path) -> bool:
    """Whether the file is empty or ends with a newline; a torn line gets its end first."""
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
