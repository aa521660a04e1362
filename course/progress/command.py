"""``python3 -m course progress``: show it, take it along in one file, or begin again.

Nothing here deletes: a journal that is reset stays beside the new one, and a
lesson that is reset keeps its lines.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.bootstrap import COMMAND

DESCRIPTION = """\
What you answered, in all lessons. It is kept in one file on this computer, the journal, and
goes nowhere else. The file is unsigned and names nobody: it is for you, and proves nothing."""

EXAMPLES = """\
examples:
  {0} progress                          what was attempted, and what is not right yet
  {0} progress --json                   the same for a machine
  {0} progress export mine.jsonl        one file, to keep or to take along
  {0} progress import mine.jsonl        add it to what is here; twice changes nothing
  {0} progress reset fargate-tutorial   one lesson from the beginning
  {0} progress reset                    all of it; the old journal is kept"""


def main(arguments: list[str]) -> int:
    """Run one verb of progress; returns 0 well, 1 it failed, 2 it was asked wrongly."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} progress",
        description=DESCRIPTION,
        epilog=EXAMPLES.format(COMMAND),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=_show, json=False)
    _add_json(parser)
    verbs = parser.add_subparsers(metavar="show | export | import | reset")
    _verb(verbs, "show", _show, "what was attempted (what no verb does too)")
    export = _verb(verbs, "export", _export, "write the journal to one file")
    export.add_argument("file", type=Path)
    export.add_argument("--force", action="store_true", help="overwrite a file that is there")
    _verb(verbs, "import", _import, "add an exported file").add_argument("file", type=Path)
    reset = _verb(verbs, "reset", _reset, "begin a lesson, or all of them, again")
    reset.add_argument("lesson", nargs="?", help="its name, such as fargate-tutorial")
    return parser


def _verb(verbs: Any, name: str, run: Callable[..., int], summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run)
    _add_json(parser)
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="for a machine to read"
    )


def _show(options: argparse.Namespace) -> int:
    from course.progress.journal import Journal
    from course.progress.report import report

    journal = Journal()
    found = report(journal)
    _say(options, repr(found), journal=str(journal.path), **found.as_json())
    return 0


def _export(options: argparse.Namespace) -> int:
    from course.progress.journal import Journal
    from course.progress.transfer import NotTransferred, export_to

    try:
        lines = export_to(options.file, Journal(), force=options.force)
    except NotTransferred as error:
        return _fail(str(error), 1)
    _say(options, f"{options.file}: {_count(lines)}.", file=str(options.file), lines=lines)
    return 0


def _import(options: argparse.Namespace) -> int:
    from course.progress.journal import Journal
    from course.progress.transfer import NotTransferred, import_from

    try:
        merged = import_from(options.file, Journal())
    except NotTransferred as error:
        return _fail(str(error), 1)
    text = f"{options.file}: {_count(merged.new)} added, {merged.known} known already"
    text += f", {merged.unreadable} unreadable and left out." if merged.unreadable else "."
    _say(options, text, new=merged.new, known=merged.known, unreadable=merged.unreadable)
    return 0


def _reset(options: argparse.Namespace) -> int:
    return _reset_all(options) if options.lesson is None else _reset_lesson(options)


def _reset_all(options: argparse.Namespace) -> int:
    from course.progress.journal import Journal

    try:
        kept = Journal().set_aside()
    except OSError as error:
        return _fail(f"The journal cannot be set aside ({error.strerror}); it is as it was.", 1)
    text = f"Progress begins anew. The old journal is kept: {kept}"
    _say(options, text if kept else "There is no progress to reset.", kept=kept and str(kept))
    return 0


def _reset_lesson(options: argparse.Namespace) -> int:
    from course.curriculum.curriculum import UnknownLesson, find_lesson
    from course.progress.record import Record

    record = Record(options.lesson)
    try:
        known = options.lesson in record.summary().lessons()
        name = options.lesson if known else find_lesson(options.lesson).name
    except UnknownLesson as error:
        return _fail(str(error), 2)
    if known and (problem := record.remember("reset")):
        return _fail(problem, 1)
    text = f"{name} begins anew; the journal keeps what was before."
    _say(options, text if known else f"There is no progress in {name} to reset.", reset=known)
    return 0


def _count(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines} lines"


def _say(options: argparse.Namespace, text: str, **facts: Any) -> None:
    print(json.dumps(facts) if options.json else text)


def _fail(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status
