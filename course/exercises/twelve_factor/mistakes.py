"""Repairs that people would try, and that leave one factor broken: they prove the check."""

import shutil
from collections.abc import Callable
from pathlib import Path

from course.exercises.exercise import WrongSolution
from course.exercises.twelve_factor.solution import solve


def _edited(file: str, old: str, new: str) -> Callable[[Path], None]:
    """The whole repair, but for one text in one file."""

    def act(folder: Path) -> None:
        solve(folder)
        path = folder / "kitchen" / file
        text = path.read_text("utf-8")
        if old not in text:
            raise ValueError(f"{file} has no {old!r} to change")
        path.write_text(text.replace(old, new, 1), "utf-8")

    return act


def _a_copy_for_staging(folder: Path) -> None:
    solve(folder)
    kitchen = folder / "kitchen"
    shutil.copy(kitchen / "app.py", kitchen / "app_staging.py")


def _a_memory_as_well(folder: Path) -> None:
    solve(folder)
    app = folder / "kitchen" / "app.py"
    text = app.read_text("utf-8").replace("        orders = conn", "        conn")
    app.write_text(text.replace("    #(", "    orders.append("), "utf-8")


def _wrong(factor: str, what: str, message: str, file: str, old: str, new: str) -> WrongSolution:
    return WrongSolution(what, _edited(file, old, new), factor, message)


APP = "app.py"
SERVER = "    server = make_server"

MISTAKES = (
    WrongSolution("a copy for staging", _a_copy_for_staging, "I", "app_staging.py"),
    _wrong("II", "any version", "flask has no ==", "requirements.txt", "flask==3.1.3", "flask"),
    _wrong("V", "builds at start", "builds as it runs", "Procfile", "web: ", "web: python build.py && "),
    _wrong("X", "asks for the stage", "'prod'", APP, "app = Flask", "LIVE = STAGE == 'prod'\napp = Flask"),
    _wrong("VII", "a fixed port", "it binds 8000", APP, 'int(os.environ["PORT"])', "8000"),
    _wrong("III", "a name in the code", "KITCHEN from", APP, 'os.environ["KITCHEN"]', '"Harbour"'),
    _wrong("IV", "a file of its own", "another database", APP, 'os.environ["DATABASE_URL"].removeprefix("sqlite://")', '"orders.db"'),
    _wrong("VIII", "one at a time", "a second web process", APP, SERVER, f"    open('lock', 'x')\n{SERVER}"),
    WrongSolution("a memory as well", _a_memory_as_well, "VI", "another has not"),
    _wrong("IX", "ignores SIGTERM", "still runs", APP, "lambda *_: stop.start()", "signal.SIG_IGN"),
    _wrong("XI", "a log file", "leaves no line in the stream", APP, "stream=sys.stdout", 'filename="kitchen.log"'),
    _wrong("XII", "migrates at start", "migrates too", APP, SERVER, f"    create_table()\n{SERVER}"),
)  # fmt: skip
