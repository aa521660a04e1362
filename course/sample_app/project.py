"""A project of the sample app as a notebook uses it: a copy of its own, and processes started from it."""

import shutil
import tempfile
from pathlib import Path
from typing import Self

from course.sample_app import processes
from course.sample_app.checker import check
from course.sample_app.findings import Findings
from course.sample_app.processes import Process, procfile

SHIPPED = Path(__file__).with_name("projects")
PASSED_OVER = shutil.ignore_patterns("__pycache__")


class Project:
    """The app ``honest`` or its twin ``broken``, in a folder that goes with it.

    Raises LookupError for another name. *database* is the URL of a file in that folder,
    outside the app: what a database server would be on AWS.
    """

    def __init__(self, name: str) -> None:
        source = shipped(name)
        self._folder = tempfile.TemporaryDirectory(prefix="course-project-")
        self.name = name
        self.folder = Path(
            shutil.copytree(source, Path(self._folder.name, name), ignore=PASSED_OVER)
        )
        self.database = f"sqlite://{Path(self._folder.name, 'orders.db').as_posix()}"
        self._started: list[Process] = []

    def __repr__(self) -> str:
        types = [f"  {name}: {command}" for name, command in procfile(self.folder).items()]
        return "\n".join([f"The {self.name} app; its types of process:", *types])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def start(self, name: str, **environ: str) -> Process:
        """Start a process of a type in the Procfile, with this environment and nothing more.

        Raises ProcessError for a type that there is not.
        """
        self._started.append(processes.start(self.folder, name, **environ))
        return self._started[-1]

    def check(self) -> Findings:
        """What the twelve-factor checker finds: it reads the code, and runs a copy for some seconds."""
        return check(self.folder)

    def free_port(self) -> str:
        """A port nobody listens on, as text: an environment holds texts."""
        return processes.free_port()

    def close(self) -> None:
        """End every process started from it, and remove the copy; twice is no error."""
        while self._started:
            self._started.pop().__exit__()
        self._folder.cleanup()


def shipped(name: str) -> Path:
    """The folder of a project that ships. Raises LookupError, which names those there are."""
    names = sorted(path.name for path in SHIPPED.iterdir() if path.is_dir())
    if name not in names:
        raise LookupError(f"There is no project {name!r}; there are: {', '.join(names)}.")
    return SHIPPED / name
