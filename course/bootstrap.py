"""See to it that the course runs on a Python that has what it needs, standard library only.

A stranger has a clone and some Python. ``enter`` looks in this order:

1. the running environment already meets the ranges in ``pyproject.toml``
   (conda, Binder, a Hub, the course's own ``.venv``): it is used as it is;
2. ``.venv`` beside ``pyproject.toml`` is good: the command runs again in there;
3. otherwise ``.venv`` is made, the hashed lock installed into it, and then 2.

``.venv`` is good while the marker in it says so: written last, it holds the
locks' SHA-256 and where, on which system and for which Python it was made. A
``.venv`` without a marker is not ours and is never touched. ``COURSE_VENV``
names another place for it (a read-only checkout, a path too long for Windows),
and then that environment is used whatever the running one has.

This file parses on Python 3.8; see ``course/__main__``.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NoReturn, Optional, Tuple

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "py -m course" if os.name == "nt" else "python3 -m course"
OLDEST = (3, 11)

# What a verb needs, as the locks that have to be installed for it.
LESSONS = ("requirements.lock",)  # type: Tuple[str, ...]
TESTS = ("requirements.lock", "requirements-test.lock")  # type: Tuple[str, ...]
ANYTHING = ()  # type: Tuple[str, ...]
WHAT_IS_THERE = None  # .venv if it is good, else the running Python; nothing is installed

MARKER = "course-setup.json"
LOG = "course-setup.log"

_OFFLINE = re.compile(
    r"connection broken by|Failed to establish|name resolution|Name or service not known|"
    r"error sending request|dns error|tcp connect error|Network is unreachable|"
    r"ProxyError|ReadTimeout|Connection refused|timed out",
    re.IGNORECASE,
)


class SetupError(Exception):
    """What keeps the course from running here, and what to do about it, in one line."""


def too_old() -> Optional[str]:
    """Return one line if this Python is older than the course, else None."""
    if sys.version_info >= OLDEST:
        return None
    newer = ["python3.{}".format(minor) for minor in range(19, OLDEST[1] - 1, -1)]
    there = [name for name in newer if shutil.which(name) and _describe(Path(name))]
    hint = "install one from python.org"
    if os.name == "nt":
        hint += ", then: py -3 -m course"
    elif there:
        hint = "this machine has one: {} -m course".format(there[0])
    return "The course needs Python {}.{} or newer and this is {}.{}.{}; {}".format(
        *OLDEST, *sys.version_info[:3], hint
    )


def enter(needs: Optional[Tuple[str, ...]], arguments: List[str]) -> None:
    """Return if the running Python has what ``needs`` names; else start over where it has.

    Raises SetupError when neither is possible.
    """
    if needs == ANYTHING:
        return
    venv, here = venv_path(), _running_in(venv_path())
    if needs is WHAT_IS_THERE:
        if not here and _is_good(venv) and not _meets(LESSONS):
            _run_again(venv_python(venv), arguments)
        return
    ours = here and (venv / MARKER).exists()
    if not ours and not os.environ.get("COURSE_VENV"):
        if _meets(needs):
            return
        _refuse_to_guess(venv, needs)
    if here and why_rebuild(venv):
        # A venv cannot be remade from inside it: the Python it came from does that.
        _run_again(Path(getattr(sys, "_base_executable", sys.executable)), arguments)
    prepare(venv, needs)
    if not here:
        _run_again(venv_python(venv), arguments)


def _refuse_to_guess(venv: Path, needs: Tuple[str, ...]) -> None:
    if not (ROOT / LESSONS[0]).exists():
        if needs == TESTS:
            raise SetupError("The tests come with a git clone, not with the installed package.")
        lines = "; ".join(_missing(needs))
        raise SetupError("This environment cannot run the course as it is: {}".format(lines))
    if needs == TESTS and not venv.exists() and _meets(LESSONS):
        raise SetupError(
            "This environment has what lessons need, and lacks for the tests: {}. Install it with:"
            " {} -m pip install -r requirements-test.lock".format(
                "; ".join(_missing(TESTS)), Path(sys.executable).name
            )
        )


def _meets(needs: Tuple[str, ...]) -> bool:
    return not _missing(needs)


def _missing(needs: Tuple[str, ...]) -> List[str]:
    from course.requirements import unmet  # written for today's Python, so not at the top

    return unmet(ROOT, tests=needs == TESTS)


def venv_path() -> Path:
    """Return where the course's own environment is, or would be made."""
    return Path(os.environ.get("COURSE_VENV") or ROOT / ".venv").absolute()


def venv_python(venv: Path) -> Path:
    """Return the Python inside ``venv``, whether or not it exists."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _running_in(venv: Path) -> bool:
    return Path(sys.prefix).resolve() == venv.resolve()


def importing_course(environ: Dict[str, str]) -> Dict[str, str]:
    """Return ``environ`` with the checkout first on PYTHONPATH, as kernels need it.

    The checkout is not installed, and a kernel starts in the notebook's folder.
    """
    kept = [p for p in environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != str(ROOT)]
    if not (ROOT / "pyproject.toml").exists():  # installed as a package: importable anyway
        return dict(environ)
    return dict(environ, PYTHONPATH=os.pathsep.join([str(ROOT), *kept]))


def _run_again(python: Path, arguments: List[str]) -> NoReturn:
    command = [str(python), "-m", "course", *arguments]
    environ = importing_course(dict(os.environ))
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(str(python), command, environ)
    process = subprocess.Popen(command, env=environ)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:  # it went to the child too, which decides what it means
            continue


# Is .venv good?


def _is_good(venv: Path) -> bool:
    return (venv / MARKER).exists() and not why_rebuild(venv)


def why_rebuild(venv: Path) -> Optional[str]:
    """Return why ``venv`` cannot be used as it is, or None if it can (or is not there yet).

    Raises SetupError for a folder that the course did not make.
    """
    if not venv.exists() or not any(venv.iterdir()):
        return None
    if not (venv / MARKER).exists():
        raise SetupError(
            "{} was not made by the course, so it is left alone: start the course with its Python"
            " after installing requirements.lock there, or move it away.".format(venv)
        )
    marker = _read_marker(venv)
    locks = _installed(marker)
    if not locks:
        return "its set-up did not finish"
    now = _describe(venv_python(venv))
    if not now:
        return "its Python is gone (it was made on {} for Python {})".format(
            marker.get("platform"), marker.get("python")
        )
    for fact, before in (("prefix", "it was moved from {}"), ("platform", "it was made on {}")):
        if now[fact] != marker.get(fact):
            return before.format(marker.get(fact))
    if now["python"] != marker.get("python"):
        return "its Python went from {} to {}".format(marker.get("python"), now["python"])
    changed = [name for name in LESSONS if locks.get(name) != _digest(name)]
    return "{} changed".format(changed[0]) if changed else None


def _read_marker(venv: Path) -> Dict[str, object]:
    try:
        marker = json.loads((venv / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # torn while it was written
        return {}
    return marker if isinstance(marker, dict) else {}


def _installed(marker: Dict[str, object]) -> Dict[str, str]:
    """Return ``{lock: SHA-256}`` of the locks that went in whole."""
    locks = marker.get("locks")
    return locks if isinstance(locks, dict) else {}


def _write_marker(venv: Path, locks: Tuple[str, ...]) -> None:
    facts = _describe(venv_python(venv)) if locks else {}
    facts["locks"] = {name: _digest(name) for name in locks}
    (venv / MARKER).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _describe(python: Path) -> Dict[str, object]:
    """Ask a Python where it lives, on what, and its version; nothing if it does not run."""
    ask = (
        "import json, sys, sysconfig; print(json.dumps({'prefix': sys.prefix,"
        " 'platform': sysconfig.get_platform(), 'python': '%d.%d' % sys.version_info[:2]}))"
    )
    try:
        answer = subprocess.check_output([str(python), "-I", "-c", ask], stderr=subprocess.DEVNULL)
        facts = json.loads(answer.decode("utf-8"))  # type: Dict[str, object]
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    return facts


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


# Making it


def prepare(venv: Path, locks: Tuple[str, ...]) -> None:
    """Make ``venv`` good for ``locks``, saying what is done; nothing to say if it is."""
    reason = why_rebuild(venv)
    if reason:
        _say("Making {} anew: {}.".format(venv.name, reason))
        _set_aside(venv)
    installed = {} if reason else _installed(_read_marker(venv))
    missing = tuple(name for name in locks if installed.get(name) != _digest(name))
    if not missing:
        return
    try:
        if not installed:
            _make(venv)
        _install(venv, missing)
        _write_marker(venv, tuple(installed) + tuple(n for n in missing if n not in installed))
    except OSError as error:
        raise SetupError(
            "{} cannot be written ({}): let COURSE_VENV name a folder that can".format(venv, error)
        ) from error


def _set_aside(venv: Path) -> None:
    """Remove ``venv`` by renaming it first, so that it goes as a whole or not at all."""
    old = venv.with_name(venv.name + "-old")
    shutil.rmtree(str(old), ignore_errors=True)
    try:
        venv.rename(old)
    except OSError as error:
        raise SetupError(
            "{} is in use and has to be made anew: close JupyterLab and every kernel, then start"
            " again.".format(venv)
        ) from error
    shutil.rmtree(str(old), ignore_errors=True)


def _make(venv: Path) -> None:
    uv, lacking = shutil.which("uv"), cannot_make_environments()
    if lacking:
        raise SetupError(lacking)
    _say("Setting up {} (once).".format(venv))
    venv.mkdir(parents=True, exist_ok=True)
    _write_marker(venv, ())
    if uv:
        command = [uv, "venv", "--allow-existing", "--quiet", "--no-project"]
        command += ["--no-python-downloads", "--python", sys.executable, str(venv)]
        if _run(command, venv) == 0:
            return
        _say("uv could not make it; going on with venv.")
    if _run([sys.executable, "-m", "venv", str(venv)], venv):
        raise SetupError(_what_went_wrong(venv, "The environment could not be made"))


def cannot_make_environments() -> Optional[str]:
    """Return what to install if neither uv nor venv can make an environment, else None."""
    if shutil.which("uv") or importlib.util.find_spec("ensurepip"):
        return None
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    return (
        "This Python cannot make environments: ensurepip is missing. On Debian or Ubuntu:"
        " sudo apt install {}; elsewhere, install Python from python.org.".format(package)
    )


def _install(venv: Path, locks: Tuple[str, ...]) -> None:
    """Install hashed locks, with uv if it is there, else with pip."""
    python, count = str(venv_python(venv)), 0
    what = ["--require-hashes", "--no-deps"]
    for name in locks:
        what += ["-r", str(ROOT / name)]
        count += len(re.findall(r"^[a-z0-9]\S*==", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    packages = "1 package" if count == 1 else "{} packages".format(count)
    uv = shutil.which("uv")
    if uv:
        _say("Installing {} with uv.".format(packages))
        if _run([uv, "pip", "install", "--python", python, *what], venv) == 0:
            return
        _say("uv could not install them; going on with pip.")
    else:
        _say("Installing {} with pip; about a minute.".format(packages))
    if _run([python, "-m", "pip", "--version"], venv):  # made by uv, which is gone
        _run([python, "-m", "ensurepip"], venv)
    command = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    if _run([*command, "--progress-bar", "off", *what], venv, count):
        raise SetupError(_what_went_wrong(venv, "The packages could not be installed"))


def _run(command: List[str], venv: Path, packages: int = 0) -> int:
    """Run a command into the log and return its exit status, counting ``packages`` if given."""
    # A user's pip.conf may say "user = true", which no virtual environment allows.
    environ = dict(os.environ, PIP_USER="0", PYTHONUNBUFFERED="1")
    environ.pop("VIRTUAL_ENV", None)
    seen = 0
    with open(str(venv / LOG), "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout
        for line in process.stdout:
            log.write(line)
            if packages and re.match(r"Collecting|Ignoring|Requirement already", line):
                seen += 1
                _count(seen, packages)
            elif packages and line.startswith("Installing collected"):
                _say("  all there; unpacking them")
    return process.wait()


def _count(seen: int, packages: int) -> None:
    if sys.stdout.isatty():
        end = "\n" if seen == packages else ""
        print("\r  {} of {} packages".format(seen, packages), end=end, flush=True)
    elif seen % 25 == 0:
        _say("  {} of {} packages".format(seen, packages))


def _what_went_wrong(venv: Path, what: str) -> str:
    log = venv / LOG
    text = log.read_text("utf-8")
    if _OFFLINE.search(text):
        return (
            "{}: the package index cannot be reached. Nothing is broken; with a network, the same"
            " command starts again. (All of it: {})".format(what, log)
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)error", line)] or lines[-1:] or ["no reason"]
    return "{}: {} (All of it: {})".format(what, errors[-1], log)


def _say(line: str) -> None:
    print(line, flush=True)
