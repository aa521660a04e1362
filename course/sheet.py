"""``python3 -m course sheet``: one page to print the night before the exam.

It is made from the lessons' closing tables, as they are today. A file that this
command did not make, or that somebody wrote into since, is not overwritten unless
asked: the last line of a sheet holds the SHA-256 of what stands before it.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from course import __version__
from course.bootstrap import COMMAND, SetupError
from course.working_copy import work_folder

NAME = "sheet.html"
SEAL = b"<!-- course sheet "


def main(arguments: list[str]) -> int:
    """Write the sheet and print where it is; returns 0, or 2 if it would overwrite a file."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} sheet",
        description="One page to print the night before the exam, from the lessons' last tables.",
        epilog=f"example: {COMMAND} sheet --output ~/sheet.html, then print it from a browser",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"where to write it; {NAME} in work/ unless given",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="also over a file that is no sheet, or was edited"
    )
    options = parser.parse_args(arguments)
    target = _target(options.output)
    try:
        if not options.overwrite and not may_replace(target):
            print(_refusal(target), file=sys.stderr)
            return 2
        _write(target, sealed(_page()))
    except OSError as error:
        raise SetupError(f"{target} cannot be written: {error.strerror or error}") from error
    print(target)
    return 0


def sealed(page: str) -> bytes:
    """The page with its last line, by which ``may_replace`` knows it again."""
    return _sealed(page.encode("utf-8"))


def may_replace(target: Path) -> bool:
    """Whether nothing is lost with *target*: it is not there, or a sheet as it was made."""
    if not target.exists():
        return True
    content = target.read_bytes()
    page, _, _ = content.rpartition(SEAL)
    return content == _sealed(page)


def _page() -> str:
    from course.curriculum.closing import closings
    from course.curriculum.exam import versions
    from course.curriculum.sheet_page import sheet_page

    return sheet_page(closings(), next(iter(versions().values())), __version__)


def _target(asked: Path | None) -> Path:
    """The file meant; a folder means the sheet in it."""
    if asked is None:
        work_folder().mkdir(parents=True, exist_ok=True)
        return work_folder() / NAME
    target = asked.expanduser().absolute()
    return target / NAME if target.is_dir() else target


def _refusal(target: Path) -> str:
    return (
        f"{target} is there already, and is no sheet as this command made it: it was left alone."
        " Choose another file with --output, or replace it with --overwrite."
    )


def _write(target: Path, content: bytes) -> None:
    """So that the target is the old file or the new one, never half of it; a link stays a link."""
    target = target.resolve()
    arriving = target.with_name(f".{target.name}.new")
    arriving.write_bytes(content)
    os.replace(arriving, target)


def _sealed(content: bytes) -> bytes:
    return content + SEAL + hashlib.sha256(content).hexdigest().encode() + b" -->\n"
