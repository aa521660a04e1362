"""The learner's copy of the notebooks: filled, kept up to date, never overwritten.

The course ships ``notebooks/``; learners work in ``work/``, which git ignores, so
that ``git pull`` never meets an edit of theirs. ``.shipped.json`` in there holds
the SHA-256 of what was copied: a notebook that still has it is replaced when the
course ships a newer one, any other belongs to the learner and stays.

    python3 -m course restore 05     a fresh 05-..., yours kept beside it
"""

import argparse
import difflib
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from course.bootstrap import COMMAND, ROOT, SetupError
from course.curriculum.shipped import shipped_folder

RECORD = ".shipped.json"


def work_folder() -> Path:
    """Return where the learner's copy is: beside the checkout's, else in the current folder."""
    return (ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "work"


def update(shipped: Path, work: Path) -> list[str]:
    """Bring ``work`` up to date with ``shipped`` and return a line for each thing to know."""
    lines = []
    work.mkdir(parents=True, exist_ok=True)
    record = _read_record(work)
    for source in _notebooks(shipped):
        target = work / source.name
        new, copied = _digest(source), record.get(source.name)
        if not target.exists() or _digest(target) == copied != new:
            if target.exists():
                lines.append(f"{source.name}: updated; you had not changed it.")
            _bring(source, target)
        elif _digest(target) != new != copied:
            lines.append(
                f"{source.name}: there is a newer one and yours is kept;"
                f" {COMMAND} restore {_number(source)} brings the new one."
            )
            continue
        record[source.name] = new
    _write_record(work, record)
    return lines


def restore(name: str, shipped: Path, work: Path) -> str:
    """Bring back a fresh notebook, the learner's kept beside it, and say so in one line."""
    source = find(name, shipped)
    target = work / source.name
    work.mkdir(parents=True, exist_ok=True)
    line = f"{target} is fresh."
    if target.exists() and _digest(target) != _digest(source):
        kept = _free_name(target)
        target.rename(kept)
        line += f" Yours is kept as {kept.name}."
    _bring(source, target)
    _write_record(work, {**_read_record(work), source.name: _digest(source)})
    return line


def find(name: str, shipped: Path) -> Path:
    """Return the shipped notebook meant by ``5``, ``05``, ``fargate-tutorial`` or its file name.

    Raises LookupError, naming the nearest or all there are.
    """
    wanted = name.removesuffix(".ipynb").lower()
    notebooks = _notebooks(shipped)
    for path in notebooks:
        number, _, topic = path.stem.partition("-")
        same_number = wanted.isdecimal() and int(wanted) == int(number)
        if same_number or wanted in (path.stem.lower(), topic.lower()):
            return path
    stems = [path.stem for path in notebooks]
    near = difflib.get_close_matches(wanted, stems, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "there are " + ", ".join(stems)
    raise LookupError(f"There is no notebook {name!r}: {hint}")


def main(arguments: list[str]) -> int:
    """Restore the notebooks named on the command line."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} restore",
        description="Bring back a fresh notebook. Yours is kept beside it, under another name.",
        epilog=f"example: {COMMAND} restore 05",
    )
    parser.add_argument("notebook", nargs="+", help="its number, its topic or its file name")
    try:
        for name in parser.parse_args(arguments).notebook:
            print(restore(name, shipped_folder(), work_folder()))
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        raise SetupError(f"{work_folder()} cannot be written: {error}") from error
    return 0


def _notebooks(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*-*.ipynb"))


def _number(notebook: Path) -> str:
    return notebook.stem.partition("-")[0]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _bring(source: Path, target: Path) -> None:
    """Copy so that the target is the old file or the new one, never half of it."""
    arriving = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, arriving)
    os.replace(arriving, target)


def _free_name(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem}.mine-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _read_record(work: Path) -> dict[str, str]:
    try:
        record = json.loads((work / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # lost or torn: every changed notebook counts as the learner's
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(work: Path, record: dict[str, str]) -> None:
    text = json.dumps(record, indent=2, sort_keys=True) + "\n"
    if not (work / RECORD).exists() or (work / RECORD).read_text(encoding="utf-8") != text:
        (work / RECORD).write_text(text, encoding="utf-8")
