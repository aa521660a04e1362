"""How long each notebook takes from its first cell to its last, in a kernel of its own, unanswered.

What ``python3 -m course bench`` and a test run pay for the lessons: a figure to
compare on one machine, and nothing to pass or fail. The kernel's start is counted.
"""

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

SLOWEST = 3


def notebook_times(folder: Path) -> dict[str, float]:
    """Wall seconds of each notebook in the folder, by its name; a cell that fails unasked raises.

    The learner's own progress is neither read nor written.
    """
    kept = os.environ.get("COURSE_DATA_DIR")
    with TemporaryDirectory(prefix="course-bench-") as progress:
        os.environ["COURSE_DATA_DIR"] = progress
        try:
            return {path.stem: _seconds(path) for path in sorted(folder.glob("*.ipynb"))}
        finally:
            os.environ.pop("COURSE_DATA_DIR")
            if kept is not None:
                os.environ["COURSE_DATA_DIR"] = kept


def _seconds(path: Path) -> float:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    kernel = client.create_kernel_manager()
    assert kernel.kernel_spec is not None
    kernel.kernel_spec.argv[0] = sys.executable  # whatever other python3 kernel the user has
    with TemporaryDirectory(prefix="course-bench-") as place:
        start = time.perf_counter()
        client.execute(cwd=place)
        return time.perf_counter() - start


def lines(seconds: dict[str, float]) -> list[str]:
    """The whole, and the slowest three with their share of it."""
    whole = sum(seconds.values())
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:SLOWEST]
    told = [f"{f'{len(seconds)} notebooks from the top, s':48}{whole:10.2f}"]
    return told + [
        f"  {name:46}{seconds[name]:10.2f}{seconds[name] / whole:8.0%}" for name in slowest
    ]
